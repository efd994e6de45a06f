"""What is said of a file that somebody thinks is a letter of ours, in words."""

import hashlib
import logging
from typing import Any

from django.utils.translation import get_language

from applications import schemes
from applications.selectors.words import moment_in_words
from decisions import selectors
from decisions.enums import Status
from decisions.models import LetterAnnex, LetterRevision
from portal.files.apart import Busy

log = logging.getLogger(__name__)

AT_ONCE = 1024 * 1024  # bytes: a larger file is a job


def too_large() -> dict[str, Any]:
    """Of a file that is larger than any letter of ours."""
    from decisions.letters.examination import TEXTS, Code

    return {"genuine": False, "known": True, "reasons": [str(TEXTS[Code.TOO_LARGE])]}


def at_once(pdf: bytes) -> dict[str, Any] | None:
    """What can be said within a moment; None when it takes longer."""
    from decisions.letters.examination import TookLonger

    if annex := selectors.issued_annex(hashlib.sha256(pdf).hexdigest()):
        return _annex(annex)
    if len(pdf) > AT_ONCE and pdf.startswith(b"%PDF-"):
        return None
    try:
        return told(pdf, quick=True)
    except (TookLonger, Busy):
        return None


def told(pdf: bytes, quick: bool = False) -> dict[str, Any]:
    """The verdict in words, as JSON. What a false letter says of itself is not repeated.

    `genuine`; `known`: whether anything is known; `reasons`; of a genuine one, who signed it when.
    Raises Busy, and with `quick` examination.TookLonger.
    """
    from decisions.letters.examination import Code, examine
    from decisions.letters.signing import SigningUnavailable, load_roots

    if annex := selectors.issued_annex(hashlib.sha256(pdf).hexdigest()):
        return _annex(annex)
    try:
        roots = load_roots()
    except SigningUnavailable:
        # Without our certificates nothing can be said for or against a letter.
        log.exception("letters cannot be examined")
        return {"genuine": False, "known": False, "reasons": []}
    verdict = examine(pdf, selectors.issued_revision, roots, quick)
    found: dict[str, Any] = {
        "genuine": verdict.genuine,
        # We issued these very bytes, but the signature could not be confirmed: our trouble.
        "known": Code.SIGNATURE_INVALID not in verdict.codes,
        "reasons": [str(reason.text) for reason in verdict.reasons],
    }
    if verdict.genuine and verdict.issued:
        found |= _facts(verdict)
    return found


def _annex(annex: LetterAnnex) -> dict[str, Any]:
    """Of an annex, which has no signature: the signed letter names it by its digest."""
    decision = annex.decision
    scheme = schemes.get(decision.application.agency, decision.application.scheme_version)
    return {
        "genuine": True,
        "annex": True,
        "known": True,
        "reasons": [],
        "agency": scheme.name(get_language() or "en"),
        "agency_code": scheme.agency,
        "case_number": decision.application.number,
        "letter_id": decision.letter_id,
        "filename": annex.filename,
        "first": annex.first,
        "last": annex.last,
        "superseded": decision.status == Status.SUPERSEDED,
        "sha256": annex.sha256,
    }


def _facts(verdict: Any) -> dict[str, Any]:
    language = get_language() or "en"
    revision = LetterRevision.objects.select_related("decision__application").get(
        sha256=verdict.sha256
    )
    decision = revision.decision
    scheme = schemes.get(decision.application.agency, decision.application.scheme_version)
    accepted_later = (
        not verdict.accepted and decision.revisions.filter(revision__gt=revision.revision).exists()
    )
    facts: dict[str, Any] = {
        "agency": scheme.name(language),
        "agency_code": scheme.agency,
        "case_number": verdict.issued.case_number,
        "letter_id": verdict.issued.letter_id,
        "signed_by": verdict.signed_by,
        "signed_at": moment_in_words(verdict.signed_at, scheme.timezone, language),
        "accepted": verdict.accepted,
        "accepted_later": accepted_later,
        "superseded": decision.status == Status.SUPERSEDED,
        "sha256": verdict.sha256,
    }
    if given := verdict.acceptance:
        facts |= {
            "accepted_by": given.name,
            "accepted_title": given.title,
            "accepted_for": given.institution,
            "accepted_at": moment_in_words(given.accepted_at, scheme.timezone, language),
        }
    return facts
