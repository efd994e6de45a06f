"""Whether an office file (a zip of XML) is what its name says, and holds only text and pictures. Pure.

Refused: macros and scripts, programs and files inside of it, and whatever it would fetch from
elsewhere when somebody opens it: a template, a picture, another workbook, a field that asks another
program (DDE). Ordinary links that a reader may press are no harm.
"""

import io
import zipfile
from typing import BinaryIO

from .office_parts import Part
from .pictures import HEAD, pixels
from .refusals import MOST_MEMBERS, MOST_PIXELS, MOST_RATIO, MOST_UNPACKED, OLE, Refused

# The part that a file of this kind must hold.
MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
ODF = {"odt": "text", "ods": "spreadsheet"}
MACRO_PARTS = (
    *("vbaproject", "vbadata.xml", "macrosheets/", "dialogsheets/", "activex/"),
    *("basic/", "scripts/"),
)
PROGRAMS = tuple(
    f".{ext}"
    for ext in [
        "exe",
        "dll",
        "com",
        "scr",
        "msi",
        "bat",
        "cmd",
        "ps1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "hta",
        "lnk",
        "jar",
        "sh",
        "py",
    ]
)
INSIDE = (
    "docx",
    "xlsx",
)  # the files behind charts and pasted tables; looked at like the file itself
DEEPEST = 2
PIECE = 256 * 1024


def look(file: BinaryIO, ext: str) -> None:
    """Raises Refused with the code of the reason."""
    _Look().at(file, ext, 0)


class _Look:
    """A look at a file and the files inside of it, which share what may be unpacked."""

    def __init__(self) -> None:
        self.unpacked = self.members = 0

    def at(self, file: BinaryIO, ext: str, depth: int) -> None:
        start = file.read(8)
        file.seek(0)
        if start.startswith(OLE):
            raise Refused("encrypted")  # an encrypted office file is an OLE container
        if not start.startswith(b"PK"):
            raise Refused("type")
        try:
            with zipfile.ZipFile(file) as archive:
                self._archive(archive, ext, depth)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, KeyError):
            raise Refused("unreadable") from None

    def _archive(self, archive: zipfile.ZipFile, ext: str, depth: int) -> None:
        members = archive.infolist()
        size = sum(m.file_size for m in members)
        packed = max(1, sum(m.compress_size for m in members))
        self.unpacked += size
        self.members += len(members)
        if self.members > MOST_MEMBERS or self.unpacked > MOST_UNPACKED:
            raise Refused("bomb")
        if size > 1024 * 1024 and size / packed > MOST_RATIO:
            raise Refused("bomb")
        if any(m.flag_bits & 1 for m in members):
            raise Refused("encrypted")
        names = {m.filename.replace("\\", "/").lower() for m in members}
        if any(part in name for name in names for part in MACRO_PARTS):
            raise Refused("macro")
        self._main(archive, ext, names)
        for member in members:
            if not member.is_dir():
                self._member(archive, member, ext, depth)

    def _main(self, archive: zipfile.ZipFile, ext: str, names: set[str]) -> None:
        main = MAIN_PART.get(ext, "content.xml")
        if ext in ODF:
            wanted = f"application/vnd.oasis.opendocument.{ODF[ext]}"
            if "mimetype" not in names:
                raise Refused("type")
            if archive.read("mimetype")[:100].decode("ascii", "replace") != wanted:
                raise Refused("type")
        if main not in names:
            raise Refused("type")

    def _member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, ext: str, depth: int
    ) -> None:
        """Reads one part to its end, by which its checksum is compared too."""
        name = member.filename.replace("\\", "/").lower()
        if name.endswith(PROGRAMS):
            raise Refused("embedded")
        with archive.open(member) as part:
            head = part.read(HEAD)
            if head.startswith((OLE, b"MZ", b"\x7fELF")):
                raise Refused("embedded")
            if head.startswith(b"PK\x03\x04"):
                inner = name.rpartition(".")[2]
                if inner not in INSIDE or depth >= DEEPEST:
                    raise Refused("embedded")
                self.at(io.BytesIO(head + part.read()), inner, depth + 1)
                return
            if pixels(head) > MOST_PIXELS:
                raise Refused("bomb")
            xml = Part(name) if name.endswith((".xml", ".rels", ".vml", ".rdf")) else None
            piece = head
            while piece:
                if xml:
                    xml.feed(piece)
                piece = part.read(PIECE)
            if xml:
                xml.close()
