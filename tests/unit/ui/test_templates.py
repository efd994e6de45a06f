"""No page needs an exception from the content security policy, and none asks another host."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Letters become PDF and never reach a browser as a page.
PAGES = [p for p in sorted((ROOT / "templates").rglob("*.html")) if "letters" not in p.parts[-3:-1]]
INLINE = {
    "inline style": re.compile(r"\sstyle\s*=|<style\b"),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>"),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']|\shx-on\b|hx-vals=[\"']js:|javascript:"),
    "foreign resource": re.compile(
        r"<(?:script|img|link|iframe|source|use)\b[^>]*(?:src|href)=[\"'](?:https?:)?//"
    ),
}


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_carries_nothing_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text()
    for name, pattern in INLINE.items():
        assert not pattern.search(text), f"{name} in {path.name}"


def test_no_script_of_ours_evaluates_text() -> None:
    for path in [*(ROOT / "static/js").glob("*.js"), *(ROOT / "portal/ui/js").glob("*.js")]:
        assert not re.search(
            r"\beval\(|new Function|document\.write|insertAdjacentHTML", path.read_text()
        ), path
