"""What the worker does for applications. Each takes ids, loads, delegates.

What only writes to the database is atomic; what takes long or stores an object ends in one
transaction with `finish()`: killed anywhere, nothing is lost and nothing is written twice.
"""

from contextlib import suppress
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from applications import documents, policy
from applications.commands import NotNow, execute, worker
from applications.enums import EDITABLE_STATES, ScanStatus
from applications.models import Application, Attachment, CheckRun, Colleague, Submission
from applications.selectors.leaning import leaning
from institutions.models import InstitutionApproval
from portal.accounts import notices
from portal.accounts.enums import NotificationKind, NotificationWay
from portal.accounts.models import User
from portal.events.mail import queue_mail
from portal.events.outbox import Lane, NotYet, effect, finish
from portal.links import absolute

__all__ = ["documents"]  # registers what is drawn


@effect("checks.run", lane=Lane.CHECKS, seconds=300, megabytes=700, atomic=True)
def run_checks(payload: dict) -> None:
    """Carries out a run of the checks that was asked for, and stores its findings."""
    if "run" not in payload:  # queued before runs were rows of their own
        execute("record_check", payload["application"], worker(), {"reason": payload["reason"]})
        return
    run = CheckRun.objects.only("application_id").get(pk=payload["run"])
    execute("record_check", run.application_id, worker(), {"run": run.pk})


@effect("attachment.check", lane=Lane.SCANS, seconds=300)
def check_attachment(payload: dict) -> None:
    """Looks at one file: type by content, opens at all, malware. Says what was found.

    While a scanner is set up and does not answer, the file says so and is looked at again.
    """
    from applications.scanning import examine

    attachment = Attachment.objects.filter(pk=payload["attachment"]).first()
    if attachment is None:  # erased while it waited
        return
    found = examine(attachment)
    away = found["status"] == ScanStatus.UNSCANNED and settings.SCANNER != "none"
    with transaction.atomic():
        execute(
            "attachment_checked",
            attachment.application_id,
            worker(),
            {"attachment": attachment.pk, **found},
        )
        if not away:
            finish()
    if away:
        raise NotYet("the scanner does not answer")


@shared_task(name="applications.tasks.sweep_objects", ignore_result=True)
def sweep_objects() -> None:
    """Every day: removes stored objects that nothing names."""
    from portal import sweeping

    sweeping.sweep()


@shared_task(name="applications.tasks.look_at_scanner", ignore_result=True)
def look_at_scanner() -> None:
    """Every minute: notes whether the scanner answers, for the page of operations."""
    from applications import scanning

    scanning.look()


# One sentence each, and nothing of the case: a mail carries number and link only (security.md 20).
def _notices() -> dict[str, str]:
    return {
        "message": _("There is a new message in your case."),
        "returned": _("The agency needs more from you before it can process your case."),
        "file_refused": _("A file that you sent was refused. The case says which one."),
        "closed": _("The agency has closed the conversation. You can open it again."),
        "assessment": _("Your application is complete. The assessment has begun."),
        "specification": _("The agency has sent you a specification to read and confirm."),
        "specification_confirmed": _("The specification is confirmed. The handling goes on."),
        "specification_recalled": _("The agency has taken the specification back."),
    }


def _mail(application: Application, user: object, sentence: str, key: str) -> None:
    name = application.number or _("your draft")
    link = absolute("applications:overview", application.pk)
    body = "\n\n".join([sentence, _("Case: %(number)s") % {"number": name}, link])
    queue_mail(
        user.email,  # type: ignore[attr-defined]
        _("Tilgang: case %(number)s") % {"number": name},
        body,
        key,
        user.language,  # type: ignore[attr-defined]
    )


# What somebody must act on by a day is told at once, whatever they chose.
ASKS = frozenset({"returned", "specification"})


def _tell(application: Application, user: User, sentence: str, key: str, link: str = "") -> None:
    """Progress in a case, in the way that the person chose."""
    name = application.number or _("your draft")
    link = link or absolute("applications:overview", application.pk)
    subject = _("Tilgang: case %(number)s") % {"number": name}
    body = "\n\n".join([sentence, _("Case: %(number)s") % {"number": name}, link])
    how = notices.ways(user)[str(NotificationKind.CASE)]
    if how == NotificationWay.DAILY:  # the line of a list says what it is about
        subject = f"{name}: {sentence}"
    notices.tell(user, NotificationKind.CASE, subject, body, key, link)


