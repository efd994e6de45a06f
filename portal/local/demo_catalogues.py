"""The catalogues of the demo: those that lie beside the agencies' schemes."""

from datetime import date

from django.core.management import call_command

from applications import schemes
from portal import clock


def fill() -> None:
    """Takes the catalogue of every agency in whose folder there is one in, from New Year on."""
    for scheme in schemes.all_current():
        path = schemes.beside(scheme.agency, "catalogue.csv")
        if path:
            day = date(clock.now().year, 1, 1)
            call_command("import_catalogue", scheme.agency, path, valid_from=day, verbosity=0)
