"""A member says that they may sign for the institution; somebody else decides."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from institutions import claims, commands, policy
from institutions.members_views import keep
from institutions.models import AuthorityClaim, DocumentStatus, Institution
from institutions.pages import page
from institutions.people_forms import ClaimForm, DecideClaimForm
from institutions.wording import day
from portal.accounts.fresh import is_fresh, to_fresh_sign_in
from portal.accounts.signed_in import SignedInRequest


@page
@require_http_methods(["GET", "POST"])
def claim_authority(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Says that one may sign for the own institution, with the document. It gives no right, so no
    fresh sign-in is asked for, which would lose the file; deciding it does ask."""
    at = get_object_or_404(Institution, pk=pk)
    held = claims.open_membership(request.user, at)
    if held is None:
        raise Http404
    form = ClaimForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        kept = keep(form, given.pop("document"))
        try:
            if kept:
                digest, name, size = kept
                said = commands.Claim(**given, digest=digest, filename=name, size=size)
                commands.claim_authority(held, request.user, said)
        except commands.Refused as refused:
            form.add_error(None, str(refused))
        if form.is_valid():
            messages.success(request, _("Sent. You get an email when it is decided."))
            return redirect("institutions:mine")
    context = {"form": form, "institution": at}
    return render(request, "institutions/claim_authority.html", context)


@page
@require_http_methods(["GET", "POST"])
def claim(request: SignedInRequest, pk: UUID, claim: UUID) -> HttpResponse:
    """One claim: for the member, and for who decides it."""
    found = get_object_or_404(
        AuthorityClaim.objects.select_related("membership__institution", "document", "claimed_by"),
        pk=claim,
        membership__institution_id=pk,
    )
    own = found.claimed_by_id == request.user.pk
    decides = policy.may_decide_claim(request.user, found.membership)
    if not (own or decides):
        raise Http404
    form = DecideClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not is_fresh(request):
            return to_fresh_sign_in(request)
        if _acted(request, found, form, own):
            return redirect("institutions:claim", pk=pk, claim=claim)
    found.refresh_from_db()
    context = {
        "claim": found,
        "institution": found.membership.institution,
        "facts": _facts(found),
        "own": own,
        "decides": decides and not own,
        "open": found.ended_at is None,
        "clean": found.document.status == DocumentStatus.CLEAN,
        "form": form,
    }
    return render(request, "institutions/claim.html", context)


def _acted(
    request: SignedInRequest, found: AuthorityClaim, form: DecideClaimForm, own: bool
) -> bool:
    act = request.POST.get("act")
    try:
        if own:
            commands.take_claim_back(found, request.user)
            messages.success(request, _("Your claim is withdrawn."))
        else:
            reason = form.cleaned_data["reason"]
            commands.decide_claim(found, request.user, act == "confirm", reason)
            said = _("The authority to sign is confirmed.")
            messages.success(request, said if act == "confirm" else _("The claim is declined."))
    except commands.Refused as refused:
        form.add_error("reason", str(refused))
    return form.is_valid()


def _facts(found: AuthorityClaim) -> list[dict[str, str]]:
    last = found.authority_until
    rows = [
        (_("Name"), f"{found.claimed_by.name} ({found.claimed_by.email})"),
        (_("Title"), found.title),
        (_("What the authority to sign rests on"), found.authority),
        (_("Authority to sign holds from"), day(found.authority_from)),
        (_("Authority to sign holds until"), day(last) if last else _("no end")),
    ]
    return [{"label": label, "value": value} for label, value in rows]
