"""Second factor: codes are throttled per person and browser, so that whoever knows a password
cannot keep its owner from entering a code. A passkey cannot be guessed: no throttle there."""

from typing import Any

from allauth.core import context, ratelimit
from allauth.mfa.base import forms as base
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.utils.translation import gettext as _

from portal import given
from portal.accounts import codes_used, throttle
from portal.accounts.models import User


class _Code(forms.Form):
    """Takes a code of the authenticator app or an unused recovery code."""

    user: User
    reauthenticated = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code")
        field.help_text = _("From your authenticator app, or one of your recovery codes.")
        field.widget.attrs.pop("placeholder", None)

    def clean_code(self) -> str:
        request, account = context.request, f"second-factor:{self.user.pk}"
        key = throttle.bucket(request, account)
        # Whoever gets here knows the password: the browser known for that counts as known here.
        if throttle.knows(request, self.user.email):
            key = f"{account}|{throttle.knows(request, self.user.email)}"
        elif not throttle.strangers_allowed(request, account):
            raise forms.ValidationError(_("Too many wrong codes. Wait some minutes."))
        if not ratelimit.consume(request, action="login_failed", key=key):
            raise forms.ValidationError(_("Too many wrong codes. Wait some minutes."))
        code = "".join(self.cleaned_data["code"].split())
        codes = Authenticator.objects.filter(user=self.user).exclude(
            type=Authenticator.Type.WEBAUTHN
        )
        for held in codes:
            if codes_used.accept(held, code):
                held.user = self.user
                self.authenticator = held
                ratelimit.clear(request, action="login_failed", key=key)
                return code
        for held in codes[:1]:
            self._emit_authentication_failed(held)  # type: ignore[attr-defined]
        raise forms.ValidationError(_("The code is not right. Codes change every 30 seconds."))

    def save(self) -> None:
        post_authentication(
            context.request, self.authenticator, reauthenticated=self.reauthenticated
        )


class AuthenticateForm(_Code, base.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_Code, base.ReauthenticateForm):
    """Confirming who one is."""

    reauthenticated = True


class PlainCredential(forms.Form):
    """What a passkey answers is JSON that anybody can send."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = given.PlainJson  # type: ignore[attr-defined]


class _Passkey(PlainCredential):
    user: User

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        auth.parse_authentication_response(credential)
        return auth.complete_authentication(self.user, credential)


class AuthenticateWebAuthnForm(_Passkey, webauthn.AuthenticateWebAuthnForm):
    """The second step of signing in, with a passkey."""


class ReauthenticateWebAuthnForm(_Passkey, webauthn.ReauthenticateWebAuthnForm):
    """Confirming who one is, with a passkey."""


class LoginWebAuthnForm(PlainCredential, webauthn.LoginWebAuthnForm):
    """Signing in with a passkey alone."""
