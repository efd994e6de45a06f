"""Approvals for an agency's administrators: what waits, the register, one institution, an end."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import at_stake, commands, policy, sources
from institutions import selectors as institutions
from institutions.approvals import selectors, wording
from institutions.approvals.forms import ProposalForm, WithdrawalForm
from institutions.lists import kinds
from institutions.lists.wording import agency_name, day
from institutions.models import ApprovalProposal, Institution, InstitutionApproval
from institutions.pages import page
from portal.accounts import policy as accounts
from portal.accounts.fresh import fresh_sign_in
from portal.accounts.signed_in import SignedInRequest


def _agency(request: SignedInRequest, code: str) -> str:
    """The agency of an address, for its administrators; absent for everybody else."""
    agency = next((each for each in sources.agencies() if each.lower() == code.lower()), "")
    if not agency or not policy.keeps_approvals(request.user, agency):
        raise Http404
    return agency


@page
@require_GET
def start(request: SignedInRequest) -> HttpResponse:
    """To the approvals of the person's agency, or a choice of them."""
    mine = accounts.agencies_with_role(request.user, policy.AGENCY_ADMIN)
    held = [agency for agency in sources.agencies() if agency in mine]
    if not held:
        raise Http404
    if len(held) == 1:
        return redirect("institutions:approvals", held[0])
    agencies = [{"code": agency, "name": agency_name(agency)} for agency in held]
    return render(request, "institutions/approvals/start.html", {"agencies": agencies})


@page
@require_GET
def overview(request: SignedInRequest, agency: str) -> HttpResponse:
    """What waits for the agency's administrators, and the register of institutions."""
    agency = _agency(request, agency)
    filters = selectors.Filters.of(request.GET)
    found = selectors.register(agency, filters)
    ending = selectors.ending(agency, selectors.today_at(agency))[: selectors.SHOWN + 1]
    proposals = selectors.proposals(agency)[: selectors.SHOWN]
    kept = {"which": filters.which, "q": filters.text}
    context = {
        "agency": agency,
        "agency_name": agency_name(agency),
        "filters": filters,
        "whiches": _whiches(),
        "proposals": [wording.proposal(held, request.user) for held in proposals],
        "cases": at_stake.asking(agency, request.user),
        "waiting": institutions.registrations().count(),
        "ending": [
            {"institution": held.institution, "day": day(held.valid_until)}
            for held in list(ending)[: selectors.SHOWN]
        ],
        "ending_more": len(ending) > selectors.SHOWN,
        "lists": kinds.kinds(agency),
        "places": [_register_line(agency, place) for place in found.places],
        "next": f"?{urlencode(kept | {'after': found.next})}" if found.next else "",
        "first": f"?{urlencode(kept)}" if filters.after else "",
    }
    return render(request, "institutions/approvals/overview.html", context)


def _whiches() -> list[tuple[str, str]]:
    return [
        ("all", _("All")),
        ("approved", _("Approved")),
        ("none", _("Not approved")),
        ("ending", _("Ends within 90 days")),
        ("withdrawn", _("An approval was withdrawn")),
    ]


def _register_line(agency: str, place: Any) -> dict[str, Any]:
    return {
        "institution": place,
        "source": wording.source(agency, place.source) if place.source else "",
        "until": day(place.until) if place.until else "",
        "number": place.approval_number or "",
    }


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def one(request: SignedInRequest, pk: UUID, agency: str) -> HttpResponse:
    """One institution at one agency: its approvals with their history, and a proposal of a new
    one."""
    agency = _agency(request, agency)
    place = get_object_or_404(Institution, pk=pk)
    barred = not policy.keeps_approvals(request.user, agency, place)
    today = selectors.today_at(agency)
    form = ProposalForm(request.POST or None, agency=agency, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        try:
            commands.propose_approval(place, agency, by=request.user, **form.cleaned_data)
        except commands.Refused as refused:
            form.add_error(None, str(refused))
        else:
            done = _("Proposed. It holds when another administrator has confirmed it.")
            messages.success(request, done)
            return redirect("institutions:approval", pk, agency)
    open_now = selectors.proposals(agency).filter(institution=place)
    context = {
        "institution": place,
        "agency": agency,
        "agency_name": agency_name(agency),
        "barred": barred,
        "confirmed": place.status == "confirmed",
        "form": form,
        "history": wording.lines(selectors.history(place, agency), today),
        "proposals": [wording.proposal(held, request.user) for held in open_now],
        "declined": [
            wording.proposal(held, request.user)
            | {"ended_by": held.ended_by.name, "ended": day(held.ended_at)}
            for held in selectors.declined(place, agency)[: selectors.SHOWN]
            if held.ended_by and held.ended_at
        ],
    }
    return render(request, "institutions/approvals/one.html", context)


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def proposal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A proposed approval: another administrator confirms or declines it."""
    found = ApprovalProposal.objects.select_related(
        "institution", "proposed_by", "ended_by", "approval"
    )
    held = get_object_or_404(found, pk=pk)
    agency = _agency(request, held.agency)
    if request.method == "POST":
        confirm = request.POST.get("what") == "confirm"
        done = _("The institution is approved.") if confirm else _("The proposal is declined.")
        try:
            commands.settle_approval(pk, request.user, confirm)
        except commands.Refused as refused:
            messages.error(request, str(refused))
            return redirect("institutions:proposal", pk)
        messages.success(request, done)
        return redirect("institutions:approval", held.institution_id, agency)
    context = {
        "institution": held.institution,
        "agency": agency,
        "agency_name": agency_name(agency),
        "held": held,
        "facts": wording.facts(held),
        "own": held.proposed_by_id == request.user.pk,
        "barred": not policy.keeps_approvals(request.user, agency, held.institution),
        "proposed": day(held.proposed_at),
        "ended": day(held.ended_at),
    }
    return render(request, "institutions/approvals/proposal.html", context)


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What the end of an approval means for the running cases, and then the end with its reason."""
    found = InstitutionApproval.objects.select_related("institution", "withdrawn_by")
    held = get_object_or_404(found, pk=pk)
    agency = _agency(request, held.agency)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and held.withdrawn_at is None:
        try:
            commands.withdraw_approval(pk, request.user, form.cleaned_data["reason"])
        except commands.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The approval has ended. Everybody concerned is told."))
            return redirect("institutions:approval", held.institution_id, agency)
    today = selectors.today_at(agency)
    others = selectors.standing(agency, today).filter(institution=held.institution)
    context = {
        "institution": held.institution,
        "agency": agency,
        "agency_name": agency_name(agency),
        "held": held,
        "facts": wording.facts(held),
        "form": form,
        "others": wording.lines(others.exclude(pk=held.pk), today),
        "cases": at_stake.leaning(held.institution, agency, request.user),
        "over": bool(held.valid_until and held.valid_until < today),
        "barred": not policy.keeps_approvals(request.user, agency, held.institution),
        "withdrawn": day(held.withdrawn_at),
    }
    return render(request, "institutions/approvals/withdraw.html", context)
