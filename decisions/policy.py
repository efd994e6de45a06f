"""Who may see a decision: one predicate for lists and for the object."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications import policy
from applications.models import Application
from decisions.enums import ISSUED
from decisions.models import Contributor, Decision


def staffs(user: Any) -> QuerySet[Application]:
    """Cases whose drafts, notes and reasons `user` may read: their agency's, not those that they
    are barred from."""
    if not user.is_authenticated:
        return Application.objects.none()
    return Application.objects.filter(policy.on_staffs_side(user))


def visible(user: Any) -> Q:
    """Decisions that `user` may see: staff those of their agency, the applicant's side issued ones."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    own = Application.objects.filter(policy.on_applicants_side(user), pk=OuterRef("application_id"))
    agencys = staffs(user).filter(pk=OuterRef("application_id"))
    return (Q(status__in=[str(s) for s in ISSUED]) & Q(Exists(own))) | Q(Exists(agencys))


def is_staff(user: Any, application: Application) -> bool:
    """Whether `user` reads the case as the agency does: drafts, notes, reasons."""
    return policy.side(user, application) == policy.Side.AGENCY


def had_a_hand(user: Any, decision: Decision) -> bool:
    """Whether the person wrote in the draft or sent it: then somebody else approves."""
    return Contributor.objects.filter(decision=decision, user=user).exists()
