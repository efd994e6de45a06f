"""Word and Excel files of before 2007: streams in an OLE container. Pure."""

import re
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from .office_parts import elsewhere
from .refusals import Refused

# The stream that a file of this kind must hold.
MAIN_STREAM = {"doc": ("WordDocument",), "xls": ("Workbook", "Book")}
# Records of a workbook (MS-XLS).
ENCRYPTED, SHEET, OTHER_BOOK = 0x2F, 0x85, 0x1AE
MACRO_SHEET, MODULE = 1, 6
# Of a document (MS-DOC): flags, and where in the table stream its template is named.
FLAGS, TEMPLATE = 0x0A, 0x192
IS_ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
# A field begins with this sign; the text is in one byte or two bytes a letter.
DDE = re.compile(
    rb"\x13\x00?(?:[ \"]\x00?)*D\x00?D\x00?E\x00?(?:A\x00?U\x00?T\x00?O\x00?)?[ \"]", re.I
)


def look(file: BinaryIO, ext: str) -> None:
    """Raises Refused with the code of the reason."""
    import olefile

    if not olefile.isOleFile(file):
        raise Refused("type")
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as ole:
            _container(ole, ext)
    except (OSError, ValueError, IndexError, TypeError, KeyError, struct.error):
        raise Refused("unreadable") from None


def _container(ole: Any, ext: str) -> None:
    streams = ["/".join(parts).lower() for parts in ole.listdir(streams=True, storages=True)]
    if any("encryptedpackage" in s or "encryptioninfo" in s for s in streams):
        raise Refused("encrypted")
    if any("vba" in s or s.startswith("macros") for s in streams):
        raise Refused("macro")
    main = next((name for name in MAIN_STREAM[ext] if ole.exists(name)), "")
    if not main:
        raise Refused("type")
    # What is packed into a document as a file, and objects of other programs.
    if any("ole10native" in s or re.match(r"(objectpool|mbd[0-9a-f]{8})/", s) for s in streams):
        raise Refused("embedded")
    content = ole.openstream(main).read()
    if ext == "doc":
        _document(ole, content)
    else:
        _workbook(content)


def _document(ole: Any, content: bytes) -> None:
    (flags,) = struct.unpack_from("<H", content, FLAGS)
    if flags & IS_ENCRYPTED:
        raise Refused("encrypted")
    if DDE.search(content):
        raise Refused("links")
    table = "1Table" if flags & SECOND_TABLE else "0Table"
    start, length = struct.unpack_from("<II", content, TEMPLATE)
    if length and ole.exists(table):
        named = ole.openstream(table).read()[start : start + length]
        # Texts of 16 bits, each after its length; the second one is the template.
        if named[:2] == b"\xff\xff":
            at = 6
            at += 2 + 2 * struct.unpack_from("<H", named, at)[0]
            (letters,) = struct.unpack_from("<H", named, at)
            template = named[at + 2 : at + 2 + 2 * letters].decode("utf-16-le", "replace")
            if elsewhere(template):
                raise Refused("links")


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        yield kind, content[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook(content: bytes) -> None:
    for kind, data in _records(content):
        if kind == ENCRYPTED:
            raise Refused("encrypted")
        if kind == SHEET and len(data) > 5 and data[5] in (MACRO_SHEET, MODULE):
            raise Refused("macro")
        # One that speaks of this workbook itself, or of a program's own functions, is four bytes.
        if kind == OTHER_BOOK and len(data) > 4:
            raise Refused("links")
