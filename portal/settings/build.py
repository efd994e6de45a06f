"""Settings for building an image: static files and translations, without any secret or server."""

from portal.settings.base import *  # noqa: F403

SECRET_KEY = "only while an image is built"  # noqa: S105
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "none"}}
FILE_UPLOAD_TEMP_DIR = None
