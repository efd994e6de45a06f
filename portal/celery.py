"""The Celery application. Tasks only wake people up; the work's state is in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
app = Celery("tilgang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
