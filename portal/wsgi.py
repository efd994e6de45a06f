"""The WSGI application."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from portal import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
try:
    application = get_wsgi_application()
    logs.watch()
except ImproperlyConfigured as wrong:
    # Said to whoever sets the portal up: one line, not a traceback.
    sys.exit(f"tilgang: {wrong}")
