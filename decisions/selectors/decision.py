"""Reads of one decision and of lists of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from applications import policy as applications
from applications.enums import State
from applications.models import Application
from applications.selectors import of_side
from decisions import policy
from decisions.enums import ISSUED, Revision, Status
from decisions.models import Contributor, Decision, LetterAnnex, LetterRevision, SendBack
from portal.accounts import policy as accounts
from portal.events.models import Event, OutboxEntry

if TYPE_CHECKING:
    from decisions.letters.examination import IssuedRevision


@dataclass(frozen=True)
class Trouble:
    """Why a letter is not signed yet: what the worker said, when it tries again, or that it gave up."""

    reason: str
    attempts: int
    next_at: datetime | None
    given_up: bool


def current_of(application: Application) -> QuerySet[Decision]:
    """The one decision of a case that no later one has replaced, or none."""
    return Decision.objects.filter(application=application).exclude(status=Status.SUPERSEDED)


def cases_of(decisions: list[str]) -> dict[str, tuple[str, str, str]]:
    """Decision -> (agency, application, number of the case), for those that there are."""
    rows = Decision.objects.filter(pk__in=decisions).values_list(
        "pk", "application__agency", "application_id", "application__number"
    )
    return {str(pk): (agency, str(case), number or "") for pk, agency, case, number in rows}


def ended_at(application: Application) -> datetime | None:
    """When the case came to the state that it ended in, as the log tells."""
    moves = Event.objects.filter(
        stream=f"application:{application.pk}", data__to=str(application.state)
    )
    return moves.order_by("-sequence").values_list("at", flat=True).first()


def get(user: Any, pk: UUID | str) -> Decision | None:
    """The decision when `user` may see it, else None: foreign, absent and not issued are alike."""
    found = (
        Decision.objects.filter(policy.visible(user), pk=pk)
        .select_related(
            "application__institution",
            "application__owner",
            "submission",
            "drafted_by",
            "sent_by",
            "approved_by",
        )
        .first()
    )
    side = applications.side(user, found.application) if found else None
    if found is None or side is None:
        return None
    of_side(found.application, side)
    return found


def current(application: Application) -> Decision | None:
    """The decision of the case that is not superseded; its content is read when asked for."""
    people = ("drafted_by", "sent_by", "approved_by")
    return current_of(application).select_related(*people).defer("content").first()


def waiting_for_approval(user: Any) -> QuerySet[Decision]:
    """What lies with the decision makers of the user's agencies and the user may approve.

    The longest waiting first; nothing the user wrote, sent, or is barred from.
    """
    agencies = accounts.agencies_with_role(user, "decision_maker")
    hand = Contributor.objects.filter(decision=OuterRef("pk"), user=user)
    cases = policy.staffs(user).filter(
        agency__in=agencies, state=State.APPROVAL, pk=OuterRef("application_id")
    )
    return (
        Decision.objects.filter(Exists(cases), ~Exists(hand), status=Status.FOR_APPROVAL)
        .select_related("application__institution", "sent_by")
        .order_by("sent_at", "id")
    )


# What the worker does for a decision at each step: the keys of its entries in the outbox.
WORK = {
    Status.APPROVED: ("letter.make:{}", "letter.annexes:{}", "letter.make:{}:annexes"),
    Status.ACCEPTED: ("acceptance.sign:{}",),
}
KINDS = ("letter.make", "letter.annexes", "acceptance.sign")


def trouble(decision: Decision) -> Trouble | None:
    """What keeps the worker from signing; None when all goes well or is done."""
    keys = WORK.get(Status(decision.status), ())
    entry = OutboxEntry.objects.filter(
        kind__in=KINDS, key__in=[key.format(decision.pk) for key in keys], done_at__isnull=True
    ).first()
    if entry is None or not (entry.last_error or entry.dead_at):
        return None
    return Trouble(
        entry.last_error,
        entry.attempts,
        None if entry.dead_at else entry.due_at,
        entry.dead_at is not None,
    )


def issued_revision(sha256: str) -> "IssuedRevision | None":
    """The issued letter with this digest: what `letters.examination.examine` looks up."""
    from decisions.letters.examination import IssuedRevision  # slow to load, seldom needed

    found = (
        LetterRevision.objects.filter(sha256=sha256)
        .select_related("decision__application")
        .defer("decision__content")
        .first()
    )
    if found is None:
        return None
    return IssuedRevision(
        sha256=found.sha256,
        letter_id=found.decision.letter_id,
        case_number=str(found.decision.application.number),
        issued_at=found.issued_at,
        accepted=found.revision == Revision.ACCEPTED,
    )


def is_issued(sha256: str) -> bool:
    """Whether the portal made the file with this digest: a letter or an annex of one, or the receipt
    of an acceptance."""
    made = Q(sha256=sha256) | Q(receipt_sha256=sha256)
    if LetterRevision.objects.filter(made).exists():
        return True
    return LetterAnnex.objects.filter(sha256=sha256).exists()


def issued_annex(sha256: str) -> LetterAnnex | None:
    """The annex of an issued letter with this digest."""
    found = LetterAnnex.objects.filter(sha256=sha256).select_related("decision__application")
    return found.defer("decision__content").first()


def panel(user: Any, application: Application, staff: bool) -> dict[str, Any] | None:
    """What the case page (`staff`) or the applicant's overview shows of the decision.

    None when there is nothing to show: for applicants until the letter is signed. One query.
    """
    bound = applications.ties(user, application)
    if staff and (bound.bar or not applications.staff_roles_held(user, application)):
        return None
    decision = _with_panel(user, application)
    if not staff and (decision is None or decision.status not in set(ISSUED)):
        return None
    allowed = applications.allowed(user, application)
    told: dict[str, Any] = {"decision": decision, "application": application, "allowed": allowed}
    if decision is None:
        return told if "draft_decision" in allowed else None
    if staff:
        told["sent_back"] = decision.sent_back[0] if decision.sent_back else None
        told["trouble"] = trouble(decision)
        told["own_hand"] = "approve" in allowed and decision.hand
    told["revisions"] = decision.letters
    return told


def _with_panel(user: Any, application: Application) -> Any:
    hand = Contributor.objects.filter(decision=OuterRef("pk"), user=user)
    back = SendBack.objects.filter(decision=OuterRef("pk")).order_by("-sent_at")[:1]
    letters = LetterRevision.objects.filter(decision=OuterRef("pk")).order_by("revision")
    sent_back = JSONObject(text=F("text"), name=F("sent_by__name"), sent_at=F("sent_at"))
    found: Any = (
        current_of(application)
        .select_related("drafted_by", "sent_by", "approved_by")
        .defer("content")
        .annotate(
            hand=Exists(hand),
            sent_back=ArraySubquery(back.values(json=sent_back)),
            letters=ArraySubquery(letters.values("revision")),
        )
        .first()
    )
    if found is not None:
        for line in found.sent_back:
            line["sent_at"] = datetime.fromisoformat(line["sent_at"])
    return found
