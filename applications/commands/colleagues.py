"""Colleagues on an application: who besides the owner may see or edit it."""

from applications.commands.errors import Invalid, NotFound
from applications.commands.gate import Act, Done, Effect, handles
from applications.models import Colleague
from institutions import selectors as institutions


@handles("invite_colleague")
def invite_colleague(act: Act) -> Done:
    """Lets an active member of the same institution in. Payload: `user`, `role`."""
    user, role = act.payload.get("user"), act.payload.get("role")
    application = act.application
    if role not in ("editor", "viewer"):
        raise Invalid({"role": ["choose what the colleague may do"]})
    institution = application.institution_id
    if user is None or institution is None or not institutions.is_member(user, institution):
        raise Invalid({"user": ["choose somebody at your institution"]})
    if user.pk == application.owner_id:
        raise Invalid({"user": ["this is the owner"]})
    live = Colleague.objects.filter(application=application, user=user, ended_at__isnull=True)
    current = live.first()
    if current and current.role == role:
        return Done(nothing=True, value=current)
    live.update(ended_at=act.now)
    colleague = Colleague.objects.create(
        application=application, user=user, role=role, added_by=act.by.user, added_at=act.now
    )
    effect = Effect(
        "colleague.mail",
        {"application": str(application.pk), "colleague": colleague.pk},
        f"colleague:{colleague.pk}",
    )
    return Done({"user": str(user.pk), "role": role}, effects=[effect], value=colleague)


@handles("remove_colleague")
def remove_colleague(act: Act) -> Done:
    """Ends a colleague's access at once. Payload: `colleague` (id)."""
    colleague = Colleague.objects.filter(
        pk=act.payload["colleague"], application=act.application
    ).first()
    if colleague is None:
        raise NotFound
    if colleague.ended_at is not None:
        return Done(nothing=True)
    colleague.ended_at = act.now
    colleague.save()
    return Done({"user": str(colleague.user_id)})
