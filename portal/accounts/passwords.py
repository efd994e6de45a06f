"""Rules for passwords, and the secret of the link that resets one."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.http import int_to_base36
from django.utils.translation import gettext as _

LEAST_DIFFERENT = 5


class NotMostlyTheSame:
    """Refuses long passwords made of a few characters: aaaaaaaaaaaa, 121212121212."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError when fewer than five different characters are used."""
        if len(set(password)) < LEAST_DIFFERENT:
            raise ValidationError(
                _("The password repeats a few characters. Use more different ones."),
                code="password_repeats",
            )

    def get_help_text(self) -> str:
        """The rule in one sentence."""
        return _("Use at least five different characters.")


class ResetToken(PasswordResetTokenGenerator):
    """As Django's, with all 256 bits: the link carries the right to an account."""

    def _make_token_with_timestamp(self, user: Any, timestamp: int, secret: str | bytes) -> str:
        digest = salted_hmac(
            self.key_salt,
            self._make_hash_value(user, timestamp),
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
        return f"{int_to_base36(timestamp)}-{digest}"
