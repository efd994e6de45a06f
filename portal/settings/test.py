"""Settings of the tests: real PostgreSQL and broker, started by tests/conftest.py."""

import os
from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.base import BASE_DIR, DATABASE_OPTIONS, INSTALLED_APPS, env

SECRET_KEY = "only for tests"  # noqa: S105
DEBUG = False
DEMO = True
ALLOW_SEEDING = True
INSTALLED_APPS = [*INSTALLED_APPS, "portal.local"]
ALLOWED_HOSTS = ["*"]

SCRATCH = Path(os.environ.get("TILGANG_TEST_SCRATCH") or BASE_DIR / "var" / "test")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("TILGANG_TEST_DATABASE", "tilgang"),
        "USER": "tilgang",
        "HOST": os.environ.get("TILGANG_TEST_SOCKET", ""),
        "OPTIONS": DATABASE_OPTIONS,
        "TEST": {"TEMPLATE": os.environ.get("TILGANG_TEST_TEMPLATE")},
    }
}
if "DATABASE_URL" in os.environ:
    DATABASES = {"default": env.db("DATABASE_URL")}
CELERY_BROKER_URL = os.environ.get("REDIS_URL", "")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = SCRATCH / "media"
FILE_UPLOAD_TEMP_DIR = SCRATCH / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
DEMO_MAIL_DIR = SCRATCH / "mail"
EMAIL_BACKEND = "portal.events.mail.DemoBackend"
SCANNER = "demo"
DEMO_PROGRESS = SCRATCH / "demo-data.json"
EVENTS_KEY_FILE = SCRATCH / "events.pem"
EVENTS_MAKE_KEY = True
WORKER_ROUND = 0.5
TILGANG_SIGNING = {"demo": str(BASE_DIR / "var" / "test-authority")}
ACCOUNT_ADAPTER = "portal.local.people.DemoAdapter"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
