"""What we do differently from allauth: mails go through the outbox, guessing is throttled without
locking anybody out, confirming means the second factor, secrets are encrypted in the database."""

import base64
import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override

from portal.accounts import sessions, throttle
from portal.accounts.models import User
from portal.events.mail import queue_mail
from portal.links import absolute


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and confirmation."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queues the mail, in the language of its reader when we know them."""
        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = getattr(user, "language", None) or get_language() or "en"
        with override(language), transaction.atomic():
            mail = self.render_mail(template_prefix, email, context)
            queue_mail(email, mail.subject, mail.body, f"account:{uuid.uuid4()}", language)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """On the portal's own address, whatever host the request named."""
        return absolute("account_confirm_email", emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the portal's own address, whatever host the request named."""
        uid, _, secret = key.partition("-")
        return absolute("account_reset_password_from_key", uid, secret)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return throttle.bucket(request, str(credentials.get("email", "")).strip().lower())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError, alike for known and unknown addresses, after too many failures."""
        super().pre_authenticate(request, **credentials)
        account = str(credentials.get("email", "")).strip().lower()
        if not throttle.strangers_allowed(request, account):
            self._rollback_login_failed_rl_usage()
            raise self.validation_error("too_many_login_attempts")

    def login(self, request: HttpRequest, user: Any) -> None:
        """Signs in; the session's key changes and its limits begin."""
        super().login(request, user)
        sessions.begin(request, user)
        request.user.lacks_second_factor = not sessions.has_second_factor(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """The answer to a sign-in: this browser is known from now on, the language is theirs."""
        response = super().post_login(request, user, **kwargs)
        throttle.remember(request, response, user.email)
        set_language(response, user.language)
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """How `user` can confirm who they are. Whoever has a second factor must use it."""
        methods = super().get_reauthentication_methods(user)
        second = [m for m in methods if m["id"] != "reauthenticate"]
        return second or methods


def set_language(response: HttpResponse, language: str) -> None:
    """Lets the pages that follow be in `language`, when we have it."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 86400,
            secure=bool(settings.SESSION_COOKIE_SECURE),
            samesite="Lax",
        )


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(secret: str) -> bytes:
    kdf = HKDF(hashes.SHA256(), 32, salt=None, info=b"tilgang second factors")
    return base64.urlsafe_b64encode(kdf.derive(secret.encode()))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys, recovery codes."""

    def encrypt(self, text: str) -> str:
        """`text` as stored: unreadable without the secret key."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises InvalidToken when the key has changed without a fallback."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to the host of the portal's own address."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "", "name": "Tilgang"}