@effect("approval.withdrawn", lane=Lane.MAIL, atomic=True)
def tell_who_leaned_on_it(payload: dict) -> None:
    """An institution lost an approval: owners of its running cases and their officers are told."""
    held = InstitutionApproval.objects.select_related("institution").get(pk=payload["approval"])
    cases = leaning(held.institution, held.agency)
    people = User.objects.in_bulk([pk for c in cases for pk in (c.owner, c.officer) if pk])
    applications = Application.objects.in_bulk([case.pk for case in cases])
    for case in cases:
        for whose, view in ((case.owner, "applications:overview"), (case.officer, "")):
            user = people.get(UUID(whose)) if whose else None
            if user is None or not user.is_active:
                continue
            if not view and policy.is_barred(user, applications[UUID(case.pk)]):
                continue
            link = absolute(view, case.pk) if view else absolute("cases:case", held.agency, case.pk)
            with translation.override(user.language):
                sentence = _("The institution of this case is no longer approved as it was.")
                key = f"approval.withdrawn:{held.pk}:{case.pk}:{user.pk}"
                _tell(applications[UUID(case.pk)], user, sentence, key, link)


@effect("catalogue.changed", lane=Lane.HEAVY, seconds=900, megabytes=700)
def ask_catalogue(payload: dict) -> None:
    """A new edition of an agency's catalogue: what it says of the rows of drafts is asked anew."""
    drafts = Application.objects.filter(agency=payload["agency"], state__in=EDITABLE_STATES)
    for pk in drafts.order_by("pk").values_list("pk", flat=True):
        with suppress(NotNow):  # sent in the meantime
            execute("ask_catalogue", pk, worker("catalogue"))


@effect("receipt.mail", lane=Lane.MAIL, atomic=True)
def mail_receipt(payload: dict) -> None:
    """Tells whoever sent it that the application has arrived: number and link only."""
    submission = Submission.objects.select_related("application", "submitted_by").get(
        pk=payload["submission"]
    )
    with translation.override(submission.submitted_by.language):
        _mail(
            submission.application,
            submission.submitted_by,
            _("We have received your application."),
            f"receipt:{submission.pk}",
        )


@effect("notice.mail", lane=Lane.MAIL, atomic=True)
def mail_notice(payload: dict) -> None:
    """Tells the owner and the editors that something in the case waits for them; when they have
    left the institution, its administrators, who can take the case over."""
    application = Application.objects.select_related("owner").get(pk=payload["application"])
    for user in policy.told(application):
        with translation.override(user.language):
            sentence = _notices()[payload["what"]]
            key = f"{payload['key']}:{user.pk}"
            if payload["what"] in ASKS:
                _mail(application, user, sentence, key)
            else:
                _tell(application, user, sentence, key)


@effect("colleague.mail", lane=Lane.MAIL, atomic=True)
def mail_colleague(payload: dict) -> None:
    """Tells somebody that they were let in on an application."""
    colleague = Colleague.objects.select_related("application", "user").get(pk=payload["colleague"])
    with translation.override(colleague.user.language):
        sentence = _("You have been given access to an application for access to microdata.")
        _mail(colleague.application, colleague.user, sentence, f"colleague:{colleague.pk}")


# What -> the page that the mail leads to. Who has lost the case is led to their own list.
PAGES = {
    "changed": "applications:colleagues",
    "ended": "applications:mine",
    "joined": "applications:colleagues",
    "declined": "applications:colleagues",
    "offered": "applications:answer_handover",
    "withdrawn": "applications:colleagues",
    "taken": "applications:mine",
    "not_taken": "applications:colleagues",
}


def _about_people() -> dict[str, str]:
    return {
        "changed": _("What you may do on an application has changed."),
        "ended": _("Your access to an application has ended."),
        "joined": _("Somebody accepted your invitation to an application."),
        "declined": _("Somebody declined your invitation to an application."),
        "offered": _("A colleague wants to hand an application over to you. Take it over or not:"),
        "withdrawn": _("The offer to hand an application over to you was taken back."),
        "taken": _("The application that you offered has a new owner now."),
        "not_taken": _("Your colleague did not take the application over. It is still yours."),
    }


@effect("person.mail", lane=Lane.MAIL, atomic=True)
def mail_person(payload: dict) -> None:
    """Tells somebody what changed in who works on an application."""
    application = Application.objects.get(pk=payload["application"])
    user = User.objects.get(pk=payload["user"])
    if not user.is_active:
        return
    view = PAGES[payload["what"]]
    link = absolute(view) if view == "applications:mine" else absolute(view, application.pk)
    with translation.override(user.language):
        sentence = _about_people()[payload["what"]]
        _tell(application, user, sentence, f"person:{payload['key']}", link)


@effect("confidentiality.ask", lane=Lane.MAIL, atomic=True)
def ask_for_confirmations(payload: dict) -> None:
    """Asks everybody in the list of people with access who was not asked yet."""
    with suppress(NotNow):  # withdrawn or refused in the meantime
        execute("ask_confidentiality", payload["application"], worker())


@effect("takeover.mail", lane=Lane.MAIL, atomic=True)
def mail_takeover(payload: dict) -> None:
    """Tells somebody that a case is theirs from now on."""
    application = Application.objects.select_related("owner").get(pk=payload["application"])
    user = User.objects.get(pk=payload["user"])
    with translation.override(user.language):
        sentence = _("Your institution has given you a case whose applicant has left.")
        _mail(application, user, sentence, f"takeover:{payload['key']}")
