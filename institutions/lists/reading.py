"""A list's file, understood: who stands on it until when, and what is wrong in which row. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from institutions import countries, numbers
from institutions.lists.names import fold
from portal import days
from portal.text import line

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("name of institution", "institution", "institution name", "organisation", "organization",
             "research entity", "entity", "navn", "namn", "institusjon", "institusjonens navn",
             "institusjonsnavn", "institusjonsnamn", "organisasjon", "institutionsnavn",
             "institutionens namn", "forskningsinstitusjon", "forskningsinstitution"),
    "country": ("country code", "land", "landkode", "landskode", "landekode"),
    "org_number": ("organisation number", "organization number", "registration number", "org nr",
                   "orgnr", "organisasjonsnummer", "organisationsnummer", "cvr", "cvr nummer",
                   "cvr nr"),
    "number": ("approval number", "authorisation number", "case number", "reference", "id", "nummer",
               "godkjenningsnummer", "saksnummer", "autorisationsnummer", "autorisasjonsnummer",
               "godkännandenummer", "referanse", "reference number"),
    "valid_from": ("approved", "approved from", "from", "date of recognition", "godkjent",
                   "godkjent fra", "gyldig fra", "gjelder fra", "godkjend frå", "gyldig frå",
                   "gælder fra", "gyldig siden", "godkänd från", "giltig från"),
    "valid_until": ("valid to", "approved until", "expires", "until", "gyldig til", "gjelder til",
                    "godkjent til", "godkjend til", "gælder til", "utløper", "udløber",
                    "giltig till", "godkänd till"),
}  # fmt: skip
LONGEST = {"name": 300, "number": 50, "org_number": 30}
WITHIN = 10  # lines in which headings are looked for
LANGUAGES = ("nb", "nn", "da", "sv", "en")
_WORDS = {
    fold(word): column
    for column, words in HEADINGS.items()
    for word in (column.replace("_", " "), *words)
}


@dataclass(frozen=True)
class Fault:
    """Something wrong: row (1-based, as the file counts), column, a code, and the cell."""

    line: int
    column: str
    code: str
    cell: str = ""


@dataclass(frozen=True)
class Row:
    """An institution as the file names it. A day that the file does not say is None."""

    line: int
    name: str
    country: str
    org_number: str = ""
    number: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def folded(self) -> str:
        """The name as it is compared."""
        return fold(self.name)[:300]

    @property
    def key(self) -> str:
        """What tells it from the others of its list."""
        return f"{self.country}:{self.org_number or '~' + self.folded}"


@dataclass
class Sheet:
    """Everything that a file tells. Nothing of it may be taken in while there are faults."""

    rows: dict[str, Row] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    columns: frozenset[str] = frozenset()


def _find(lines: list[list[str]]) -> tuple[int, dict[int, str], list[str]]:
    for at, cells in enumerate(lines[:WITHIN]):
        found: dict[int, str] = {}
        unknown = []
        for index, cell in enumerate(cells):
            column = _WORDS.get(fold(cell)) or _WORDS.get(fold(cell.partition("(")[0]))
            if column and column not in found.values():
                found[index] = column
            elif cell:
                unknown.append(cell)
        # A title above the table may say "institution" too: headings are at least two.
        if "name" in found.values() and (len(found) > 1 or len([c for c in cells if c]) == 1):
            return at + 1, found, unknown
    return 0, {}, []


def known_in(lines: list[list[str]]) -> int:
    """How many columns the headings among the first lines name."""
    return len(_find(lines)[1])


def _country_words() -> dict[str, str]:
    words = {fold(name): code for tongue in LANGUAGES for code, name in countries.choices(tongue)}
    # Codes that lists of the European Union use.
    words |= {"el": "GR", "uk": "GB"}
    return words | {code.lower(): code for code, _name in countries.choices("en")}


def read(lines: list[list[str]], country: str) -> Sheet:
    """The lines of a file, understood. `country` is meant where the file names none.

    Raises nothing; without headings the one fault says so.
    """
    above, columns, unknown = _find(lines)
    if not columns:
        return Sheet(faults=[Fault(1, "", "headings")])
    sheet = Sheet(unknown=unknown, columns=frozenset(columns.values()))
    known = _country_words()
    names: dict[tuple[str, str], Row] = {}
    for number, cells in enumerate(lines[above:], above + 1):
        told = {column: line(cells[at]) for at, column in columns.items() if at < len(cells)}
        if not any(told.values()):
            continue
        row = _row(sheet, number, told, country, known)
        if row is None:
            continue
        first = sheet.rows.get(row.key) or names.get((row.country, row.folded))
        # Two numbers are two organisations, whatever they are called.
        told_apart = first and row.org_number and first.org_number and first.key != row.key
        if first and not told_apart:
            sheet.faults.append(Fault(number, "name", "twice", str(first.line)))
            continue
        sheet.rows[row.key] = row
        names.setdefault((row.country, row.folded), row)
    if not sheet.rows and not sheet.faults:
        sheet.faults.append(Fault(above, "", "empty"))
    return sheet


def _row(
    sheet: Sheet, line: int, told: dict[str, str], country: str, known: dict[str, str]
) -> Row | None:
    faults: list[Fault] = []
    held: dict[str, date | None] = {}
    for column, most in LONGEST.items():
        if len(told.get(column, "")) > most:
            faults.append(Fault(line, column, "long", str(most)))
    if not told.get("name"):
        faults.append(Fault(line, "name", "missing"))
    if given := told.get("country", ""):
        country = known.get(fold(given), "")
    if not country:
        faults.append(Fault(line, "country", "country" if given else "missing", given))
    number = told.get("org_number", "")
    try:
        number = numbers.compact(country, number)
    except ValueError:
        faults.append(Fault(line, "org_number", "number", number))
    for column in ("valid_from", "valid_until"):
        held[column] = None
        if cell := told.get(column, ""):
            day = days.read(cell)
            if day is None or not days.within(day):
                faults.append(Fault(line, column, "day", cell))
            held[column] = day
    begins, ends = held["valid_from"], held["valid_until"]
    if begins and ends and ends < begins:
        faults.append(Fault(line, "valid_until", "order", told["valid_until"]))
    if faults:
        sheet.faults += faults
        return None
    return Row(line, told["name"], country, number, told.get("number", ""), begins, ends)
