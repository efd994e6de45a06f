"""Organisation numbers: the check digit is looked at where we know how (Norway, Denmark, Sweden,
Finland). One organisation has one spelling: no spaces, no country before it, nothing of a VAT
number around it."""

from types import ModuleType

from stdnum.dk import cvr
from stdnum.exceptions import ValidationError as NotValid
from stdnum.fi import ytunnus
from stdnum.no import orgnr as norwegian
from stdnum.se import orgnr as swedish

CHECKED: dict[str, ModuleType] = {"NO": norwegian, "DK": cvr, "SE": swedish, "FI": ytunnus}
SWEDISH_DIGITS = 10
SHORTEST_PREFIXED = 4  # two letters of a country and something behind them


def compact(country: str, number: str) -> str:
    """`number` as stored. Raises ValueError when it is wrong.

    Numbers of countries that are not in CHECKED are only rid of spaces and of the country's code.
    """
    number = _bare(country, "".join(number.split()).upper())
    if not number or country not in CHECKED:
        return number
    try:
        return str(CHECKED[country].validate(number))
    except NotValid as wrong:
        raise ValueError(str(wrong)) from wrong


def may_be_one(text: str) -> bool:
    """Whether `text` can be an organisation's number, of a country that is not told: one whose
    check digit fits in a country of CHECKED, or one with another country's letters before it."""
    number = "".join(text.split()).upper()
    if number[:2].isalpha() and number[:2] not in CHECKED:
        return len(number) > SHORTEST_PREFIXED and number[2:].lstrip("-:.").isalnum()
    return any(_fits(country, number) for country in CHECKED)


def _fits(country: str, number: str) -> bool:
    try:
        compact(country, number)
    except ValueError:
        return False
    return True


def _bare(country: str, number: str) -> str:
    """`number` without the country before it ("NO 899 999 118 MVA", "SE999999000601")."""
    after = number.removeprefix(country).lstrip("-:.")
    named = country != "" and number.startswith(country) and after[:1].isdigit()
    number = after if named else number
    if country == "NO":
        number = number.removesuffix("MVA")
    if country == "SE" and named and len(number) == SWEDISH_DIGITS + 2:
        number = number.removesuffix("01")
    if country == "SE" and number.startswith("16") and len(number) > SWEDISH_DIGITS + 1:
        number = number.removeprefix("16")  # as the tax agency writes it
    return number
