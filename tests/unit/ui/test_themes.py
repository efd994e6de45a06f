"""Whatever colour an agency brings, its pages stay readable."""

import pytest

from portal.ui import themes
from portal.ui.themes import Theme, contrast, palette

COLOURS = [
    "#00624e",
    "#0f4c8a",
    "#ffcc00",
    "#ffffff",
    "#000000",
    "#ff00aa",
    "#7f7f7f",
    themes.PORTAL,
]
SURFACES = ["background-default", "background-tinted", "surface-tinted", "surface-hover"]


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("surface", [*SURFACES, "surface-active"])
def test_text_is_readable_on_every_surface(colour: str, surface: str) -> None:
    steps = palette(colour)
    assert contrast(steps["text-subtle"], steps[surface]) >= 4.5
    assert contrast(steps["text-default"], steps[surface]) >= 7


@pytest.mark.parametrize("colour", COLOURS)
def test_words_on_a_button_are_readable_in_rest_under_the_mouse_and_pressed(colour: str) -> None:
    steps = palette(colour)
    for state in ("base-default", "base-hover", "base-active"):
        assert contrast(steps["base-contrast-default"], steps[state]) >= 4.5


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("surface", SURFACES)
def test_borders_of_controls_stand_out(colour: str, surface: str) -> None:
    steps = palette(colour)
    assert contrast(steps["border-default"], steps[surface]) >= 3


def test_a_colour_that_is_dark_enough_is_kept_as_it_is() -> None:
    assert palette("#00624E")["base-default"] == "#00624e"


@pytest.mark.parametrize("colour", ["green", "#fff", "#00624e;}", ""])
def test_only_a_plain_colour_gets_into_the_stylesheet(colour: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        Theme("ssb", colour, "SSB", lambda language: "Statistics Norway")


def test_only_a_plain_code_gets_into_the_stylesheet() -> None:
    with pytest.raises(ValueError, match="code"):
        Theme('x"]', "#00624e", "X", lambda language: "X")


def test_a_new_agency_is_in_the_stylesheet_and_changes_its_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(themes, "_sources", [])
    themes.all_themes.cache_clear()
    themes.stylesheet.cache_clear()
    before = themes.digest()
    try:
        themes.register(lambda: [Theme("fourth", "#123456", "4", lambda language: "Fourth")])
        assert '[data-agency="fourth"]' in themes.stylesheet()
        assert themes.digest() != before
    finally:
        monkeypatch.undo()
        themes.all_themes.cache_clear()
        themes.stylesheet.cache_clear()
