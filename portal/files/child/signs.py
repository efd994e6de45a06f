"""What a text may consist of, at every entry, and how one leaves in a file for spreadsheets. Pure.

`portal.text` is where the portal takes it from; it stands here because the child imports nothing above
itself.
"""

import re
import unicodedata

# Control characters but tab and newline, halves of surrogate pairs, all format characters (soft
# hyphen, zero width, marks of direction, byte order mark, tags), and letters that show nothing.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff"
    "\uffa0\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]+"
)
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def text(value: str) -> str:
    """A text of several lines: composed letters (NFC), newlines as newlines, nothing unseen."""
    if value.isascii() and value.isprintable():
        return value
    return unicodedata.normalize("NFC", BREAKS.sub("\n", UNSEEN.sub("", value)))


def line(value: str) -> str:
    """A text of one line: the same, and single spaces for every run of white space."""
    return " ".join(text(value).split())


# -- spreadsheets: a text that would be calculated is marked by an apostrophe before its first sign --

SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
# A program that splits cells elsewhere than we do begins a new one after any of these.
CELLS = ",;|\t\r\n"
CALCULATED = re.compile(rf"(?P<before>(?:^|[{CELLS}])[\s\"]*)(?P<marks>'*)(?=[{SIGNS}])")
MARKED = re.compile(rf"(?P<before>(?:^|[{CELLS}])[\s\"]*)'(?P<marks>'*)(?=[{SIGNS}])")
MARKED_WHOLE = re.compile(rf"'(?=\s*[{SIGNS}])")


def marked(value: str) -> str:
    """A text as a cell of a CSV file, in which no program finds a formula."""
    value = BREAKS.sub("\n", value.replace("\x00", ""))
    return CALCULATED.sub(r"\g<before>'\g<marks>", value)


def unmarked(value: str) -> str:
    """The text of which `marked` made a cell."""
    return MARKED.sub(r"\g<before>\g<marks>", value)


def unmarked_whole(value: str) -> str:
    """A cell of somebody else's file, without the apostrophe by which it was kept from being a
    formula."""
    return value[1:] if MARKED_WHOLE.match(value) else value
