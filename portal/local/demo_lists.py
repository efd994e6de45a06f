"""The demo's lists of approved institutions: those that lie beside the agencies' schemes."""

from datetime import date

from applications import schemes
from institutions.lists import commands, kinds, reading
from institutions.lists.difference import Terms
from portal import clock, store
from portal.accounts.models import User
from portal.files.reading import read_csv


def fill(by: User) -> None:
    """Takes every list in that has a file, from New Year on. Who has the number is approved; lines
    with a similar name, or nobody's, wait."""
    for kind in kinds.kinds():
        path = schemes.beside(kind.agency, f"approved_{kind.source}.csv")
        if path is None:
            continue
        content = path.read_bytes()
        sheet = reading.read(read_csv(content), kind.country)
        terms = Terms(date(clock.now().year, 1, 1))
        told = commands.preview(kind, sheet, terms, by)
        choices = {
            change.choice: str(change.offers[0].institution.pk)
            for change in told.changes
            if change.asks and change.offers[0].sure
        }
        commands.take(kind, sheet, terms, by, told.seen, choices, store.put(content), path.name)
