"""What the worker does for decisions: letters made and signed, people told.

Killed at any point, nothing is lost and nothing is twice: the object is stored first, under the
digest of its bytes; the row that names it, the case's new state and the next effects are one
transaction of the gate, which takes one letter of a decision only. An object that lost such a race
is named by no row, and the store's sweep collects it.
"""

import io
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import policy
from applications import selectors as applications
from applications.commands import NotNow, execute, worker
from applications.enums import State
from decisions import composing, selectors, verdicts
from decisions import policy as decisions_policy
from decisions.commands import verifying
from decisions.enums import Revision, Status
from decisions.letters import annexes
from decisions.models import Decision
from institutions import selectors as institutions
from portal import store
from portal.events.mail import queue_mail
from portal.events.models import Event
from portal.events.outbox import Lane, Never, NotYet, effect, finish, queue
from portal.files.apart import Busy
from portal.jobs.kinds import Failed, Made, Work, job
from portal.links import absolute
from portal.pdf.volumes import Annex, draw_volumes

if TYPE_CHECKING:
    from decisions.letters import acceptance as letters

# Seconds that a letter may take: one of 5,000 variables takes a minute of work to draw, and
# more on a busy machine. The letter of an ordinary case takes half a second.
SECONDS = 600


@effect("letter.make", lane=Lane.LETTERS, seconds=SECONDS, megabytes=1500)
def make_letter(payload: dict) -> None:
    """Draws, signs and stores the letter of an approved decision, and says so to the gate.

    Without a key to sign with the decision stays "to be signed" and this is tried again.
    """
    # pyHanko and WeasyPrint are slow to load: only who makes letters pays for it.
    from decisions.letters.rendering import UnprintableLetter, render
    from decisions.letters.signing import DECISION, SigningUnavailable, load_signer, sign

    decision = Decision.objects.select_related("application").get(pk=payload["decision"])
    if decision.status != Status.APPROVED:
        return
    content = composing.thaw(decision)
    if composing.digest(content) != decision.approved_digest:
        raise Never("the content is not the one that was approved")
    if "annexes" not in payload and annexes.are_needed(content):
        with transaction.atomic():
            queue("letter.annexes", payload, f"letter.annexes:{decision.pk}")
            finish()
        return
    told = payload.get("annexes", [])
    try:
        signer = load_signer(purpose=DECISION, agency=decision.application.agency)
        letter = sign(render(content, [Annex(**facts) for facts in told]), signer)
    except SigningUnavailable as unavailable:
        raise NotYet(f"to be signed: {unavailable}") from unavailable
    except UnprintableLetter as unprintable:
        raise Never("the letter holds characters that cannot be printed") from unprintable
    issued = {"sha256": store.put(letter), "size": len(letter), "annexes": told}
    _say("letter_signed", decision, issued)


@effect("letter.annexes", lane=Lane.HEAVY, seconds=1200, megabytes=900)
def draw_annexes(payload: dict) -> None:
    """Draws and stores the list of a decision on very many variables; then the letter names it."""
    from decisions.letters.rendering import unprintable

    decision = Decision.objects.select_related("application").get(pk=payload["decision"])
    if decision.status != Status.APPROVED:
        return
    content = composing.thaw(decision)
    if unprintable(content):
        raise Never("the letter holds characters that cannot be printed")
    told = []
    for annex, pdf in draw_volumes(annexes.listing(content)):
        store.put(pdf)
        told.append(annex.facts())
    with transaction.atomic():
        queue("letter.make", {**payload, "annexes": told}, f"letter.make:{decision.pk}:annexes")
        finish()


def _may_preview(user: Any, payload: dict[str, Any]) -> bool:
    decision = selectors.get(user, payload["decision"]) if user else None
    return decision is not None and decisions_policy.is_staff(user, decision.application)


@job(
    "draft.preview",
    title=gettext_lazy("Preview as PDF"),
    allowed=_may_preview,
    failures={
        "unprintable": gettext_lazy(
            "The letter holds characters that it cannot show: see the list."
        )
    },
    back=lambda payload: reverse("decisions:decision", args=[payload["decision"]]),
    lane=Lane.LETTERS,
    seconds=1200,
    megabytes=900,
)
def preview_draft(work: Work) -> Made:
    """The draft as PDF, marked as a draft on each page; with its annexes as a zip. Never signed."""
    from decisions.letters.rendering import UnprintableLetter
    from decisions.previewing import preview_files

    decision = _decision(work.payload)
    scheme = applications.scheme_of(decision.application)
    try:
        files = preview_files(composing.as_it_stands(decision, scheme), work.progress)
    except UnprintableLetter:
        raise Failed("unprintable") from None
    if len(files) == 1:
        return Made(files[0][1], files[0][0], "application/pdf")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, pdf in files:
            archive.writestr(name, pdf)
    return Made(out.getvalue(), f"{files[0][0].removesuffix('.pdf')}.zip", "application/zip")


