"""Reads about institutions, their members and approvals."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from institutions import domains
from institutions.enums import InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import (
    Institution,
    InstitutionApproval,
    InstitutionDetails,
    MailDomain,
    Membership,
)
from institutions.policy import (
    AGENCY_ADMIN,
    departed,
    in_force,
    is_member,
    left_here,
    may_confirm,
    may_sign,
    roles_at,
    roles_column,
)
from portal import clock
from portal.accounts.models import User
from portal.accounts.selectors import (
    people_with_role_anywhere,
    verified_addresses,
    verified_addresses_of,
)

# Postcode and city on the last line of an address: "0001 Fjordheim", "123 45 Staden".
POSTCODE = re.compile(r"^(?:[A-Z]{1,2}-)?([0-9]{3} [0-9]{2}|[0-9]{4,5})\s+(\S.*)$")

__all__ = [
    "active_institutions",
    "administrators",
    "approval",
    "departed",
    "facts",
    "institutions_with_role",
    "invoice_facts",
    "is_member",
    "left_here",
    "members",
    "memberships",
    "roles_at",
    "roles_column",
    "signatories",
]


def memberships(user: Any) -> QuerySet[Membership]:
    """All memberships of `user` that are open (pending or active), with the institution."""
    if not user.is_authenticated:
        return Membership.objects.none()
    return (
        Membership.objects.filter(_not_over(), user_id=user.pk)
        .select_related("institution", "user")
        .order_by("institution__name", "pk")
    )


def _not_over() -> Q:
    """Memberships that are asked for or active, and not past their last day."""
    last = Q(valid_until__isnull=True) | Q(valid_until__gte=clock.today("UTC"))
    return last & Q(status__in=[MembershipStatus.PENDING, MembershipStatus.ACTIVE])


def _mine(user: Any) -> QuerySet[Membership]:
    if not user.is_authenticated:
        return Membership.objects.none()
    return Membership.objects.filter(in_force(), user_id=user.pk)


def active_institutions(user: Any) -> QuerySet[Institution]:
    """The confirmed institutions where `user` is a member now, by name."""
    return Institution.objects.filter(pk__in=_mine(user).values("institution_id")).order_by(
        "name", "pk"
    )


def institutions_with_role(user: Any, role: str) -> QuerySet[Membership, UUID]:
    """Ids of the institutions where `user` holds `role` now, for use in `__in`."""
    held = _mine(user).filter(_with(role))
    return held.values_list("institution_id", flat=True)


def _with(role: str) -> Q:
    """Memberships with `role`; a signatory's counts while the authority holds."""
    held = Q(roles__contains=[role])
    return held & may_sign() if role == MemberRole.SIGNATORY else held


def _people(institution: Institution | UUID | str, role: str | None = None) -> QuerySet[User]:
    key = institution.pk if isinstance(institution, Institution) else institution
    held = Membership.objects.filter(in_force(), institution_id=key)
    if role:
        held = held.filter(_with(role))
    return User.objects.filter(pk__in=held.values("user_id")).order_by("name", "pk")


def members(institution: Institution | UUID | str) -> QuerySet[User]:
    """The people who belong to the institution (or its id) now, by name."""
    return _people(institution)


def administrators(institution: Institution | UUID | str) -> QuerySet[User]:
    """The institution's administrators now, by name."""
    return _people(institution, MemberRole.ADMINISTRATOR)


def signatories(institution: Institution | UUID | str) -> QuerySet[User]:
    """The people who may bind the institution now, by name."""
    return _people(institution, MemberRole.SIGNATORY)


def membership(user: Any, institution_id: Any) -> Membership | None:
    """The membership of `user` at the institution that is in force now, or None.

    A signatory's `title` and `authority` stand on it.
    """
    return _mine(user).filter(institution_id=institution_id).first()


