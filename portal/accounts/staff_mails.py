"""Mails about roles at an agency: to the person concerned and to its administrators.

They go out at once, whatever people chose for other notices: a role that somebody gave or took
unseen is how an agency is taken over. What stands in them: the agency, the role, one link.
"""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.accounts import selectors
from portal.accounts.enums import StaffRoleName
from portal.accounts.models import User
from portal.events.mail import queue_mail
from portal.links import absolute

Words = dict[str, str | Promise]

SUBJECTS: dict[str, Callable[[], str]] = {
    "given": lambda: _("A role at %(agency)s was granted"),
    "proposed": lambda: _("A role at %(agency)s waits for a second administrator"),
    "taking_proposed": lambda: _("Removing a role at %(agency)s waits for a second administrator"),
    "declined": lambda: _("A proposal about a role at %(agency)s was declined"),
    "taken": lambda: _("A role at %(agency)s was removed"),
}
TO_THE_PERSON: dict[str, Callable[[], str]] = {
    "given": lambda: _("You now have the role %(role)s at %(agency)s."),
    "proposed": lambda: _(
        "An administrator proposed you for the role %(role)s at %(agency)s. It counts when a "
        "second administrator confirms it."
    ),
    "taking_proposed": lambda: _(
        "An administrator proposed to remove your role %(role)s at %(agency)s. You keep it until "
        "a second administrator confirms it."
    ),
    "declined": lambda: _(
        "A proposal about your role %(role)s at %(agency)s was declined. Nothing changes."
    ),
    "taken": lambda: _("You no longer have the role %(role)s at %(agency)s."),
}
TO_ADMINISTRATORS: dict[str, Callable[[], str]] = {
    "given": lambda: _("Somebody was granted the role %(role)s at %(agency)s."),
    "proposed": lambda: _(
        "An administrator proposed somebody for the role %(role)s at %(agency)s. A second "
        "administrator confirms or declines it."
    ),
    "taking_proposed": lambda: _(
        "An administrator proposed to remove somebody's role %(role)s at %(agency)s. A second "
        "administrator confirms or declines it."
    ),
    "declined": lambda: _("A proposal about the role %(role)s at %(agency)s was declined."),
    "taken": lambda: _("Somebody's role %(role)s at %(agency)s was removed."),
}


def tell(what: str, user: User, agency: str, role: str, by: User, about: str) -> None:
    """Queues the mails on `what` (a key of SUBJECTS) about a role of `user`. In a transaction.

    `about`: the id of the role or proposal, so that the same thing is told once. `by`, who did it,
    gets none; the person concerned does, also when they did it themselves.
    """
    administrators = selectors.people_with_role(agency, StaffRoleName.AGENCY_ADMIN)
    readers = {person.pk: person for person in administrators if person.pk != by.pk}
    for reader in {**readers, user.pk: user}.values():
        own = reader.pk == user.pk
        with override(reader.language):
            named: Words = {"agency": agency, "role": StaffRoleName(role).label}
            lines = [
                (TO_THE_PERSON if own else TO_ADMINISTRATORS)[what]() % named,
                absolute("accounts:me") if own else absolute("cases:staff", agency),
                _("If you did not expect this, tell the agency at once."),
                _("Tilgang, applications for microdata"),
            ]
            subject = SUBJECTS[what]() % named
            key = f"staff_role:{what}:{about}:{reader.pk}"
            queue_mail(reader.email, subject, "\n\n".join(lines) + "\n", key, reader.language)
