"""Where I belong, joining, an institution's members, and what agency administrators confirm."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import about, claims, commands, duplicates, people, policy, selectors
from institutions.commands.merging import open_merges
from institutions.enums import InstitutionStatus
from institutions.forms import DomainForm, RegisterForm, RequestForm
from institutions.lists.views import told_of
from institutions.models import Institution, MailDomain
from institutions.pages import attempt as _try
from institutions.pages import managed as _managed
from institutions.pages import membership_of as _membership
from institutions.pages import page as _page
from institutions.wording import facts_of, member_lines
from portal.accounts.signed_in import SignedInRequest
from portal.text import line


def _only_confirmers(request: SignedInRequest) -> None:
    if not policy.may_confirm(request.user):
        raise Http404


@_page
@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """The institutions where I belong or have asked to."""
    held = selectors.memberships(request.user)
    return render(request, "institutions/mine.html", {"memberships": member_lines(held)})


@_page
@require_GET
def join(request: SignedInRequest) -> HttpResponse:
    """Where I can ask to join, those of my mail domain first, or register an institution."""
    wanted = line(request.GET.get("q", ""))[:100]
    context = {
        "offers": selectors.offers(request.user),
        "wanted": wanted,
        "found": selectors.search(wanted, request.user),
        "memberships": member_lines(selectors.memberships(request.user)),
    }
    return render(request, "institutions/join.html", context)


@_page
@require_http_methods(["GET", "POST"])
def ask(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Asks to join an institution of the list."""
    institution = get_object_or_404(
        Institution, status__in=[InstitutionStatus.CONFIRMED, InstitutionStatus.MERGED], pk=pk
    )
    if institution.merged_into_id:
        return redirect("institutions:ask", pk=institution.merged_into_id)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _("Your request is sent. You get a mail when it is decided.")
        _try(request, done, commands.ask, request.user, institution, form.cleaned_data["message"])
        return redirect("institutions:mine")
    return render(request, "institutions/ask.html", {"form": form, "institution": institution})


@_page
@require_http_methods(["GET", "POST"])
def register(request: SignedInRequest) -> HttpResponse:
    """Registers an institution that is not in the list."""
    form = RegisterForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = {k: v for k, v in form.cleaned_data.items() if k != "signs"}
        context |= _here_already(form, given, request.POST.get("none_of_these", ""))
        if len(context) == 1:
            try:
                made = commands.register(request.user, **given)
            except commands.Refused as refused:
                form.add_error("org_number", str(refused))
            else:
                done = _("The institution is registered. You get a mail when it is confirmed.")
                messages.success(request, done)
                if form.cleaned_data["signs"]:
                    return redirect("institutions:claim_authority", pk=made.pk)
                return redirect("institutions:mine")
    return render(request, "institutions/register.html", context)


def _here_already(form: RegisterForm, given: dict[str, Any], seen: str) -> dict[str, Any]:
    """The institution with the number, else those with a similar name that the person has not said
    (`seen`: their ids) that it is not; empty when it may be registered."""
    twin = duplicates.with_number(given["country"], given["org_number"])
    if twin is not None:
        confirmed = twin.status == InstitutionStatus.CONFIRMED
        form.add_error(
            "org_number",
            _("This institution is registered already. Ask to join it instead.")
            if confirmed
            else _(
                "Somebody has registered this institution already. An agency is looking at it: "
                "you find it in the list when it is confirmed, and can ask to join it then."
            ),
        )
        return {"twin": twin if confirmed else None}
    alike = duplicates.like(given["name"], given["country"])
    told = " ".join(sorted(str(one.institution.pk) for one in alike))
    return {"alike": alike, "told": told} if alike and told != seen else {}


