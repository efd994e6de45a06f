"""Who may see an application and do what with it: small predicates, one for list and object.

`visible(user)` is the filter of every list; `roles(user, application)` is what a person is to one
case. A case that is not visible is absent: both are a 404.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from applications import schemes, workflow
from applications.enums import (
    DECIDED_STATES,
    STAFF_ROLES,
    WRITING_ROLES,
    ColleagueBasis,
    ColleagueRole,
    Role,
    State,
)
from applications.models import Application, Colleague, Interest
from applications.schemes import steps
from institutions import selectors as institutions
from portal.accounts import policy as accounts

SIGNATORY_SEES = DECIDED_STATES


def on_applicants_side(user: Any) -> Q:
    """Applications that `user` owns, works on, administers for an institution or signs for.

    Who has left the institution of a case has left the case, unless they were invited by name.
    """
    colleague = Colleague.objects.filter(
        application=OuterRef("pk"), user=user, ended_at__isnull=True
    )
    invited = colleague.filter(basis=ColleagueBasis.INVITATION)
    administered = institutions.institutions_with_role(user, "administrator")
    signed_for = institutions.institutions_with_role(user, "signatory")
    return (
        ((Q(owner=user) | Q(Exists(colleague))) & ~institutions.left_here(user))
        | Q(Exists(invited))
        | (Q(institution__in=administered) & (~Q(state=State.DRAFT) | abandoned()))
        | Q(institution__in=signed_for, state__in=SIGNATORY_SEES)
    )


def abandoned() -> Q:
    """Applications of an institution whose owner and editors have all left it. Who was invited
    from elsewhere goes on editing, but the case is the institution's to give."""
    at = OuterRef("application__institution_id")
    writes = Colleague.objects.filter(
        ~institutions.departed(OuterRef("user_id"), at),
        application=OuterRef("pk"),
        role__in=WRITING_ROLES,
        basis=ColleagueBasis.MEMBER,
        ended_at__isnull=True,
        user__is_active=True,
    )
    owner = institutions.departed(OuterRef("owner_id"), OuterRef("institution_id"))
    return owner & ~Q(Exists(writes))


def barred(user: Any) -> Q:
    """Cases that `user` does not read as staff: their own, those of an institution of theirs, and
    those in which they declared an interest. The same as `Ties.bar`, for a list."""
    worked_on = Colleague.objects.filter(user=user).values("application")
    declared = Interest.objects.filter(user=user).values("application")
    return (
        Q(owner=user)
        | Q(institution__in=institutions.active_institutions(user))
        | Q(pk__in=worked_on)
        | Q(pk__in=declared)
    )


def at_their_agency(user: Any) -> Q:
    """Submitted cases of the agencies where `user` has a role now, barred from them or not."""
    held = accounts.roles_in_force(user).values("agency")
    return Q(agency__in=held, submitted_at__isnull=False)


def on_staffs_side(user: Any) -> Q:
    """Submitted cases of the agencies where `user` has a role now, and is not barred from."""
    return at_their_agency(user) & ~barred(user)


def visible(user: Any) -> Q:
    """Everything `user` may see. Nothing for somebody who is not signed in."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return on_applicants_side(user) | on_staffs_side(user)


def known_to(user: Any) -> Q:
    """Cases that `user` may know to be there: what they see, and what they are barred from."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return on_applicants_side(user) | at_their_agency(user)


@dataclass(frozen=True)
class Ties:
    """What binds a person to one case on the applicant's side, and what bars them as staff."""

    owner: bool
    colleague: str  # the role as a colleague now, or nothing
    invited: bool  # by name: leaving the institution does not end it
    was_colleague: bool
    interest: bool
    at_institution: frozenset[str]
    left: bool = False
    abandoned: bool = False

    @property
    def bar(self) -> bool:
        """An own application, own institution or declared interest bars staff acts."""
        return self.owner or self.was_colleague or self.interest or bool(self.at_institution)


def columns(user: Any) -> dict[str, Any]:
    """What `user` is to each application of a query, as annotations for `remember`."""
    colleague = Colleague.objects.filter(application=OuterRef("pk"), user=user)
    live = colleague.filter(ended_at__isnull=True)
    return {
        "tie_role": Subquery(live.values("role")[:1]),
        "tie_basis": Subquery(live.values("basis")[:1]),
        "tie_colleague": Exists(colleague),
        "tie_interest": Exists(Interest.objects.filter(application=OuterRef("pk"), user=user)),
        "tie_institution": institutions.roles_column(user),
        "tie_left": ExpressionWrapper(institutions.left_here(user), BooleanField()),
        "tie_abandoned": ExpressionWrapper(abandoned(), BooleanField()),
        "tie_staff": ArraySubquery(
            accounts.roles_in_force(user).filter(agency=OuterRef("agency")).values("role")
        ),
    }


