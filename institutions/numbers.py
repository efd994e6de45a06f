"""Organisation numbers: the check digit is looked at where we know how (Norway, Denmark, Sweden)."""

from types import ModuleType

from stdnum.dk import cvr
from stdnum.exceptions import ValidationError as NotValid
from stdnum.no import orgnr as norwegian
from stdnum.se import orgnr as swedish

CHECKED: dict[str, ModuleType] = {"NO": norwegian, "DK": cvr, "SE": swedish}


def compact(country: str, number: str) -> str:
    """`number` as stored, without spaces and separators. Raises ValueError when it is wrong.

    Numbers of other countries are only rid of spaces.
    """
    number = "".join(number.split())
    if not number or country not in CHECKED:
        return number
    try:
        return str(CHECKED[country].validate(number))
    except NotValid as wrong:
        raise ValueError(str(wrong)) from wrong
