"""Steps of a sign-in that differ from allauth's."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from portal.accounts import sessions
from portal.accounts.oidc.config import Level


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor of the account, unless a provider has just shown two."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return super()._should_handle(request) and not self._strong(request)

    def _strong(self, request: HttpRequest) -> bool:
        user = self.login.user
        shown = sessions.held(request, user) if user else None
        return shown is not None and shown.level >= Level.SUBSTANTIAL
