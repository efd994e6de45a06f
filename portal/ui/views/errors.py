"""Errors in plain words. Named as handlers in portal/urls.py and CSRF_FAILURE_VIEW."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400: we could not read what the browser sent."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: signed in, but not allowed."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: absent, or somebody else's; the page does not say which."""
    return render(request, "404.html", status=404)


def conflict(request: HttpRequest, message: str = "", back: str = "") -> HttpResponse:
    """409: the case has moved on since the page was loaded."""
    return render(request, "409.html", {"message": message, "back": back}, status=409)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: without database, session or context processors, since any of them may be what broke."""
    try:
        return HttpResponse(render_to_string("500.html"), status=500)
    except Exception:  # even the files of the page may be missing; say something all the same
        return HttpResponse("Something went wrong here. Try again later.", status=500)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long, or cookies are switched off."""
    return render(request, "csrf.html", status=403)
