"""Which characters can be printed with the fonts that we ship, and what stands for the others."""

import unicodedata

from portal.pdf import fonts

# Unicode categories that are never printed: control, surrogate, private use, unassigned. Fonts list
# some of them; they mean nothing on paper, and a NUL would end the PDF's metadata in the middle.
UNPRINTED = ("Cc", "Cs", "Co", "Cn")
LAYOUT = "\n\r\t"


def is_printable(character: str) -> bool:
    """Whether the fonts can print it and it means something on paper."""
    covered = ord(character) in fonts.coverage()
    return covered and unicodedata.category(character) not in UNPRINTED


def spelt(text: str) -> str:
    """The text with every character that cannot be printed as [U+1F600]: nothing is dropped, and
    what a list or receipt says remains readable. Letters are refused instead."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c if c in LAYOUT or is_printable(c) else f"[U+{ord(c):04X}]"
        for c in text.replace("\r\n", "\n")
    )
