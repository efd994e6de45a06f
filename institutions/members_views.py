"""One member of an institution: roles, authority to sign, last day; managers of databases."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import commands, databases, people, policy
from institutions.enums import MemberRole, MembershipStatus
from institutions.models import (
    AuthorityDocument,
    DatabaseManager,
    DocumentStatus,
    Institution,
    Membership,
)
from institutions.pages import attempt, managed, membership_of, page
from institutions.people_forms import LastDayForm, ManagerForm, RolesForm
from portal import store
from portal.accounts.fresh import fresh_sign_in
from portal.accounts.signed_in import SignedInRequest
from portal.ui.download import file_response


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def edit_member(request: SignedInRequest, pk: UUID, member: UUID) -> HttpResponse:
    """Sets a member's roles, with title, authority and its document of a signatory."""
    at = managed(request, pk)
    membership = membership_of(at, member, status=MembershipStatus.ACTIVE)
    known = people.document(membership)
    initial = {
        name: getattr(membership, name)
        for name in ("roles", "title", "authority", "authority_from", "authority_until")
    }
    # Who signs already, from the time before documents, may be changed without one. Nobody can
    # document their own authority: the command says so.
    documented = (
        MemberRole.SIGNATORY in membership.roles
        or membership.user_id == request.user.pk
        or (known is not None and known.status != DocumentStatus.REFUSED)
    )
    form = RolesForm(
        request.POST or None, request.FILES or None, initial=initial, documented=documented
    )
    if request.method == "POST" and form.is_valid() and _save(request, membership, form):
        messages.success(request, _("The roles are saved."))
        return redirect("institutions:institution", pk=pk)
    context = {"form": form, "membership": membership, "institution": at, "document": known}
    return render(request, "institutions/member.html", context)


def _save(request: SignedInRequest, membership: Membership, form: RolesForm) -> bool:
    """The document, then the roles; what a command refuses stands in the form."""
    given = dict(form.cleaned_data)
    document = given.pop("document")
    try:
        kept = keep(form, document) if document else None
        with transaction.atomic():
            if kept:
                commands.add_document(membership, request.user, *kept)
            commands.change(membership, request.user, **given)
    except commands.Refused as refused:
        form.add_error("roles", str(refused))
    return form.is_valid()


def keep(form: Any, document: Any) -> tuple[str, str, int] | None:
    """Puts an uploaded document into the store: its digest, name and size in bytes. None when it
    cannot be stored: the form says so."""
    name = "".join(c for c in str(document.name) if c.isprintable())[-200:]
    try:
        return store.put_file(document), name, document.size
    except (OSError, store.StoreFailed):
        form.add_error("document", _("The file could not be stored. Try again later."))
    return None


@page
@require_GET
def authority_document(
    request: SignedInRequest, pk: UUID, member: UUID, document: UUID
) -> HttpResponseBase:
    """The document as a download, once it is checked: for who manages the members, for the
    signatory, and for agency administrators."""
    at = get_object_or_404(Institution, pk=pk)
    membership = membership_of(at, member)
    own = membership.user_id == request.user.pk and policy.is_member(request.user, pk)
    if not (own or policy.may_manage(request.user, at) or policy.may_confirm(request.user)):
        raise Http404
    found = get_object_or_404(
        AuthorityDocument, pk=document, membership=membership, status=DocumentStatus.CLEAN
    )
    return file_response(found.digest, found.filename, "application/pdf")


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def last_day(request: SignedInRequest, pk: UUID, member: UUID) -> HttpResponse:
    """Sets until when somebody belongs to the institution."""
    at = managed(request, pk)
    membership = membership_of(at, member, status=MembershipStatus.ACTIVE)
    form = LastDayForm(request.POST or None, initial={"last_day": membership.valid_until})
    if request.method == "POST" and form.is_valid():
        try:
            commands.set_end(membership, request.user, form.cleaned_data["last_day"])
        except commands.Refused as refused:
            form.add_error("last_day", str(refused))
        else:
            messages.success(request, _("The last day is saved."))
            return redirect("institutions:institution", pk=pk)
    context = {
        "heading": _("Until when does %(name)s belong to %(institution)s?")
        % {"name": membership.user.name, "institution": at.name},
        "form": form,
        "button": _("Save"),
        "back": reverse("institutions:institution", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


@page
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def name_manager(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Names a member as manager of a project database."""
    at = managed(request, pk)
    cases = databases.of(at)
    present = Membership.objects.filter(policy.in_force(), institution=at)
    members = list(present.select_related("user").order_by("user__name", "pk"))
    form = ManagerForm(cases, members, request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        chosen = next(m for m in members if str(m.pk) == given["membership"])
        try:
            commands.name_manager(at, request.user, chosen, given["reference"])
        except commands.Refused as refused:
            form.add_error("membership", str(refused))
        else:
            messages.success(request, _("The manager is named."))
            return redirect("institutions:institution", pk=pk)
    context = {
        "heading": _("Name a project database manager"),
        "text": _("A project database has one to three managers.")
        if cases
        else _("The institution has no project database yet."),
        "form": form if cases else None,
        "button": _("Name the manager"),
        "back": reverse("institutions:institution", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


@page
@require_POST
def end_manager(request: SignedInRequest, pk: UUID, manager: int) -> HttpResponse:
    """Takes a manager off a project database."""
    at = managed(request, pk)
    held = get_object_or_404(DatabaseManager, pk=manager, institution=at)
    done = _("%(name)s no longer manages the database.") % {"name": held.membership.user.name}
    attempt(request, done, commands.end_manager, held, request.user)
    return redirect("institutions:institution", pk=pk)
