"""A small catalogue, and what a file looks like."""

from datetime import date

import pytest

from catalogue import commands, reading
from catalogue.headings import HEADINGS

ROWS = (
    {"register_code": "BEF", "register": "Befolkning", "holder": "SSB", "code": "KJONN",
     "name": "Kjønn", "first_year": "1964", "last_year": "2025", "statistics_area": "Befolkning",
     "in_variable_list": "yes", "unit_type": "person", "source": "population_register"},
    {"register_code": "BEF", "register": "Befolkning", "holder": "SSB", "code": "FODSELSDATO",
     "name": "Fødselsdato", "timeless": "yes", "identifying": "yes", "in_variable_list": "yes",
     "statistics_area": "Befolkning"},
    {"register_code": "INNT", "register": "Inntektsregisteret", "holder": "SSB", "code": "WSAMINNT",
     "name": "Samlet inntekt", "first_year": "1993", "last_year": "2024",
     "published_through": "2024", "in_variable_list": "yes", "collection": "administrative",
     "origin_authority": "Skatteetaten", "statistics_area": "Inntekt og forbruk"},
    {"register_code": "INNT", "register": "Inntektsregisteret", "holder": "SSB", "code": "PENSJ",
     "name": "Pensjonsgivende inntekt", "first_year": "1967", "last_year": "2024",
     "in_variable_list": "yes", "statistics_area": "Inntekt og forbruk"},
    {"register_code": "INNT", "register": "Inntektsregisteret", "holder": "SSB", "code": "KAPINNT",
     "name": "Kapitalinntekt", "first_year": "1993", "statistics_area": "Inntekt og forbruk",
     "description": "Renter og utbytte", "development_only": "yes"},
    {"register_code": "HELSE", "register": "Pasientregisteret", "holder": "FHI", "code": "DIAG",
     "name": "Diagnose", "special_category": "yes", "health_register": "yes", "first_year": "2008",
     "statistics_area": "Helse"},
    {"register_code": "UTD", "register": "Utdanning", "holder": "SSB", "code": "NAERING",
     "name": "Næring for læreplass", "statistics_area": "Utdanning", "first_year": "1999",
     "last_year": "2010"},
)  # fmt: skip
DAY = date(2026, 1, 1)
DIGEST = "0" * 64


def lines(rows, columns=tuple(HEADINGS)):
    """A file's lines of cells."""
    return [list(columns), *([row.get(c, "") for c in columns] for row in rows)]


def as_csv(rows, columns=tuple(HEADINGS)):
    """A file's bytes."""
    quoted = [
        ",".join(f'"{cell}"' if "," in cell else cell for cell in line)
        for line in lines(rows, columns)
    ]
    return "\n".join(quoted).encode()


def take(rows=ROWS, agency="SSB", by=None, day=DAY, base=None, columns=tuple(HEADINGS)):
    """Takes rows in as the next edition."""
    sheet = reading.read(lines(rows, columns))
    return commands.take(agency, sheet, by, day, DIGEST, "list.csv", "", base=base)


def changed(at, rows=ROWS, **values):
    """The rows with other values in one of them."""
    return [row | values if number == at else row for number, row in enumerate(rows)]


@pytest.fixture
def catalogue(db):
    """SSB's small catalogue."""
    return take()
