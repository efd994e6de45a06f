"""Settings of production, from the environment. Refuses to start when something is missing or cannot
be what it says, and names all of it (portal.settings.environment)."""

import os

from botocore.config import Config
from django.core.exceptions import ImproperlyConfigured

from portal.settings.accounts import sign_in_settings
from portal.settings.base import *  # noqa: F403
from portal.settings.base import DATABASE_OPTIONS, FILE_UPLOAD_TEMP_DIR, env
from portal.settings.environment import faults, part_of

PART = part_of(os.environ)
if _faults := faults(os.environ):
    raise ImproperlyConfigured(
        "the settings of production are not complete:" + "".join(f"\n- {told}" for told in _faults)
    )

DEBUG = False
DEMO = False
ALLOW_SEEDING = False
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
BASE_URL = env.str("BASE_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# The part that makes the bucket has no business with the database.
DATABASES = {"default": env.db("DATABASE_URL", "postgresql:///none")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", 60),
    "CONN_HEALTH_CHECKS": True,
}
DATABASES["default"].setdefault("OPTIONS", {}).update(DATABASE_OPTIONS)
CELERY_BROKER_URL = env.str("REDIS_URL")
# Counts of failed sign-ins and used codes: one store for all processes (portal.accounts.throttle).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", "") or CELERY_BROKER_URL,
        "KEY_PREFIX": "tilgang",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
# How many proxies of ours stand in front: who is counted by network address depends on it.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1)

STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT_URL"),
            "access_key": env.str("S3_ACCESS_KEY"),
            "secret_key": env.str("S3_SECRET_KEY"),
            "region_name": env.str("S3_REGION", "") or None,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            # A store that hangs gives an error, and does not hold who asks for minutes.
            "client_config": Config(
                connect_timeout=5, read_timeout=30, retries={"max_attempts": 2}
            ),
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

globals().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20

SCANNER = "clamd"
CLAMD = {"backend": "clamd", "address": env.str("CLAMD"), "timeout": 60, "stream": True}
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
EVENTS_KEY_FILE = env.str("EVENTS_KEY_FILE", "")
EVENTS_TRUSTED_KEYS = env.list("EVENTS_TRUSTED_KEYS", default=[])
TILGANG_SIGNING = env.str("TILGANG_SIGNING", "")
SIGN_IN = sign_in_settings()

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# The prefix makes browsers refuse these cookies from anywhere but this very host, over TLS.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_HTTPONLY = True
