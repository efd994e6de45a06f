"""What the worker draws of applications: receipts with their annexes, lists and exports to take along.

Receipts are effects: they are made whether somebody waits or not. What a person asks for is a job.
"""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import pdf, policy, selectors
from applications.commands import execute, worker
from applications.exchange import handing
from applications.exchange.writing import KINDS, Export, export_for
from applications.imports import printing
from applications.models import Submission
from portal import store
from portal.events.outbox import Lane, effect, finish, queue
from portal.files.inspection import TYPES
from portal.jobs.kinds import Failed, Made, Work, job
from portal.pdf.volumes import Annex, draw_volumes


@effect("submission.render", lane=Lane.LETTERS, seconds=300, megabytes=700)
def render_submission(payload: dict) -> None:
    """Makes the PDF of a frozen submission, stores it, and notes its digest. When lists of it are
    long, their annexes are drawn first, in another lane: they hold up nobody's receipt."""
    submission = Submission.objects.select_related("application").get(pk=payload["submission"])
    if submission.pdf_digest:
        return
    if "annexes" not in payload and pdf.has_long_lists(submission):
        with transaction.atomic():
            queue("submission.annexes", payload, str(submission.pk))
            finish()
        return
    told = payload.get("annexes", [])
    digest = store.put(pdf.submission_pdf(submission, by_list(told)))
    with transaction.atomic():
        execute(
            "submission_rendered",
            payload["application"],
            worker(),
            {"submission": submission.pk, "pdf_digest": digest, "annexes": told},
        )
        finish()


@effect("submission.annexes", lane=Lane.HEAVY, seconds=1200, megabytes=900)
def draw_annexes(payload: dict) -> None:
    """Draws and stores the long lists of a submission; then its receipt can name them."""
    submission = Submission.objects.select_related("application").get(pk=payload["submission"])
    if submission.pdf_digest:
        return
    told = []
    for where, listing in pdf.long_lists(submission).items():
        for annex, content in draw_volumes(listing):
            store.put(content)
            told.append({"path": where, **annex.facts()})
    with transaction.atomic():
        queue("submission.render", {**payload, "annexes": told}, f"{submission.pk}:annexes")
        finish()


def by_list(told: list[dict[str, Any]]) -> dict[str, list[Annex]]:
    """What `Submission.annexes` holds, by the list that it is of."""
    found: dict[str, list[Annex]] = {}
    for facts in told:
        facts = dict(facts)
        found.setdefault(facts.pop("path"), []).append(Annex(**facts))
    return found


def may_have(user: Any, payload: dict[str, Any]) -> bool:
    """Whether the person still reads the application, and on the side on which it was asked for."""
    application = selectors.get(user, payload["application"]) if user else None
    return application is not None and str(policy.side(user, application)) == payload["side"]


FAILURES = {"gone": _("It is not there any more.")}


def _list(export: Export, asked: dict[str, Any]) -> printing.Listed | None:
    if "handoff" in asked:
        return handing.taken_along(export, asked["handoff"])
    return printing.listed_in(export, asked["list"])


def _asked_at(payload: dict[str, Any]) -> str:
    if "handoff" in payload:
        return reverse("applications:overview", args=[payload["application"]])
    return reverse("applications:rows", args=[payload["application"], payload["list"]])


@job(
    "list.print",
    title=_("The list as a file"),
    allowed=may_have,
    failures=FAILURES,
    back=_asked_at,
    lane=Lane.LETTERS,
    seconds=1200,
    megabytes=900,
)
def print_list(work: Work) -> Made:
    """A list as PDF (a zip of its volumes when it is long), or as a workbook."""
    asked = work.payload
    export = export_for(work.owner, asked["application"], asked["language"])
    found = _list(export, asked) if export else None
    if found is None:
        raise Failed("gone")
    if asked["kind"] == "xlsx":
        return Made(found.as_workbook(), f"{found.filename}.xlsx", TYPES["xlsx"])
    name, content = found.as_pdf(work.progress)
    return Made(content, name, KINDS[name.rpartition(".")[2]])


def _export_page(payload: dict[str, Any]) -> str:
    return reverse("applications:export", args=[payload["application"]])


@job(
    "application.export",
    title=_("The application as a file"),
    allowed=may_have,
    failures=FAILURES,
    back=_export_page,
    lane=Lane.LETTERS,
    seconds=600,
    megabytes=900,
)
def export_application(work: Work) -> Made:
    """An application as PDF, or as one of the other files when it is long."""
    asked = work.payload
    found = export_for(work.owner, asked["application"], asked["language"])
    if found is None:
        raise Failed("gone")
    content = found.as_pdf() if asked["kind"] == "pdf" else found.as_text(asked["kind"])
    return Made(content, f"{found.name}.{asked['kind']}", KINDS[asked["kind"]])
