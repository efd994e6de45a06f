"""Countries by ISO 3166-1 code, named in the reader's language."""

from functools import cache

from babel import Locale, UnknownLocaleError

NORDIC = ("NO", "DK", "SE", "FI", "IS")
# Codes that Babel lists beside countries.
NOT_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "QO", "ZZ"}


@cache
def choices(language: str) -> list[tuple[str, str]]:
    """Code and name, the Nordic countries first, then by name."""
    try:
        names = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        names = Locale.parse("en").territories
    known = {
        code: name
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
    rest = sorted((name, code) for code, name in known.items() if code not in NORDIC)
    return [(code, known[code]) for code in NORDIC] + [(code, name) for name, code in rest]


LANGUAGES = ("nb", "nn", "da", "sv", "en")


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for language in LANGUAGES for code, name in choices(language)}


def code_of(text: str) -> str | None:
    """The code of a country that is written as its code or by its name in one of our languages."""
    code = text.strip().upper()
    return code if code in set(_codes().values()) else _codes().get(text.strip().casefold())


def name(code: str, language: str) -> str:
    """The country's name in `language`; the code when unknown."""
    return dict(choices(language)).get(code, code)
