"""What people type, brought into a form that can be stored and compared. Pure."""

from typing import Any

from portal.text import line, text


def lines(value: Any) -> str:
    """Text with plain line ends and without signs that nobody sees. Browsers send CRLF."""
    return text("" if value is None else str(value))


def one_line(value: Any) -> str:
    """Text on one line, with single spaces."""
    return line("" if value is None else str(value))
