"""What is wrong with a file, in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.exchange.parsing import Fault
from portal.files import wording as files

TEXTS: dict[str, Callable[[], str]] = {
    "large": lambda: _("The file is larger than 20 MB."),
    "empty": lambda: _("The file is empty."),
    "encoding": lambda: _("The file is no text in UTF-8."),
    "json": lambda: _("The file is no JSON: here something else was expected."),
    "deep": lambda: _("Objects and lists lie within each other more than 20 levels deep."),
    "object": lambda: _("An object with names and values was expected."),
    "format": lambda: _("This is another format, or another version of it."),
    "agency": lambda: _("The agency is not one that takes applications here."),
    "type": lambda: _("This is nothing that can be applied for at the agency."),
    "trap": lambda: _("The file cannot be opened safely. Export the application anew."),
    "busy": lambda: files.refusal("busy"),
    "handoff": lambda: _("This is not applied for here."),
    "follows": lambda: _(
        "This begins as a copy of an earlier case, which is not one that you may go on from here."
    ),
    "doubled": lambda: _("The same name stands twice; the first one counts."),
    "unknown": lambda: _("The form has no such question."),
    "text": lambda: _("A text was expected."),
    "character": lambda: _("The text holds a character that cannot be kept."),
    "long": lambda: _("The text is too long."),
    "date": lambda: _("A date such as 2027-12-31 was expected."),
    "bounds": lambda: _("Give a day between the years 1900 and 2150."),
    "year": lambda: _("A year such as 2019 was expected."),
    "number": lambda: _("A whole number that is not below zero was expected."),
    "bool": lambda: _("true or false was expected."),
    "enum": lambda: _("This is not one of the choices."),
    "list": lambda: _("A list was expected."),
    "rows": lambda: _("The list is too long; the rest of it is left out."),
    "country": lambda: _("A country code of two letters, such as NO, was expected."),
}


@dataclass(frozen=True)
class Told:
    """A fault as people read it: what, where in the form, where in the file, what stands there."""

    message: str
    question: str
    place: str
    value: str


def told(fault: Fault, language: str) -> Told:
    """The fault in words of the active language; `language` chooses the questions' names."""
    parts = [field.label(language) for field in fault.labels]
    if fault.row:
        parts.insert(1, _("row %(n)d") % {"n": fault.row})
    place = fault.pointer
    if fault.line:
        words = {"line": fault.line, "column": fault.column}
        place = (
            _("line %(line)d, column %(column)d") if fault.column else _("line %(line)d")
        ) % words
    return Told(TEXTS[fault.code](), ", ".join(parts), place, fault.value)
