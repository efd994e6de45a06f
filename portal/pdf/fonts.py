"""The fonts of letters: IBM Plex Sans from npm packages, and nothing that the machine has.

Fontconfig cannot read the packages' compressed files, so they are unpacked once per machine into a
folder named by their digest, with a configuration that lists only that folder. The same content
then gives the same bytes everywhere.
"""

import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from django.conf import settings

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

# Family, and its files for the weights 400 and 600. Text falls through them in this order.
FAMILIES: dict[str, tuple[str, str]] = {
    "IBM Plex Sans": (
        "plex-sans/fonts/complete/woff2/IBMPlexSans-Regular.woff2",
        "plex-sans/fonts/complete/woff2/IBMPlexSans-SemiBold.woff2",
    ),
    "IBM Plex Sans Arabic": (
        "plex-sans-arabic/fonts/complete/woff2/IBMPlexSansArabic-Regular.woff2",
        "plex-sans-arabic/fonts/complete/woff2/IBMPlexSansArabic-SemiBold.woff2",
    ),
    "IBM Plex Sans Hebrew": (
        "plex-sans-hebrew/fonts/complete/woff2/IBMPlexSansHebrew-Regular.woff2",
        "plex-sans-hebrew/fonts/complete/woff2/IBMPlexSansHebrew-SemiBold.woff2",
    ),
}
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""

_lock = threading.Lock()


class FontsMissing(RuntimeError):
    """The font packages are not installed; the message says which file is missing."""


def sources() -> Path:
    """Where the packages lie: settings.LETTER_FONTS, else node_modules/@ibm."""
    return Path(getattr(settings, "LETTER_FONTS", settings.BASE_DIR / "node_modules" / "@ibm"))


def unpacked() -> Path:
    """The folder of unpacked fonts, made when it is not there, under settings.LETTER_FONTS_UNPACKED
    (else var/letter-fonts). Raises FontsMissing, and OSError when the disk refuses."""
    packed = {Path(file).name: _read(file) for files in FAMILIES.values() for file in files}
    digest = hashlib.sha256(b"".join(packed[name] for name in sorted(packed))).hexdigest()[:16]
    home = Path(
        getattr(settings, "LETTER_FONTS_UNPACKED", settings.BASE_DIR / "var" / "letter-fonts")
    )
    folder = home / digest
    if folder.is_dir():
        return folder
    home.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".", dir=home))
    try:
        for name, data in packed.items():
            (draft / name).with_suffix(".ttf").write_bytes(_unpack(data))
        (draft / "cache").mkdir()
        configuration = CONFIGURATION.format(folder=escape(str(folder.absolute())))
        (draft / "fonts.conf").write_text(configuration, encoding="utf-8")
        draft.chmod(0o755)
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise  # not lost to another process: something else is in the way
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


@cache
def coverage() -> frozenset[int]:
    """The code points that can be printed in every weight."""
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    for files in FAMILIES.values():
        maps = []
        for file in files:
            _read(file)
            with TTFont(sources() / file, lazy=True) as font:
                maps.append(set(font.getBestCmap()))
        covered |= set.intersection(*maps)
    return frozenset(covered)


@cache
def configuration() -> "FontConfiguration":
    """The one font configuration of this process: a new one each time costs memory that stays.
    Raises FontsMissing."""
    with _lock, _only_ours(unpacked() / "fonts.conf"):
        from weasyprint.text.fonts import FontConfiguration

        return FontConfiguration()


@contextmanager
def _only_ours(file: Path) -> Iterator[None]:
    """Fontconfig reads the variable while WeasyPrint loads and while a configuration is made. It
    is put back afterwards: a browser that this process starts needs the fonts of the machine."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(file)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _read(file: str) -> bytes:
    path = sources() / file
    if not path.is_file():
        raise FontsMissing(f"{path} is missing: run npm ci")
    return path.read_bytes()


def _unpack(data: bytes) -> bytes:
    from io import BytesIO

    from fontTools.ttLib import woff2

    out = BytesIO()
    woff2.decompress(BytesIO(data), out)
    return out.getvalue()
