"""Which institution applies, and what stands between a person and sending the application."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.commands import Invalid, execute
from applications.enums import ColleagueRole
from applications.standing import Hindrance, hindrance
from applications.views.common import Page, actor, application_page
from institutions import selectors as institutions
from institutions.enums import Kind
from institutions.models import Institution

SENDING = frozenset({"submit", "resubmit"})


@dataclass(frozen=True)
class Told:
    """What a page says of it. `choices`: the institutions that this person may name instead;
    `join`: it helps to join one."""

    text: str
    choices: list[Institution]
    join: bool = False


def told(page: Page, user: Any) -> Told | None:
    """What stops `user` from sending the application, None for nothing.

    Who may not send it anyhow is told what is wrong with the institution, and not of themselves.
    """
    kind = page.scheme.type(page.application.type)
    stops = hindrance(user, page.application, kind)
    sends = bool(SENDING & page.allowed)
    if stops is None or (stops == Hindrance.NO_MEMBER and not sends):
        return None
    choices: list[Institution] = []
    if "choose_institution" in page.allowed and page.application.follows_id is None:
        mine = institutions.active_institutions(user)
        choices = [i for i in mine if not (kind and kind.kinds and i.kind not in kind.kinds)]
    joins = stops == Hindrance.NONE_NAMED and not choices and "choose_institution" in page.allowed
    return Told(_words(stops, page), choices, joins)


def _words(stops: Hindrance, page: Page) -> str:
    at = page.application.institution
    name = at.name if at else ""
    if stops == Hindrance.NONE_NAMED:
        return _(
            "It is not said yet which institution applies. You can go on writing; it is sent by an"
            " active member of the institution, once that is confirmed here."
        )
    if stops == Hindrance.UNCONFIRMED:
        return _("%(name)s is not confirmed here. The application can be sent once it is.") % {
            "name": name
        }
    if stops == Hindrance.KIND:
        return _("%(name)s stands here as “%(kind)s”. That kind cannot apply for this.") % {
            "name": name,
            "kind": Kind(at.kind).label if at and at.kind in Kind.values else "",
        }
    senders = _who_sends(page)
    if senders:
        return _(
            "Only an active member of %(name)s can send this application. You can write in it;"
            " these people can send it: %(people)s."
        ) % {"name": name, "people": ", ".join(senders)}
    return _(
        "Only an active member of %(name)s can send this application. You can write in it. Invite"
        " somebody there who may submit, or hand it over to them."
    ) % {"name": name}


def _who_sends(page: Page) -> list[str]:
    application = page.application
    submitters = application.colleagues.filter(ended_at__isnull=True, role=ColleagueRole.SUBMITTER)
    people = {application.owner_id, *submitters.values_list("user_id", flat=True)}
    at = application.institution_id
    return [p.name for p in institutions.members(at).filter(pk__in=people)] if at else []


@application_page
@require_POST
def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The owner says which of their institutions applies."""
    payload = {"institution": request.POST.get("institution", "")}
    try:
        execute("choose_institution", pk, actor(request), payload)
    except Invalid:
        messages.error(request, _("Choose one of your institutions."))
    else:
        messages.success(request, _("It is noted which institution applies."))
    return redirect("applications:overview", pk=pk)
