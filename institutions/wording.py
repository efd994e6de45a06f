"""Institutions and memberships in words, for pages."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from institutions import countries
from institutions.enums import InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import Institution, Membership
from portal import clock

SOON = timedelta(days=14)


def day(moment: Any) -> str:
    """A moment (in the zone of the pages) or day as a date in the reader's language."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    return date_format(moment, "DATE_FORMAT")


def facts_of(institution: Institution) -> list[dict[str, str]]:
    """The institution as rows of a summary list."""
    language = get_language() or "en"
    rows = [
        (_("Name"), institution.name_in(language)),
        (_("Country"), countries.name(institution.country, language)),
        (_("Kind"), str(institution.get_kind_display())),
        (_("Organisation number"), institution.org_number or _("none")),
        (_("Status"), str(institution.get_status_display())),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def state_of(membership: Membership) -> str:
    """Where a membership stands, in one phrase."""
    if membership.institution.status == InstitutionStatus.PENDING:
        return _("waits until an agency has confirmed the institution")
    if membership.status == MembershipStatus.PENDING:
        return _("waits for the institution's administrator")
    if membership.institution.status == InstitutionStatus.REJECTED:
        return _("the institution was not accepted")
    return str(membership.get_status_display())


def authority_of(held: Membership) -> str:
    """From when to when a signatory may sign, in one phrase; nothing for others."""
    if MemberRole.SIGNATORY not in held.roles:
        return ""
    first, last = held.authority_from, held.authority_until
    today = clock.today("UTC")
    if last and last < today:
        return _("authority to sign was over on %(day)s") % {"day": day(last)}
    if first and first > today:
        return _("authority to sign begins on %(day)s") % {"day": day(first)}
    if last:
        return _("authority to sign until %(day)s") % {"day": day(last)}
    return _("authority to sign without an end")


def member_lines(memberships: Iterable[Membership], reader: Any = None) -> list[dict[str, Any]]:
    """What pages show of memberships: names, roles in words, state, since and until when."""
    today = clock.today("UTC")
    return [
        {
            "membership": held,
            "name": held.user.name,
            "email": held.user.email,
            "own": reader is not None and held.user_id == reader.pk,
            "institution": held.institution,
            "roles": ", ".join(str(MemberRole(role).label) for role in held.roles),
            "active": held.status == MembershipStatus.ACTIVE
            and held.institution.status == InstitutionStatus.CONFIRMED,
            "state": state_of(held),
            "since": day(held.started_at or held.requested_at),
            "until": day(held.valid_until) if held.valid_until else "",
            "soon": held.valid_until is not None and today <= held.valid_until <= today + SOON,
            "over": held.valid_until is not None and held.valid_until < today,
            "authority": authority_of(held),
        }
        for held in memberships
    ]
