"""Sign-in, sessions and throttling. docs/security.md says why the numbers are what they are."""

import os
from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from portal.accounts.oidc.config import BadSignIn, SignIn, read

AUTHENTICATION_BACKENDS = ["portal.accounts.backends.SessionBackend"]

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "portal.accounts.passwords.NotMostlyTheSame"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60

LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("accounts:me")

# Sessions, in seconds. The cookie outlives no limit that the server keeps.
SESSION_LIMIT_IDLE = 2 * 60 * 60
SESSION_LIMIT_IDLE_STAFF = 30 * 60
SESSION_LIMIT_ABSOLUTE = 12 * 60 * 60
SESSION_WARNING = 3 * 60
FRESH_SIGN_IN = 5 * 60
SESSION_COOKIE_AGE = SESSION_LIMIT_ABSOLUTE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portal.accounts.forms.SignupForm"
ACCOUNT_SIGNUP_REDIRECT_URL = reverse_lazy("institutions:join")
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = FRESH_SIGN_IN
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "portal.accounts.passwords.ResetToken"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms_sign_in.LoginForm",
    "signup": "portal.accounts.forms_sign_in.SignupForm",
    "reset_password": "portal.accounts.forms_sign_in.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.forms_sign_in.ResetPasswordKeyForm",
    "change_password": "portal.accounts.forms_sign_in.ChangePasswordForm",
    "set_password": "portal.accounts.forms_sign_in.SetPasswordForm",
    "change_email": "portal.accounts.forms_sign_in.ChangeEmailForm",
    "reauthenticate": "portal.accounts.forms_sign_in.ReauthenticateForm",
}
# A whole campus may come from one address, so the limits per address are wide; the narrow ones
# count per account and browser (portal.accounts.throttle), so that nobody locks another out.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "login_strangers": "100/h/key",
    "signup": "60/h/ip",
    "reset_password": "60/h/ip,5/h/key",
    "reset_password_from_key": "60/h/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
    "provider": "120/m/ip",
}

MFA_ADAPTER = "portal.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TRUST_ENABLED = False
MFA_TOTP_ISSUER = "Tilgang"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
MFA_FORMS = {
    "activate_totp": "portal.accounts.forms_sign_in.ActivateTOTPForm",
    "add_webauthn": "portal.accounts.forms_sign_in.AddWebAuthnForm",
    "edit_webauthn": "portal.accounts.forms_sign_in.EditWebAuthnForm",
    "authenticate": "portal.accounts.forms_mfa.AuthenticateForm",
    "reauthenticate": "portal.accounts.forms_mfa.ReauthenticateForm",
    "authenticate_webauthn": "portal.accounts.forms_mfa.AuthenticateWebAuthnForm",
    "login_webauthn": "portal.accounts.forms_mfa.LoginWebAuthnForm",
    "reauthenticate_webauthn": "portal.accounts.forms_mfa.ReauthenticateWebAuthnForm",
}

# Providers of OpenID Connect and the level that each role needs (docs/sign-in.md). Without a file
# there are none: people sign in with password or passkey, staff with a second factor.
SIGN_IN = SignIn()
SOCIALACCOUNT_ADAPTER = "portal.accounts.provider.ProviderAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # name and address are seen and confirmed first
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_FORMS = {"signup": "portal.accounts.forms_sign_in.ProviderSignupForm"}


def sign_in_settings(environment: Mapping[str, str] = os.environ, local: bool = False) -> SignIn:
    """SIGN_IN from the file that SIGN_IN_FILE names. Raises ImproperlyConfigured, with all faults."""
    path = environment.get("SIGN_IN_FILE", "")
    if not path:
        return SignIn()
    try:
        return read(path, environment, local)
    except BadSignIn as trouble:
        raise ImproperlyConfigured(f"SIGN_IN_FILE is wrong:\n{trouble}") from trouble