def remember(user: Any, application: Application) -> Application:
    """For pages: from here on this object knows what `user` is to it, and asks no more.

    It was read with `columns(user)`. The gate reads anew on an object of its own.
    """
    found: Any = application
    bound = Ties(
        application.owner_id == user.pk,
        found.tie_role or "",
        found.tie_basis == ColleagueBasis.INVITATION,
        found.tie_colleague,
        found.tie_interest,
        frozenset(found.tie_institution or ()),
        found.tie_left,
        found.tie_abandoned,
    )
    found.remembered = (user.pk, bound, frozenset(found.tie_staff or ()))
    return application


def _known(user: Any, application: Application) -> tuple[Ties, frozenset[str]]:
    remembered = getattr(application, "remembered", None)
    if remembered and remembered[0] == user.pk:
        return remembered[1], remembered[2]
    found = Application.objects.filter(pk=application.pk).annotate(**columns(user)).get()
    _pk, bound, staff = remember(user, found).remembered  # type: ignore[attr-defined]
    return bound, staff


def ties(user: Any, application: Application) -> Ties:
    """Read anew at each call, unless a page has remembered them: a tie that ended bites at once."""
    return _known(user, application)[0]


def staff_roles_held(user: Any, application: Application) -> frozenset[str]:
    """The roles `user` holds at the application's agency, barred or not."""
    return _known(user, application)[1]


def is_barred(user: Any, application: Application) -> bool:
    """True when an own application, own institution or declared interest bars staff acts."""
    return ties(user, application).bar


def _applicants(bound: Ties, application: Application) -> frozenset[Role]:
    seen = application.state != State.DRAFT or bound.abandoned
    here = not bound.left
    works = here or bound.invited
    signs = application.state in SIGNATORY_SEES
    held = (
        (Role.OWNER, bound.owner and here),
        (Role.SUBMITTER, bound.colleague == ColleagueRole.SUBMITTER and works),
        (Role.EDITOR, bound.colleague in WRITING_ROLES and works),
        (Role.VIEWER, bound.colleague == ColleagueRole.VIEWER and works),
        (Role.INSTITUTION_ADMIN, seen and "administrator" in bound.at_institution),
        (Role.SIGNATORY, signs and "signatory" in bound.at_institution),
    )
    return frozenset(role for role, holds in held if holds)


def _staff(bound: Ties, held: frozenset[str], application: Application) -> frozenset[Role]:
    if application.submitted_at is None or bound.bar:
        return frozenset()
    return frozenset(Role(role) for role in held) & STAFF_ROLES


def applicant_roles(user: Any, application: Application) -> frozenset[Role]:
    """What `user` is to `application` on the applicant's side."""
    return _applicants(ties(user, application), application)


def staff_roles(user: Any, application: Application) -> frozenset[Role]:
    """The staff roles that `user` may act in on `application`: none when barred."""
    return _staff(*_known(user, application), application)


def roles(user: Any, application: Application) -> frozenset[Role]:
    """All that `user` is to `application`: a lost role bites at once."""
    bound, held = _known(user, application)
    return _applicants(bound, application) | _staff(bound, held, application)


class Side(StrEnum):
    """From where somebody reads a case. Who is on both sides is on the applicant's alone."""

    OWN = "own"
    AGENCY = "agency"


def side(user: Any, application: Application) -> Side | None:
    """The side from which `user` reads the case; None for nothing at all, and for who is barred."""
    bound, held = _known(user, application)
    if _applicants(bound, application):
        return Side.OWN
    return Side.AGENCY if _staff(bound, held, application) else None


def left_alone(user: Any) -> QuerySet[Application]:
    """The cases that nobody works on any more, at institutions that `user` administers."""
    administered = institutions.institutions_with_role(user, "administrator")
    return Application.objects.filter(abandoned(), institution__in=administered)


def is_left_alone(application: Application) -> bool:
    """Whether the owner and all editors have left the institution of this application."""
    return Application.objects.filter(abandoned(), pk=application.pk).exists()


def told(application: Application) -> list[Any]:
    """Who is told of what happens in the case: the owner and the editors who are still there, or
    the institution's administrators when nobody is."""
    live = application.colleagues.filter(ended_at__isnull=True, role__in=WRITING_ROLES)
    held = list(live.select_related("user"))
    invited = [c.user for c in held if c.basis == ColleagueBasis.INVITATION and c.user.is_active]
    people = [application.owner, *(c.user for c in held if c.basis == ColleagueBasis.MEMBER)]
    at = application.institution_id
    if at is None:
        return people + invited
    here = [p for p in people if not left(p, application)]
    return (here or list(institutions.administrators(at))) + invited


def left(user: Any, application: Application) -> bool:
    """Whether `user` was a member of the application's institution and is none now."""
    found = Application.objects.filter(institutions.left_here(user), pk=application.pk)
    return found.exists()


def allowed(user: Any, application: Application) -> frozenset[str]:
    """The commands that `user` may give now, of those that the application's scheme uses and whose
    turn it is in the agency's sequence."""
    scheme = schemes.get(application.agency, application.scheme_version)
    commands = scheme.commands(application.type)
    commands -= steps.barred(scheme.workflow.steps, application.passed)
    return workflow.allowed(application.state, roles(user, application), commands)
