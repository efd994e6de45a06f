"""Text as it is searched: small Latin letters, digits and single spaces. Pure.

People write Nordic letters in each other's ways, or have no key for them. All that may stand for
each other becomes one plain letter, in the text and in what is searched for alike:

| written                  | folded |
|--------------------------|--------|
| å, aa; æ, ä, ae; á, à, â | a      |
| ø, ö, oe, œ; ó, ô        | o      |
| ü, ú; é, è; ý; í …       | the letter without its mark |
| þ                        | th     |
| ð, đ                     | d      |
| ß                        | ss     |
| ł                        | l      |

So "o" finds "ø", "aa" finds "å", "ä" finds "æ", and "halsa" finds "hälsa". The price: "israel" and
"isral" are the same. What somebody has typed so far folds to a beginning of what the whole word
folds to, which searching as one types needs. Letters that are not Latin become nothing but spaces.
"""

import re
import unicodedata
from functools import lru_cache

LETTERS = str.maketrans(
    {
        "æ": "a", "ø": "o", "œ": "o", "þ": "th", "ð": "d", "đ": "d", "ß": "ss", "ł": "l", "ı": "i",
    }
)  # fmt: skip
PAIRS = re.compile(r"(a)[ae]|(o)e")
OTHER = re.compile(r"[^a-z0-9]+")


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(LETTERS)
    return "".join(c for c in letters if not unicodedata.combining(c))


@lru_cache(maxsize=8192)  # names of registers and words for yes come in every row
def fold(text: str) -> str:
    """`text` for searching; "" when it holds no letter or digit that we can search for."""
    words = OTHER.sub(" ", _plain(text)).strip()
    return PAIRS.sub(lambda found: found[1] or found[2], words)


def fold_code(code: str) -> str:
    """A code for searching: letters and digits only, so that "BEF_01.a" and "bef01a" are alike."""
    return OTHER.sub("", _plain(code))
