"""What `manage.py bench` measures of applications: each a function that does the work once.

Figures are medians, in milliseconds, with the size they were measured at (performance.md).
"""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from applications import commands, schemes
from applications.commands import Actor
from applications.completeness.sample import time_of_check
from applications.models import Application
from portal.benchmarks import Figure, median


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
    word = one.title.split()[0]
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
