"""Mails about memberships: what happened and a link, nothing more.

`event` is the one that a mail tells of. It is in the mail's key: the same thing is told once, and
what happens a second time is told a second time.
"""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from institutions.models import (
    AuthorityClaim,
    DatabaseManager,
    Institution,
    Invitation,
    Membership,
)
from portal.accounts import notices
from portal.accounts.enums import NotificationKind
from portal.accounts.models import User
from portal.events.mail import queue_mail
from portal.events.models import Event
from portal.links import absolute


def _send(user: User, subject: Any, lines: Any, link: str, event: Event) -> None:
    """Queues one mail in the language of its reader; `subject` and `lines` are functions."""
    with override(user.language):
        key = f"{event.type}:{event.pk}:{user.pk}"
        body = "\n\n".join([*lines(), link, _("Tilgang, applications for microdata")]) + "\n"
        notices.tell(user, NotificationKind.INSTITUTION, subject(), body, key, link)


def _queue(to: str, language: str, subject: Any, lines: Any, link: str, key: str) -> None:
    """The same by address; the caller has set the language."""
    body = "\n\n".join([*lines(), link, _("Tilgang, applications for microdata")])
    queue_mail(to, subject(), body + "\n", key, language)


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


def invited(invitation: Invitation, by: User, secret: str, event: Event) -> None:
    """To the address of an invitation: the same for people who are known here and who are not, in
    the language of who invites. The secret stands here and nowhere else."""
    at, day = invitation.institution.name, invitation.expires_at
    with override(by.language):
        _queue(
            invitation.email,
            by.language,
            lambda: _("You are invited to %(institution)s") % {"institution": at},
            lambda: [
                _("An administrator invites you to belong to %(institution)s in Tilgang.")
                % {"institution": at},
                _("The link counts once, for this address, until %(day)s:")
                % {"day": date_format(day, "DATE_FORMAT")},
            ],
            absolute("institutions:invitation", secret),
            f"{event.type}:{event.pk}",
        )


def joined(membership: Membership, administrators: list[User], event: Event) -> None:
    """To who invited: the invitation was accepted."""
    at = membership.institution
    for user in administrators:
        _send(
            user,
            lambda: _("A new member at %(institution)s") % {"institution": at.name},
            lambda: [_("A person accepted your invitation. See the members here:")],
            absolute("institutions:institution", at.pk),
            event,
        )


def ending(membership: Membership, administrators: list[User]) -> None:
    """To the member and the administrators: the membership ends in two weeks."""
    at, last = membership.institution, membership.valid_until
    if last is None:
        return

    def subject() -> str:
        return _("A membership at %(institution)s ends") % {"institution": at.name}

    def mine() -> list[str]:
        day = {"day": date_format(last, "DATE_FORMAT")}
        return [
            _("The last day of your membership is %(day)s. An administrator can prolong it.") % day
        ]

    def theirs() -> list[str]:
        day = {"day": date_format(last, "DATE_FORMAT")}
        return [_("The last day of a member is %(day)s. You can prolong it here:") % day]

    for user in {person.pk: person for person in [membership.user, *administrators]}.values():
        own = user.pk == membership.user_id
        with override(user.language):
            _queue(
                user.email,
                user.language,
                subject,
                mine if own else theirs,
                absolute("institutions:join")
                if own
                else absolute("institutions:institution", at.pk),
                f"membership.ending:{membership.pk}:{last}:{user.pk}",
            )


def database_manager(manager: DatabaseManager, event: Event) -> None:
    """To the member: they manage a project database now."""
    number = manager.reference
    _send(
        manager.membership.user,
        lambda: _("You manage the project database of case %(number)s") % {"number": number},
        lambda: [_("Your institution has named you as project database manager. See it here:")],
        absolute("institutions:institution", manager.institution_id),
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


def claimed(claim: AuthorityClaim, deciders: list[User], event: Event) -> None:
    """To those who decide: a member says that they may sign for the institution."""
    at = claim.membership.institution
    for user in deciders:
        _send(
            user,
            lambda: _("Somebody asks to sign for %(institution)s") % {"institution": at.name},
            lambda: [_("A member says that they may bind the institution. Decide it here:")],
            absolute("institutions:claim", at.pk, claim.pk),
            event,
        )


def claim_decided(claim: AuthorityClaim, event: Event) -> None:
    """To the member who claimed."""
    at = claim.membership.institution

    def subject() -> str:
        if claim.confirmed:
            return _("You may sign for %(institution)s") % {"institution": at.name}
        return _("You may not sign for %(institution)s") % {"institution": at.name}

    def lines() -> list[str]:
        if claim.confirmed:
            return [_("Your authority to sign was confirmed. See it here:")]
        return [_("Your authority to sign was not confirmed. See why here:")]

    _send(
        claim.claimed_by,
        subject,
        lines,
        absolute("institutions:claim", at.pk, claim.pk),
        event,
    )
