#!/usr/bin/env python
"""Django's command line for Tilgang."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        # Said to whoever sets the portal up: one line, not a traceback.
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"{sys.argv[0]}: {wrong}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
