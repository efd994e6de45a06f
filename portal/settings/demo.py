"""Settings of the demo on one machine. Secrets are made at the first start, under var/demo."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from portal.local.servers import place
from portal.settings.accounts import sign_in_settings
from portal.settings.base import *  # noqa: F403
from portal.settings.base import BASE_DIR, DATABASE_OPTIONS, INSTALLED_APPS, env

DEMO = True
ALLOW_SEEDING = True
DEBUG = False
HOME = Path(os.environ.get("TILGANG_DEMO_HOME") or BASE_DIR / "var" / "demo")
PORT = os.environ.get("PORT", "8000")


def _secret(name: str) -> str:
    """A secret of this demo, made when it is first asked for. Readable by its owner only."""
    path = HOME / name
    try:
        if path.exists() and (found := path.read_text()):
            return found
        HOME.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(50)
        draft = path.with_suffix(f".{os.getpid()}")
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(made)
        draft.replace(path)
    except OSError as trouble:
        raise ImproperlyConfigured(f"{path}: {trouble.strerror}") from trouble
    return path.read_text()


SECRET_KEY = _secret("secret-key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
BASE_URL = f"http://localhost:{PORT}"
CSRF_TRUSTED_ORIGINS = [BASE_URL, f"http://127.0.0.1:{PORT}"]
INSTALLED_APPS = [*INSTALLED_APPS, "portal.local"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "tilgang",
        "USER": "tilgang",
        "HOST": str(place(HOME / "postgres") / "socket"),
        "OPTIONS": DATABASE_OPTIONS,
        "CONN_MAX_AGE": 60,
    }
}
if "DATABASE_URL" in os.environ:
    DATABASES = {"default": env.db("DATABASE_URL")}
CELERY_BROKER_URL = os.environ.get(
    "REDIS_URL", f"redis+socket://{place(HOME / 'broker') / 'broker.sock'}"
)

MEDIA_ROOT = HOME / "media"
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True, mode=0o700)
METRICS_TOKEN = _secret("metrics-token")
DEMO_MAIL_DIR = HOME / "mail"
EMAIL_BACKEND = "portal.events.mail.DemoBackend"
SCANNER = "demo"
DEMO_PROGRESS = HOME / "demo-data.json"
# Both are made by portal.local.signing_keys before anything starts.
EVENTS_KEY_FILE = HOME / "events.pem"
TILGANG_SIGNING = {"demo": str(HOME / "authority")}
SIGN_IN = sign_in_settings(local=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# Served from where they stand: nothing needs to be collected.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)

# Who was chosen on the page "choose a person" confirms with a button.
ACCOUNT_ADAPTER = "portal.local.people.DemoAdapter"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the demo speaks http
