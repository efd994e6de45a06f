"""What `manage.py bench` measures of the catalogue: search over 50,000 invented variables, and the
import of 5,000. All in a transaction that is rolled back."""

import itertools
from datetime import date
from typing import Any

from django.db import connection, transaction

from catalogue import commands, reading, selectors
from catalogue.headings import HEADINGS, known_in
from catalogue.sources import Source, table_of
from portal import store
from portal.benchmarks import Figure, median
from portal.files.writing import workbook

AGENCY = "BENCH"
VARIABLES, IMPORTED = 50_000, 5_000

_WHAT = ("Inntekt", "Formue", "Pensjonsgivende inntekt", "Utdanning", "Fødeland", "Bosted", "Yrke",
         "Sykmelding", "Diagnose", "Læreplass", "Boligtype", "Gjeld", "Kjønn", "Årsverk", "Näring",
         "Överföring", "Lön", "Fødselsdato", "Sivilstand", "Dødsårsak", "Trygd", "Skatt",
         "Karakter", "Grunnkrets", "Innvandringsgrunn")  # fmt: skip
_WHOSE = ("for personen", "for mor", "for far", "for ektefelle", "i husholdningen", "for foretaket",
          "for barnet", "for søsken", "i familien", "hos arbeidsgiver")  # fmt: skip
_HOW = ("i alt", "etter skatt", "per 1. januar", "i løpet av året", "ved utgangen av året",
        "første gang", "siste gang", "etter alder", "etter kommune", "per måned", "justert",
        "foreløpig", "endelig", "som andel", "i faste priser", "etter næring", "uten tillegg",
        "med tillegg", "registrert", "beregnet")  # fmt: skip


def invented(many: int) -> list[dict[str, Any]]:
    """Rows of a file that look like a catalogue; the same at every call."""
    rows = []
    texts = itertools.product(range(1 + many // 5_000), _HOW, _WHOSE, _WHAT)
    for at, (turn, how, whose, what) in enumerate(itertools.islice(texts, many)):
        register = at % 120
        rows.append(
            {
                "register_code": f"REG{register:03}",
                "register": f"{_WHAT[register % len(_WHAT)]}sregisteret {register}",
                "holder": AGENCY,
                "statistics_area": f"Område {register % 12}",
                "code": f"{what[:4].upper()}_{at:05}",
                "name": f"{what} {whose} {how}" + (f", versjon {turn}" if turn else ""),
                "description": f"{what} slik det er meldt {how}, {whose}; kilden er register {register}.",
                "first_year": str(1990 + at % 20),
                "last_year": "2024",
                "published_through": "2024",
                "in_variable_list": "yes",
                "identifying": "yes" if at % 9 == 0 else "",
                "collection": "administrative",
                "unit_type": "person",
            }
        )
    return rows


def fill(many: int) -> None:
    """Takes an invented catalogue of `many` variables in, as the agency's administrator would."""
    rows = invented(many)
    lines = [list(HEADINGS), *([row.get(column, "") for column in HEADINGS] for row in rows)]
    commands.take(AGENCY, reading.read(lines), None, date(2026, 1, 1), "0" * 64)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_variable, catalogue_register")


SEARCHES = {
    "exact code": "INNT_00000",
    "beginning of a code": "innt_0",
    "one letter": "i",
    "common word": "inntekt",
    "two words": "formue etter sk",
    "part of a word": "nntek",
    "rare": "lareplass justert soesken",
    "misspelt": "pensjonsgivvende intekt",
    "nothing": "qwertz",
}


def figures(rounds: int = 15, shrink: int = 1) -> list[Figure]:
    """Search and import; nothing is left behind. `shrink` divides the sizes."""
    told, imported, variables = [], IMPORTED // shrink, VARIABLES // shrink
    with transaction.atomic():
        fill(imported)
        rows = [[row.get(column, "") for column in HEADINGS] for row in invented(imported)]
        content = workbook("1", list(HEADINGS), rows)
        file = Source("xlsx", store.put(content), "list.xlsx")

        def shown() -> Any:
            return commands.preview(
                AGENCY, reading.read(table_of(file.ext, file.digest, known_in).lines)
            )

        told.append(Figure("catalogue, preview of XLSX", f"{imported:,} rows", median(shown, 3)))
        fill(variables)
        size = f"{variables:,} variables"
        for name, text in SEARCHES.items():

            def work(text: str = text) -> Any:
                return selectors.search(AGENCY, text)

            told.append(Figure(f"catalogue, {name}", size, median(work, rounds)))
        transaction.set_rollback(True)
    return told
