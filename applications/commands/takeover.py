"""A case whose applicant and editors have left the institution is given to another member."""

from applications import policy
from applications.commands.colleagues import let_in
from applications.commands.errors import Invalid, NotNow
from applications.commands.gate import Act, Done, Effect, handles
from applications.enums import ColleagueBasis, ColleagueRole
from applications.models import Colleague
from institutions import selectors as institutions


@handles("take_over")
def take_over(act: Act) -> Done:
    """Makes an active member of the institution the owner. Payload: `user`.

    Raises NotNow while an owner or editor is still there; Invalid for who is no member.
    """
    application, user = act.application, act.payload.get("user")
    if not policy.is_left_alone(application):
        raise NotNow
    at = application.institution_id
    if user is None or at is None or not institutions.is_member(user, at):
        raise Invalid({"user": ["choose somebody at your institution"]})
    before = application.owner_id
    # Who had it keeps a line: an own case bars acts of staff for good.
    was = let_in(act, application.owner, ColleagueRole.VIEWER, ColleagueBasis.MEMBER, act.by.user)
    was.ended_at = act.now
    was.save()
    application.owner = user
    Colleague.objects.filter(application=application, user=user, ended_at__isnull=True).update(
        ended_at=act.now
    )
    key = f"{application.pk}:{application.version + 1}"
    payload = {"application": str(application.pk), "user": str(user.pk), "key": key}
    return Done(
        {"owner": str(user.pk), "before": str(before)},
        effects=[Effect("takeover.mail", payload, key)],
        value=application,
    )
