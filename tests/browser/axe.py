"""Accessibility of a page in a real browser, by axe-core from node_modules."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Error

SCRIPT = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Any, scope: str | None = None) -> list[dict]:
    """What axe finds wrong on a playwright page (or below the selector `scope`).

    The script goes in by the debugger, so the page's content security policy stays in force.
    """
    try:
        return _violations(page, scope)
    except Error:  # the page that a click led to came while axe was looking at the one before
        page.wait_for_load_state()
        return _violations(page, scope)


def _violations(page: Any, scope: str | None) -> list[dict]:
    page.evaluate(SCRIPT.read_text())
    # From the top: what a bar that stays in sight covers in passing is no fault of the page.
    found = page.evaluate(
        """([scope, rules]) => {
            window.scrollTo(0, 0);
            return axe.run(scope ?? document, {
                runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
        }""",
        [scope, RULES],
    )
    return found["violations"]


def assert_accessible(page: Any, scope: str | None = None) -> None:
    """Fails with rule, element and reason for everything that axe finds wrong."""
    told = [
        f"{wrong['id']} ({wrong['impact']}): {wrong['help']}\n"
        + "\n".join(f"    {node['html']}\n    {node['failureSummary']}" for node in wrong["nodes"])
        for wrong in violations(page, scope)
    ]
    assert not told, f"{page.url} has barriers:\n" + "\n".join(told)


def assert_fits(page: Any, width: int = 320) -> None:
    """Fails when the page scrolls sideways at `width` CSS pixels (WCAG 1.4.10)."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    wide = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((e) =>
            e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
            && !e.closest(".table-scroll, .header__nav, .tab-links, .ds-sr-only, pre")
            && getComputedStyle(e).position !== "fixed").map((e) => e.outerHTML.slice(0, 120))"""
    )
    scrolls = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
    )
    page.set_viewport_size(before)
    assert not (scrolls and wide), f"{page.url} is wider than {width} px:\n" + "\n".join(wide[:5])
    assert not scrolls, f"{page.url} scrolls sideways at {width} px"
