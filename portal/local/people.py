"""Only in the demo: choose a person, confirm as that person, read the mails.

Production does not install this app, has no address for it, and every view here refuses as well
when settings.DEMO is off.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import context
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal import given
from portal.accounts import commands, sessions
from portal.accounts.adapter import AccountAdapter
from portal.accounts.waiting import waiting
from portal.events.mail import demo_folder
from portal.local import demo_people, filling

BACKEND = "portal.accounts.backends.SessionBackend"
MOST_MAILS = 100


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Absent unless settings.DEMO."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


class DemoAdapter(AccountAdapter):
    """As in production, and a person chosen on the demo page can confirm with a button."""

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """The button first, in a session that began on the demo page."""
        if not settings.DEMO:
            raise ImproperlyConfigured("the demo's adapter outside of the demo")
        methods = super().get_reauthentication_methods(user)
        if user.is_authenticated and sessions.facts(context.request).get("demo"):
            words = _("Confirm as %(name)s (demo)") % {"name": user.name}
            button = {"id": "demo", "description": words, "url": reverse("demo:confirm")}
            return [button, *methods]
        return methods


@demo_only
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The demo's people, what waits for each, and a button that signs in as that person."""
    lines = []
    for person, user in demo_people.by_user():
        waits = waiting(user)
        lines.append({"person": person, "user": user, "waits": waits[:3], "count": len(waits)})
    progress = filling.read_here()
    context_ = {
        "lines": lines,
        "password": demo_people.PASSWORD,
        "progress": None if progress is None or progress.whole else progress,
    }
    return render(request, "demo/people.html", context_)


@demo_only
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as one of the demo's people; the second factor counts as shown."""
    wanted = request.POST.get("person", "")
    found = {person.key: user for person, user in demo_people.by_user()}.get(wanted)
    if found is None:
        raise Http404
    request.session.flush()
    login(request, found, backend=BACKEND)
    request.session[sessions.KEY] = sessions.new(found, second_factor=True, demo=True)
    commands.note(found, "user.signed_in", {"second_factor": True, "demo": True})
    return redirect("accounts:me")


@demo_only
@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The demo's way to confirm who one is: a button with the person's name."""
    if not sessions.facts(request).get("demo"):
        raise Http404
    back = request.POST.get("next") or request.GET.get("next", "")
    back = given.way_back(request, back, reverse("accounts:me"))
    if request.method == "POST":
        sessions.confirm(request, second_factor=True)
        commands.note(request.user, "user.confirmed", {"method": "demo"})
        return redirect(back)
    return render(request, "demo/confirm.html", {"next": back})


@demo_only
@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """The mails that the demo has sent, the newest first; `to` narrows them to one reader."""
    wanted = request.GET.get("to", "")
    mails = [m for m in _mails() if not wanted or wanted in m["to"]]
    readers = sorted({reader for m in _mails() for reader in m["to"]})
    context_ = {"mails": mails[:MOST_MAILS], "readers": readers, "wanted": wanted}
    return render(request, "demo/mail.html", context_)


def _mails() -> list[dict[str, Any]]:
    found = []
    for path in demo_folder().glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        content["moment"] = parse_datetime(content["at"])
        found.append(content)
    return sorted(found, key=lambda m: m["at"], reverse=True)
