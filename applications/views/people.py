"""Who works on an application: colleagues, invitations, and handing it over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications import policy
from applications.commands import Invalid, NotNow, execute
from applications.enums import WRITING_ROLES, Role
from applications.forms.people import HandoverForm, InviteForm, MemberForm, role_choices
from applications.selectors import colleagues as selected
from applications.views.common import Page, actor, application_page, page_of
from institutions import selectors as institutions

WORKS = frozenset({Role.OWNER, Role.EDITOR, Role.SUBMITTER})


def role_words() -> dict[str, str]:
    """What each of the people may do, in words for everybody."""
    return {
        "owner": _("owner"),
        "submitter": _("writes and submits"),
        "editor": _("writes"),
        "viewer": _("reads"),
    }


def _members(page: Page, people: list[selected.Person]) -> list[Any]:
    at = page.application.institution_id
    if not at:
        return []
    taken = {person.user.pk for person in people}
    return [m for m in institutions.members(at) if m.pk not in taken]


def _offered(page: Page, people: list[selected.Person]) -> list[Any]:
    """Who the application may be handed over to: who writes and belongs to its institution."""
    alone = page.application.institution_id is None
    return [p.user for p in people if p.role in WRITING_ROLES and (p.member or alone)]


def _context(request: HttpRequest, page: Page, people: list[selected.Person]) -> dict[str, Any]:
    application, words = page.application, role_words()
    held = policy.roles(request.user, application)
    works = bool(held & WORKS)
    handover = selected.open_handover(application) if works else None
    context: dict[str, Any] = {
        "page": page,
        "application": application,
        "people": [(person, words[person.role]) for person in people],
        "invitations": [(i, words[i.role]) for i in selected.open_invitations(application)]
        if works
        else [],
        "handover": handover,
        "mine_to_answer": bool(handover and handover.proposed_to_id == request.user.pk),
        "may_invite": "invite_by_mail" in page.allowed,
        "may_end": "remove_colleague" in page.allowed,
        "may_hand_over": "propose_handover" in page.allowed,
        "roles": role_choices(),
    }
    if context["may_invite"]:
        members, offered = _members(page, people), _offered(page, people)
        context["member_form"] = MemberForm(members) if members else None
        context["invite_form"] = InviteForm(prefix="invite")
        context["handover_form"] = HandoverForm(offered, prefix="handover") if offered else None
    return context


def _show(request: HttpRequest, pk: UUID, page: Page | None = None, **forms: Any) -> HttpResponse:
    """The page; with forms that were not accepted, what was typed in them is kept."""
    page = page or page_of(request, pk)
    people = selected.people(page.application)
    context = _context(request, page, people) | forms
    status = 422 if forms else 200
    return render(request, "applications/colleagues.html", context, status=status)


@application_page
@require_http_methods(["GET", "POST"])
def colleagues(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who works on the application. POST: lets a member of the owner's institution in."""
    page = page_of(request, pk)
    if request.method == "GET":
        return _show(request, pk, page)
    members = _members(page, selected.people(page.application))
    form = MemberForm(members, request.POST)
    chosen = {str(m.pk): m for m in members}.get(request.POST.get("user", ""))
    payload = {"user": chosen, "role": request.POST.get("role", "")}
    try:
        execute("invite_colleague", pk, actor(request), payload)
    except Invalid:
        form.add_error(None, _("Choose a colleague and what they may do."))
        return _show(request, pk, member_form=form)
    messages.success(request, _("Your colleague has access now."))
    return redirect("applications:colleagues", pk=pk)


def _refusal(wrong: Invalid) -> str:
    if "email" in wrong.errors:
        if "your own address" in wrong.errors["email"]:
            return _("This is your own address.")
        return _("Write an e-mail address, such as name@example.org.")
    if "role" in wrong.errors:
        return _("Choose what the colleague may do.")
    return _("That is as many invitations as one application can send in a day. Try tomorrow.")


