"""Which column of a file is which column of the list: headings in five languages."""

import re
import unicodedata

from applications.schemes import Field

# How far down headings are looked for.
HEADINGS_WITHIN = 10
LANGUAGES = ("nb", "nn", "da", "sv", "en")

# Further words that people write above a column, beside the labels of the scheme.
WORDS: dict[str, tuple[str, ...]] = {
    "holder": ("datakilde", "datakjelde", "datakälla", "dataeier", "dataeigar", "dataejer",
               "dataägare", "kilde", "kjelde", "källa", "holder", "source", "data source", "owner",
               "data owner", "registereier", "myndighet", "myndighed", "authority"),
    "register": ("register", "registre", "registernavn", "registernamn", "dataset", "datasett",
                 "datasæt", "database", "datamängd", "grunddata", "datakilde register"),
    "statisticsArea": ("statistikkområde", "statistikkomrade", "emne", "emneområde",
                       "statistics area", "area", "topic", "område", "statistikområde", "ämne",
                       "ämnesområde"),
    "name": ("variabel", "variablar", "variabler", "variabelnavn", "variabelnamn", "variable",
             "variables", "variable name", "navn", "namn", "name", "navn på variabel",
             "namn på variabel", "namn på variabeln"),
    "code": ("kode", "kod", "code", "variabelkode", "variabelkod", "variable code", "kortnavn",
             "kortnamn", "kort navn", "short name", "teknisk navn", "tekniskt namn"),
    "fromYear": ("fra", "frå", "från", "from", "fra år", "frå år", "från år", "from year", "startår",
                 "start", "start year", "første år", "fyrste år", "första år", "first year",
                 "år fra", "år frå", "år från", "year from", "startdato", "startdatum", "start date",
                 "fra og med", "frå og med", "från och med", "fom", "f o m", "årgang fra",
                 "årgang frå", "årgång från"),
    "toYear": ("til", "till", "to", "til år", "till år", "to year", "sluttår", "slutår", "slut",
               "slutt", "end", "end year", "siste år", "sista år", "last year", "sidste år",
               "år til", "år till", "year to", "sluttdato", "slutdato", "slutdatum", "end date",
               "til og med", "till och med", "tom", "t o m", "årgang til", "årgång till"),
    "years": ("år", "years", "årganger", "årgangar", "årgange", "årgångar", "periode", "period",
              "årgang", "year", "årgång", "tidsperiode", "tidsperiod", "tidsrom", "time period",
              "dataår", "data year"),
    "justification": ("begrunnelse", "grunngiving", "grunngjeving", "begrundelse", "motivering",
                      "justification", "reason", "reasons", "behov", "need", "formål", "føremål",
                      "ändamål"),
    "timeless": ("tidløs", "tidlaus", "tidlös", "timeless", "uten årgang", "utan årgang",
                 "uden årgang", "utan årgång", "fast", "fixed"),
    "identifying": ("særlig identifiserende", "særleg identifiserande", "identifying",
                    "særligt identificerende", "särskilt identifierande", "identificerende",
                    "identifiserende", "identifiserande", "identifierande"),
    "specialCategory": ("særlig kategori", "særleg kategori", "special category", "sensitiv",
                        "følsom", "følsomme oplysninger", "känslig", "känsliga personuppgifter",
                        "sensitive"),
    "healthRegister": ("helseregister", "sundhedsregister", "hälsoregister", "health register"),
    "inVariableList": ("i variabelliste", "i variabellisten", "i variabellista", "in variable list",
                       "in the variable list"),
    "unitType": ("enhet", "enhetstype", "eining", "einingstype", "enhed", "enhedstype", "enhetstyp",
                 "unit", "unit type"),
    "grunndata": ("grunndata", "basic business data"),
    "email": ("e-post", "epost", "email", "e-mail", "mail"),
    "institution": ("institusjon", "institution", "arbeidsgiver", "arbeidsgivar", "arbejdsgiver",
                    "arbetsgivare", "employer"),
    "country": ("land", "country"),
    "role": ("rolle", "roll", "role"),
}  # fmt: skip


def plain(text: str) -> str:
    """A heading without case, accents of other languages, and punctuation."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w\s-]", " ", text).split())


def vocabulary(field: Field) -> dict[str, str]:
    """Heading -> column path, for the columns of one list."""
    words: dict[str, str] = {}
    asked = {column.path for column in field.columns if column.asked}
    for column in field.columns:
        if not column.asked:
            continue
        for language in LANGUAGES:
            words.setdefault(plain(column.label(language)), column.path)
        words.setdefault(plain(column.path), column.path)
    for path, more in WORDS.items():
        if path in asked or (path == "years" and "fromYear" in asked):
            for word in more:
                words.setdefault(plain(word), path)
    return words


def _known(cells: list[str], field: Field) -> dict[int, str]:
    words = vocabulary(field)
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        # "Variabel (navn i registeret)" means what stands before the brackets.
        path = words.get(plain(cell)) or words.get(plain(cell.partition("(")[0])) if cell else None
        if path and path not in found.values():
            found[at] = path
    return found


def match(cells: list[str], field: Field) -> dict[int, str]:
    """Column index -> path for a line of headings; {} when the line is no line of headings.

    A line counts as headings when at least two cells are known, or its only cell is.
    """
    found = _known(cells, field)
    filled = sum(bool(cell) for cell in cells)
    return found if len(found) >= min(2, filled) and found else {}


def known_in(lines: list[list[str]], field: Field) -> int:
    """How many columns the best line of headings among the first lines names."""
    return max((len(match(line, field)) for line in lines[:HEADINGS_WITHIN]), default=0)


def _above_years(lines: list[list[str]]) -> bool:
    """Whether the first line is all words and stands above a column of years."""
    first, below = lines[0], lines[1:20]
    if not below or not all(cell and not any(c.isdigit() for c in cell) for cell in first):
        return False
    for at in range(len(first)):
        column = [line[at] for line in below if at < len(line) and line[at]]
        if column and all(re.match(r"(1[7-9]|2[01])\d\d\b", cell) for cell in column):
            return True
    return False


def _one_heading(lines: list[list[str]], field: Field) -> bool:
    """Whether the first line is words, one of them a heading that we know: the others are headings
    too, whose meaning the applicant says."""
    words = [cell for cell in lines[0] if cell]
    plainly = all(not any(c.isdigit() for c in cell) for cell in words)
    return plainly and len(lines) > 1 and bool(_known(lines[0], field))


def guess(lines: list[list[str]], field: Field) -> tuple[dict[int, str], int]:
    """(column index -> path, number of lines above the first row) for a list as it comes.

    Headings may stand below a title or in two lines, "Years" above "from" and "to": then the lower
    one counts when it is known better. Headings that are not recognised stay without a meaning: the
    applicant says it. Without headings the columns are taken in the order of the table; a single
    column is the names.
    """
    for at, line in enumerate(lines[:HEADINGS_WITHIN]):
        if found := match(line, field):
            below = match(lines[at + 1], field) if at + 1 < len(lines) else {}
            return (below, at + 2) if len(below) > len(found) else (found, at + 1)
    if _above_years(lines) or _one_heading(lines, field):
        return _known(lines[0], field), 1
    order = [column.path for column in field.columns if column.asked]
    width = max(map(len, lines))
    if width == 1:
        return {0: "name" if "name" in order else order[0]}, 0
    return dict(enumerate(order[:width])), 0
