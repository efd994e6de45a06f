"""OpenID Connect providers as allauth sees them: it loads `provider_classes` of every app.

Accounts at providers are `SocialAccount` rows. Their `uid` is a digest of issuer and subject, which
together say who somebody is; nothing else of a token is stored, least of all a national id.
"""

import hashlib
import json
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import Provider as Base
from allauth.socialaccount.providers.base import ProviderAccount
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from portal.accounts.oidc.config import Provider
from portal.text import line


def uid(issuer: str, subject: str) -> str:
    """The key of a person at a provider: the same subject at another issuer is somebody else."""
    return hashlib.sha256(json.dumps([issuer, subject]).encode()).hexdigest()


class OpenIDConnect(Base):
    """One of settings.SIGN_IN.providers; protocol and checks are in portal.accounts.oidc."""

    id = "oidc"
    name = "OpenID Connect"
    account_class = ProviderAccount

    def __init__(self, request: HttpRequest, app: Any = None) -> None:
        super().__init__(request, app=app)
        self.name = app.name

    def serialize(self) -> dict[str, Any]:
        """By our id of it: two providers may give the portal the same client id."""
        return {"id": self.app.provider_id}

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Where signing in begins; by POST."""
        return reverse("socialaccount_provider_login", args=[self.app.provider_id])

    def extract_uid(self, data: dict) -> str:
        """The digest of issuer and subject."""
        return uid(data["iss"], data["sub"])

    def extract_extra_data(self, data: dict) -> dict[str, Any]:
        """What is stored of the claims: who it is, and nothing more."""
        return {"iss": data["iss"], "sub": data["sub"]}

    def extract_common_fields(self, data: dict) -> dict[str, Any]:
        """What fills the form of a new account, for the person to look at."""
        parts = [data.get("given_name"), data.get("family_name")]
        name = data.get("name") or " ".join(part for part in parts if isinstance(part, str))
        mail = data.get("email")
        return {
            "name": name if isinstance(name, str) else "",
            "email": mail if isinstance(mail, str) else None,
        }

    def extract_email_addresses(self, data: dict) -> list[EmailAddress]:
        """None: an address counts when the person has opened our link, whatever a provider says."""
        return []


provider_classes = [OpenIDConnect]


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Providers come from the settings; nobody is found by mail address."""

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[SocialApp]:
        """The configured providers, as allauth's apps."""
        return [
            _app(found)
            for found in settings.SIGN_IN.providers
            if provider in (None, OpenIDConnect.id, found.id)
        ]

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Never: a mail address that a provider names shows no right to the account."""
        return

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict) -> Any:
        """What the new account would begin with."""
        user: Any = sociallogin.user
        user.name = line(data.get("name") or "")[:200]
        user.email = data.get("email") or ""
        user.language = get_language() if get_language() in dict(settings.LANGUAGES) else "en"
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """What the provider told fills the form."""
        user: Any = sociallogin.user
        return {"email": user.email, "name": user.name}


def _app(provider: Provider) -> SocialApp:
    return SocialApp(
        provider=OpenIDConnect.id,
        provider_id=provider.id,
        name=provider.name(get_language() or "en"),
        client_id=provider.client_id[:191],
    )
