"""What people type, brought into a form that can be stored and compared. Pure."""

from typing import Any


def lines(value: Any) -> str:
    """Text with plain line ends and without NUL, which no database takes. Browsers send CRLF."""
    text = "" if value is None else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def one_line(value: Any) -> str:
    """Text on one line, with single spaces."""
    return " ".join(lines(value).split())


def number(text: str | None) -> int | None:
    """A whole number of at most nine digits, such as a position or a version; else None."""
    if text and text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    return None
