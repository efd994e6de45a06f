"""What institutions add to "my page": where I belong, and who waits for my decision."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions import claims, policy, selectors
from institutions.commands.merging import open_merges
from institutions.wording import member_lines
from portal.accounts import sections, waiting


def waits(user: Any) -> list[waiting.WaitingItem]:
    """Requests to join that `user` decides, and institutions and domains for agency
    administrators."""
    found = [
        waiting.WaitingItem(
            _("%(name)s asks to join %(institution)s")
            % {"name": request.user.name, "institution": request.institution.name},
            reverse("institutions:institution", args=[request.institution_id]),
            request.requested_at,
            "membership",
        )
        for request in selectors.requests_for(user)[:50]
    ]
    for claim in claims.for_decision_by(user)[:50]:
        name = {
            "name": claim.claimed_by.name,
            "institution": claim.membership.institution.name,
        }
        title = _("%(name)s says that they may sign for %(institution)s") % name
        where = reverse("institutions:claim", args=[claim.membership.institution_id, claim.pk])
        found.append(waiting.WaitingItem(title, where, claim.claimed_at, "membership"))
    for line in member_lines(selectors.memberships(user)):
        if line["active"] and line["soon"]:
            name = {"institution": line["institution"].name, "day": line["until"]}
            title = _("Your membership at %(institution)s ends on %(day)s") % name
            url = reverse("institutions:mine")
            found.append(waiting.WaitingItem(title, url, None, "membership"))
    if not policy.may_confirm(user):
        return found
    page = reverse("institutions:registrations")
    for institution in selectors.registrations()[:50]:
        title = _("%(institution)s waits for confirmation") % {"institution": institution.name}
        found.append(waiting.WaitingItem(title, page, institution.registered_at, "institution"))
    for merge in open_merges():
        if merge.proposed_by_id != user.pk:
            both = {"gone": merge.gone.name, "kept": merge.kept.name}
            title = _("Are %(gone)s and %(kept)s the same institution?") % both
            where = reverse("institutions:merge_proposal", args=[merge.pk])
            found.append(waiting.WaitingItem(title, where, merge.proposed_at, "institution"))
    for domain in selectors.domains_to_verify()[:50]:
        title = _("The mail domain %(domain)s waits to be verified") % {"domain": domain.domain}
        found.append(waiting.WaitingItem(title, page, domain.added_at, "institution"))
    return found


def mine(user: Any) -> dict[str, Any]:
    """My institutions, for the section of "my page"."""
    return {"memberships": member_lines(selectors.memberships(user))}


def connect() -> None:
    """Registers both; called when the app is ready."""
    waiting.register(waits)
    sections.register(
        sections.Section(
            "institutions",
            gettext_lazy("My institutions"),
            "institutions/section.html",
            mine,
            order=20,
        )
    )