def approval(institution: Institution, agency: str, day: date) -> InstitutionApproval | None:
    """The approval that `agency` relies on on `day` (in the agency's zone), or None.

    Of several the one that runs longest; both ends of the validity are included.
    """
    current = InstitutionApproval.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        institution=institution,
        agency=agency,
        valid_from__lte=day,
        withdrawn_at__isnull=True,
    )
    forever = current.filter(valid_until__isnull=True).order_by("valid_from", "pk").first()
    return forever or current.order_by("-valid_until", "pk").first()


def lost(day: date) -> QuerySet[InstitutionApproval]:
    """For a query whose rows have `institution_id` and `agency`: the approval that was withdrawn
    last, or ran out, when none holds on `day`."""
    of = {"institution": OuterRef("institution_id"), "agency": OuterRef("agency")}
    held = InstitutionApproval.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        institution=OuterRef("institution"),
        agency=OuterRef("agency"),
        valid_from__lte=day,
        withdrawn_at__isnull=True,
    )
    over = Q(withdrawn_at__isnull=False) | Q(valid_until__lt=day)
    found = InstitutionApproval.objects.filter(over, ~Exists(held), **of)
    return found.order_by(F("withdrawn_at").desc(nulls_last=True), "-valid_until", "pk")[:1]


def facts(institution: Institution, agency: str, day: date) -> dict[str, Any]:
    """What the portal knows of the institution for `agency` on `day`, by plain names.

    `approval_source` is one of those that the agency names, `pending` while the institution itself waits
    for confirmation, else `none` (rules.md 2.1.4).
    """
    found = approval(institution, agency, day)
    if found:
        source = found.source
    elif institution.status == InstitutionStatus.PENDING:
        source = "pending"
    else:
        source = "none"
    return {
        "name": institution.name,
        "names": institution.names,
        "country": institution.country,
        "kind": institution.kind,
        "org_number": institution.org_number,
        "approval_source": source,
        "approval_number": found.number if found else "",
        "approval_valid_until": found.valid_until if found else None,
        "authorised": found is not None,
    }


def invoice_facts(institution: Institution | None) -> dict[str, str]:
    """What is known of where invoices go, by the field paths in which forms ask for it. Applicants
    may write something else."""
    held = InstitutionDetails.objects.filter(institution=institution).first()
    if institution is None or held is None:
        return {}
    *street, last = held.invoice_address.splitlines() or [""]
    place = POSTCODE.match(last)
    return {
        "invoice.orgNumber": institution.org_number if held.invoice_address else "",
        "invoice.address": ", ".join(street if place else [*street, last]),
        "invoice.postalCode": place[1] if place else "",
        "invoice.city": place[2] if place else "",
        "invoice.reference": held.invoice_reference,
        "invoice.email": held.invoice_mail,
    }


@dataclass(frozen=True)
class ProtectionOfficer:
    """How to reach the data protection officer of an institution; each part may be empty."""

    institution: str
    name: str
    mail: str
    phone: str


def protection_officer(institution: Institution | None) -> ProtectionOfficer | None:
    """Who answers for data protection there, None when the institution has told nothing."""
    held = InstitutionDetails.objects.filter(institution=institution).first()
    if institution is None or held is None:
        return None
    told = (held.protection_name, held.protection_mail, held.protection_phone)
    return ProtectionOfficer(institution.name, *told) if any(told) else None


def verified_domains(institution: Institution) -> list[str]:
    """The mail domains that an agency has verified, sorted."""
    return list(
        MailDomain.objects.filter(institution=institution, verified_at__isnull=False)
        .order_by("domain")
        .values_list("domain", flat=True)
    )


def offers(user: User) -> list[Institution]:
    """Confirmed institutions that are shown to `user` first: a verified mail domain of theirs is
    exactly that of a verified address of the person. Subdomains and look-alikes are not. It is a
    hint: whoever asks waits for the administrator like everybody else."""
    own = {domains.of_address(address) for address in verified_addresses(user)} - {""}
    found = Institution.objects.filter(
        status=InstitutionStatus.CONFIRMED,
        domains__domain__in=own - domains.PUBLIC,
        domains__verified_at__isnull=False,
    )
    return list(found.exclude(pk__in=_open(user)).distinct().order_by("name", "pk"))


