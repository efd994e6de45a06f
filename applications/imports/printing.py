"""A list of an application to take along: as a workbook and as PDF."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from applications import selectors
from applications.models import Application, ListPrint
from applications.schemes import Field
from applications.selectors.words import in_words, moment_in_words
from portal import clock, store
from portal.files.writing import workbook
from portal.pdf import draw
from portal.pdf.drawing import template_css

ALWAYS = 3  # columns that are shown even when empty
CHUNK = 50  # rows of a table in the PDF: one long table takes more time and memory
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
        """Headings and rows as JSON, which the PDF carries."""
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

    def as_pdf(self) -> bytes:
        """The list as PDF/A. Takes about 10 ms a row. Raises portal.pdf.RenderingFailed."""
        scheme = selectors.scheme_of(self.application)
        now = clock.now()
        starts = range(0, len(self.values), CHUNK)
        with override(self.language):
            html = render_to_string(
                "applications/pdf/list.html",
                {
                    "list": self,
                    "application": self.application,
                    "agency": scheme.name(self.language),
                    "moment": moment_in_words(now, scheme.timezone, self.language),
                    "total": len(self.values),
                    "parts": [
                        list(enumerate(self.values[at : at + CHUNK], at + 1)) for at in starts
                    ],
                },
            )
        return draw(
            html,
            stylesheets=(template_css("applications/pdf/list.css"),),
            attachment=("list.json", self.as_json().encode("utf-8", "replace")),
            moment=now,
        )


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


def made(found: Listed) -> str:
    """The digest of the PDF that the worker made of exactly this list; "" when there is none."""
    prints = ListPrint.objects.filter(application=found.application, content=found.content)
    return prints.values_list("pdf_digest", flat=True).first() or ""


def make(seen: selectors.Seen, path: str, language: str) -> None:
    """Makes and stores the PDF of a list as it is seen. Does nothing when it is there already."""
    application = selectors.of_side(seen.application, seen.side)
    fields = selectors.scheme_of(application).fields(application.type)
    table = next((f for f in fields if f.path == path and f.type == "rows"), None)
    if table is None:
        return
    found = listed(application, seen.document, table, language)
    if made(found):
        return
    values = {"pdf_digest": store.put(found.as_pdf()), "made_at": clock.now()}
    ListPrint.objects.update_or_create(
        application=application, content=found.content, defaults=values
    )
