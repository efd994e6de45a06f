"""Who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from portal.accounts.models import User
from portal.accounts.oidc.config import Level


class SessionBackend(AuthenticationBackend):
    """Password sign-in as in allauth; a person from a session starts without a second factor and
    at no level of assurance.

    The middleware sets both to what the session shows. Were the middleware missing, staff
    would be nobody: it fails closed.
    """

    def get_user(self, user_id: Any) -> User | None:
        """The active person of a session, marked as lacking the second factor; else None."""
        user = super().get_user(user_id)
        if user is not None:
            user.lacks_second_factor = True
            user.sign_in_level = Level.NONE
        return user
