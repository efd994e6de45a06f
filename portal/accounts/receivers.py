"""What allauth tells us: each becomes an event, and the session learns of second factors."""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts import codes_used, commands, sessions
from portal.accounts.oidc import ways

log = logging.getLogger(__name__)


@receiver(account.user_signed_up)
def signed_up(request: HttpRequest, user: Any, sociallogin: Any = None, **_: Any) -> None:
    """An account was made, perhaps by way of a provider."""
    personal = {"name": user.name, "email": user.email}
    commands.note(user, "user.signed_up", {"language": user.language}, personal)
    if sociallogin is not None:
        ways.signed_up(user, sociallogin.account)


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    """Somebody signed in, with or without a second factor."""
    data: dict[str, Any] = {"second_factor": sessions.has_second_factor(request)}
    if shown := sessions.at_provider(request):
        data |= {"provider": shown.provider, "level": sessions.level(request).name.lower()}
    commands.note(user, "user.signed_in", data)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    """Somebody signed out, or a session met its limit."""
    if user is not None:
        commands.note(user, "user.signed_out")


@receiver(account.email_confirmed)
def email_confirmed(email_address: Any, **_: Any) -> None:
    """A mail address was shown to be the person's own."""
    commands.note(
        email_address.user, "user.email_confirmed", personal={"email": email_address.email}
    )


@receiver(account.email_changed)
def email_changed(user: Any, to_email_address: Any, **_: Any) -> None:
    """The person uses another mail address from now on."""
    commands.note(user, "user.email_changed", personal={"email": to_email_address.email})


@receiver(account.password_changed)
@receiver(account.password_set)
def password_changed(user: Any, **_: Any) -> None:
    """A new password, set while signed in."""
    commands.note(user, "user.password_changed")


@receiver(account.password_reset)
def password_reset(request: HttpRequest, user: Any, **_: Any) -> None:
    """A new password by mail: every session ends, and this browser is the owner's own.

    Whoever made the account without ever showing that the address is theirs loses it.
    """
    commands.note(user, "user.password_reset")
    ways.drop_unproven(user)
    commands.end_sessions(user, user.reference)
    request.remember_browser_for = user.email  # type: ignore[attr-defined]


@receiver(account.authentication_step_completed)
def confirmed(request: HttpRequest, user: Any, method: str, **more: Any) -> None:
    """Somebody who is signed in confirmed who they are."""
    if more.get("reauthenticated") and request.user.is_authenticated:
        shown = getattr(request, "shown_at_provider", None)
        sessions.confirm(request, second_factor=method == "mfa", at_provider=shown)
        sessions.mark(request)
        commands.note(user, "user.confirmed", {"method": shown.provider if shown else method})


@receiver(mfa.authenticator_added)
def factor_added(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    """A second factor was set up; having just used it, the person has shown it."""
    commands.note(user, "user.second_factor_added", {"kind": str(authenticator.type)})
    if authenticator.type == Authenticator.Type.TOTP:
        # The code with which the app was added is used up.
        codes_used.accept(authenticator, request.POST.get("code", ""))
    if authenticator.type != Authenticator.Type.RECOVERY_CODES and request.user == user:
        sessions.set_second_factor(request, True)


@receiver(mfa.authenticator_removed)
def factor_removed(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    """A second factor was removed; without any left, staff are nobody again."""
    commands.note(user, "user.second_factor_removed", {"kind": str(authenticator.type)})
    if not Authenticator.objects.filter(user_id=user.pk).exists() and request.user == user:
        sessions.set_second_factor(request, False)


@receiver(mfa.authenticator_reset)
def codes_renewed(user: Any, **_: Any) -> None:
    """New recovery codes; the old ones are void."""
    commands.note(user, "user.recovery_codes_renewed")


@receiver(user_login_failed)
def failed(request: HttpRequest | None = None, **_: Any) -> None:
    """Wrong password. In the log without address or name: either may be somebody's password."""
    log.warning("sign-in refused: address and password do not match")


@receiver(mfa.authentication_failed)
def factor_failed(user: Any, **_: Any) -> None:
    """Wrong code or passkey after the right password."""
    log.warning("sign-in refused: wrong second factor for user:%s", user.pk)
