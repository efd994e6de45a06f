"""Who may see a decision: one predicate for lists and for the object."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications import policy
from applications.models import Application, Colleague, Interest
from decisions.enums import ISSUED
from decisions.models import Contributor, Decision
from institutions import selectors as institutions


def _barred(user: Any) -> Q:
    """Applications that are `user`'s own or their institution's, or that they have an interest in.

    The same as applications.policy.is_barred, for a list.
    """
    own = Application.objects.filter(pk=OuterRef("pk"))
    colleague = Colleague.objects.filter(application=OuterRef("pk"), user=user)
    interest = Interest.objects.filter(application=OuterRef("pk"), user=user)
    return (
        Q(Exists(own.filter(owner=user)))
        | Q(Exists(own.filter(institution__in=institutions.active_institutions(user))))
        | Q(Exists(colleague))
        | Q(Exists(interest))
    )


def staffs(user: Any) -> QuerySet[Application]:
    """Cases whose drafts, notes and reasons `user` may read: their agency's, not their own.

    Whoever is barred from acting on a case does not read its drafts either.
    """
    if not user.is_authenticated:
        return Application.objects.none()
    return Application.objects.filter(policy.on_staffs_side(user)).exclude(_barred(user))


def visible(user: Any) -> Q:
    """Decisions that `user` may see: staff those of their agency, the applicant's side issued ones."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    own = Application.objects.filter(policy.on_applicants_side(user), pk=OuterRef("application_id"))
    agencys = staffs(user).filter(pk=OuterRef("application_id"))
    return (Q(status__in=[str(s) for s in ISSUED]) & Q(Exists(own))) | Q(Exists(agencys))


def is_staff(user: Any, application: Application) -> bool:
    """Whether `user` reads the case as the agency does: drafts, notes, reasons."""
    return staffs(user).filter(pk=application.pk).exists()


def had_a_hand(user: Any, decision: Decision) -> bool:
    """Whether the person wrote in the draft or sent it: then somebody else approves."""
    return Contributor.objects.filter(decision=decision, user=user).exists()
