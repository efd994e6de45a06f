"""What `manage.py bench` measures of applications: each a function that does the work once.

Figures are medians, in milliseconds, with the size they were measured at (performance.md).
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from applications import commands, schemes, selectors
from applications.commands import Actor
from applications.completeness.sample import time_of_check
from applications.models import Application
from applications.schemes import Field
from applications.selectors.tasks import section_of
from portal.benchmarks import Figure, median
from portal.files.writing import workbook


def _page(client: Client, name: str, address: str, size: str, rounds: int) -> Figure:
    asked = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        response = client.get(address, SERVER_NAME="localhost")
    if response.status_code != 200:
        raise RuntimeError(f"{name}: {address} answered {response.status_code}")
    taken = median(lambda: client.get(address, SERVER_NAME="localhost"), rounds)
    return Figure(name, size, taken, asked, len(response.content) / 1024)


def pages(officer: Any, sign_in: Callable[[Client, Any], None], rounds: int) -> list[Figure]:
    """Queue, search, deep paging and case page of an agency's officer."""
    agency = schemes.all_current()[0].agency
    client = Client()
    sign_in(client, officer)
    cases = Application.objects.filter(agency=agency, submitted_at__isnull=False)
    size = f"{cases.count():,} cases"
    queue = reverse("cases:queue", args=[agency])
    one = cases.order_by("-submitted_at").first()
    if one is None:
        return []
    word = one.sent_title.split()[0]
    figures = [
        _page(client, "empty page of ours", reverse("ui:about"), "–", rounds),
        _page(client, "queue, mine", queue, size, rounds),
        _page(client, "queue, all open", f"{queue}?queue=open", size, rounds),
        _page(client, "all cases, newest first", f"{queue}?queue=all", size, rounds),
        _page(client, "search, number", f"{queue}?queue=all&q={one.number}", size, rounds),
        _page(client, "search, common word", f"{queue}?queue=all&q={word}", size, rounds),
    ]
    case = Application.objects.filter(agency=agency, submissions__isnull=False).first() or one
    address = reverse("cases:case", args=[agency, case.pk])
    figures.append(_page(client, "case page", address, size, rounds))
    return figures


def saving(applicant: Any, rounds: int) -> list[Figure]:
    """Saving a section through the gate, in a transaction that is rolled back."""
    agency = schemes.all_current()[0].agency
    by = Actor(user=applicant)
    figures = []
    with transaction.atomic():
        draft = commands.create(by, agency, "nb")
        count = 0

        def save() -> None:
            nonlocal count
            count += 1
            payload = {"section": "project", "values": {"purpose.text": f"Text {count}"}}
            commands.execute("save_section", draft.pk, by, payload)

        figures.append(Figure("save of a section", "1 field", median(save, rounds)))
        transaction.set_rollback(True)
    return figures


def checks(variables: int = 5_000, attachments: int = 200) -> list[Figure]:
    """The check of a large document, per agency."""
    size = f"{variables:,} variables, {attachments} attachments"
    return [
        Figure(
            f"check of a document, {scheme.agency}",
            size,
            time_of_check(scheme, scheme.agency, variables, attachments),
        )
        for scheme in schemes.all_current()
    ]


def lists(
    applicant: Any, sign_in: Callable[[Client, Any], None], rounds: int = 3, many: int = 5_000
) -> list[Figure]:
    """A workbook of `many` variables: its preview, taking it in, and the form's pages afterwards.
    In a transaction that is rolled back."""
    agency, size = schemes.all_current()[0].agency, f"{many:,} rows"
    figures: list[Figure] = []
    client = Client()
    with transaction.atomic():
        sign_in(client, applicant)
        draft = commands.create(Actor(user=applicant), agency, "nb")
        table = next(f for f in selectors.scheme_of(draft).fields(draft.type) if f.catalogue)
        address = reverse("applications:rows_import", args=[draft.pk, table.path])
        book = _workbook(table, many)

        def shown() -> Any:
            file = SimpleUploadedFile("list.xlsx", book)
            return client.post(address, {"file": file}, SERVER_NAME="localhost")

        if (answer := shown()).status_code != 200:
            raise RuntimeError(f"the preview answered {answer.status_code}")
        kib = len(answer.content) / 1024
        figures.append(Figure("list, preview of XLSX", size, median(shown, rounds), None, kib))
        source = re.search(r'name="source" value="([^"]+)"', answer.content.decode())
        posted = {"source": source[1] if source else "", "take": "1", "replace": "1"}

        def taken() -> Any:
            return client.post(address, posted, SERVER_NAME="localhost")

        figures.append(Figure("list, taken in", size, median(taken, rounds)))
        path = reverse("applications:rows", args=[draft.pk, table.path])
        figures.append(_page(client, "list, one page of it", path, size, rounds))
        section = section_of(
            table.path, list(selectors.scheme_of(draft).forms[draft.type].sections)
        )
        if section is not None:
            path = reverse("applications:section", args=[draft.pk, section.id])
            figures.append(_page(client, "form, section with the list", path, size, rounds))
        path = reverse("applications:overview", args=[draft.pk])
        figures.append(_page(client, "form, overview", path, size, rounds))
        transaction.set_rollback(True)
    return figures


def _workbook(table: Field, many: int) -> bytes:
    columns = [c for c in table.columns if c.asked and c.type in ("text", "year")]
    return workbook(
        "1",
        [c.label("nb") for c in columns],
        [
            [2000 + n % 20 if c.type == "year" else f"{c.path} {n}" for c in columns]
            for n in range(many)
        ],
    )
