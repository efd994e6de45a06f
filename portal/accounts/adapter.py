"""What we do differently from allauth: mails go through the outbox, guessing is throttled without
locking anybody out, confirming means the second factor, secrets are encrypted in the database."""

import base64
import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import force_bytes
from django.utils.translation import get_language, override

from portal.accounts import mails, sessions, throttle, wording
from portal.accounts.models import User
from portal.accounts.oidc import confirming
from portal.events.mail import queue_mail
from portal.links import absolute


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and confirmation."""

    error_messages = {**DefaultAccountAdapter.error_messages, **wording.ACCOUNT_ERRORS}

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queues the mail, in the language of its reader when we know them."""
        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = getattr(user, "language", None) or get_language() or "en"
        with override(language), transaction.atomic():
            subject, body = mails.text(template_prefix, context)
            queue_mail(email, subject, body, f"account:{uuid.uuid4()}", language)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Says it in our words; what we have no words for is not said."""
        words = wording.MESSAGES.get(message_template or "")
        said = message or (words(message_context or {}) if words else "")
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)

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
        sessions.mark(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """The answer to a sign-in: from now on this browser is known as one of theirs."""
        response = super().post_login(request, user, **kwargs)
        throttle.remember(request, response, user.email)
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """How `user` can confirm who they are. Whoever has a second factor must use it, or a
        provider that is as strong: that one first in a session that began there."""
        methods = [
            {**method, "description": wording.CONFIRM_BY[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]
        second = [m for m in methods if m["id"] != "reauthenticate"]
        if not is_mfa_enabled(user, ["totp"]):
            second.reverse()  # codes are then recovery codes only: the passkey comes first
        by_provider = confirming.methods(user)
        own = second or methods
        began = user.is_authenticated and sessions.at_provider(context.request)
        return [*by_provider, *own] if began else [*own, *by_provider]

    def get_login_stages(self) -> list[str]:
        """As allauth's, but who showed two factors at a provider is not asked for a third."""
        ours = "portal.accounts.stages.SecondFactorStage"
        theirs = "allauth.mfa.stages.AuthenticateStage"
        return [ours if s == theirs else s for s in super().get_login_stages()]


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(secret: str | bytes) -> bytes:
    kdf = HKDF(hashes.SHA256(), 32, salt=None, info=b"tilgang second factors")
    return base64.urlsafe_b64encode(kdf.derive(force_bytes(secret)))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys, recovery codes."""

    error_messages = {**DefaultMFAAdapter.error_messages, **wording.FACTOR_ERRORS}

    def encrypt(self, text: str) -> str:
        """`text` as stored: unreadable without the secret key."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises InvalidToken when the key has changed without a fallback."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to the host of the portal's own address."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "", "name": "Tilgang"}
