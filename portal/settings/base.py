"""Settings that hold everywhere. demo, test and production add what differs."""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF

from portal import logs

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "crispy_forms",
    "django_htmx",
    "csp",
    "portal.ui",
    "portal.accounts",
    "portal.events",
    "portal.jobs",
    "institutions",
    "catalogue",
    "applications",
    "decisions",
]

MIDDLEWARE = [
    "portal.health.Health",
    # These give their headers to refusals of PlainRequests as well.
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.plain.PlainRequests",
    "portal.pdf.guard.NothingIsDrawn",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.ui.middleware.UserLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.SessionMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.health.RoomForUploads",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.page",
            ],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("nb", "Norsk bokmål"),
    ("nn", "Norsk nynorsk"),
    ("da", "Dansk"),
    ("sv", "Svenska"),
    ("en", "English"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["portal.formats"]
USE_TZ = True
# For pages of no agency; an agency's pages tell times in its own zone. The clock itself is UTC.
TIME_ZONE = env("TIME_ZONE", default="Europe/Oslo")

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"

# The agencies whose schemes are installed: one package each under applications/schemes/.
# A fourth agency is one new folder there and one new name here.
SCHEMES = ["ssb", "dst", "sos"]

CRISPY_ALLOWED_TEMPLATE_PACKS = ["tilgang"]
CRISPY_TEMPLATE_PACK = "tilgang"
FORM_RENDERER = "portal.ui.rendering.Renderer"
CSRF_FAILURE_VIEW = "portal.ui.views.errors.csrf"

DEMO = False
DATABASE_OPTIONS = {
    "connect_timeout": 5,
    "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=20s",
}
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
# Ours alone: whatever a killed process leaves there is removed (portal.uploads).
FILE_UPLOAD_TEMP_DIR: Any = Path(env("UPLOADS", default=str(BASE_DIR / "var" / "uploads")))
MEDIA_URL = "/not-served/"  # stored files are handed out by views that ask policy, never by address
# clamd, demo (a stand-in that knows EICAR) or none: applications/scanning.py
SCANNER = "none"
CLAMD: Any = {}
BASE_URL = "http://localhost:8000"
DEFAULT_FROM_EMAIL = "Tilgang <no-reply@tilgang.invalid>"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Seconds that work may wait in each lane until the installation counts as degraded.
LANE_LIMITS = {"mail": 60, "checks": 30, "scans": 120, "letters": 30, "heavy": 3600}
METRICS_TOKEN = ""  # without one there are no metrics
WORKER_ROUND = 2.0  # seconds between two looks of a worker for what is due
# One queue a lane (portal.events.lanes); what names none is small. docs/architecture.md
CELERY_TASK_DEFAULT_QUEUE = "mail"
# Python gives no memory back: a child that big work has blown up makes room for a new one.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "checkpoint": {
        "task": "portal.events.tasks.checkpoint",
        "schedule": 300.0,
        "options": {"queue": "letters"},  # where the keys are
    },
    "certificates": {
        "task": "decisions.tasks.warn_of_certificates",
        "schedule": 3600.0,
        "options": {"queue": "letters"},
    },
    "scanner": {
        "task": "applications.tasks.look_at_scanner",
        "schedule": 60.0,
        "options": {"queue": "scans"},
    },
    "orphans": {
        "task": "applications.tasks.sweep_objects",
        "schedule": 24 * 3600.0,
        "options": {"queue": "heavy"},
    },
    "digests": {
        "task": "portal.accounts.tasks.send_digests",
        "schedule": crontab(hour="5", minute="30"),  # UTC: early morning in the Nordic countries
        "options": {"queue": "mail"},
    },
    "jobs": {"task": "portal.jobs.tasks.clean", "schedule": 3600.0, "options": {"queue": "checks"}},
    "sessions": {
        "task": "portal.accounts.tasks.clear_sessions",
        "schedule": 3600.0,
        "options": {"queue": "checks"},
    },
}

# No personal data in logs: no addresses, no request bodies, no texts of errors.
LOGGING = logs.configured()

from portal.settings.accounts import *  # noqa: E402, F403
