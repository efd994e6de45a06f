"""At which providers somebody can confirm who they are, and at which level they have to."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.accounts.oidc.config import Level, Provider
from portal.accounts.policy import is_staff_anywhere, level_needed


def linked(user: Any) -> list[Provider]:
    """The providers by which `user` can sign in, in the order of the settings."""
    if not settings.SIGN_IN.providers or not user.is_authenticated:
        return []
    ids = set(SocialAccount.objects.filter(user_id=user.pk).values_list("provider", flat=True))
    return [p for p in settings.SIGN_IN.providers if p.sign_in and p.id in ids]


def floor(user: Any) -> Level:
    """The lowest level at which `user` confirms anything. Staff, and whoever has a second factor,
    never do it by one alone."""
    level = settings.SIGN_IN.level_for("applicant")
    strong = is_staff_anywhere(user) or is_mfa_enabled(user, ["totp", "webauthn"])
    return max(level, Level.SUBSTANTIAL) if strong else level


def asked_of(user: Any, provider: Provider) -> Level:
    """The level that `user` has to show at `provider`: what their roles need, as far as it goes."""
    return max(floor(user), min(level_needed(user), provider.highest))


def methods(user: Any) -> list[dict[str, Any]]:
    """The providers where `user` can confirm, in the form of allauth's ways to do it."""
    able = [p for p in linked(user) if p.fresh]
    if not able:
        return []
    least = floor(user)
    return [_method(p) for p in able if p.highest >= least]


def raising(user: Any) -> list[dict[str, Any]]:
    """The same, but only where `user` can reach the level that all their roles need."""
    need = level_needed(user)
    return [_method(p) for p in linked(user) if p.fresh and p.highest >= need]


def _method(provider: Provider) -> dict[str, Any]:
    name = provider.name(get_language() or "en")
    return {
        "id": f"provider:{provider.id}",
        "description": _("Sign in again with %(name)s") % {"name": name},
        "url": reverse("socialaccount_provider_confirm", args=[provider.id]),
    }
