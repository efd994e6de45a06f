"""What allauth says on pages, in our words: short messages and errors."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Messages after an act, by allauth's template name. What is not here is not said.
MESSAGES: dict[str, Any] = {
    "account/messages/email_confirmation_sent.txt": lambda c: (
        _("We have sent a mail to %(email)s.") % {"email": c.get("email", "")}
    ),
    "account/messages/email_confirmed.txt": lambda c: (
        _("%(email)s is confirmed.") % {"email": c.get("email", "")}
    ),
    "account/messages/email_confirmation_failed.txt": lambda c: _(
        "The address could not be confirmed: another account uses it."
    ),
    "account/messages/email_deleted.txt": lambda c: _("The address is removed."),
    "account/messages/primary_email_set.txt": lambda c: _("The address is changed."),
    "account/messages/unverified_primary_email.txt": lambda c: _("Confirm the address first."),
    "account/messages/cannot_delete_primary_email.txt": lambda c: _(
        "You cannot remove your only address."
    ),
    "account/messages/password_changed.txt": lambda c: _("The password is changed."),
    "account/messages/password_set.txt": lambda c: _("The password is set."),
    "account/messages/logged_out.txt": lambda c: _("You are signed out."),
    "mfa/messages/totp_activated.txt": lambda c: _("The authenticator app is ready."),
    "mfa/messages/totp_deactivated.txt": lambda c: _("The authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": lambda c: _("The passkey is ready."),
    "mfa/messages/webauthn_removed.txt": lambda c: _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": lambda c: _(
        "Here are your recovery codes. Keep them in a safe place."
    ),
}

ACCOUNT_ERRORS = {
    "account_inactive": gettext_lazy("This account is closed."),
    "duplicate_email": gettext_lazy("Your account has this address already."),
    "email_password_mismatch": gettext_lazy("The address and the password do not match."),
    "email_taken": gettext_lazy("This address cannot be used."),
    "enter_current_password": gettext_lazy("This is not your present password."),
    "incorrect_code": gettext_lazy("The code is not right."),
    "incorrect_password": gettext_lazy("The password is not right."),
    "invalid_password_reset": gettext_lazy("The link is used up or too old."),
    "too_many_login_attempts": gettext_lazy(
        "Too many failed attempts from here. Wait some minutes, or choose a new password by mail."
    ),
    "unknown_email": gettext_lazy("The address and the password do not match."),
    "same_as_current": gettext_lazy("This is the same as before."),
    "rate_limited": gettext_lazy("Too many attempts. Wait some minutes."),
}

FACTOR_ERRORS = {
    "add_email_blocked": gettext_lazy("The address cannot be changed now."),
    "cannot_delete_authenticator": gettext_lazy("You cannot remove your second factor."),
    "cannot_generate_recovery_codes": gettext_lazy(
        "Recovery codes belong to a second factor. Set one up first."
    ),
    "incorrect_code": gettext_lazy("This could not be verified. Try again."),
    "unverified_email": gettext_lazy("Confirm your e-mail address first."),
}

# Why a sign-in at a provider does not count, by portal.accounts.oidc.claims.Refused.why. What is
# not here (issuer, audience, nonce, token …) is nothing that the person can do something about.
REFUSALS = {
    "cancelled": gettext_lazy("You broke off the sign-in. Nothing has changed."),
    "state": gettext_lazy(
        "This sign-in was not begun in this browser, took too long or is used up. Begin again."
    ),
    "level": gettext_lazy("You signed in at too low a level of assurance for this."),
    "old": gettext_lazy(
        "You were not asked anew who you are. Begin again and sign in afresh, do not let the "
        "provider remember you."
    ),
    "somebody_else": gettext_lazy(
        "The account you signed in with is not one that is linked to your account here."
    ),
    "taken": gettext_lazy("That account is linked to another account here already."),
    "second_orcid": gettext_lazy("Your account has an ORCID iD already. Unlink that one first."),
    "link_only": gettext_lazy("This way can be linked to an account, not used to sign in."),
    "unreachable": gettext_lazy(
        "The provider does not answer. Try again in some minutes, or use another way."
    ),
}
NOT_TRUSTED = gettext_lazy(
    "The answer could not be trusted, so nothing was done. Begin again; tell us if it happens twice."
)
LEVELS = {
    1: gettext_lazy("low"),
    2: gettext_lazy("substantial"),
    3: gettext_lazy("high"),
}

CONFIRM_BY = {
    "reauthenticate": gettext_lazy("Use your password"),
    "mfa_reauthenticate": gettext_lazy("Use a code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
}
