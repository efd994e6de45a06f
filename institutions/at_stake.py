"""Cases about the approval of institutions: the applications app knows them, and registers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from institutions.models import Institution


@dataclass(frozen=True)
class Case:
    """One submitted case that is not over, in the reader's language. `means`: what the end of the
    approval means for it. `pk`: its key; `officer` and `owner`: keys of people, for mails."""

    pk: str
    number: str
    title: str
    state: str
    means: str
    url: str
    owner: str
    officer: str = ""


Leaning = Callable[[Institution, str, Any], list[Case]]
Asking = Callable[[str, Any], list[Case]]
_leaning: list[Leaning] = []
_asking: list[Asking] = []


def register(leaning: Leaning, asking: Asking) -> None:
    """Adds a function (institution, agency, reader) -> cases that lean on its approval, and a
    function (agency, reader) -> cases in which an institution asks to be approved. Both leave out
    what `reader` is barred from. Call it in AppConfig.ready()."""
    if leaning not in _leaning:
        _leaning.append(leaning)
        _asking.append(asking)


def leaning(institution: Institution, agency: str, reader: Any) -> list[Case]:
    """The running cases of the institution at the agency that lean on its approval, the oldest
    first, without those that `reader` is barred from."""
    return [case for source in _leaning for case in source(institution, agency, reader)]


def asking(agency: str, reader: Any) -> list[Case]:
    """The undecided cases in which institutions ask the agency to approve them, without those that
    `reader` is barred from: `title` is the institution's name and `means` who handles it."""
    return [case for source in _asking for case in source(agency, reader)]
