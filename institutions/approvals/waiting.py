"""What approvals add to "my page": proposals to confirm, and what ends soon."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from institutions import selectors as institutions
from institutions import sources
from institutions.approvals import selectors, wording
from institutions.enums import MemberRole
from institutions.lists.wording import day
from institutions.policy import AGENCY_ADMIN
from portal.accounts import policy as accounts
from portal.accounts import waiting


def waits(user: Any) -> list[waiting.WaitingItem]:
    """For an agency's administrators: proposals of others, one item each, and one for all that ends
    soon. For an institution's administrators: that their approval ends."""
    found: list[waiting.WaitingItem] = []
    mine = accounts.agencies_with_role(user, AGENCY_ADMIN)
    for agency in sources.agencies() if mine else []:
        if agency in mine:
            found += _of_agency(agency, user)
    administered = set(institutions.institutions_with_role(user, MemberRole.ADMINISTRATOR))
    for agency in sources.agencies() if administered else []:
        ending = selectors.ending(agency, selectors.today_at(agency))
        for held in ending.filter(institution__in=administered):
            named = {
                "institution": held.institution.name,
                "source": wording.source(agency, held.source),
                "day": day(held.valid_until),
            }
            title = _("The approval of %(institution)s (%(source)s) ends on %(day)s") % named
            url = reverse("institutions:institution", args=[held.institution_id])
            found.append(waiting.WaitingItem(title, url, None, "institution"))
    return found


def _of_agency(agency: str, user: Any) -> list[waiting.WaitingItem]:
    found = []
    others = selectors.proposals(agency).exclude(proposed_by=user)
    for held in others[: selectors.SHOWN]:
        title = _("The approval of %(institution)s waits for a second administrator")
        url = reverse("institutions:proposal", args=[held.pk])
        title %= {"institution": held.institution.name}
        found.append(waiting.WaitingItem(title, url, held.proposed_at, "institution"))
    ending = selectors.ending(agency, selectors.today_at(agency)).count()
    if ending:
        text = ngettext(
            "%(count)s approval ends within 90 days: %(agency)s",
            "%(count)s approvals end within 90 days: %(agency)s",
            ending,
        )
        url = reverse("institutions:approvals", args=[agency]) + "#ending"
        title = text % {"count": ending, "agency": agency}
        found.append(waiting.WaitingItem(title, url, None, "institution"))
    return found


def connect() -> None:
    """Registers it; called when the app is ready."""
    waiting.register(waits)
