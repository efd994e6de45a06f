"""What the page of an institution tells of it: details, approvals with their history, cases."""

from typing import Any

from django.utils.translation import gettext as _

from institutions import cases, policy, sources
from institutions.approvals import selectors as approvals
from institutions.approvals import wording
from institutions.models import Institution, InstitutionDetails
from institutions.wording import day, facts_of
from portal.accounts import policy as accounts


def identity_of(institution: Institution) -> list[dict[str, str]]:
    """Which organisation it is, by the name that stands in letters, as rows of a summary list."""
    rows = facts_of(institution)
    rows[0]["value"] = institution.name
    return rows


def details_of(institution: Institution) -> list[dict[str, str]]:
    """Names in other languages and what its administrators wrote, as rows of a summary list."""
    held = InstitutionDetails.objects.filter(institution=institution).first()
    languages = {
        "nb": _("Name in Norwegian (bokmål)"),
        "nn": _("Name in Norwegian (nynorsk)"),
        "da": _("Name in Danish"),
        "sv": _("Name in Swedish"),
        "en": _("Name in English"),
    }
    rows = [(label, institution.names.get(language, "")) for language, label in languages.items()]
    if held is not None:
        officer = (held.protection_name, held.protection_mail, held.protection_phone)
        rows += [
            (_("Postal address"), held.postal_address),
            (_("Visiting address"), held.visiting_address),
            (_("Invoice address"), held.invoice_address),
            (_("GLN for electronic invoices"), held.invoice_gln),
            (_("PEPPOL id for electronic invoices"), held.invoice_peppol),
            (_("Reference on invoices"), held.invoice_reference),
            (_("Mail address for invoices"), held.invoice_mail),
            (_("Data protection officer"), ", ".join(part for part in officer if part)),
        ]
    return [{"label": label, "value": value} for label, value in rows if value]


def approvals_of(institution: Institution, user: Any) -> list[dict[str, Any]]:
    """All approvals that the institution has or had, those that hold first. Who of an agency wrote
    it is named to administrators of agencies."""
    named = policy.may_confirm(user)
    rows = []
    for approval in approvals.history(institution):
        told = wording.line(approval, approvals.today_at(approval.agency))
        by = approval.withdrawn_by.name if named and approval.withdrawn_by else approval.agency
        told |= {
            "from": day(approval.valid_from),
            "until": day(approval.valid_until) if approval.valid_until else "",
            "withdrawn_by": by,
            "recorded_by": approval.recorded_by.name if named else "",
        }
        rows.append(told)
    return sorted(rows, key=lambda row: row["state"] != "in force")


def _kept_at(user: Any) -> list[str]:
    """The agencies whose approvals `user` keeps."""
    mine = accounts.agencies_with_role(user, policy.AGENCY_ADMIN)
    return [agency for agency in sources.agencies() if agency in mine]


def of(institution: Institution, user: Any) -> dict[str, Any]:
    """All of it for the page's template."""
    return {
        "details": details_of(institution),
        "edits": policy.may_edit_details(user, institution),
        "identifies": policy.may_identify(user, institution),
        "approvals": approvals_of(institution, user),
        "approvals_at": _kept_at(user),
        "active_cases": cases.of(institution, user),
        "formerly": institution.merged_from.order_by("name"),
    }
