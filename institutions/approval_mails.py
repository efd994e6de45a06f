"""Mails about approvals of institutions: what happened and a link, nothing more."""

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from institutions import policy, sources
from institutions.models import ApprovalProposal, InstitutionApproval
from institutions.selectors import administrators
from portal.accounts import notices
from portal.accounts.enums import NotificationKind
from portal.accounts.models import User
from portal.accounts.selectors import people_with_role
from portal.events.mail import queue_mail
from portal.events.models import Event
from portal.links import absolute

Lines = Callable[[], list[str]]


def _names(held: ApprovalProposal | InstitutionApproval) -> dict[str, str]:
    language = get_language() or "en"
    return {
        "institution": held.institution.name_in(language),
        "source": sources.label(held.agency, held.source, language),
        "agency": held.agency,
    }


def _body(lines: list[str], link: str) -> str:
    return "\n\n".join([*lines, link, _("Tilgang, applications for microdata")]) + "\n"


def proposed(held: ApprovalProposal, event: Event) -> None:
    """To the agency's other administrators: an approval waits for one of them."""
    link = absolute("institutions:proposal", held.pk)
    for user in people_with_role(held.agency, policy.AGENCY_ADMIN):
        if user.pk == held.proposed_by_id:
            continue
        with override(user.language):
            subject = _("An approval waits for a second administrator")
            lines = [_("An administrator proposes to approve %(institution)s.") % _names(held)]
            key = f"{event.type}:{event.pk}:{user.pk}"
            kind = NotificationKind.INSTITUTION
            notices.tell(user, kind, subject, _body(lines, link), key, link)


def approved(held: InstitutionApproval) -> None:
    """To the institution's administrators: it is approved."""
    link = absolute("institutions:institution", held.institution_id)
    for user in administrators(held.institution_id):
        with override(user.language):
            named = _names(held)
            subject = _("%(institution)s is approved at %(agency)s") % named
            lines = [_("Approved by: %(source)s. See from and until when here:") % named]
            key = f"approval.approved:{held.pk}:{user.pk}"
            kind = NotificationKind.INSTITUTION
            notices.tell(user, kind, subject, _body(lines, link), key, link)


def withdrawn(held: InstitutionApproval, event: Event) -> None:
    """To the institution's administrators, whatever notifications they chose: its right ends."""
    link = absolute("institutions:institution", held.institution_id)
    for user in administrators(held.institution_id):
        with override(user.language):
            named = _names(held)
            subject = _("The approval of %(institution)s has ended") % named
            lines = [
                _(
                    "%(agency)s has withdrawn the approval of %(institution)s that rested on: "
                    "%(source)s."
                )
                % named,
                _("See the reason, and what it means for your cases, here:"),
            ]
            key = f"{event.type}:{event.pk}:{user.pk}"
            queue_mail(user.email, subject, _body(lines, link), key, user.language)


def ending(held: InstitutionApproval, last: date) -> None:
    """To the administrators of the institution and of the agency: it ends on `last`."""
    place = absolute("institutions:institution", held.institution_id)
    agency = absolute("institutions:approval", held.institution_id, held.agency)
    told = {user.pk: (user, agency) for user in people_with_role(held.agency, policy.AGENCY_ADMIN)}
    told |= {user.pk: (user, place) for user in administrators(held.institution_id)}
    for user, link in told.values():
        _ending(held, last, user, link)


def _ending(held: InstitutionApproval, last: date, user: User, link: str) -> None:
    with override(user.language):
        named = _names(held) | {"day": date_format(last, "DATE_FORMAT")}
        subject = _("The approval of %(institution)s ends on %(day)s") % named
        lines = [
            _("Approved by: %(source)s.") % named,
            _("Without a new approval, applications to %(agency)s cannot be sent after it.")
            % named,
        ]
        key = f"approval.ending:{held.pk}:{last}:{user.pk}"
        kind = NotificationKind.INSTITUTION
        notices.tell(user, kind, subject, _body(lines, link), key, link)
