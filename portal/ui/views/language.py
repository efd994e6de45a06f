"""Choosing a language: by POST, without JavaScript, staying on the page."""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.accounts.models import User


def _page_to_return_to(request: HttpRequest) -> str:
    """The page that asked, when it is one of ours; else the front page."""
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not wanted or not allowed:
        return "/"
    parts = urlsplit(wanted)
    path = unquote(parts.path) or "/"
    return f"{parts.path}?{parts.query}" if parts.query and path.startswith("/") else parts.path


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remembers the language in a cookie, and on the person when somebody is signed in."""
    response = HttpResponseRedirect(_page_to_return_to(request))
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return response
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE or 365 * 24 * 3600,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE or "Lax",
    )
    user = request.user
    if user.is_authenticated and user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)
    return response
