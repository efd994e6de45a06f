"""Which column of a file is which column of the list: headings in five languages."""

import re
import unicodedata

from applications.schemes import Field

LANGUAGES = ("nb", "nn", "da", "sv", "en")

# Further words that people write above a column, beside the labels of the scheme.
WORDS: dict[str, tuple[str, ...]] = {
    "holder": ("datakilde", "datakjelde", "dataeier", "kilde", "holder", "source", "data source",
               "owner", "dataägare", "källa", "dataejer", "kjelde"),
    "register": ("register", "registre", "dataset", "datasett", "datasæt", "database", "datamängd"),
    "statisticsArea": ("statistikkområde", "statistikkomrade", "emne", "statistics area", "area",
                       "område", "statistikområde"),
    "name": ("variabel", "variabelnavn", "variabelnamn", "variable", "variable name", "navn",
             "namn", "name", "variabler", "variables"),
    "code": ("kode", "kod", "code", "variabelkode", "kortnavn", "short name"),
    "fromYear": ("fra", "frå", "från", "from", "fra år", "frå år", "från år", "from year",
                 "startår", "start", "første år", "first year"),
    "toYear": ("til", "till", "to", "til år", "till år", "to year", "sluttår", "slutår", "slut",
               "end", "siste år", "last year", "sidste år"),
    "years": ("år", "years", "årganger", "årgangar", "årgange", "årgångar", "periode", "period",
              "årgang", "year", "årgång"),
    "justification": ("begrunnelse", "grunngiving", "begrundelse", "motivering", "justification",
                      "reason", "behov", "need"),
    "timeless": ("tidløs", "tidlaus", "tidlös", "timeless", "uten årgang", "utan årgang"),
    "identifying": ("særlig identifiserende", "særleg identifiserande", "identifying",
                    "identifiserende", "identifierande"),
    "specialCategory": ("særlig kategori", "særleg kategori", "special category", "sensitiv",
                        "følsom", "känslig", "sensitive"),
    "email": ("e-post", "epost", "email", "e-mail", "mail"),
    "institution": ("institusjon", "institution", "arbeidsgiver", "arbeidsgivar", "employer"),
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


def match(cells: list[str], field: Field) -> dict[int, str]:
    """Column index -> path for a line of headings; {} when the line is no line of headings.

    A line counts as headings when at least two cells are known, or its only cell is.
    """
    known = vocabulary(field)
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        path = known.get(plain(cell)) if cell else None
        if path and path not in found.values():
            found[at] = path
    filled = sum(bool(cell) for cell in cells)
    return found if len(found) >= min(2, filled) and found else {}
