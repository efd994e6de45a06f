"""Complete documents of any size: they raise nothing. For tests, measuring and trying out.

People and projects are invented; the organisation numbers only have the right check digits.
"""

import time
from datetime import date
from statistics import median
from typing import Any

from applications.completeness.checking import check
from applications.completeness.rules import HasRules

SAMPLE_DAY = date(2026, 2, 2)  # a day on which these documents raise nothing
FIRST_YEAR = 2005


def complete_document(agency: str, variables: int = 4, attachments: int = 0) -> dict[str, Any]:
    """A complete document of `agency` with so many variables, as its package's sample.py has it.

    `attachments`: at least so many, filled up with files that nothing asks for.
    Raises KeyError for an agency that is not here or has no sample.
    """
    from applications import schemes  # it builds on the checks

    sample = schemes.current(agency).sample
    if sample is None:
        raise KeyError(agency)
    document = sample(variables)
    files = document["attachments"]
    files += [file("other", f"appendix-{i}.pdf") for i in range(attachments - len(files))]
    return {"agency": agency, **document}


def time_of_check(
    scheme: HasRules, agency: str, variables: int = 5000, attachments: int = 200, rounds: int = 9
) -> float:
    """Median milliseconds of one check of a complete document of this size."""
    document = complete_document(agency, variables, attachments)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        check(document, scheme, SAMPLE_DAY)
        taken.append(time.perf_counter() - start)
    return 1000 * median(taken)


def file(kind: str, filename: str) -> dict[str, Any]:
    """An attachment as documents hold it."""
    ext = filename.rpartition(".")[2]
    return {"kind": kind, "filename": filename, "ext": ext, "size": 48_213, "updated": False}
