"""Looks at one file from outside: is it what its name says, does it open, is it a trap. Pure.

Runs as a child process of its own (`portal.files.apart.inspect`) under limits of
memory and time, so that a hostile file ends the child and not the worker. Prints one JSON object:
{"refusal": code or "", "content_type": the type that we chose}.
"""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

MOST_BYTES = 100 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_RATIO = 200
MOST_PAGES = 5_000

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
    "txt": "text/plain",
}
# The part that a file of this kind must hold, and the stream of the older kinds.
MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MAIN_STREAM = {"doc": ("WordDocument",), "xls": ("Workbook", "Book")}
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml", "basic/", "scripts/")


class Refused(Exception):
    """The file is not taken; the argument is the code of the reason."""


def _pdf(path: Path) -> None:
    import pikepdf

    with path.open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            raise Refused("type")
    try:
        with pikepdf.open(path) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            if not 1 <= len(pdf.pages) <= MOST_PAGES:
                raise Refused("unreadable")
            names: Any = pdf.Root.get("/Names", {})
            if "/JavaScript" in names or (
                "/OpenAction" in pdf.Root and "/JS" in str(pdf.Root.OpenAction)
            ):
                raise Refused("macro")
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except pikepdf.PdfError:
        raise Refused("unreadable") from None


def _zip(path: Path, ext: str) -> None:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("encrypted")  # an encrypted office file is an OLE container
    if not start.startswith(b"PK"):
        raise Refused("type")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(m.file_size for m in members)
            packed = max(1, sum(m.compress_size for m in members))
            if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
                raise Refused("bomb")
            if unpacked > 1024 * 1024 and unpacked / packed > MOST_RATIO:
                raise Refused("bomb")
            names = [m.filename.lower() for m in members]
            if any(m.flag_bits & 1 for m in members):
                raise Refused("encrypted")
            if any(part in name for name in names for part in MACRO_PARTS):
                raise Refused("macro")
            _main_part(archive, ext, names)
            if archive.testzip() is not None:
                raise Refused("unreadable")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        raise Refused("unreadable") from None


def _main_part(archive: zipfile.ZipFile, ext: str, names: list[str]) -> None:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    main = MAIN_PART.get(ext)
    if main is None:
        if (
            "mimetype" not in names
            or archive.read("mimetype").decode("ascii", "replace") != TYPES[ext]
        ):
            raise Refused("type")
        main = "content.xml"
    if main not in names:
        raise Refused("type")
    try:
        with archive.open(main) as part:
            for _event, element in iterparse(part, forbid_dtd=True):
                element.clear()
    except DefusedXmlException:
        raise Refused("bomb") from None
    except (ParseError, KeyError):
        raise Refused("unreadable") from None


def _ole(path: Path, ext: str) -> None:
    import olefile

    if not olefile.isOleFile(path):
        raise Refused("type")
    try:
        with olefile.OleFileIO(path) as ole:
            streams = [
                "/".join(parts).lower() for parts in ole.listdir(streams=True, storages=True)
            ]
            if any("encryptedpackage" in s or "encryptioninfo" in s for s in streams):
                raise Refused("encrypted")
            if any("vba" in s or s.startswith("macros") for s in streams):
                raise Refused("macro")
            if not any(ole.exists(name) for name in MAIN_STREAM[ext]):
                raise Refused("type")
    except (OSError, ValueError, IndexError, TypeError):
        raise Refused("unreadable") from None


def _text(path: Path) -> None:
    content = path.read_bytes()
    start = content.lstrip()[:200].lower()
    if start.startswith((b"%pdf-", b"pk\x03\x04", b"\xd0\xcf\x11\xe0", b"mz", b"\x7felf")):
        raise Refused("type")
    if start.startswith((b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml")):
        raise Refused("type")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content.decode("utf-16")
        except UnicodeDecodeError:
            raise Refused("unreadable") from None
    elif b"\x00" in content:
        raise Refused("type")


def inspect(path: Path, ext: str) -> str:
    """The content type of the file. Raises Refused with the code of the reason."""
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty")
    if size > MOST_BYTES:
        raise Refused("large")
    if ext == "pdf":
        _pdf(path)
    elif ext in ("docx", "xlsx", "odt", "ods"):
        _zip(path, ext)
    elif ext in MAIN_STREAM:
        _ole(path, ext)
    elif ext in ("csv", "txt"):
        _text(path)
    else:
        raise Refused("type")
    return TYPES[ext]


def main() -> None:
    """Prints the verdict on the file named on the command line."""
    try:
        verdict = {"refusal": "", "content_type": inspect(Path(sys.argv[1]), sys.argv[2])}
    except Refused as refused:
        verdict = {"refusal": str(refused), "content_type": ""}
    sys.stdout.write(json.dumps(verdict))


if __name__ == "__main__":
    main()