@effect("acceptance.sign", lane=Lane.LETTERS, seconds=SECONDS, megabytes=1500)
def sign_acceptance(payload: dict) -> None:
    """Adds the acceptance to the letter as its second signature, with a receipt to read."""
    from decisions.letters import acceptance as letters
    from decisions.letters.rendering import UnprintableLetter
    from decisions.letters.signing import ACCEPTANCE, SigningUnavailable, load_signer, sign

    decision = Decision.objects.select_related("application", "acceptance").get(
        pk=payload["decision"]
    )
    if decision.revisions.filter(revision=Revision.ACCEPTED).exists():
        return
    content = composing.thaw(decision)
    facts = acceptance_facts(decision)
    try:
        signer = load_signer(purpose=ACCEPTANCE, agency=decision.application.agency)
        letter = letters.countersign(store.read(facts.letter_sha256), facts, signer)
        receipt = sign(letters.receipt(content, facts), signer)
    except SigningUnavailable as unavailable:
        raise NotYet(f"to be signed: {unavailable}") from unavailable
    except UnprintableLetter as unprintable:
        raise Never("the receipt holds characters that cannot be printed") from unprintable
    payload = {
        "sha256": store.put(letter),
        "size": len(letter),
        "receipt_sha256": store.put(receipt),
    }
    _say("acceptance_signed", decision, payload)


def acceptance_facts(decision: Decision) -> "letters.Acceptance":
    """The acceptance of a decision as it goes into the letter."""
    from decisions.letters.acceptance import Acceptance

    given, content = decision.acceptance, composing.thaw(decision)
    return Acceptance(
        name=given.name,
        title=given.title,
        authority=given.authority,
        institution=given.institution,
        accepted_at=given.accepted_at,
        case_number=content.case_number,
        letter_id=content.letter_id,
        letter_sha256=given.letter_sha256,
        language=content.language,
    )


def _say(command: str, decision: Decision, payload: dict[str, Any]) -> None:
    try:
        execute(
            command,
            decision.application_id,
            worker("letters"),
            {"decision": str(decision.pk), **payload},
        )
    except NotNow:
        # Another worker was first. Anything else must not pass in silence.
        revision = Revision.SIGNED if command == "letter_signed" else Revision.ACCEPTED
        if not decision.revisions.filter(revision=revision).exists():
            raise


@effect("decision.mail", lane=Lane.MAIL, atomic=True)
def mail_decision(payload: dict) -> None:
    """Tells the applicant's side and the signatories that the decision is there."""
    decision = _decision(payload)
    for user in recipients(decision):
        with translation.override(user.language):
            _mail(decision, user, _("There is a decision in your case."), "decision")


@effect("acceptance.mail", lane=Lane.MAIL, atomic=True)
def mail_acceptance(payload: dict) -> None:
    """Tells the applicant's side and the signatories that the conditions are accepted."""
    decision = _decision(payload)
    for user in recipients(decision):
        with translation.override(user.language):
            sentence = _("The conditions of the decision in your case have been accepted.")
            _mail(decision, user, sentence, "accepted")


@effect("signatory.mail", lane=Lane.MAIL, atomic=True)
def mail_new_signatory(payload: dict) -> None:
    """Tells somebody who may bind an institution since a while of letters that wait for that, and
    that went out before: later ones tell their signatories themselves."""
    event = Event.objects.get(pk=payload["event"])
    user = institutions.signatories(payload["institution"]).filter(pk=payload["user"]).first()
    if user is None:  # not any more
        return
    waiting = Decision.objects.filter(
        status=Status.DELIVERED,
        delivered_at__lte=event.at,
        application__state=State.ACCEPTANCE,
        application__institution=payload["institution"],
    )
    for decision in waiting.select_related("application").defer("content"):
        with translation.override(user.language):
            sentence = _("A decision waits for somebody who accepts its conditions.")
            _mail(decision, user, sentence, f"appointed:{event.pk}")


@job(
    verifying.KIND,
    lane=Lane.SCANS,
    seconds=120,
    title=gettext_lazy("Is this letter genuine?"),
    allowed=lambda user, payload: True,  # the secret is the right
    failures={
        "unknown": gettext_lazy(
            "The file could not be examined now. Try again later. Until then take it neither for "
            "genuine nor for false."
        )
    },
    template="decisions/_verdict.html",
    back=lambda payload: reverse("letters:verify"),
    keep=timedelta(hours=1),
)
def verify_letter(work: Work) -> Made:
    """Looks at a file that somebody sent to be checked, and forgets it."""
    try:
        told = verdicts.told(verifying.given(work.source))
    except (FileNotFoundError, Busy) as failed:
        raise Failed("unknown") from failed
    finally:
        verifying.forget(work.source)
    return Made(result=told)


@effect(verifying.FORGET, lane=Lane.SCANS, forget=True)
def forget_letter(payload: dict) -> None:
    """What somebody sent to be checked is gone after an hour, looked at or not."""
    verifying.forget(payload["source"])


@shared_task(name="decisions.tasks.warn_of_certificates", ignore_result=True)
def warn_of_certificates() -> None:
    """Every hour: tells who can renew it that a signing certificate ends soon, and notes when each does."""
    from decisions import expiry

    expiry.warn()
    expiry.note()


def _decision(payload: dict) -> Decision:
    return Decision.objects.select_related("application__owner", "application__institution").get(
        pk=payload["decision"]
    )


def recipients(decision: Decision) -> Iterable[Any]:
    """Who is told: the owner and colleagues who edit, as far as they are still there, and who may
    bind the institution, once each."""
    application = decision.application
    people = list(policy.told(application))
    if application.institution_id:
        people += institutions.signatories(application.institution_id)
    return {person.pk: person for person in people}.values()


def _mail(decision: Decision, user: Any, sentence: str, what: str) -> None:
    # Number and link, nothing of the case: not even what was decided (security.md 20).
    number = decision.application.number
    link = absolute("decisions:decision", decision.pk)
    body = "\n\n".join([sentence, _("Case: %(number)s") % {"number": number}, link])
    subject = _("Tilgang: case %(number)s") % {"number": number}
    queue_mail(user.email, subject, body, f"{what}:{decision.pk}:{user.pk}", user.language)
