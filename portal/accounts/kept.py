"""A form that could not be taken now, kept in the session until its sender has signed in again.

Used by the fresh sign-in and when a session ended while somebody was writing. Text only: files
have to be chosen again. Nothing that one signs in with: no password, no code.
"""

from typing import Any

from django.http import HttpRequest, QueryDict

from portal import clock

KEY = "kept_form"
LARGEST = 512 * 1024  # bytes of text; a longer one is not kept
LONGEST = 12 * 60 * 60  # seconds
# Pages of signing in and of what one signs in with; and the names such fields have anywhere.
SIGN_IN_PAGES = ("account_", "mfa_", "socialaccount_")
SECRETS = frozenset(
    {"password", "password1", "password2", "oldpassword", "code", "credential", "login"}
)


def keep(request: HttpRequest, user: Any, why: str) -> bool:
    """Keeps the posted text of `request` for `user`. Returns False when there was none to keep, or
    none that may be kept."""
    drop(request)
    if request.method != "POST" or _is_secret(request):
        return False
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    if sum(len(n) + len(v) for n, v in fields) > LARGEST:
        return False
    request.session[KEY] = {
        "user": str(user.pk),
        "path": request.get_full_path(),
        "fields": fields,
        "why": why,
        "at": int(clock.now().timestamp()),
    }
    return True


def _is_secret(request: HttpRequest) -> bool:
    page = getattr(request.resolver_match, "view_name", "") or ""
    return page.startswith(SIGN_IN_PAGES) or not SECRETS.isdisjoint(request.POST)


def pending(request: HttpRequest) -> dict[str, Any] | None:
    """What is kept for the person who is signed in now, or None."""
    held = request.session.get(KEY)
    if not held or not request.user.is_authenticated or held["user"] != str(request.user.pk):
        return None
    if clock.now().timestamp() - held["at"] > LONGEST:
        return None
    return held


def typed(request: HttpRequest) -> QueryDict | None:
    """What the person had typed into the form at this address, for showing it again; or None."""
    held = pending(request)
    if held is None or held["path"] != request.get_full_path():
        return None
    data = QueryDict(mutable=True)
    for name, value in held["fields"]:
        data.appendlist(name, value)
    return data


def drop(request: HttpRequest) -> None:
    """Forgets what was kept."""
    if KEY in request.session:
        del request.session[KEY]
