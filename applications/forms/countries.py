"""Countries by their two-letter code, named in the reader's language."""

from functools import cache

from babel import Locale

NEAR = ("NO", "DK", "SE", "FI", "IS")


@cache
def country_choices(language: str) -> list[tuple[str, str]]:
    """(code, name) of all countries: the Nordic ones first, then by name."""
    names = {str(code): str(name) for code, name in Locale.parse(language).territories.items()}
    codes = [
        c
        for c in names
        if len(c) == 2 and c.isalpha() and c not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
    ]
    rest = sorted((c for c in codes if c not in NEAR), key=lambda c: names[c])
    return [(code, names[code]) for code in (*NEAR, *rest)]
