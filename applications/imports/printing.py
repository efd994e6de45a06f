"""A list of an application to take along: as a workbook and as PDF."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from applications import selectors
from applications.exchange.writing import Export
from applications.forms import filenames
from applications.models import Application
from applications.schemes import Field
from applications.selectors.words import in_words, moment_in_words
from portal import clock
from portal.files.writing import workbook
from portal.pdf.volumes import Listing, draw_volumes

ALWAYS = 3  # columns that are shown even when empty
NUMBERS = ("year", "number", "money")


@dataclass(frozen=True)
class Listed:
    """A list with its values in one language, as it is downloaded."""

    application: Application
    title: str
    language: str
    headings: list[str]
    values: list[list[Any]]

    @property
    def content(self) -> str:
        """The digest of what is printed."""
        return hashlib.sha256(self.as_json().encode("utf-8", "surrogatepass")).hexdigest()

    def as_json(self) -> str:
        """Headings and rows as JSON."""
        told = {
            "case": self.application.number or "",
            "project": self.application.title,
            "list": self.title,
            "language": self.language,
            "headings": self.headings,
            "rows": self.values,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True)

    def as_workbook(self) -> bytes:
        """The list as .xlsx."""
        return workbook(self.title, self.headings, self.values)

    @property
    def filename(self) -> str:
        """The file's name without extension."""
        number = self.application.number or str(self.application.pk)[:8]
        return filenames.clean(f"{number}-{self.title}".replace("/", "-"))

    def as_pdf(self, progress: Callable[[int, int], None]) -> tuple[str, bytes]:
        """(file name, content): the list as PDF/A, or its volumes in a zip. Raises
        portal.pdf.RenderingFailed."""
        scheme = selectors.scheme_of(self.application)
        now = clock.now()
        with override(self.language):
            lead = [self.application.title, moment_in_words(now, scheme.timezone, self.language)]
            reference = self.application.number or _("Draft")
        listing = Listing(
            title=self.title,
            agency=scheme.name(self.language),
            reference=reference,
            language=self.language,
            headings=self.headings,
            rows=[["" if v is None else str(v) for v in row] for row in self.values],
            moment=now,
            filename=self.filename,
            lead=lead,
            attached=False,  # the workbook is for machines
        )
        volumes = draw_volumes(listing, progress)
        annex, content = next(volumes)
        if annex.volumes == 1:
            return annex.filename, content
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(annex.filename, content)
            for annex, content in volumes:
                archive.writestr(annex.filename, content)
        return f"{self.filename}.zip", out.getvalue()


def listed(application: Application, document: dict, table: Field, language: str) -> Listed:
    """The rows of `table` in the document, with the columns that say anything."""
    rows = selectors.pick(document, table.path) or []
    shown = [column for column in table.columns if column.asked or column.computed]
    columns = [
        column
        for at, column in enumerate(shown)
        if at < ALWAYS or any(row.get(column.path) not in (None, "", []) for row in rows)
    ]

    def value(column: Field, row: dict[str, Any]) -> Any:
        raw = row.get(column.path)
        if column.type in NUMBERS and isinstance(raw, int | float) and not isinstance(raw, bool):
            return raw
        return in_words(column, raw, language)

    return Listed(
        application,
        table.label(language),
        language,
        [column.label(language) for column in columns],
        [[value(column, row) for column in columns] for row in rows],
    )


def table_of(application: Application, path: str) -> Field | None:
    """The list that stands at `path` in the application's form."""
    fields = selectors.scheme_of(application).fields(application.type)
    return next((f for f in fields if f.path == path and f.type == "rows" and f.asked), None)


def listed_in(export: Export, path: str) -> Listed | None:
    """The list at `path` as it may be taken along; None when the form has none there."""
    table = table_of(export.application, path)
    if table is None:
        return None
    return listed(export.application, export.document, table, export.language)
