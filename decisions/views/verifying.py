"""Is this letter genuine? For everybody, without sign-in. A small file is looked at at once and nothing
of it is kept; for a larger one there is a job, and it is kept until it has been looked at."""

import hashlib
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from decisions import verdicts
from decisions.commands.verifying import Full, begin
from decisions.forms import VerifyForm
from decisions.uploading import OnlyInMemory
from portal import clock
from portal.jobs.views import to_page

# A whole institution may ask from one address; a program that tries letters by the thousand may not.
MOST, SECONDS = 30, 300


def address_of(request: HttpRequest) -> str:
    """The network address that asks."""
    return str(get_adapter().get_client_ip(request))


def allowed(request: HttpRequest) -> bool:
    """Counts a question of this network address; False when there were too many lately."""
    address = address_of(request)
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
        return _page(request, form, told=verdicts.too_large(), status=413)
    if not form.is_valid():
        return _page(request, form, status=422)
    pdf = form.cleaned_data["letter"].read()
    if told := verdicts.at_once(pdf):
        return _page(request, VerifyForm(), told=told)
    try:
        return to_page(begin(pdf, address_of(request)))
    except Full:
        answer = _page(request, VerifyForm(), full=True, status=503)
        answer["Retry-After"] = "60"
        return answer


def _page(request: HttpRequest, form: VerifyForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "decisions/verify.html", {"form": form, **more}, status=status)
