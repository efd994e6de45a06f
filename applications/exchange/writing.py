"""An application as JSON, CSV, PDF, and as a zip with its files."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from applications import selectors
from applications.enums import ScanStatus
from applications.exchange.parsing import FORMAT, FORMAT_VERSION
from applications.forms import filenames
from applications.models import Application, Attachment
from applications.policy import Side
from applications.schemes import Scheme
from applications.selectors import checks
from applications.selectors.checks import Checked, sentence
from applications.selectors.document import pick
from applications.selectors.review import summary
from applications.selectors.words import in_words, moment_in_words
from portal import clock, store
from portal.files.inspection import TYPES
from portal.files.writing import csv_of
from portal.pdf import draw
from portal.pdf.drawing import template_css
from portal.pdf.printable import spelt

CHUNK = 256 * 1024
KINDS = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "pdf": TYPES["pdf"],
    "zip": "application/zip",
    "xlsx": TYPES["xlsx"],
}


@dataclass(frozen=True)
class Export:
    """An application as somebody may take it along: the document that they may read, and files.
    `checked`: what has come of the checks of it, where it was sent."""

    application: Application
    scheme: Scheme
    document: dict
    attachments: list[Attachment]
    language: str
    checked: Checked | None = None
    side: Side = Side.OWN

    @property
    def name(self) -> str:
        """The file's name without extension."""
        number = self.application.number or f"{self.application.agency}-{self.application.pk}"
        return filenames.clean(number.replace("/", "-"))

    def facts(self) -> list[dict]:
        """The attachments without their contents. `included`: whether the zip holds the file."""
        return [
            {
                "kind": a.kind,
                "filename": a.filename,
                "size": a.size,
                "sha256": a.digest,
                "updated": a.updated,
                "status": str(a.status),
                "included": a.status == ScanStatus.CLEAN,
            }
            for a in self.attachments
        ]

    def as_dict(self) -> dict[str, Any]:
        """What the JSON file holds."""
        application = self.application
        followed = application.follows
        return {
            "format": FORMAT,
            "formatVersion": FORMAT_VERSION,
            "agency": application.agency,
            "type": application.type,
            "scheme": application.scheme_version,
            "language": application.language,
            "number": application.number,
            "follows": followed.number if followed else None,
            "exportedAt": clock.now().isoformat(timespec="seconds"),
            "document": self.document,
            "attachments": self.facts(),
            **self._checks(),
        }

    def _checks(self) -> dict[str, Any]:
        if self.checked is None:
            return {}
        found = self.checked.findings if self.checked.is_finished else None
        return {"checks": {"state": str(self.checked.state), "findings": found}}

    def as_json(self) -> str:
        """The file that can be taken in again (applications.exchange.reading)."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=2) + "\n"

    def as_csv(self) -> str:
        """Every answer on a line: section, question, row, column, answer, path in the document."""
        lines = [["section", "question", "row", "column", "answer", "path"]]
        form = self.scheme.form(self.application.type, self.document)
        for section in form.sections:
            title = section.title(self.language)
            for field in section.fields:
                label = field.label(self.language)
                value = pick(self.document, field.path)
                if field.type != "rows":
                    words = in_words(field, value, self.language)
                    if words or field.shown(self.document):
                        lines.append([title, label, "", "", words, field.path])
                    continue
                for at, row in enumerate(value or (), 1):
                    for column in field.columns:
                        words = in_words(column, row.get(column.path), self.language)
                        if words:
                            name = column.label(self.language)
                            path = f"{field.path}[{at - 1}].{column.path}"
                            lines.append([title, label, str(at), name, words, path])
        return csv_of(lines)

    def rows(self) -> int:
        """How many rows all lists have together."""
        return sum(
            len(pick(self.document, f.path) or ())
            for f in self.scheme.fields(self.application.type)
            if f.type == "rows"
        )

    def as_text(self, kind: str) -> bytes:
        """The whole as "json" or "csv", in UTF-8."""
        text = self.as_json() if kind == "json" else self.as_csv()
        return text.encode("utf-8", "replace")

    def as_pdf(self) -> bytes:
        """On paper. Of long lists the first rows only: the whole stands in the other formats."""
        form = self.scheme.form(self.application.type, self.document)
        now = clock.now()
        with override(self.language):
            html = render_to_string(
                "applications/pdf/export.html",
                {
                    "application": self.application,
                    "language": self.language,
                    "agency": self.scheme.name(self.language),
                    "summary": summary(list(form.sections), self.document, self.language),
                    "attachments": self.attachments,
                    "checked": sentence(self.checked) if self.checked else "",
                    "moment": moment_in_words(now, self.scheme.timezone, self.language),
                },
            )
        return draw(
            spelt(html),
            stylesheets=(template_css("applications/pdf/submission.css"),),
            attachment=("application.json", self.as_json().encode("utf-8", "replace")),
            moment=now,
        )

    def as_zip(self) -> Iterator[bytes]:
        """The JSON and the clean files, piece by piece: no whole file is ever in memory."""
        clean = [a for a in self.attachments if a.status == ScanStatus.CLEAN]
        return zipped(
            [("application.json", self.as_json().encode("utf-8", "replace"))],
            [
                (f"attachments/{number:03d}-{filenames.clean(a.filename)}", a.digest)
                for number, a in enumerate(clean, 1)
            ],
        )


class _Pipe(io.RawIOBase):
    """What the zip writes into; `taken` gives what has come since."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def zipped(texts: list[tuple[str, bytes]], files: list[tuple[str, str]]) -> Iterator[bytes]:
    """A zip of `texts` (name, content) and `files` (name, digest in the store), piece by piece.

    Attachments are packed already: they are stored as they are. A file that is gone from the store
    is left out: application.json says what should be there.
    """
    pipe = _Pipe()
    now = clock.now().timetuple()[:6]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, content in texts:
            info = zipfile.ZipInfo(name, now)
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
            yield pipe.taken()
        for name, digest in files:
            try:
                stored = store.open_object(digest)
            except FileNotFoundError:
                continue
            info = zipfile.ZipInfo(name, now)
            with stored, archive.open(info, "w", force_zip64=True) as entry:
                while piece := stored.read(CHUNK):
                    entry.write(piece)
                    yield pipe.taken()
            yield pipe.taken()
    yield pipe.taken()


def export_of(found: selectors.Seen, language: str) -> Export:
    """What may be taken along by who reads the case so."""
    scheme = selectors.scheme_of(found.application)
    checked = None if found.own_side else checks.of(found.submission)
    application = found.application
    return Export(
        application, scheme, found.document, found.attachments, language, checked, found.side
    )


def export_for(user: Any, pk: Any, language: str) -> Export | None:
    """The same for a person; None when there is nothing for them."""
    application = selectors.get(user, pk)
    found = selectors.seen(user, application) if application else None
    return export_of(found, language) if found else None