@_page
@require_GET
def institution(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One institution: facts and people for members; requests and domains for who manages it."""
    shown = get_object_or_404(Institution.objects.select_related("merged_into"), pk=pk)
    if not policy.may_see(request.user, shown.merged_into or shown):
        raise Http404
    if shown.merged_into_id:
        return redirect("institutions:institution", pk=shown.merged_into_id)
    manages = policy.may_manage(request.user, shown)
    context = {
        "institution": shown,
        "facts": facts_of(shown),
        **about.of(shown, request.user),
        "members": member_lines(selectors.current(shown), request.user),
        "requests": selectors.hinted(selectors.requests(shown)) if manages else [],
        **people.of(shown, manages),
        **people.claims_of(shown, request.user),
        "domains": shown.domains.order_by("domain"),
        "domain_form": DomainForm(),
        "manages": manages,
        **told_of(shown, request.user),
    }
    return render(request, "institutions/institution.html", context)


@_page
@require_POST
def decide(request: SignedInRequest, pk: UUID, member: UUID, approve: bool) -> HttpResponse:
    """Approves or declines a request to join."""
    at = _managed(request, pk)
    membership = _membership(at, member)
    done = _("%(name)s is a member now.") if approve else _("The request of %(name)s is declined.")
    done %= {"name": membership.user.name}
    _try(request, done, commands.decide, membership, request.user, approve)
    return redirect("institutions:institution", pk=pk)


@_page
@require_http_methods(["GET", "POST"])
def end_member(request: SignedInRequest, pk: UUID, member: UUID) -> HttpResponse:
    """Leaves an institution, takes a request back, or ends a member's membership."""
    at = get_object_or_404(Institution, pk=pk)
    membership = _membership(at, member)
    own = membership.user_id == request.user.pk
    if not own and not policy.may_manage(request.user, at):
        raise Http404
    back = reverse("institutions:mine") if own else reverse("institutions:institution", args=[pk])
    if request.method == "POST":
        _try(request, _("The membership is ended."), commands.end, membership, request.user)
        return redirect(back)
    name = {"name": membership.user.name, "institution": at.name}
    context = {
        "heading": _("Leave %(institution)s?") % name
        if own
        else _("End the membership of %(name)s?") % name,
        "text": _("Access to the institution's cases ends at once."),
        "button": _("Leave") if own else _("End the membership"),
        "danger": True,
        "back": back,
    }
    return render(request, "ui/confirm.html", context)


@_page
@require_POST
def add_domain(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Names a mail domain; an agency administrator verifies it."""
    at = _managed(request, pk)
    form = DomainForm(request.POST)
    if form.is_valid():
        done = _("The domain is noted. It counts when the agency has verified it.")
        _try(request, done, commands.add_domain, at, request.user, form.cleaned_data["domain"])
    else:
        messages.error(request, _("Write the domain."))
    return redirect("institutions:institution", pk=pk)


@_page
@require_GET
def registrations(request: SignedInRequest) -> HttpResponse:
    """For agency administrators: institutions, domains and requests that wait for them."""
    _only_confirmers(request)
    context = {
        "institutions": [
            (i, facts_of(i), alike, claims.waiting(i))
            for i, alike in duplicates.beside(selectors.registrations())
        ],
        "merges": open_merges(),
        "claims": claims.for_decision_by(request.user)[:50],
        "domains": selectors.domains_to_verify(),
        "requests": selectors.hinted(selectors.requests_for(request.user)),
    }
    return render(request, "institutions/registrations.html", context)


@_page
@require_POST
def decide_institution(request: SignedInRequest, pk: UUID, confirm: bool) -> HttpResponse:
    """Confirms or declines a registered institution."""
    _only_confirmers(request)
    decided = get_object_or_404(Institution, pk=pk)
    done = _("%(name)s is confirmed.") if confirm else _("%(name)s is declined.")
    done %= {"name": decided.name}
    _try(request, done, commands.decide_institution, decided, request.user, confirm)
    return redirect("institutions:registrations")


@_page
@require_POST
def verify_domain(request: SignedInRequest, pk: UUID, domain: int) -> HttpResponse:
    """Says that a mail domain is the institution's own."""
    _only_confirmers(request)
    found = get_object_or_404(MailDomain, pk=domain, institution_id=pk)
    done = _("%(domain)s is verified.") % {"domain": found.domain}
    _try(request, done, commands.verify_domain, found, request.user)
    return redirect("institutions:registrations")
