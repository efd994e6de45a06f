"""Is this letter genuine? For everybody, without sign-in, and nothing is kept."""

import hashlib
import logging
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from applications import schemes
from applications.selectors.words import moment_in_words
from decisions import selectors
from decisions.enums import Status
from decisions.forms import VerifyForm
from decisions.models import LetterRevision
from decisions.uploading import OnlyInMemory
from portal import clock
from portal.files.apart import Busy

log = logging.getLogger(__name__)

# A whole institution may ask from one address; a program that tries letters by the thousand may not.
MOST, SECONDS = 30, 300


def allowed(request: HttpRequest) -> bool:
    """Counts a question of this network address; False when there were too many lately."""
    address = get_adapter().get_client_ip(request)
    window = int(clock.now().timestamp()) // SECONDS
    name = hashlib.sha256(f"{address}|{window}".encode()).hexdigest()[:32]
    key = f"verify:{name}"
    if cache.add(key, 1, SECONDS):
        return True
    try:
        return cache.incr(key) <= MOST
    except ValueError:  # it ran out between the two
        return True


@csrf_exempt  # the inner view is protected; the upload handler must be set before the body is read
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Takes a letter and says whether it is one of ours, unchanged, signed by whom, accepted."""
    if request.method == "POST":
        from decisions.letters.examination import LARGEST_FILE

        handler = OnlyInMemory(request, LARGEST_FILE)
        request.upload_handlers = [handler]
        return _answer(request, handler)
    return _page(request, VerifyForm())


@csrf_protect
def _answer(request: HttpRequest, handler: OnlyInMemory) -> HttpResponse:
    if not allowed(request):
        return _page(request, VerifyForm(), too_many=True, status=429)
    form = VerifyForm(request.POST, request.FILES)
    if handler.too_large:
        form = VerifyForm()
        return _page(request, form, told=_too_large(), status=413)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _page(request, VerifyForm(), told=_examined(form.cleaned_data["letter"].read()))


def _page(request: HttpRequest, form: VerifyForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "decisions/verify.html", {"form": form, **more}, status=status)


def _too_large() -> dict[str, Any]:
    from decisions.letters.examination import TEXTS, Code

    return {"genuine": False, "known": True, "reasons": [TEXTS[Code.TOO_LARGE]]}


def _examined(pdf: bytes) -> dict[str, Any]:
    """The verdict in words. What a false letter says of itself is not repeated."""
    from decisions.letters.examination import Code, examine
    from decisions.letters.signing import SigningUnavailable, load_roots

    try:
        roots = load_roots()
    except SigningUnavailable:
        # Without our certificates nothing can be said for or against a letter.
        log.exception("letters cannot be examined")
        return {"genuine": False, "known": False, "reasons": []}
    try:
        verdict = examine(pdf, selectors.issued_revision, roots)
    except Busy:
        return {"genuine": False, "known": False, "reasons": []}
    told: dict[str, Any] = {
        "genuine": verdict.genuine,
        # We issued these very bytes, but the signature could not be confirmed: our trouble.
        "known": Code.SIGNATURE_INVALID not in verdict.codes,
        "reasons": [reason.text for reason in verdict.reasons],
    }
    if verdict.genuine and verdict.issued:
        told |= _facts(verdict)
    return told


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
