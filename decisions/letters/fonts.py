"""The fonts of letters: IBM Plex Sans from npm packages, and nothing that the machine has."""

import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

# Family, its files by weight. Text falls through the families in this order.
FAMILIES: dict[str, dict[int, str]] = {
    "Letter Sans": {
        400: "plex-sans/fonts/complete/woff2/IBMPlexSans-Regular.woff2",
        600: "plex-sans/fonts/complete/woff2/IBMPlexSans-SemiBold.woff2",
    },
    "Letter Sans Arabic": {
        400: "plex-sans-arabic/fonts/complete/woff2/IBMPlexSansArabic-Regular.woff2",
        600: "plex-sans-arabic/fonts/complete/woff2/IBMPlexSansArabic-SemiBold.woff2",
    },
    "Letter Sans Hebrew": {
        400: "plex-sans-hebrew/fonts/complete/woff2/IBMPlexSansHebrew-Regular.woff2",
        600: "plex-sans-hebrew/fonts/complete/woff2/IBMPlexSansHebrew-SemiBold.woff2",
    },
}
# Django never serves this address; the fetcher of rendering.py answers it from the font folder.
SCHEME = "letter-font:"

_lock = threading.Lock()


class FontsMissing(RuntimeError):
    """The font packages are not installed; the message says which file is missing."""


def folder() -> Path:
    """Where the packages lie: settings.LETTER_FONTS, else node_modules/@ibm."""
    return Path(getattr(settings, "LETTER_FONTS", settings.BASE_DIR / "node_modules" / "@ibm"))


def read(url: str) -> bytes | None:
    """The font file behind an address that `css` wrote; None for any other address."""
    known = {SCHEME + file for weights in FAMILIES.values() for file in weights.values()}
    if url not in known:
        return None
    path = folder() / url.removeprefix(SCHEME)
    if not path.is_file():
        raise FontsMissing(f"{path} is missing: run npm ci")
    return path.read_bytes()


def css() -> str:
    """The @font-face rules."""
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f' src: url("{SCHEME}{file}") format("woff2"); }}'
        for family, weights in FAMILIES.items()
        for weight, file in weights.items()
    )


@cache
def coverage() -> frozenset[int]:
    """The code points that can be printed in every weight."""
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    for weights in FAMILIES.values():
        maps = []
        for file in weights.values():
            path = folder() / file
            if not path.is_file():
                raise FontsMissing(f"{path} is missing: run npm ci")
            with TTFont(path, lazy=True) as font:
                maps.append(set(font.getBestCmap()))
        covered |= set.intersection(*maps)
    return frozenset(covered)


@cache
def configuration() -> "FontConfiguration":
    """The one font configuration of this process: a new one each time costs memory that stays."""
    with _lock, _only_ours():
        from weasyprint.text.fonts import FontConfiguration

        return FontConfiguration()


@contextmanager
def _only_ours() -> Iterator[None]:
    """Fontconfig reads the variable while WeasyPrint loads and while a configuration is made. It
    is put back afterwards: a browser that this process starts needs the fonts of the machine."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="No fonts configured")
            yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
