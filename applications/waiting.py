"""What of applications waits for a person: shown on their page and beside each demo person."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import links, policy, schemes
from applications.enums import OPEN_STATES, WRITING_ROLES, ColleagueBasis, State
from applications.models import Application, Colleague, ColleagueInvitation, Handover, Review
from applications.selectors import confidentiality
from applications.selectors.queue import of_agency, people_of
from institutions import selectors as institutions
from portal import clock
from portal.accounts import policy as accounts
from portal.accounts.selectors import verified_addresses
from portal.accounts.waiting import WaitingItem, register

MOST = 10
OPEN = [str(s) for s in OPEN_STATES]
WITH_OWNER = [State.RETURNED, State.SPECIFICATION, State.DRAFT]


def own(user: Any) -> list[WaitingItem]:
    """Cases sent back to the person or to those they write for, specifications to confirm, and
    drafts they began."""
    here = ~institutions.left_here(user)
    live = Colleague.objects.filter(
        application=OuterRef("pk"), user=user, ended_at__isnull=True, role__in=WRITING_ROLES
    )
    invited = live.filter(basis=ColleagueBasis.INVITATION)
    written = Q(Exists(live), here) | Q(Exists(invited))
    mine = Application.objects.filter(
        Q(here, owner=user) | (written & ~Q(state=State.DRAFT)), state__in=WITH_OWNER
    )
    items = []
    for application in mine.order_by("-state", "-updated_at")[:MOST]:
        title = application.title or _("Application without a title")
        if application.state == State.RETURNED:
            text = _("Answer the agency: %(title)s") % {"title": title}
            url = reverse("applications:returned", args=[application.pk])
        elif application.state == State.SPECIFICATION:
            text = _("Read and confirm the specification: %(title)s") % {"title": title}
            url = reverse("applications:specification", args=[application.pk])
        else:
            text = _("Go on with your draft: %(title)s") % {"title": title}
            url = reverse("applications:overview", args=[application.pk])
        items.append(WaitingItem(text, url, application.updated_at, str(application.state)))
    return items


def casework(user: Any) -> list[WaitingItem]:
    """What lies in the queues of a case officer, with the cases of whom they stand in for today."""
    items = []
    for agency in accounts.agencies_with_role(user, "case_officer"):
        queue = reverse("cases:queue", args=[agency])
        cases = of_agency(user, agency).filter(state__in=OPEN)
        mine = cases.filter(assignee__in=people_of(user, schemes.current(agency)))
        overdue = mine.filter(due_at__lt=clock.now()).count()
        count = mine.count()
        free = cases.filter(assignee__isnull=True).count()
        if overdue:
            text = ngettext(
                "%(n)d of your cases is overdue", "%(n)d of your cases are overdue", overdue
            )
            items.append(WaitingItem(text % {"n": overdue}, queue, None, "overdue"))
        if count:
            text = ngettext("%(n)d case is yours", "%(n)d cases are yours", count)
            items.append(WaitingItem(text % {"n": count}, queue, None, "mine"))
        if free:
            text = ngettext(
                "%(n)d case has no case officer", "%(n)d cases have no case officer", free
            )
            items.append(
                WaitingItem(text % {"n": free}, f"{queue}?queue=unassigned", None, "unassigned")
            )
    return items


def reviews(user: Any) -> list[WaitingItem]:
    """Questions that only this person can answer."""
    cases = Application.objects.filter(policy.on_staffs_side(user), state__in=OPEN)
    asked = Review.objects.filter(reviewer=user, answered_at__isnull=True, application__in=cases)
    return [
        WaitingItem(
            _("Answer a question in case %(number)s") % {"number": review.application.number},
            reverse("cases:case", args=[review.application.agency, review.application_id])
            + "#reviews",
            review.asked_at,
            "review",
        )
        for review in asked.select_related("application").order_by("asked_at")[:MOST]
    ]


def offered(user: Any) -> list[WaitingItem]:
    """Applications that a colleague wants to hand over to the person."""
    visible = Application.objects.filter(policy.on_applicants_side(user))
    found = Handover.objects.filter(
        proposed_to=user,
        ended_at__isnull=True,
        proposed_by=F("application__owner"),
        application__in=visible,
    )
    return [
        WaitingItem(
            _("Take an application over, or not: %(title)s")
            % {"title": handover.application.title or _("Application without a title")},
            reverse("applications:answer_handover", args=[handover.application_id]),
            handover.proposed_at,
            "handover",
        )
        for handover in found.select_related("application").order_by("proposed_at")[:MOST]
    ]


def asked_by_mail(user: Any) -> list[WaitingItem]:
    """What a link was sent for to an address of the person: mails are lost."""
    emails, now = verified_addresses(user), clock.now()
    found = ColleagueInvitation.objects.filter(links.open_invitations(now), email__in=emails)
    invited = [
        WaitingItem(
            _("%(name)s invites you to an application") % {"name": invitation.created_by.name},
            reverse("applications:invitation", args=[links.own(invitation)]),
            invitation.created_at,
            "invitation",
        )
        for invitation in found.select_related("created_by").order_by("created_at")[:MOST]
    ]
    return invited + [
        WaitingItem(
            _("Confirm the duty of confidentiality: %(title)s")
            % {"title": link.application.sent_title},
            reverse("applications:confirm_confidentiality", args=[links.own(link)]),
            link.sent_at,
            "confidentiality",
        )
        for link in confidentiality.to_confirm(emails, now)[:MOST]
    ]


def left_alone(user: Any) -> list[WaitingItem]:
    """Cases of institutions that the person administers, whose applicant has left."""
    count = policy.left_alone(user).exclude(state=State.WITHDRAWN).count()
    if not count:
        return []
    text = ngettext(
        "%(n)d case of your institution has no applicant any more",
        "%(n)d cases of your institution have no applicant any more",
        count,
    )
    return [WaitingItem(text % {"n": count}, reverse("applications:left_alone"), None, "left")]


for source in (own, offered, asked_by_mail, casework, reviews, left_alone):
    register(source)
