"""The type of a request whose person is signed in, for views behind `login_required`."""

from django.http import HttpRequest

from portal.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request with a `User`; nothing but a type."""

    user: User  # type: ignore[assignment]
