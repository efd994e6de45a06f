"""What was given to be taken in: put into the store, signed for the next step, read again."""

import io
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from applications import imports
from applications.forms import filenames
from applications.imports import headings
from applications.imports.microdata_script import Script
from applications.schemes import Field
from portal import store
from portal.files import apart
from portal.files.inspection import MOST_BYTES, Refused
from portal.files.reading import Table

PASTED = "pasted"
SCRIPTS = ("microdata", "script")
TEXTS = ("csv", "txt", *SCRIPTS, PASTED)
TAKEN = ("xlsx", "xls", "csv", "txt", *SCRIPTS)
MOST_TEXT = 10 * 1024 * 1024
HOURS = 24
SCRIPTS_PROGRAM = apart.Program(Path(__file__).parent, "microdata_script")


class Trouble(Exception):
    """The input is not taken; the argument says why, in the reader's language."""


@dataclass(frozen=True)
class Source:
    """Something given: its kind (an extension, or PASTED), its object in the store, its name."""

    ext: str
    digest: str
    filename: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is text, of whatever shape."""
        return self.ext in TEXTS

    def sign(self, salt: str) -> str:
        """As a token for the next step; only who has the same `salt` can use it."""
        parts = [self.ext, self.digest, self.filename]
        return signing.TimestampSigner(salt=salt).sign_object(parts)

    @classmethod
    def signed(cls, token: str, salt: str) -> "Source":
        """The source of a token. Raises signing.BadSignature."""
        signer = signing.TimestampSigner(salt=salt)
        return cls(*signer.unsign_object(token, max_age=HOURS * 3600))


def take(request: HttpRequest) -> Source:
    """Puts what was given into the store. Raises Trouble, Refused, OSError, StoreFailed."""
    pasted = request.POST.get("pasted", "")
    if pasted.strip():
        return Source(PASTED, store.put(pasted.encode("utf-8", "replace")))
    file = request.FILES.get("file")
    if file is None:
        raise Trouble(_("Choose a file, or paste the list."))
    name = filenames.clean(file.name or "")
    ext = filenames.extension(name)
    if ext not in TAKEN:
        raise Trouble(_("Take an Excel file (.xlsx, .xls), CSV, text or a microdata.no script."))
    if not file.size:
        raise Refused("empty")
    if file.size > MOST_BYTES:
        raise Refused("large")
    if ext in TEXTS and file.size > MOST_TEXT:
        raise Trouble(_("A text file may be at most 10 MB. Split the list."))
    return Source(ext, store.put_file(file), name)


def table_of(source: Source, field: Field, sheet: str = "") -> Table:
    """The cells of a list for `field`; of a workbook those of `sheet`, else of the sheet whose
    headings are known best. Raises imports.Unreadable, Refused, OSError."""
    known = partial(headings.known_in, field=field)
    try:
        with store.open_object(source.digest) as stored:
            return apart.table(stored, source.ext, known, wanted=sheet)
    except apart.Busy:
        raise Refused("busy") from None


def script_of(source: Source) -> Script:
    """What a microdata.no script says. Raises Refused, OSError."""
    text = imports.decode(store.read(source.digest)).encode("utf-8", "replace")
    try:
        told = apart.ask(SCRIPTS_PROGRAM, io.BytesIO(text), {})[0]
    except apart.Trap:
        raise Refused("bomb") from None
    except apart.Busy:
        raise Refused("busy") from None
    return Script.from_json(told)
