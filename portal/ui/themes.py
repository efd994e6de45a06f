"""The agencies' colours: a whole palette from one colour, as CSS custom properties.

A higher app registers where themes come from (`register`, in its AppConfig.ready()); pages wear
one by `data-agency="<code>"`. Light steps are the colour mixed with white, dark ones with black,
as far as a step's contrast to white asks for: WCAG AA holds whatever colour an agency brings.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

# The portal's own colour, worn where no agency's is.
PORTAL = "#0a5068"
# Contrast to white of each step (WCAG 2 relative luminance). Text steps (7 and 14) on the darkest
# surface (1.5) still reach 4.5; borders of controls reach 3.
STEPS = {
    "background-tinted": 1.07,
    "surface-tinted": 1.16,
    "surface-hover": 1.32,
    "surface-active": 1.5,
    "border-subtle": 1.75,
    "border-default": 4.7,
    "border-strong": 7.0,
    "text-subtle": 7.0,
    "text-default": 14.0,
}
BUTTON_CONTRAST = 4.8
HEX = re.compile(r"#[0-9a-fA-F]{6}")
CODE = re.compile(r"[a-z][a-z0-9-]*")


def nothing(language: str) -> str:
    """No text, in every language."""
    return ""


@dataclass(frozen=True)
class Theme:
    """How an agency looks. `code` is its code in lower case, `colour` is #rrggbb.

    Called with a language code, `name` gives the agency's name and `about` a sentence on what it
    holds; `short` is the few letters that stand for a logo. `contacts` are its addresses: e-mail,
    telephone number, web address or postal address. Raises ValueError when a code or colour is malformed.
    """

    code: str
    colour: str
    short: str
    name: Callable[[str], str]
    about: Callable[[str], str] = nothing
    contacts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise ValueError(f"theme code {self.code!r} is not lower-case letters and digits")
        if not HEX.fullmatch(self.colour):
            raise ValueError(f"theme colour {self.colour!r} of {self.code} is not #rrggbb")


Source = Callable[[], Iterable[Theme]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Adds a function that gives agencies' themes; it is called once, at the first page."""
    if source not in _sources:
        _sources.append(source)
        all_themes.cache_clear()
        stylesheet.cache_clear()


@cache
def all_themes() -> dict[str, Theme]:
    """Every registered theme by its code, in the order of registration."""
    return {theme.code: theme for source in _sources for theme in source()}


def _linear(colour: str) -> tuple[float, float, float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 (black) to 1 (white) (WCAG 2.2)."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _mixed(colour: str, end: int, share: float) -> str:
    """`share` of the way from a colour to grey level `end` (0 black, 255 white), per channel."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(c + (end - c) * share):02x}" for c in parts)


def at_contrast(colour: str, target: float) -> str:
    """The tint or shade of a colour whose contrast to white is `target` (or just above)."""
    lighter = contrast(colour, "#ffffff") > target
    end = 255 if lighter else 0
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        enough = contrast(_mixed(colour, end, middle), "#ffffff") >= target
        if enough == lighter:
            low = middle
        else:
            high = middle
    return _mixed(colour, end, low if lighter else high)


def palette(colour: str) -> dict[str, str]:
    """The sixteen steps of Designsystemet's colour scale from one colour, name -> #rrggbb."""
    own = contrast(colour, "#ffffff")
    base = max(own, BUTTON_CONTRAST)
    steps = {"background-default": "#ffffff", "surface-default": "#ffffff"}
    steps |= {name: at_contrast(colour, target) for name, target in STEPS.items()}
    steps["base-default"] = colour.lower() if own >= base else at_contrast(colour, base)
    steps["base-hover"] = at_contrast(colour, min(base * 1.25, 18))
    steps["base-active"] = at_contrast(colour, min(base * 1.55, 19))
    steps["base-contrast-subtle"] = steps["background-tinted"]
    steps["base-contrast-default"] = "#ffffff"
    return steps


def declarations(colour: str) -> str:
    """The palette as CSS declarations of Designsystemet's accent colour."""
    return "".join(f"--ds-color-accent-{name}:{value};" for name, value in palette(colour).items())


@cache
def stylesheet() -> str:
    """CSS of the portal's own colour and of every agency's theme."""
    rules = [f":root{{{declarations(PORTAL)}}}"]
    rules += [
        f'[data-agency="{theme.code}"]{{{declarations(theme.colour)}}}'
        for theme in all_themes().values()
    ]
    return "\n".join(rules)


def digest() -> str:
    """Names the stylesheet's content, so that its address can be cached for ever."""
    return hashlib.sha256(stylesheet().encode()).hexdigest()[:12]
