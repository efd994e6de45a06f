"""Who may see an application and do what with it: small predicates, one for list and object.

`visible(user)` is the filter of every list; `roles(user, application)` is what a person is to one
case. A case that is not visible is absent: both are a 404.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from applications import schemes, workflow
from applications.enums import STAFF_ROLES, Role, State
from applications.models import Application, Colleague, Interest
from institutions import selectors as institutions
from portal.accounts import policy as accounts

SIGNATORY_SEES = (State.ACCEPTANCE, State.ACCEPTED, State.REFUSED, State.DISMISSED)


def on_applicants_side(user: Any) -> Q:
    """Applications that `user` owns, works on, administers for an institution or signs for."""
    colleague = Colleague.objects.filter(
        application=OuterRef("pk"), user=user, ended_at__isnull=True
    )
    administered = institutions.institutions_with_role(user, "administrator")
    signed_for = institutions.institutions_with_role(user, "signatory")
    return (
        Q(owner=user)
        | Q(Exists(colleague))
        | (Q(institution__in=administered) & ~Q(state=State.DRAFT))
        | Q(institution__in=signed_for, state__in=SIGNATORY_SEES)
    )


def on_staffs_side(user: Any) -> Q:
    """Submitted cases of the agencies where `user` has a role now."""
    return Q(agency__in=accounts.agencies(user), submitted_at__isnull=False)


def visible(user: Any) -> Q:
    """Everything `user` may see. Nothing for somebody who is not signed in."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return on_applicants_side(user) | on_staffs_side(user)


def _is_colleague(user: Any, application: Application, role: str) -> bool:
    return Colleague.objects.filter(
        application=application, user=user, role=role, ended_at__isnull=True
    ).exists()


def is_barred(user: Any, application: Application) -> bool:
    """True when an own application, own institution or declared interest bars staff acts."""
    if application.owner_id == user.pk:
        return True
    if Colleague.objects.filter(application=application, user=user).exists():
        return True
    if application.institution_id and institutions.is_member(user, application.institution_id):
        return True
    return Interest.objects.filter(application=application, user=user).exists()


def applicant_roles(user: Any, application: Application) -> frozenset[Role]:
    """What `user` is to `application` on the applicant's side."""
    held = set()
    if application.owner_id == user.pk:
        held.add(Role.OWNER)
    for name in (Role.EDITOR, Role.VIEWER):
        if _is_colleague(user, application, name.value):
            held.add(name)
    if application.institution_id:
        at_institution = institutions.roles_at(user, application.institution_id)
        if "administrator" in at_institution and application.state != State.DRAFT:
            held.add(Role.INSTITUTION_ADMIN)
        if "signatory" in at_institution and application.state in SIGNATORY_SEES:
            held.add(Role.SIGNATORY)
    return frozenset(held)


def staff_roles(user: Any, application: Application) -> frozenset[Role]:
    """The staff roles that `user` may act in on `application`: none when barred."""
    if application.submitted_at is None:
        return frozenset()
    held = frozenset(Role(r) for r in accounts.staff_roles(user, application.agency))
    return frozenset() if held and is_barred(user, application) else held & STAFF_ROLES


def roles(user: Any, application: Application) -> frozenset[Role]:
    """All that `user` is to `application`, read anew at each call: a lost role bites at once."""
    return applicant_roles(user, application) | staff_roles(user, application)


def allowed(user: Any, application: Application) -> frozenset[str]:
    """The commands that `user` may give now, of those that the application's scheme uses."""
    scheme = schemes.get(application.agency, application.scheme_version)
    return workflow.allowed(application.state, roles(user, application), scheme.workflow.commands)
