"""What the pages of institutions share."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from institutions import commands, policy
from institutions.models import Institution, Membership
from portal.accounts.signed_in import SignedInRequest


def page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Sign-in needed; what somebody may not do is absent for them."""

    @login_required
    @wraps(view)
    def wrapped(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except commands.Forbidden as forbidden:
            raise Http404 from forbidden

    return wrapped


def managed(request: SignedInRequest, pk: UUID) -> Institution:
    """The institution, for who manages its members; for everybody else it is absent."""
    institution = get_object_or_404(Institution, pk=pk)
    if not policy.may_manage(request.user, institution):
        raise Http404
    return institution


def membership_of(institution: Institution, pk: UUID, **filters: Any) -> Membership:
    """A membership at this institution. Raises Http404."""
    held = Membership.objects.select_related("user", "institution")
    return get_object_or_404(held, pk=pk, institution=institution, **filters)


def attempt(request: SignedInRequest, done: str, act: Callable[..., Any], *args: Any) -> bool:
    """Runs a command; says `done`, or why not."""
    try:
        act(*args)
    except commands.Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, done)
    return True
