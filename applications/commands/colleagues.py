"""Colleagues on an application: who besides the owner may see, edit or send it."""

from typing import Any

from applications.commands.errors import Invalid, NotFound
from applications.commands.gate import Act, Done, Effect, handles
from applications.enums import WRITING_ROLES, ColleagueBasis, ColleagueRole
from applications.models import Application, Colleague, Handover
from institutions import selectors as institutions

ROLES = frozenset(str(role) for role in ColleagueRole)


def wanted_role(payload: dict) -> str:
    """The role in the payload. Raises Invalid for one that nobody can be given."""
    role = payload.get("role")
    if not isinstance(role, str) or role not in ROLES:
        raise Invalid({"role": ["choose what the colleague may do"]})
    return str(role)


def let_in(act: Act, user: Any, role: str, basis: str, added_by: Any) -> Colleague:
    """Makes `user` a colleague with this role from now on, instead of what they were."""
    Colleague.objects.filter(application=act.application, user=user, ended_at__isnull=True).update(
        ended_at=act.now
    )
    return Colleague.objects.create(
        application=act.application,
        user=user,
        role=role,
        basis=basis,
        added_by=added_by,
        added_at=act.now,
    )


def tell(act: Act, user: Any, what: str) -> Effect:
    """A mail to `user` about their access or the handover (applications.tasks)."""
    key = f"{act.application.pk}:{act.application.version + 1}:{what}:{user.pk}"
    payload = {"application": str(act.application.pk), "user": str(user.pk)}
    return Effect("person.mail", {**payload, "what": what, "key": key}, key)


def void_handover(application: Application, user: Any, now: Any) -> None:
    """An open offer of the case to `user` counts no more: they may not edit it any longer."""
    Handover.objects.filter(
        application=application, proposed_to=user, ended_at__isnull=True
    ).update(outcome="void", ended_at=now)


def live_colleague(act: Act) -> Colleague:
    """The colleague of the payload, with access now or earlier. Raises NotFound."""
    number = int(act.payload.get("colleague") or 0)
    found = Colleague.objects.filter(pk=number, application=act.application)
    colleague = found.select_related("user").first()
    if colleague is None:
        raise NotFound
    return colleague


@handles("invite_colleague")
def invite_colleague(act: Act) -> Done:
    """Lets an active member of the same institution in. Payload: `user`, `role`."""
    user, role = act.payload.get("user"), wanted_role(act.payload)
    application = act.application
    institution = application.institution_id
    if user is None or institution is None or not institutions.is_member(user, institution):
        raise Invalid({"user": ["choose somebody at your institution"]})
    if user.pk == application.owner_id:
        raise Invalid({"user": ["this is the owner"]})
    live = Colleague.objects.filter(application=application, user=user, ended_at__isnull=True)
    current = live.first()
    if current and current.role == role:
        return Done(nothing=True, value=current)
    colleague = let_in(act, user, role, ColleagueBasis.MEMBER, act.by.user)
    effect = Effect(
        "colleague.mail",
        {"application": str(application.pk), "colleague": colleague.pk},
        f"colleague:{colleague.pk}",
    )
    return Done({"user": str(user.pk), "role": role}, effects=[effect], value=colleague)


@handles("change_colleague")
def change_colleague(act: Act) -> Done:
    """Changes what a colleague may do, from the next request on. Payload: `colleague`, `role`."""
    colleague, role = live_colleague(act), wanted_role(act.payload)
    if colleague.ended_at is not None:
        raise NotFound
    if colleague.role == role:
        return Done(nothing=True, value=colleague)
    if role not in WRITING_ROLES:
        void_handover(act.application, colleague.user, act.now)
    made = let_in(act, colleague.user, role, colleague.basis, act.by.user)
    data = {"user": str(colleague.user_id), "role": role, "before": colleague.role}
    return Done(data, effects=[tell(act, colleague.user, "changed")], value=made)


@handles("remove_colleague")
def remove_colleague(act: Act) -> Done:
    """Ends a colleague's access at once. Payload: `colleague` (id)."""
    colleague = live_colleague(act)
    if colleague.ended_at is not None:
        return Done(nothing=True)
    colleague.ended_at = act.now
    colleague.save()
    void_handover(act.application, colleague.user, act.now)
    return Done({"user": str(colleague.user_id)}, effects=[tell(act, colleague.user, "ended")])
