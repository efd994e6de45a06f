"""Who may see and do what with an institution. Read from the database at every call."""

from typing import Any

from django.db.models import Case, Exists, Func, OuterRef, Q, Subquery, Value, When

from institutions.enums import InstitutionStatus, MemberRole, MembershipStatus
from institutions.models import Institution, Membership
from portal import clock
from portal.accounts import policy as accounts

AGENCY_ADMIN = "agency_admin"


def in_force() -> Q:
    """Memberships that give rights now: active, at a confirmed institution, of an active person,
    up to and including their last day (UTC: an institution's people sit in several countries)."""
    return Q(Q(valid_until__isnull=True) | Q(valid_until__gte=clock.today("UTC"))) & Q(
        status=MembershipStatus.ACTIVE,
        institution__status=InstitutionStatus.CONFIRMED,
        user__is_active=True,
    )


def may_sign() -> Q:
    """Memberships whose authority to sign holds today; both ends are included."""
    today = clock.today("UTC")
    begun = Q(authority_from__isnull=True) | Q(authority_from__lte=today)
    return begun & (Q(authority_until__isnull=True) | Q(authority_until__gte=today))


def _roles_now() -> Case:
    """The roles of a membership without that of a signatory whose authority is over."""
    column = Membership._meta.get_field("roles")
    signatory = Value(str(MemberRole.SIGNATORY), output_field=column.base_field)
    without = Func("roles", signatory, function="array_remove", output_field=column)
    without.template = "%(function)s(%(expressions)s::varchar)"
    return Case(When(may_sign(), then="roles"), default=without, output_field=column)


def roles_at(user: Any, institution_id: Any) -> frozenset[str]:
    """What `user` may do for the institution now: researcher, administrator, signatory or nothing."""
    if not user.is_authenticated:
        return frozenset()
    found = (
        Membership.objects.filter(in_force(), user_id=user.pk, institution_id=institution_id)
        .values_list(_roles_now(), flat=True)
        .first()
    )
    return frozenset(found or ())


def roles_column(user: Any) -> Subquery:
    """The same for each row of a query whose rows have an `institution_id`; null for nothing."""
    held = Membership.objects.filter(
        in_force(), user_id=user.pk, institution_id=OuterRef("institution_id")
    )
    return Subquery(held.annotate(now=_roles_now()).values("now")[:1])


def departed(user_id: Any, institution_id: Any) -> Q:
    """True for somebody who was a member of the institution and is none now: left, past the last
    day, or with a closed account. Both are ids or OuterRefs. Who never was a member (a colleague
    from elsewhere) has not left."""
    held = Membership.objects.filter(user_id=user_id, institution_id=institution_id)
    return Q(Exists(held.filter(started_at__isnull=False))) & ~Q(Exists(held.filter(in_force())))


def left_here(user: Any) -> Q:
    """The same of `user`, for each row of a query whose rows have an `institution_id`."""
    return departed(user.pk, OuterRef("institution_id"))


def is_member(user: Any, institution_id: Any) -> bool:
    """Whether `user` belongs to the institution now."""
    return bool(roles_at(user, institution_id))


def administers(user: Any, institution_id: Any) -> bool:
    """Whether `user` is an administrator of the institution now."""
    return MemberRole.ADMINISTRATOR in roles_at(user, institution_id)


def has_administrator(institution: Institution) -> bool:
    """Whether anybody can decide for the institution; else agency administrators do."""
    return Membership.objects.filter(
        in_force(), institution=institution, roles__contains=[MemberRole.ADMINISTRATOR]
    ).exists()


def may_manage(user: Any, institution: Institution) -> bool:
    """Who manages the members: its administrators, or an agency's while it has none."""
    if institution.status != InstitutionStatus.CONFIRMED:
        return False
    if administers(user, institution.pk):
        return True
    return may_confirm(user) and not has_administrator(institution)


def may_decide_claim(user: Any, membership: Membership) -> bool:
    """Who decides a member's claim to sign: another administrator of the institution, or an
    agency's, who does not belong there. Nobody their own."""
    if user.pk == membership.user_id:
        return False
    if administers(user, membership.institution_id):
        return True
    return may_confirm(user) and not is_member(user, membership.institution_id)


def may_confirm(user: Any) -> bool:
    """Who confirms registered institutions and mail domains: administrators of an agency."""
    return bool(accounts.agencies_with_role(user, AGENCY_ADMIN))


def keeps_approvals(user: Any, agency: str, institution: Institution | None = None) -> bool:
    """Who approves institutions for `agency` outside of cases: its administrators, except for an
    institution they belong to."""
    if AGENCY_ADMIN not in accounts.staff_roles(user, agency):
        return False
    return institution is None or not is_member(user, institution.pk)


def may_see(user: Any, institution: Institution) -> bool:
    """Who sees the institution's page: its members, agency administrators, who registered it."""
    if not user.is_authenticated:
        return False
    return (
        is_member(user, institution.pk)
        or may_confirm(user)
        or institution.registered_by_id == user.pk
    )


def may_edit_details(user: Any, institution: Institution) -> bool:
    """Who keeps addresses, invoice details and the like: the institution's administrators, and
    administrators of an agency, of an institution that is confirmed or waits."""
    if institution.status == InstitutionStatus.CONFIRMED and administers(user, institution.pk):
        return True
    alive = institution.status in (InstitutionStatus.CONFIRMED, InstitutionStatus.PENDING)
    return alive and may_confirm(user)


def may_identify(user: Any, institution: Institution) -> bool:
    """Who says which organisation it is (name, country, kind, number), and which two are the same
    one: administrators of an agency, for institutions where they do not belong themselves."""
    alive = institution.status in (InstitutionStatus.CONFIRMED, InstitutionStatus.PENDING)
    own = is_member(user, institution.pk) or institution.registered_by_id == user.pk
    return alive and not own and may_confirm(user)
