"""How wide the columns of a long list are. Measured here with the fonts' own widths, so that the
drawing has nothing to find out: its time grows with the rows and not faster."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from portal.pdf import fonts

SIZE = 7.5  # points
INSET = 3.0  # points, on both sides of a cell
MARGIN = 40.0  # points
# A4, A3, A2, A1 on their long side: (width, height) in points.
PAPERS = ((841.89, 595.28), (1190.55, 841.89), (1683.78, 1190.55), (2383.94, 1683.78))
LONGEST_WORD = 110.0  # points: longer ones are broken
BOLD = 1.08  # how much wider headings are
# Where a word that is too long for its column goes on below. (A space of no width would stick to the
# letter before it, and to all letters like it in what readers copy or hear.)
BREAK = "\n"
WORDS = re.compile(r"\S+")


@dataclass(frozen=True)
class Layout:
    """The paper, and the width of each column, in points."""

    width: float
    height: float
    widths: tuple[float, ...]


@cache
def _advances() -> tuple[dict[int, float], float]:
    """Width of each character at size 1, and of one that is not known."""
    from fontTools.ttLib import TTFont

    found: dict[int, float] = {}
    for regular, _bold in reversed(fonts.FAMILIES.values()):
        with TTFont(fonts.sources() / regular, lazy=True) as font:
            scale = font["head"].unitsPerEm
            metrics = font["hmtx"].metrics
            found |= {c: metrics[name][0] / scale for c, name in font.getBestCmap().items()}
    return found, max(found.values(), default=1.0)


def _width_of(character: str) -> float:
    known, widest = _advances()
    return SIZE * known.get(ord(character), widest)


@lru_cache(maxsize=20_000)
def _width(word: str) -> float:
    return sum(map(_width_of, word))


def layout(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Layout:
    """Each column has room for its longest word (up to a limit), the rest of the width goes to
    those with much text. The paper is the smallest that has room for all."""
    least, text = [], []
    for at, heading in enumerate(headings):
        words = {word for row in rows for word in WORDS.findall(row[at])}
        longest = max((_width(word) for word in words), default=0.0)
        longest = max(longest, *(BOLD * _width(w) for w in WORDS.findall(heading) or [""]))
        least.append(min(longest, LONGEST_WORD) + 2 * INSET + 0.5)
        text.append(sum(len(row[at]) for row in rows) / max(len(rows), 1))
    paper = next((p for p in PAPERS if p[0] - 2 * MARGIN >= sum(least)), PAPERS[-1])
    room = paper[0] - 2 * MARGIN
    if (needed := sum(least)) > room:
        return Layout(*paper, tuple(w * room / needed for w in least))
    share = (room - needed) / (sum(text) or 1.0)
    return Layout(*paper, tuple(w + share * t for w, t in zip(least, text, strict=True)))


def broken(text: str, width: float, factor: float = 1.0) -> str:
    """The text with a new line inside of words that a column of `width` has no room for."""
    room = width - 2 * INSET

    def pieces(found: re.Match[str]) -> str:
        word = found[0]
        if factor * _width(word) <= room:
            return word
        out, used = [], 0.0
        for character in word:
            wide = factor * _width_of(character)
            if used and used + wide > room:
                out.append(BREAK)
                used = 0.0
            out.append(character)
            used += wide
        return "".join(out)

    return WORDS.sub(pieces, text)
