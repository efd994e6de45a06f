"""`{% session_warning %}`: the dialog that asks, before a limit, whether somebody is still here."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context

from portal.accounts import sessions

register = template.Library()


@register.inclusion_tag("accounts/session_warning.html", takes_context=True)
def session_warning(context: Context) -> dict[str, Any]:
    """For who is signed in; nothing for everybody else."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return {"shown": False}
    return {
        "shown": True,
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "seconds": max(0, min(sessions.seconds_left(request))),
        "warning": settings.SESSION_WARNING,
    }
