"""Names of institutions, compared. Pure.

Folded: small letters without marks, Nordic letters as one plain letter each, single spaces. Alike:
the share of three-letter pieces that two names have in common, whatever the order of the words.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable

LETTERS = str.maketrans(
    {"æ": "a", "ø": "o", "œ": "o", "þ": "th", "ð": "d", "đ": "d", "ß": "ss", "ł": "l", "ı": "i"}
)
PAIRS = re.compile(r"(a)[ae]|(o)e")
OTHER = re.compile(r"[^a-z0-9]+")
# Words that say nothing about which institution it is.
EMPTY = frozenset(
    ("of", "the", "and", "for", "in", "at", "og", "i", "av", "til", "pa", "et", "en", "och", "till",
     "af", "ved", "as", "asa", "aps", "ab")
)  # fmt: skip
ALIKE = 0.45  # from which share on a name is suggested


def fold(name: str) -> str:
    """`name` as it is compared. A name without a Latin letter stays as it is, in small letters."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(LETTERS)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    folded = PAIRS.sub(lambda found: found[1] or found[2], OTHER.sub(" ", plain).strip())
    return folded or " ".join(name.casefold().split())


def pieces(folded: str) -> frozenset[str]:
    """Three letters each of the words of a folded name that say something."""
    words = [word for word in folded.split() if word not in EMPTY] or folded.split()
    return frozenset(
        padded[at : at + 3]
        for word in words
        for padded in [f" {word} "]
        for at in range(len(padded) - 2)
    )


class Names:
    """Names to find similar ones among: (key, name) pairs; a key may have several names."""

    def __init__(self, named: Iterable[tuple[Hashable, str]]) -> None:
        self._names: list[tuple[Hashable, str, frozenset[str]]] = []
        self._having: dict[str, list[int]] = defaultdict(list)
        for at, (key, name) in enumerate(named):
            folded = fold(name)
            found = pieces(folded)
            self._names.append((key, folded, found))
            for piece in found:
                self._having[piece].append(at)

    def like(self, name: str, most: int = 3) -> list[Hashable]:
        """The keys whose names are alike, the most similar first."""
        folded = fold(name)
        wanted = pieces(folded)
        shared = Counter(at for piece in wanted for at in self._having.get(piece, ()))
        best: dict[Hashable, float] = {}
        for at, count in shared.items():
            key, other, found = self._names[at]
            share = 1.0 if other == folded else count / len(wanted | found)
            if share >= ALIKE:
                best[key] = max(share, best.get(key, 0))
        return sorted(best, key=lambda key: (-best[key], str(key)))[:most]
