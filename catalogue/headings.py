"""Which column of a file is which column of the catalogue: headings in five languages. Pure."""

from catalogue.folding import fold

# Column -> what people write above it, beside its own name (docs/architecture.md has the format).
HEADINGS: dict[str, tuple[str, ...]] = {
    "register_code": ("registerkode", "registerkod", "kode for register", "databasekode"),
    "register": ("register name", "registernavn", "registernamn", "datasett", "datasæt", "dataset",
                 "database", "datamängd"),
    "register_description": ("beskrivelse av registeret", "registerbeskrivelse",
                             "om registeret", "om registret", "registerbeskrivning",
                             "skildring av registeret"),
    "holder": ("dataeier", "dataeigar", "dataejer", "dataägare", "datakilde", "datakjelde",
               "datakälla", "data owner", "owner", "registereier"),
    "statistics_area": ("statistikkområde", "statistikområde", "emne", "emneområde", "område",
                        "ämne", "ämnesområde", "area", "topic"),
    "code": ("variable code", "kode", "kod", "variabelkode", "variabelkod", "kortnavn",
             "kortnamn", "short name"),
    "name": ("variable", "variable name", "variabel", "variabelnavn", "variabelnamn", "navn",
             "namn"),
    "description": ("beskrivelse", "skildring", "beskrivning", "definition", "definisjon",
                    "forklaring", "förklaring", "about"),
    "first_year": ("from year", "from", "første år", "første årgang", "fyrste år", "första år",
                   "fra år", "fra", "fra og med", "frå og med", "från och med", "år fra",
                   "år frå", "år från", "frå år", "frå", "från år", "från", "startår"),
    "last_year": ("to year", "to", "siste år", "siste årgang", "sista år", "sidste år", "til år",
                  "til", "til og med", "till och med", "år til", "år till", "till år",
                  "till", "sluttår", "slutår"),
    "timeless": ("tidløs", "tidlaus", "tidlös", "fast", "uten årgang", "utan årgång"),
    "published_through": ("publisert til og med", "publisert til", "publiceret til og med",
                          "publicerad till och med", "offentliggjort til og med"),
    "in_variable_list": ("i variabelliste", "i variabellisten", "i variabellista",
                         "i variabellistan"),
    "identifying": ("særlig identifiserende", "særleg identifiserande", "identifiserende",
                    "identifiserande", "særligt identificerende", "identificerende",
                    "särskilt identifierande", "identifierande"),
    "special_category": ("særlig kategori", "særleg kategori", "særlige kategorier",
                         "følsomme oplysninger", "känsliga personuppgifter", "sensitive",
                         "sensitiv", "følsom", "känslig"),
    "health_register": ("helseregister", "sentralt helseregister", "sundhedsregister",
                        "hälsoregister", "hälsodataregister"),
    "collection": ("innsamlingsmåte", "indsamlingsmåde", "insamlingssätt", "innsamling",
                   "indsamling", "insamling", "collected"),
    "origin_authority": ("opphavsmyndighet", "opphavsstyresmakt", "oprindelsesmyndighed",
                         "ursprungsmyndighet", "authority of origin"),
    "source": ("kilde", "kjelde", "källa"),
    "open_data": ("åpne data", "opne data", "åbne data", "öppna data", "åpent tilgjengelig",
                  "ope tilgjengeleg"),
    "development_only": ("bare til utvikling", "berre til utvikling", "kun til udvikling",
                         "endast för utveckling", "under utvikling", "for development only"),
    "grunndata": ("basic business data", "grunddata", "basic data"),
    "unit_type": ("unit", "enhetstype", "einingstype", "enhedstype", "enhetstyp", "enhet",
                  "eining", "enhed"),
}  # fmt: skip
REQUIRED = ("name",)
WITHIN = 10  # lines in which headings are looked for

_WORDS = {
    fold(word): column
    for column, words in HEADINGS.items()
    for word in (column.replace("_", " "), *words)
}


def columns_of(cells: list[str]) -> tuple[dict[int, str], list[str]]:
    """(column index -> column, headings that mean nothing to us) of a line of cells.

    What stands twice counts once, the first time.
    """
    found: dict[int, str] = {}
    unknown = []
    for at, cell in enumerate(cells):
        column = _WORDS.get(fold(cell)) or _WORDS.get(fold(cell.partition("(")[0]))
        if column and column not in found.values():
            found[at] = column
        elif cell:
            unknown.append(cell)
    return found, unknown


def find(lines: list[list[str]]) -> tuple[int, dict[int, str], list[str]]:
    """(lines up to and with the headings, column index -> column, unknown headings).

    (0, {}, []) when none of the first lines names variables and registers.
    """
    for at, cells in enumerate(lines[:WITHIN]):
        found, unknown = columns_of(cells)
        named = set(found.values())
        if named >= set(REQUIRED) and named & {"register", "register_code"}:
            return at + 1, found, unknown
    return 0, {}, []


def known_in(lines: list[list[str]]) -> int:
    """How many columns the headings among the first lines name."""
    return len(find(lines)[1])
