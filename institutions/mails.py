"""Mails about memberships: what happened and a link, nothing more.

`event` is the one that a mail tells of. It is in the mail's key: the same thing is told once, and
what happens a second time is told a second time.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from institutions.models import Institution, Membership
from portal.accounts.models import User
from portal.events.mail import queue_mail
from portal.events.models import Event
from portal.links import absolute


def _send(user: User, subject: Any, lines: Any, link: str, event: Event) -> None:
    """Queues one mail in the language of its reader; `subject` and `lines` are functions."""
    with override(user.language):
        body = "\n\n".join([*lines(), link, _("Tilgang, applications for microdata")])
        key = f"{event.type}:{event.pk}:{user.pk}"
        queue_mail(user.email, subject(), body + "\n", key, user.language)


def asked(membership: Membership, deciders: list[User], event: Event) -> None:
    """To those who decide: somebody asks to join."""
    at = membership.institution
    for user in deciders:
        _send(
            user,
            lambda: _("Somebody asks to join %(institution)s") % {"institution": at.name},
            lambda: [_("A person asks to belong to your institution. Approve or decline here:")],
            absolute("institutions:institution", at.pk),
            event,
        )


def joined(membership: Membership, administrators: list[User], event: Event) -> None:
    """To the administrators: somebody joined by a verified mail domain."""
    at = membership.institution
    for user in administrators:
        _send(
            user,
            lambda: _("A new member at %(institution)s") % {"institution": at.name},
            lambda: [_("A person joined by your verified mail domain. See the members here:")],
            absolute("institutions:institution", at.pk),
            event,
        )


def decided(membership: Membership, approved: bool, event: Event) -> None:
    """To the person who asked."""
    at = membership.institution.name

    def subject() -> str:
        if approved:
            return _("You belong to %(institution)s now") % {"institution": at}
        return _("%(institution)s has not approved your request") % {"institution": at}

    def lines() -> list[str]:
        if approved:
            return [_("Your request was approved. You can apply on behalf of the institution:")]
        return [_("Your request was not approved. You can see where you belong here:")]

    link = absolute("institutions:join")
    _send(membership.user, subject, lines, link, event)


def changed(membership: Membership, event: Event) -> None:
    """To the member: what they may do for the institution has changed, or has ended."""
    at = membership.institution.name
    _send(
        membership.user,
        lambda: _("Your membership at %(institution)s has changed") % {"institution": at},
        lambda: [_("What you may do for the institution has changed. See it here:")],
        absolute("institutions:join"),
        event,
    )


def registered(institution: Institution, deciders: list[User], event: Event) -> None:
    """To agency administrators: an institution waits for confirmation."""
    for user in deciders:
        _send(
            user,
            lambda: _("An institution waits for confirmation"),
            lambda: [_("Somebody registered an institution. Confirm or decline it here:")],
            absolute("institutions:registrations"),
            event,
        )


def institution_decided(institution: Institution, confirmed: bool, event: Event) -> None:
    """To the person who registered the institution."""
    name = institution.name

    def subject() -> str:
        if confirmed:
            return _("%(institution)s is confirmed") % {"institution": name}
        return _("%(institution)s was not accepted") % {"institution": name}

    def lines() -> list[str]:
        if confirmed:
            return [_("The institution you registered is confirmed. You administer it here:")]
        return [_("The institution you registered was not accepted. See your institutions here:")]

    user = institution.registered_by
    link = absolute("institutions:join")
    _send(user, subject, lines, link, event)
