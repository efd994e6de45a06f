"""Is this file one of our letters, unchanged? For a public page: anybody may send anything.

Genuine means two things at once: the portal has issued exactly these bytes (SHA-256), and a
signature of ours in them is good. The digest alone would trust the store, the signature alone
misses what no PDF tool catches (a changed title, a signature taken away). Everything else in a
verdict is explanation.
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from asn1crypto import pem, x509
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.files import apart
from portal.files.apart import LETTERS

from . import ACCEPTANCE_FIELD, FACTS_KEY
from .acceptance import Acceptance

LARGEST_FILE = 20 * 1024 * 1024
# Bytes that we issued ourselves are no stranger's: the longest letter gets the time that it takes.
SECONDS_FOR_OURS, MEMORY_FOR_OURS = 60, 1024 * 1024 * 1024
SECONDS_AT_ONCE = 2


class TookLonger(Exception):
    """Nothing is known yet: it needs more time than somebody waits for a page."""


class Code(StrEnum):
    """What was found, for programs; `TEXTS` has the sentences for people."""

    GENUINE = "genuine"
    TOO_LARGE = "too_large"
    NOT_A_PDF = "not_a_pdf"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    NOT_SIGNED = "not_signed"
    CHANGED = "changed"
    OTHER_CERTIFICATE = "other_certificate"
    ADDED_AFTER = "added_after"
    TITLE_CHANGED = "title_changed"
    ATTACHMENT_CHANGED = "attachment_changed"
    PAGES_CHANGED = "pages_changed"
    NOT_ISSUED = "not_issued"
    SIGNATURE_INVALID = "signature_invalid"


TEXTS: dict[Code, Promise] = {
    Code.GENUINE: _("This letter was issued by the portal and is unchanged."),
    Code.TOO_LARGE: _("The file is larger than any letter of ours."),
    Code.NOT_A_PDF: _("The file is not a PDF."),
    Code.ENCRYPTED: _("The file is protected with a password. Our letters never are."),
    Code.UNREADABLE: _("The file could not be read as a PDF."),
    Code.NOT_SIGNED: _(
        "The file has no signature. Our letters always have one, and it may have been removed."
    ),
    Code.CHANGED: _("The content was changed after the letter was signed."),
    Code.OTHER_CERTIFICATE: _("The signature was not made with a certificate of ours."),
    Code.ADDED_AFTER: _(
        "The file begins with a letter that we issued, but something was added to it afterwards."
    ),
    Code.TITLE_CHANGED: _("The title or description of the document was changed."),
    Code.ATTACHMENT_CHANGED: _("The decision attached to the document was changed."),
    Code.PAGES_CHANGED: _("What is shown on the pages was changed."),
    Code.NOT_ISSUED: _("The portal has not issued this file as a letter."),
    Code.SIGNATURE_INVALID: _(
        "The portal issued this file, but its signature could not be confirmed now."
    ),
}


@dataclass(frozen=True)
class IssuedRevision:
    """A file that the portal issued: a signed letter, or the same letter with its acceptance."""

    sha256: str
    letter_id: str
    case_number: str
    issued_at: datetime
    accepted: bool


@dataclass(frozen=True)
class Reason:
    """One thing to tell. `text` is lazy: it comes in the language of whoever prints it."""

    code: Code

    @property
    def text(self) -> Promise:
        return TEXTS[self.code]


@dataclass(frozen=True)
class Verdict:
    """What is known of a file. The fields after `reasons` are filled for a genuine letter only:
    what a false one says of itself is not passed on."""

    genuine: bool
    reasons: tuple[Reason, ...]
    sha256: str
    issued: IssuedRevision | None = None
    signed_by: str = ""
    signed_at: datetime | None = None
    accepted: bool = False
    acceptance: Acceptance | None = None

    @property
    def codes(self) -> tuple[Code, ...]:
        return tuple(reason.code for reason in self.reasons)


def examine(
    pdf: bytes,
    issued: Callable[[str], IssuedRevision | None],
    roots: Iterable[x509.Certificate],
    quick: bool = False,
) -> Verdict:
    """The verdict on an uploaded file. Never raises for what the file holds; keeps nothing. Raises
    apart.Busy when it could not be looked at now, and with `quick` TookLonger when that takes more than
    a moment.

    issued: looks up a SHA-256 (lower-case hexadecimal) among all issued revisions.
    roots: signing.load_roots().
    """
    digest = hashlib.sha256(pdf[: LARGEST_FILE + 1]).hexdigest()
    if len(pdf) > LARGEST_FILE:
        return _no(digest, Code.TOO_LARGE)
    if not pdf.startswith(b"%PDF-"):
        return _no(digest, Code.NOT_A_PDF)
    ours = issued(digest)
    ours_until = 0 if ours else _ours_until(pdf, issued)
    seen = _inspect(pdf, roots, ours_until, ours is not None, quick)
    if ours is not None:
        return _judge_issued(digest, ours, seen)
    return _no(digest, *_explain(seen, ours_until))


def _no(digest: str, *codes: Code) -> Verdict:
    return Verdict(False, tuple(Reason(code) for code in codes), digest)


def _judge_issued(digest: str, ours: IssuedRevision, seen: dict[str, Any]) -> Verdict:
    good = [s for s in seen["signatures"] if s["good"]]
    decision = next((s for s in good if s["field"] != ACCEPTANCE_FIELD), None)
    if decision is None or len(good) != len(seen["signatures"]):
        return _no(digest, Code.SIGNATURE_INVALID)
    acceptance = next((s for s in good if s["field"] == ACCEPTANCE_FIELD), None)
    return Verdict(
        genuine=True,
        reasons=(Reason(Code.GENUINE),),
        sha256=digest,
        issued=ours,
        signed_by=decision["name"],
        signed_at=datetime.fromisoformat(decision["at"]),
        accepted=acceptance is not None,
        acceptance=_facts(acceptance["facts"]) if acceptance else None,
    )


def _explain(seen: dict[str, Any], ours_until: int) -> list[Code]:
    """Why a file that the portal did not issue is not genuine, as far as can be told."""
    codes = []
    if ours_until:
        codes.append(Code.ADDED_AFTER)
    if seen["problem"]:
        return [*codes, Code(seen["problem"])]
    changed = {
        "title": Code.TITLE_CHANGED,
        "attachment": Code.ATTACHMENT_CHANGED,
        "pages": Code.PAGES_CHANGED,
    }
    codes += [changed[difference] for difference in seen.get("differences", [])]
    signatures = seen["signatures"]
    if not signatures:
        codes.append(Code.NOT_SIGNED)
    elif not all(s["intact"] for s in signatures):
        codes.append(Code.CHANGED)
    elif not all(s["trusted"] for s in signatures):
        codes.append(Code.OTHER_CERTIFICATE)
    elif not ours_until:
        codes.append(Code.NOT_ISSUED)
    return codes


def _ours_until(pdf: bytes, issued: Callable[[str], IssuedRevision | None]) -> int:
    """Where a letter of ours ends inside the file, when it begins with one; else 0. A letter has a
    handful of revisions, so the first sixteen ends of file are enough to look at."""
    hasher, done = hashlib.sha256(), 0
    longest = 0
    for number, end in enumerate(re.finditer(rb"%%EOF(\r\n|\n|\r|)", pdf)):
        if number == 16:
            break
        for stop in sorted({end.start() + 5, end.end()}):
            hasher.update(pdf[done:stop])
            done = stop
            if issued(hasher.hexdigest()):
                longest = stop
    return longest


def _inspect(
    pdf: bytes, roots: Iterable[x509.Certificate], ours_until: int, ours: bool, quick: bool
) -> dict[str, Any]:
    """What a child process sees in the file. Raises apart.Busy, TookLonger."""
    arguments = {
        "roots": [pem.armor("CERTIFICATE", root.dump()).decode() for root in roots],
        "facts_key": FACTS_KEY,
        "ours_until": ours_until,
    }
    more = {"seconds": SECONDS_FOR_OURS, "memory": MEMORY_FOR_OURS} if ours else {}
    if quick:
        more["seconds"] = SECONDS_AT_ONCE
    try:
        seen: dict[str, Any] = apart.ask(LETTERS, io.BytesIO(pdf), arguments, **more)[0]
    except apart.Trap:
        if quick:
            raise TookLonger from None
        return {"problem": "unreadable", "signatures": []}
    return seen


def _facts(text: str) -> Acceptance | None:
    try:
        return Acceptance.from_json(text)
    except ValueError:
        return None
