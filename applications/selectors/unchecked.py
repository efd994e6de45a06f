"""Files of a submission that nobody may open yet, or ever: they wait for the scanner, or were refused.

An application may be sent while its files are still looked at; it is not decided on before all of
them are clean.
"""

from collections.abc import Iterable

from applications.enums import ScanStatus
from applications.models import Attachment, Submission


def sent(submission: Submission | None) -> list[tuple[str, str]]:
    """(name, status now) of the files of what was sent that are not clean, by name."""
    ids = [file["id"] for file in submission.attachments] if submission else []
    if not ids:
        return []
    held = Attachment.objects.filter(pk__in=ids).exclude(status=ScanStatus.CLEAN)
    return list(held.order_by("filename", "pk").values_list("filename", "status"))


def told(files: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What `_unchecked.html` tells of (name, status): the names of the files that were refused, and
    of those that wait to be checked."""
    files = list(files)
    return {
        "refused_files": [name for name, status in files if status == ScanStatus.REFUSED],
        "waiting_files": [
            name for name, status in files if status in (ScanStatus.WAITING, ScanStatus.UNSCANNED)
        ],
    }
