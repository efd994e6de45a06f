"""The Celery application. Tasks only wake people up; the work's state is in the database.

DJANGO_SETTINGS_MODULE is set by whoever starts it: this module is imported by everything.
"""

from celery import Celery
from celery.signals import setup_logging

from portal import logs

app = Celery("tilgang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery's current application belongs to a thread. Without this the threads of the web server
# would find another, empty one, and look for a broker at its default address.
app.set_default()
setup_logging.connect(logs.set_up_worker)
