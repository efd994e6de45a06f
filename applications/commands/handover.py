"""Handing an application over: the owner offers it to a colleague, who takes it or does not."""

from typing import Any

from applications.commands.colleagues import let_in, tell
from applications.commands.errors import Invalid, NotNow
from applications.commands.gate import Act, Done, handles
from applications.enums import WRITING_ROLES, ColleagueBasis, ColleagueRole
from applications.models import Application, Colleague, ColleagueInvitation, Handover
from institutions import selectors as institutions


def may_be_offered(application: Application, user: Any) -> bool:
    """Whether `user` edits the case and belongs to its institution now."""
    writes = Colleague.objects.filter(
        application=application, user=user, ended_at__isnull=True, role__in=WRITING_ROLES
    )
    at = application.institution_id
    return writes.exists() and (at is None or institutions.is_member(user, at))


def _open(act: Act) -> Handover:
    """The offer that is open now and was made by who has the case. Raises NotNow."""
    found = act.application.handovers.filter(
        ended_at__isnull=True, proposed_by=act.application.owner_id
    )
    held = found.select_related("proposed_to", "proposed_by").first()
    if held is None:
        raise NotNow
    return held


def _end(act: Act, held: Handover, outcome: str) -> None:
    held.outcome, held.ended_at = outcome, act.now
    held.save()


@handles("propose_handover")
def propose_handover(act: Act) -> Done:
    """Offers the case to a colleague; an earlier offer counts no more. Payload: `user`, and `stays`:
    whether who hands over goes on editing."""
    application, user = act.application, act.payload.get("user")
    if user is None or not may_be_offered(application, user):
        raise Invalid({"user": ["choose a colleague at your institution who edits"]})
    application.handovers.filter(ended_at__isnull=True).update(
        outcome="withdrawn", ended_at=act.now
    )
    made = Handover.objects.create(
        application=application,
        proposed_to=user,
        proposed_by=act.by.user,
        proposed_at=act.now,
        stays=bool(act.payload.get("stays", True)),
    )
    data = {"to": str(user.pk), "stays": made.stays}
    return Done(data, effects=[tell(act, user, "offered")], value=made)


@handles("withdraw_handover")
def withdraw_handover(act: Act) -> Done:
    """The owner takes the offer back."""
    held = _open(act)
    _end(act, held, "withdrawn")
    data = {"to": str(held.proposed_to_id)}
    return Done(data, effects=[tell(act, held.proposed_to, "withdrawn")])


def _mine(act: Act) -> Handover:
    held = _open(act)
    if held.proposed_to_id != act.by.user.pk:
        raise NotNow
    return held


@handles("accept_handover")
def accept_handover(act: Act) -> Done:
    """The case has a new owner. Who had it goes on editing, or leaves the case, as they chose.
    Open invitations were theirs to send, and count no more."""
    held, application = _mine(act), act.application
    if not may_be_offered(application, act.by.user):
        raise NotNow
    before = held.proposed_by
    _end(act, held, "accepted")
    live = application.colleagues.filter(ended_at__isnull=True)
    live.filter(user=act.by.user).update(ended_at=act.now)
    was = let_in(act, before, ColleagueRole.EDITOR, ColleagueBasis.MEMBER, act.by.user)
    if not held.stays:  # the line stays: an own case bars acts of staff for good
        was.ended_at = act.now
        was.save()
    ColleagueInvitation.objects.filter(
        application=application, answered_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=act.now)
    application.owner = act.by.user
    data = {"owner": str(act.by.user.pk), "before": str(before.pk), "stays": held.stays}
    return Done(data, effects=[tell(act, before, "taken")], value=application)


@handles("decline_handover")
def decline_handover(act: Act) -> Done:
    """The colleague does not want the case; nothing changes."""
    held = _mine(act)
    _end(act, held, "declined")
    return Done(
        {"to": str(held.proposed_to_id)}, effects=[tell(act, held.proposed_by, "not_taken")]
    )
