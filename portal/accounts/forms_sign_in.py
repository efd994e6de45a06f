"""Allauth's forms with our words, so that all five languages have them."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as socialaccount
from django.contrib.auth.hashers import make_password
from django.forms import TextInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms_mfa import PlainCredential

GOOD_PASSWORD = _("At least 12 characters. A few words in a row make a good password.")
LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("Password"),
    "password2": _("Password once more"),
}
HELP = {"password": "", "oldpassword": "", "password1": GOOD_PASSWORD}


class OurWords:
    """Labels and help of ours; no placeholders, which vanish when one starts to write."""

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = {**LABELS, **self.labels}.get(name, field.label)
            field.help_text = HELP.get(name, field.help_text)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(OurWords, account.LoginForm):
    """Signing in."""


class SignupForm(OurWords, account.SignupForm):
    """Making an account."""

    labels = {"email": _("E-mail address at work")}

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """As allauth's. For an address that has an account the password is digested all the same:
        how long the answer takes must not tell a known address from an unknown one."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ProviderSignupForm(OurWords, socialaccount.SignupForm):
    """Making an account by way of a provider: name and address, as far as it told them."""

    labels = {"email": _("E-mail address at work")}

    def validate_unique_email(self, value: str) -> str:
        """As for a password sign-up: a known address is not given away on the page."""
        return super(socialaccount.SignupForm, self).validate_unique_email(value)


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    """Asking for a link that sets a new password."""


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    """Setting a new password by such a link."""

    labels = {"password1": _("New password")}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    """Changing the password while signed in."""

    labels = {"password1": _("New password")}


class SetPasswordForm(OurWords, account.SetPasswordForm):
    """A first password."""


class ChangeEmailForm(OurWords, account.ChangeEmailForm):
    """Changing the address."""

    labels = {"email": _("New e-mail address")}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    """Confirming with the password."""


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):
    """The first code of an authenticator app."""

    labels = {"code": _("Code from the app")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget = TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        )


class AddWebAuthnForm(OurWords, PlainCredential, webauthn.AddWebAuthnForm):
    """A new passkey."""

    labels = {
        "name": _("Name of the passkey"),
        "passwordless": _("Use it to sign in without a password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("For example: laptop, phone, key on my key ring.")
        if "passwordless" in self.fields:
            self.fields["passwordless"].help_text = _(
                "Needs a device that recognises you by PIN, finger or face."
            )


class EditWebAuthnForm(OurWords, webauthn.EditWebAuthnForm):
    """The name of a passkey."""

    labels = {"name": _("Name of the passkey")}