def hinted(requests: Iterable[Membership]) -> list[Membership]:
    """The requests, each with `hint`: the verified address of the person that is exactly at a
    verified domain of the institution, or nothing. Two queries for all of them."""
    asked = list(requests)
    known = set(
        MailDomain.objects.filter(
            institution__in={held.institution_id for held in asked}, verified_at__isnull=False
        ).values_list("institution_id", "domain")
    )
    addresses = verified_addresses_of({held.user_id for held in asked})
    for held in asked:
        at = [
            address
            for address in addresses.get(held.user_id, [])
            if (held.institution_id, domains.of_address(address)) in known
            and domains.of_address(address) not in domains.PUBLIC
        ]
        held.hint = at[0] if at else ""  # type: ignore[attr-defined]
    return asked


def _open(user: User) -> QuerySet[Membership, UUID]:
    held = Membership.objects.filter(_not_over(), user_id=user.pk)
    return held.values_list("institution_id", flat=True)


def search(text: str, user: User, most: int = 20) -> list[Institution]:
    """Confirmed institutions whose name or organisation number has `text`, or had it before they
    were merged, where `user` has no open membership; by name, at most `most`."""
    text = text.strip()
    if not text:
        return []
    number = "".join(c for c in text if c.isalnum())
    wanted = Q(name__icontains=text) | Q(names__icontains=text)
    if number.isdigit():
        wanted |= Q(org_number=number)
    merged = Institution.objects.filter(wanted, status=InstitutionStatus.MERGED)
    wanted |= Q(pk__in=merged.values("merged_into_id"))
    found = Institution.objects.filter(wanted, status=InstitutionStatus.CONFIRMED)
    return list(found.exclude(pk__in=_open(user)).order_by("name", "pk")[:most])


def requests(institution: Institution) -> QuerySet[Membership]:
    """Who asks to join, who waits longest first."""
    return (
        Membership.objects.filter(institution=institution, status=MembershipStatus.PENDING)
        .select_related("user")
        .order_by("requested_at", "pk")
    )


def current(institution: Institution) -> QuerySet[Membership]:
    """The active memberships with their people, by name."""
    return (
        Membership.objects.filter(institution=institution, status=MembershipStatus.ACTIVE)
        .select_related("user", "institution")
        .order_by("user__name", "pk")
    )


def registrations() -> QuerySet[Institution]:
    """Institutions that wait for an agency administrator, the oldest first."""
    return (
        Institution.objects.filter(status=InstitutionStatus.PENDING)
        .select_related("registered_by")
        .prefetch_related("domains")
        .order_by("registered_at", "pk")
    )


def domains_to_verify() -> QuerySet[MailDomain]:
    """Mail domains of confirmed institutions that nobody has verified yet."""
    return (
        MailDomain.objects.filter(
            verified_at__isnull=True, institution__status=InstitutionStatus.CONFIRMED
        )
        .select_related("institution", "added_by")
        .order_by("added_at", "pk")
    )


def _managed(user: Any) -> QuerySet[Institution]:
    """Institutions whose members `user` manages: own ones, and for an agency's administrator
    those without any administrator."""
    own = Q(pk__in=institutions_with_role(user, MemberRole.ADMINISTRATOR))
    if may_confirm(user):
        anybody = Membership.objects.filter(
            in_force(), institution=OuterRef("pk"), roles__contains=[MemberRole.ADMINISTRATOR]
        )
        own = own | Q(~Exists(anybody))
    return Institution.objects.filter(own, status=InstitutionStatus.CONFIRMED)


def requests_for(user: Any) -> QuerySet[Membership]:
    """The requests to join that `user` decides, the oldest first."""
    return (
        Membership.objects.filter(status=MembershipStatus.PENDING, institution__in=_managed(user))
        .exclude(user_id=user.pk)
        .select_related("user", "institution")
        .order_by("requested_at", "pk")
    )


def deciders(institution: Institution) -> list[User]:
    """Who decides on members: the administrators, else the administrators of agencies."""
    return list(administrators(institution)) or people_with_role_anywhere(AGENCY_ADMIN)
