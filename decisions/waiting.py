"""What of decisions waits for a person: shown on their page and beside each demo person."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import schemes
from applications.enums import State
from applications.selectors.queue import people_of
from decisions import policy, selectors
from decisions.enums import Status
from decisions.models import Decision
from institutions import selectors as institutions
from portal.accounts import policy as accounts
from portal.accounts.waiting import WaitingItem, register

MOST = 10


def approvals(user: Any) -> list[WaitingItem]:
    """Drafts that a decision maker can approve."""
    if not accounts.agencies_with_role(user, "decision_maker"):
        return []
    return [
        WaitingItem(
            _("Decide in case %(number)s") % {"number": decision.application.number},
            reverse("decisions:approval", args=[decision.pk]),
            decision.sent_at,
            "approval",
        )
        for decision in selectors.waiting_for_approval(user).defer("content")[:MOST]
    ]


def sent_back(user: Any) -> list[WaitingItem]:
    """Drafts that a decision maker sent back, of the officer's cases and of those of whom they
    stand in for today."""
    theirs = Q()
    for agency in accounts.agencies_with_role(user, "case_officer"):
        theirs |= Q(agency=agency, assignee__in=people_of(user, schemes.current(agency)))
    if not theirs:
        return []
    found = (
        Decision.objects.filter(
            status=Status.DRAFT,
            application__in=policy.staffs(user).filter(theirs, state=State.ASSESSMENT),
            send_backs__isnull=False,
        )
        .select_related("application")
        .distinct()
    )
    return [
        WaitingItem(
            _("Sent back to you: the draft decision in case %(number)s")
            % {"number": decision.application.number},
            reverse("decisions:draft", args=[decision.pk]),
            max(back.sent_at for back in decision.send_backs.all()),
            "sent_back",
        )
        for decision in found.prefetch_related("send_backs")[:MOST]
    ]


def acceptances(user: Any) -> list[WaitingItem]:
    """Decisions that a signatory can accept for their institution."""
    signed_for = institutions.institutions_with_role(user, "signatory")
    found = (
        Decision.objects.filter(
            status=Status.DELIVERED,
            application__state=State.ACCEPTANCE,
            application__institution__in=signed_for,
        )
        .select_related("application")
        .defer("content")
        .order_by("delivered_at")
    )
    return [
        WaitingItem(
            _("Accept the conditions in case %(number)s") % {"number": decision.application.number},
            reverse("decisions:decision", args=[decision.pk]),
            decision.delivered_at,
            "acceptance",
        )
        for decision in found[:MOST]
    ]


for source in (approvals, sent_back, acceptances):
    register(source)
