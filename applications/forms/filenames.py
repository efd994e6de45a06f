"""File names as people give them, made safe to show and to send back."""

from portal.text import line

LONGEST = 150


def clean(name: str) -> str:
    """`name` without path, control and direction characters, cut to a length that all take."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = line(last).strip(" .") or "file"
    stem, dot, ext = kept.rpartition(".")
    if dot and len(kept) > LONGEST:
        kept = f"{stem[: LONGEST - len(ext) - 1]}.{ext}"
    return kept[:LONGEST]


def extension(name: str) -> str:
    """The extension of a cleaned name, in lower case, without the dot."""
    stem, dot, ext = name.rpartition(".")
    return ext.lower() if dot and stem else ""
