"""What the worker does with a new attachment: inspects it in a child process, then scans it.

A file that no scanner has called clean is never handed out: scanner down, slow or garbled means
unscanned, not clean (security.md 7). It is asked again by itself until it answers; where no scanner
is set up at all, files stay unscanned until there is one and `rescan` is called.
"""

import shutil
import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from applications.enums import ScanStatus
from applications.models import Attachment, Submission
from portal import store
from portal.events import readings
from portal.events.outbox import open_keys, queue
from portal.files.apart import SEARCH, Busy, Trap, ask, inspect
from portal.files.inspection import TYPES
from portal.jobs.models import Job


class NoScanner(Exception):
    """No scanner answered: the file stays unscanned."""


def clamd(file: BinaryIO) -> tuple[bool, str]:
    """(clean, name and version of the scanner) from clamd over INSTREAM."""
    from typing import cast

    from clamav_client import get_scanner
    from clamav_client.scanner import ClamdScannerConfig

    try:
        scanner = get_scanner(cast(ClamdScannerConfig, settings.CLAMD))
        info = scanner.info()
        result = scanner.scan(file.name)
    except Exception as failed:  # the client lets socket and protocol errors through
        raise NoScanner from failed
    # The client calls everything but OK "not passed": an error is no finding of malware.
    if result.state not in ("OK", "FOUND"):
        raise NoScanner
    return result.state == "OK", f"{info.name} {info.version}"


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


DEMO_NAME = "demo stand-in (knows EICAR only)"


def demo_stand_in(file: BinaryIO) -> tuple[bool, str]:
    """Knows the EICAR test file only, also inside a zip. For the demo; it is no virus scanner."""
    try:
        found = bool(ask(SEARCH, file, {"wanted": EICAR.decode()})[0])
    except (Trap, Busy) as wrong:
        raise NoScanner from wrong
    return not found, DEMO_NAME


def none(file: BinaryIO) -> tuple[bool, str]:
    """No scanner is configured."""
    raise NoScanner


SCANNERS: dict[str, Callable[[Any], tuple[bool, str]]] = {
    "clamd": clamd,
    "demo": demo_stand_in,
    "none": none,
}


def look() -> None:
    """Notes whether the scanner answers, and which it is. While it does not, since when."""
    name = "scanner"
    if settings.SCANNER == "none":
        readings.note(name, {"state": "none"})
        return
    try:
        with tempfile.NamedTemporaryFile(suffix=".txt") as file:
            file.write(b"Tilgang asks whether the scanner answers.")
            file.flush()
            _clean, version = SCANNERS[settings.SCANNER](file)
    except NoScanner:
        before = readings.read([name]).get(name)
        if before is None or before.value["state"] != "away":
            readings.note(name, {"state": "away"})
    else:
        readings.note(name, {"state": "ok", "name": version})


def _made_here(digest: str) -> bool:
    sent = Q(pdf_digest=digest) | Q(annexes__contains=[{"sha256": digest}])
    if Submission.objects.filter(sent).exists():
        return True
    return Job.objects.filter(digest=digest).exists()


# Who knows the digests of documents that the portal made: these carry their own data as an embedded
# file (decision.json), for which a stranger's document is refused. Higher apps add theirs.
ISSUED: list[Callable[[str], bool]] = [_made_here]


def examine(attachment: Attachment) -> dict[str, str]:
    """The facts of an attachment: status, refusal, content_type, scanner."""
    return examine_file(attachment.digest, attachment.ext)


def examine_file(digest: str, ext: str) -> dict[str, str]:
    """The same of any stored file, which is to be what `ext` says."""
    with tempfile.NamedTemporaryFile(suffix=f".{ext}") as copy:
        with store.open_object(digest) as stored:
            shutil.copyfileobj(stored, copy)
        copy.flush()
        verdict = inspect(copy, ext)
        if verdict["refusal"] == "embedded" and any(knows(digest) for knows in ISSUED):
            verdict = {"refusal": "", "content_type": TYPES[ext]}
        copy.seek(0)
        try:
            clean, scanner = SCANNERS[settings.SCANNER](copy)
        except NoScanner:
            clean, scanner = None, ""
    if clean is False:
        return _facts(ScanStatus.REFUSED, "malware", "", scanner)
    if verdict["refusal"] not in ("", "busy"):
        return _facts(ScanStatus.REFUSED, verdict["refusal"], "", scanner)
    looked_at = verdict["refusal"] != "busy"
    status = ScanStatus.CLEAN if clean and looked_at else ScanStatus.UNSCANNED
    return _facts(status, "", verdict["content_type"], scanner)


def rescan() -> int:
    """Queues the check of every file that no scanner has looked at and that nothing is being done
    about. Returns how many. Twice in a row queues nothing twice."""
    known = {key.split(":")[1] for key in open_keys("attachment.check")}
    waiting = Attachment.objects.filter(status__in=[ScanStatus.WAITING, ScanStatus.UNSCANNED])
    queued = 0
    for pk, checked_at in waiting.values_list("pk", "checked_at").iterator():
        if str(pk) in known:
            continue
        moment = checked_at.isoformat() if checked_at else "again"
        with transaction.atomic():
            key = f"attachment.check:{pk}:{moment}"
            queued += queue("attachment.check", {"attachment": str(pk)}, key)
    return queued


def _facts(status: ScanStatus, refusal: str, content_type: str, scanner: str) -> dict[str, str]:
    return {
        "status": status.value,
        "refusal": refusal,
        "content_type": content_type,
        "scanner": scanner,
    }
