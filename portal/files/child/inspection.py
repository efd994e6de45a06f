"""Looks at one file from outside: is it what its name says, does it open, is it a trap. Pure."""

from typing import Any, BinaryIO

from . import office, old_office, pdf
from .refusals import MOST_BYTES, OLE, TYPES, Refused

OTHER_KINDS = (b"%pdf-", b"pk\x03\x04", OLE, b"mz", b"\x7felf")
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml")


def text_alone(content: bytes) -> None:
    """Raises Refused for what begins like a page, a program or a file of another kind."""
    if content.lstrip()[:200].lower().startswith(OTHER_KINDS + MARKUP):
        raise Refused("type")


def _text(file: BinaryIO, ext: str) -> None:
    content = file.read()
    text_alone(content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content.decode("utf-16")
        except UnicodeDecodeError:
            raise Refused("unreadable") from None
    elif b"\x00" in content:
        raise Refused("type")


LOOKS = {
    "pdf": pdf.look,
    **dict.fromkeys(("docx", "xlsx", "odt", "ods"), office.look),
    **dict.fromkeys(("doc", "xls"), old_office.look),
    **dict.fromkeys(("csv", "txt"), _text),
}


def inspect(file: BinaryIO, ext: str) -> str:
    """The content type of the file. Raises Refused with the code of the reason."""
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise Refused("empty")
    if size > MOST_BYTES:
        raise Refused("large")
    if ext not in TYPES:
        raise Refused("type")
    LOOKS[ext](file, ext)
    return TYPES[ext]


def examine(file: BinaryIO, arguments: dict[str, Any]) -> dict[str, str]:
    """{"refusal": code or "", "content_type": the type that we chose}."""
    try:
        return {"refusal": "", "content_type": inspect(file, arguments["ext"])}
    except Refused as refused:
        return {"refusal": str(refused), "content_type": ""}
