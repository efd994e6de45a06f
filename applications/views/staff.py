"""Who works for the agency: roles given and taken by its administrators; and who is away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.schemes import Scheme
from applications.selectors.words import day_in_words, moment_in_words
from applications.views.officer import agency_page
from applications.views.rules import administrators_page
from portal import clock
from portal.accounts import policy as accounts
from portal.accounts import selectors as people
from portal.accounts import staffing
from portal.accounts.enums import StaffRoleName
from portal.accounts.fresh import is_fresh, to_fresh_sign_in
from portal.accounts.models import Absence, RoleProposal, StaffRole
from portal.accounts.staffing import Forbidden, Refused
from portal.days import DayField


class RoleForm(forms.Form):
    """A role for somebody who has an account."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Of somebody who has signed up here."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=StaffRoleName.choices, widget=forms.RadioSelect
    )


class AbsenceForm(forms.Form):
    """Days away, and who stands in."""

    first_day = DayField(
        label=gettext_lazy("First day"),
    )
    last_day = DayField(
        label=gettext_lazy("Last day"),
    )
    stand_in = forms.ChoiceField(label=gettext_lazy("Stands in"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("Who is away"))
    field_order = ("person", "first_day", "last_day", "stand_in")

    def __init__(self, user: Any, every: list[Any], others_too: bool, data: Any = None) -> None:
        """`every` are the agency's people; `others_too`: `user` enters absences of others."""
        super().__init__(data)
        named = {str(p.pk): p.name for p in every}
        stands_in: Any = self.fields["stand_in"]
        mine = {} if others_too else {str(user.pk)}
        stands_in.choices = [("", _("Nobody")), *(n for n in named.items() if n[0] not in mine)]
        who: Any = self.fields["person"]
        who.choices = [(str(user.pk), _("I myself"))]
        if others_too:
            who.choices += [n for n in named.items() if n[0] != str(user.pk)]
        else:
            del self.fields["person"]


@administrators_page
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """The roles in force, proposals that wait for a second administrator, and a form for one more."""
    form = RoleForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if not is_fresh(request):
            return to_fresh_sign_in(request)
        given = form.cleaned_data
        try:
            made = staffing.give(request.user, scheme.agency, given["role"], given["email"])  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error("email", str(refused))
            status = 422
        except Forbidden as forbidden:
            raise PermissionDenied from forbidden
        else:
            told = _("Role granted. It counts from now on.")
            if isinstance(made, RoleProposal):
                told = _("Role proposed. It counts when another administrator confirms it.")
            messages.success(request, told)
            return redirect("cases:staff", agency=scheme.agency)
    elif request.method == "POST":
        status = 422
    return render(request, "cases/staff.html", _staff(request, scheme, form), status=status)


def _staff(request: HttpRequest, scheme: Scheme, form: RoleForm) -> dict[str, Any]:
    language = get_language() or "en"

    def moment(at: Any) -> str:
        return moment_in_words(at, scheme.timezone, language) if at else ""

    def line(each: StaffRole | RoleProposal, by: Any, at: Any) -> dict[str, Any]:
        return {
            "pk": each.pk,
            "name": each.user.name,
            "email": each.user.email,
            "role": StaffRoleName(each.role).label,
            "by": by.name if by else "",
            "at": moment(at),
            "own": request.user.pk == each.user_id,
        }

    def role_line(each: StaffRole) -> dict[str, Any]:
        confirmed = each.proposal.confirmed_by if each.proposal else None
        return {
            **line(each, each.granted_by, each.granted_at),
            "by_operator": each.granted_by_id == each.user_id,
            "confirmed": confirmed.name if confirmed else "",
        }

    administrators = staffing.Administrators.of(scheme.agency)

    def proposal(each: RoleProposal) -> dict[str, Any]:
        return {
            **line(each, each.proposed_by, each.proposed_at),
            "taking": each.taking_id is not None,
            "why_not": administrators.why_not(request.user.pk, each),
            "nobody": not administrators.can_confirm(each),
        }

    today = clock.today(scheme.timezone)
    return {
        "agency": scheme.agency,
        "form": form,
        "roles": [role_line(r) for r in staffing.roles(scheme.agency)],
        "proposals": [proposal(p) for p in staffing.proposals(scheme.agency)],
        "ended": [line(r, r.revoked_by, r.revoked_at) for r in staffing.ended(scheme.agency)],
        "absences": _absences(staffing.absences(scheme.agency, today), language),
    }


def _absences(found: list[Absence], language: str) -> list[dict[str, Any]]:
    return [
        {
            "pk": a.pk,
            "name": a.user.name,
            "first": day_in_words(a.first_day, language),
            "last": day_in_words(a.last_day, language),
            "stand_in": a.stand_in.name if a.stand_in else "",
        }
        for a in found
    ]


SETTLES: dict[str, Callable[[Any, UUID], Any]] = {
    "take": staffing.take,
    "end": staffing.end_sign_ins,
    "confirm": lambda by, pk: staffing.settle(by, pk, confirm=True),
    "decline": lambda by, pk: staffing.settle(by, pk, confirm=False),
}


@administrators_page
@require_POST
def role(request: HttpRequest, scheme: Scheme, way: str, pk: UUID) -> HttpResponse:
    """Takes a role away, or settles a proposed one."""
    if way not in SETTLES or not _of_agency(scheme.agency, pk):
        raise Http404
    if not is_fresh(request):
        return to_fresh_sign_in(request)
    told = {
        "take": _("Role removed."),
        "end": _("Signed out everywhere. The role stays; they sign in again."),
        "confirm": _("Confirmed. It counts from now on."),
        "decline": _("Proposal declined. Nothing changes."),
    }
    try:
        made = SETTLES[way](request.user, pk)
    except Refused as refused:
        messages.error(request, str(refused))
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    else:
        if way == "take" and isinstance(made, RoleProposal):
            told["take"] = _("Removal proposed. It counts when another administrator confirms it.")
        messages.success(request, told[way])
    return redirect("cases:staff", agency=scheme.agency)


def _of_agency(agency: str, pk: UUID) -> bool:
    held = StaffRole.objects.filter(pk=pk, agency=agency)
    return held.exists() or RoleProposal.objects.filter(pk=pk, agency=agency).exists()


@agency_page
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Days away from the agency, and who stands in: one's own, for administrators anybody's."""
    language = get_language() or "en"
    user: Any = request.user
    every = people.people_with_role(scheme.agency, *StaffRoleName.values)
    administers = staffing.ADMINISTRATOR in accounts.staff_roles(user, scheme.agency)
    form = AbsenceForm(user, every, administers, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            by_id = {str(p.pk): p for p in every}
            who, stand_in = by_id[given.get("person") or str(user.pk)], by_id.get(given["stand_in"])
            try:
                staffing.be_away(
                    user, scheme.agency, who, given["first_day"], given["last_day"], stand_in
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The absence is entered."))
                return redirect(reverse("cases:absence", args=[scheme.agency]))
    mine = staffing.absences(scheme.agency, clock.today(scheme.timezone))
    context = {
        "agency": scheme.agency,
        "form": form,
        "administers": administers,
        "absences": _absences([a for a in mine if administers or a.user_id == user.pk], language),
    }
    return render(request, "cases/absence.html", context, status=status)


@agency_page
@require_POST
def back(request: HttpRequest, scheme: Scheme, pk: UUID) -> HttpResponse:
    """Takes an absence back: one's own, or an administrator anybody's."""
    if not Absence.objects.filter(pk=pk, agency=scheme.agency).exists():
        raise Http404
    try:
        held = staffing.come_back(request.user, pk)  # type: ignore[arg-type]
    except Forbidden as forbidden:
        raise Http404 from forbidden
    messages.success(request, _("The absence is taken back."))
    name = "cases:absence" if held.user_id == request.user.pk else "cases:staff"
    return redirect(reverse(name, args=[scheme.agency]))
