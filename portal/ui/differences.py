"""Old against new text, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\S+\s*|\s+")
# Above this many words the comparison takes too long for a page: whole lines are compared instead.
MOST_WORDS = 3_000


@dataclass(frozen=True)
class Part:
    """A stretch of text: `kind` is same, removed or added."""

    kind: str
    text: str


def _pieces(text: str, by_words: bool) -> list[str]:
    return WORDS.findall(text) if by_words else text.splitlines(keepends=True)


def words_changed(old: str, new: str) -> list[Part]:
    """What stands in both, what was removed, what was added, in reading order."""
    by_words = len(old.split()) + len(new.split()) <= MOST_WORDS
    before, after = _pieces(old, by_words), _pieces(new, by_words)
    parts: list[Part] = []
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(before[a:b])))
            continue
        if b > a:
            parts.append(Part("removed", "".join(before[a:b])))
        if d > c:
            parts.append(Part("added", "".join(after[c:d])))
    return parts
