"""Providers of the sign-in page, and the notice of a sign-in that is too weak."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from portal.accounts import policy, sessions

register = template.Library()


@register.simple_tag
def sign_in_providers() -> list[dict[str, str]]:
    """Id and name of each provider by which people sign in, in the order of the settings."""
    language = get_language() or "en"
    return [{"id": p.id, "name": p.name(language)} for p in settings.SIGN_IN.providers if p.sign_in]


@register.inclusion_tag("accounts/level_notice.html", takes_context=True)
def level_notice(context: dict[str, Any]) -> dict[str, Any]:
    """For staff whose roles need a higher level than this sign-in has. No query for others."""
    request = context.get("request")
    user: Any = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated or user.lacks_second_factor:
        return {}
    if user.sign_in_level is None or user.sign_in_level >= settings.SIGN_IN.highest_needed:
        return {}
    if not sessions.facts(request)["staff"]:
        return {}
    return {"roles": policy.withheld(user), "request": request}