@application_page
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invites somebody by mail. What is answered does not depend on who has the address."""
    page = page_of(request, pk)
    if request.method == "GET":
        return redirect("applications:colleagues", pk=pk)
    form = InviteForm(request.POST, prefix="invite")
    if "invite_by_mail" not in page.allowed or form.is_valid():
        payload = getattr(form, "cleaned_data", {})
        try:
            execute("invite_by_mail", pk, actor(request), payload)
        except Invalid as wrong:
            form.add_error("email" if "email" in wrong.errors else None, _refusal(wrong))
        else:
            messages.success(request, _("The invitation is sent. It counts for 14 days."))
            return redirect("applications:colleagues", pk=pk)
    return _show(request, pk, page, invite_form=form)


@application_page
@require_POST
def invite_again(request: HttpRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    """Sends an open invitation again, with a new link; the old one opens nothing more."""
    page = page_of(request, pk)
    held = page.application.invitations.filter(pk=invitation).first()
    if held is None:
        raise Http404
    try:
        payload = {"email": held.email, "role": held.role}
        execute("invite_by_mail", pk, actor(request), payload)
    except Invalid as wrong:
        messages.error(request, _refusal(wrong))
    else:
        messages.success(request, _("The invitation is sent. It counts for 14 days."))
    return redirect("applications:colleagues", pk=pk)


@application_page
@require_POST
def revoke_invitation(request: HttpRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    """Takes an invitation back."""
    execute("revoke_invitation", pk, actor(request), {"invitation": invitation})
    messages.success(request, _("The invitation is revoked."))
    return redirect("applications:colleagues", pk=pk)


@application_page
@require_POST
def change_colleague(request: HttpRequest, pk: UUID, colleague: int) -> HttpResponse:
    """Changes what a colleague may do."""
    payload = {"colleague": colleague, "role": request.POST.get("role", "")}
    try:
        execute("change_colleague", pk, actor(request), payload)
    except Invalid:
        messages.error(request, _("Choose what the colleague may do."))
    else:
        messages.success(request, _("What your colleague may do is changed."))
    return redirect("applications:colleagues", pk=pk)


@application_page
@require_POST
def remove_colleague(request: HttpRequest, pk: UUID, colleague: int) -> HttpResponse:
    """Ends a colleague's access."""
    execute("remove_colleague", pk, actor(request), {"colleague": colleague})
    messages.success(request, _("The access is ended."))
    return redirect("applications:colleagues", pk=pk)


@application_page
@require_http_methods(["GET", "POST"])
def propose_handover(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offers the application to a colleague."""
    page = page_of(request, pk)
    if request.method == "GET":
        return redirect("applications:colleagues", pk=pk)
    people = _offered(page, selected.people(page.application))
    form = HandoverForm(people, request.POST, prefix="handover")
    chosen = form.cleaned_data if form.is_valid() else {}
    user = {str(p.pk): p for p in people}.get(chosen.get("user", ""))
    try:
        payload = {"user": user, "stays": chosen.get("stays") != "no"}
        execute("propose_handover", pk, actor(request), payload)
    except Invalid:
        if not form.errors:
            form.add_error("user", _("Choose a colleague of your institution who writes."))
        return _show(request, pk, page, handover_form=form)
    messages.success(request, _("Your colleague is asked. Until they accept, nothing changes."))
    return redirect("applications:colleagues", pk=pk)


@application_page
@require_POST
def withdraw_handover(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The owner takes the offer back."""
    execute("withdraw_handover", pk, actor(request))
    messages.success(request, _("The offer is taken back. The application is still yours."))
    return redirect("applications:colleagues", pk=pk)


@application_page
@require_http_methods(["GET", "POST"])
def answer_handover(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The colleague to whom the application is offered takes it over, or does not."""
    page = page_of(request, pk)
    held = selected.open_handover(page.application)
    if held is None or held.proposed_to_id != request.user.pk:
        if request.method == "POST":
            raise NotNow
        raise Http404
    if request.method == "POST":
        if request.POST.get("answer") == "accept":
            execute("accept_handover", pk, actor(request))
            messages.success(request, _("The application is yours now."))
        else:
            execute("decline_handover", pk, actor(request))
            messages.success(request, _("You did not take the application over."))
        return redirect("applications:colleagues", pk=pk)
    stays = _("goes on writing") if held.stays else _("leaves the application")
    context = {
        "application": page.application,
        "facts": [
            {"label": _("Application"), "value": page.application.title or _("Without a title")},
            {"label": _("Case number"), "value": page.application.number or _("a draft")},
            {"label": held.proposed_by.name, "value": stays},
        ],
        "back": reverse("applications:colleagues", args=[pk]),
        "name": held.proposed_by.name,
    }
    return render(request, "applications/handover.html", context)
