"""Merging two institutions that are one. For administrators of agencies who belong to neither."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import about, commands, duplicates, moves, numbers, policy, selectors
from institutions.commands.merging import LONGEST_REASON, open_merges
from institutions.enums import InstitutionStatus
from institutions.models import Institution, InstitutionMerge
from institutions.pages import attempt, page
from institutions.wording import day, member_lines
from portal.accounts.fresh import fresh_sign_in
from portal.accounts.signed_in import SignedInRequest
from portal.text import line

MOST = 20


class MergeForm(forms.Form):
    """Why they are the same. `seen` stands for what the page showed."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("How you know that they are the same"),
        help_text=gettext_lazy(
            "For example what stands in the public register, or who told you and when."
        ),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _one(request: SignedInRequest, pk: UUID) -> Institution:
    """An institution that this person may merge. Raises Http404."""
    found = get_object_or_404(Institution, pk=pk)
    if not policy.may_identify(request.user, found):
        raise Http404
    return found


@page
@require_GET
def choose(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Which institution it is the same as: those with a similar name, and a search."""
    at = _one(request, pk)
    wanted = line(request.GET.get("q", ""))[:100]
    [(_at, alike)] = duplicates.beside([at])
    context = {
        "institution": at,
        "alike": alike,
        "wanted": wanted,
        "found": _found(wanted, at),
        "waiting": open_merges(at),
    }
    return render(request, "institutions/merge_choose.html", context)


def _found(text: str, but: Institution) -> list[Institution]:
    if not text:
        return []
    try:
        number = numbers.compact(but.country, text)
    except ValueError:
        number = text
    there = [InstitutionStatus.CONFIRMED, InstitutionStatus.PENDING]
    asked = Q(name__icontains=text) | Q(names__icontains=text) | Q(org_number=number)
    found = Institution.objects.filter(asked, status__in=there).exclude(pk=but.pk)
    return list(found.order_by("name", "pk")[:MOST])


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def propose(request: SignedInRequest, pk: UUID, kept: UUID) -> HttpResponse:
    """Both side by side, what moves, and why; another administrator confirms."""
    gone, stays = _one(request, pk), _one(request, kept)
    if gone.pk == stays.pk:
        raise Http404
    form = MergeForm(request.POST or None, initial={"seen": moves.digest(stays, gone)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = commands.propose_merge(stays, gone, request.user, given["reason"], given["seen"])
        except commands.Refused as refused:
            form.add_error(None, str(refused))
            form.data = {**request.POST.dict(), "seen": moves.digest(stays, gone)}
        else:
            messages.success(
                request, _("The merge is proposed. Another administrator has to confirm it.")
            )
            return redirect("institutions:merge_proposal", pk=made.pk)
    return render(request, "institutions/merge.html", {"form": form, **_both(stays, gone, request)})


def _both(kept: Institution, gone: Institution, request: SignedInRequest) -> dict[str, Any]:
    """The two and what becomes of them, for the template."""
    people = {i.pk: list(selectors.current(i)) for i in (kept, gone)}
    shared = {m.user_id for m in people[kept.pk]} & {m.user_id for m in people[gone.pk]}
    return {
        "kept": kept,
        "gone": gone,
        "sides": [
            {
                "institution": i,
                "stays": i is kept,
                "facts": about.identity_of(i) + about.details_of(i),
                "people": [
                    {**line, "both": line["membership"].user_id in shared}
                    for line in member_lines(people[i.pk])
                ],
                "approvals": about.approvals_of(i, request.user),
                "domains": list(i.domains.order_by("domain")),
            }
            for i in (kept, gone)
        ],
        "plan": moves.plan(kept, gone),
        "refusals": moves.refusals(kept, gone),
        "may_turn": gone.status == InstitutionStatus.CONFIRMED,
    }


def _proposal(request: SignedInRequest, pk: UUID) -> InstitutionMerge:
    held = InstitutionMerge.objects.select_related("kept", "gone", "proposed_by", "ended_by")
    if not policy.may_confirm(request.user):
        raise Http404
    return get_object_or_404(held, pk=pk)


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def proposal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A proposed merge: confirmed here by another administrator than who proposed it."""
    merge = _proposal(request, pk)
    if request.method == "POST":
        done = _("%(gone)s is part of %(kept)s now.") % {
            "gone": merge.gone.name,
            "kept": merge.kept.name,
        }
        seen = request.POST.get("seen", "")
        if attempt(request, done, commands.confirm_merge, merge, request.user, seen):
            return redirect("institutions:institution", pk=merge.kept_id)
        return redirect("institutions:merge_proposal", pk=pk)
    is_open = merge.ended_at is None
    both = (merge.kept, merge.gone)
    tied = any(policy.is_member(request.user, i.pk) for i in both)
    barred = not all(policy.may_identify(request.user, i) for i in both)
    context = {
        "merge": merge,
        "proposed": day(merge.proposed_at),
        "ended": day(merge.ended_at) if merge.ended_at else "",
        "own": merge.proposed_by_id == request.user.pk,
        "tied": tied,
        "barred": barred,
        "seen": moves.digest(merge.kept, merge.gone) if is_open else "",
    }
    if is_open:
        context |= _both(merge.kept, merge.gone, request)
    return render(request, "institutions/merge_proposal.html", context)


@page
@require_POST
def drop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """They are two after all, or the proposal is taken back."""
    merge = _proposal(request, pk)
    attempt(request, _("The proposal is dropped."), commands.drop_merge, merge, request.user)
    return redirect("institutions:merge_proposal", pk=pk)
