"""Mails about memberships: what happened and a link, nothing more."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from institutions.models import Institution, Membership
from portal.accounts.models import User
from portal.events.mail import queue_mail
from portal.links import absolute


def _send(user: User, subject: Any, lines: Any, link: str, key: str) -> None:
    """Queues one mail in the language of its reader; `subject` and `lines` are functions."""
    with override(user.language):
        body = "\n\n".join([*lines(), link, _("Tilgang, applications for microdata")])
        queue_mail(user.email, subject(), body + "\n", f"{key}:{user.pk}", user.language)


def asked(membership: Membership, deciders: list[User]) -> None:
    """To those who decide: somebody asks to join."""
    at = membership.institution
    for user in deciders:
        _send(
            user,
            lambda: _("Somebody asks to join %(institution)s") % {"institution": at.name},
            lambda: [_("A person asks to belong to your institution. Approve or decline here:")],
            absolute("institutions:institution", at.pk),
            f"membership.asked:{membership.pk}",
        )


def joined(membership: Membership, administrators: list[User]) -> None:
    """To the administrators: somebody joined by a verified mail domain."""
    at = membership.institution
    for user in administrators:
        _send(
            user,
            lambda: _("A new member at %(institution)s") % {"institution": at.name},
            lambda: [_("A person joined by your verified mail domain. See the members here:")],
            absolute("institutions:institution", at.pk),
            f"membership.joined:{membership.pk}",
        )


def decided(membership: Membership, approved: bool) -> None:
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
    _send(membership.user, subject, lines, link, f"membership.decided:{membership.pk}")


def changed(membership: Membership, key: str) -> None:
    """To the member: what they may do for the institution has changed, or has ended."""
    at = membership.institution.name
    _send(
        membership.user,
        lambda: _("Your membership at %(institution)s has changed") % {"institution": at},
        lambda: [_("What you may do for the institution has changed. See it here:")],
        absolute("institutions:join"),
        f"membership.changed:{membership.pk}:{key}",
    )


def registered(institution: Institution, deciders: list[User]) -> None:
    """To agency administrators: an institution waits for confirmation."""
    for user in deciders:
        _send(
            user,
            lambda: _("An institution waits for confirmation"),
            lambda: [_("Somebody registered an institution. Confirm or decline it here:")],
            absolute("institutions:registrations"),
            f"institution.registered:{institution.pk}",
        )


def institution_decided(institution: Institution, confirmed: bool) -> None:
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
    _send(user, subject, lines, link, f"institution.decided:{institution.pk}")
