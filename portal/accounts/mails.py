"""What the mails about an account say: what happened, what to do, one link."""

from typing import Any

from django.utils.translation import gettext as _

from portal.links import absolute


def text(kind: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and body of a mail that allauth asks for, in the active language.

    `kind` is allauth's name of it, such as account/email/password_reset_key. Raises KeyError for
    one that we have no words for.
    """
    subject, lines = _WORDS[kind](context)
    return subject, "\n\n".join([*lines, _("Tilgang, applications for microdata")]) + "\n"


def _confirm(context: dict[str, Any]) -> tuple[str, list[str]]:
    return _("Confirm your e-mail address"), [
        _("Open this link to confirm that the address is yours. It works for one day."),
        context["activate_url"],
        _("If you did not ask for this, you need not do anything."),
    ]


def _reset(context: dict[str, Any]) -> tuple[str, list[str]]:
    return _("Choose a new password"), [
        _("Open this link to choose a new password. It works for one hour, once."),
        context["password_reset_url"],
        _("If you did not ask for this, you need not do anything. Your password stays."),
    ]


def _unknown(context: dict[str, Any]) -> tuple[str, list[str]]:
    return _("There is no account with this address"), [
        _("Somebody, perhaps you, asked for a new password for this address."),
        _("It has no account here. Perhaps you used another address, or want to make an account:"),
        absolute("account_signup"),
    ]


def _exists(context: dict[str, Any]) -> tuple[str, list[str]]:
    return _("You have an account already"), [
        _("Somebody, perhaps you, wanted to make an account with this address. It has one."),
        _("If you have forgotten the password, choose a new one here:"),
        absolute("account_reset_password"),
    ]


def _told(subject: Any, what: Any) -> Any:
    """A notice that something about the account has changed."""

    def words(context: dict[str, Any]) -> tuple[str, list[str]]:
        return subject(), [
            what(),
            _("If it was not you, choose a new password at once and tell us:"),
            absolute("account_reset_password"),
        ]

    return words


def _way(context: dict[str, Any], what: str) -> list[str]:
    return [
        what,
        _("If it was not you, look at your ways of signing in at once and tell us:"),
        absolute("accounts:ways"),
    ]


_WORDS = {
    "account/email/email_confirmation": _confirm,
    "account/email/email_confirmation_signup": _confirm,
    "account/email/password_reset_key": _reset,
    "account/email/unknown_account": _unknown,
    "account/email/account_already_exists": _exists,
    "account/email/password_changed": _told(
        lambda: _("Your password was changed"),
        lambda: _("The password of your account was changed."),
    ),
    "account/email/password_set": _told(
        lambda: _("Your account has a password now"),
        lambda: _("A password was set for your account."),
    ),
    "account/email/password_reset": _told(
        lambda: _("Your password was changed"),
        lambda: _("A new password was chosen by a link that we sent. All sessions are ended."),
    ),
    "account/email/email_changed": _told(
        lambda: _("Your e-mail address was changed"),
        lambda: _("Your account uses another e-mail address now."),
    ),
    "account/email/email_confirm": _told(
        lambda: _("Your e-mail address is confirmed"),
        lambda: _("An e-mail address of your account was confirmed."),
    ),
    "account/email/email_deleted": _told(
        lambda: _("An e-mail address was removed"),
        lambda: _("An e-mail address was removed from your account."),
    ),
    "accounts/way_linked": lambda c: (
        _("A way of signing in was linked to your account"),
        _way(c, _("You can now use %(way)s with your account.") % {"way": c["way"]}),
    ),
    "accounts/way_unlinked": lambda c: (
        _("A way of signing in was taken from your account"),
        _way(c, _("%(way)s no longer belongs to your account.") % {"way": c["way"]}),
    ),
    "mfa/email/totp_activated": _told(
        lambda: _("An authenticator app was added"),
        lambda: _("Your account now asks for a code of an authenticator app."),
    ),
    "mfa/email/totp_deactivated": _told(
        lambda: _("An authenticator app was removed"),
        lambda: _("Your account no longer uses an authenticator app."),
    ),
    "mfa/email/webauthn_added": _told(
        lambda: _("A passkey was added"),
        lambda: _("A passkey was added to your account."),
    ),
    "mfa/email/webauthn_removed": _told(
        lambda: _("A passkey was removed"),
        lambda: _("A passkey was removed from your account."),
    ),
    "mfa/email/recovery_codes_generated": _told(
        lambda: _("New recovery codes were made"),
        lambda: _("New recovery codes were made for your account. The old ones no longer work."),
    ),
}
