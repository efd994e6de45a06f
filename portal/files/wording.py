"""Why a file is refused and what to do, in the reader's language."""

from collections.abc import Callable

from django.utils.translation import gettext as _

TEXTS: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The file is empty. Save it again and upload the new copy."),
    "large": lambda: _(
        "The file is larger than 100 MB. Split it, or leave out what is not needed."
    ),
    "type": lambda: _(
        "The content is not what the file name says, or of a type that we do not take. "
        "Take PDF, Word, Excel, OpenDocument, CSV or text."
    ),
    "unreadable": lambda: _("The file does not open. Save it again and upload the new copy."),
    "encrypted": lambda: _("The file is protected by a password. Upload a copy without one."),
    "macro": lambda: _(
        "The file holds macros or scripts, or a form that can run them. Save it without them, or"
        " print it to a new PDF."
    ),
    "embedded": lambda: _(
        "The file holds other files, programs or media. Take them out and upload each document by"
        " itself, or print it to a new PDF."
    ),
    "links": lambda: _(
        "The file fetches something from elsewhere when it is opened: a template, a picture,"
        " another workbook or a program. Break these links (in Word and Excel: File, Info, Edit"
        " Links to Files), or print it to a new PDF."
    ),
    "bomb": lambda: _(
        "The file cannot be opened safely. Save its content as a new file or as PDF."
    ),
    "busy": lambda: _(
        "The file could not be examined now, because many others are. Try again in a minute."
    ),
    "malware": lambda: _("The file holds malware and was locked away. Check your computer."),
}


def refusal(code: str) -> str:
    """What a code of portal.files.inspection, `busy` or `malware` means for the person."""
    return TEXTS.get(code, TEXTS["unreadable"])()
