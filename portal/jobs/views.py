"""The page of a job. Whoever did not ask for it finds nothing there."""

from functools import wraps
from secrets import compare_digest
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal import clock
from portal.accounts.fresh import is_fresh, to_fresh_sign_in
from portal.jobs import commands
from portal.jobs.kinds import Kind, kinds
from portal.jobs.models import Job, State
from portal.ui.download import file_response

COOKIE = "job"  # one for each job, sent to its own pages only


def to_page(job: Job) -> HttpResponse:
    """Leads whoever asked to the page of the job. Somebody without an account gets the secret as a
    cookie of that page: addresses stand in logs."""
    response = redirect("jobs:job", pk=job.pk)
    if job.secret:
        response.set_cookie(
            COOKIE,
            job.secret,
            expires=job.expires_at,
            path=reverse("jobs:job", args=[job.pk]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _own(request: HttpRequest, pk: UUID) -> tuple[Job, Kind]:
    """The job, for whoever asked for it and may still have what it makes. Raises Http404."""
    job = Job.objects.filter(pk=pk, expires_at__gt=clock.now()).first()
    kind = kinds().get(job.kind) if job else None
    if job is None or kind is None:
        raise Http404
    if job.owner_id:
        asked = request.user.pk == job.owner_id
    else:
        given = commands.digest_of(request.COOKIES.get(COOKIE, ""))
        asked = compare_digest(given, job.secret_digest)
    if not asked or not kind.allowed(request.user if job.owner_id else None, job.payload):
        raise Http404
    return job, kind


def _for_whoever_asked(view: Any) -> Any:
    @wraps(view)
    @never_cache
    @require_GET
    def wrapped(request: HttpRequest, pk: UUID) -> HttpResponseBase:
        try:
            job, kind = _own(request, pk)
        except Http404:
            # Whose session has ended may sign in again; it says nothing of what is here.
            if request.user.is_authenticated or COOKIE in request.COOKIES:
                raise
            page = reverse("jobs:job", args=[pk])
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": page})
            return redirect_to_login(page)
        return view(request, job, kind)  # type: ignore[no-any-return]

    return wrapped


def _context(job: Job, kind: Kind) -> dict[str, Any]:
    stands, tried = commands.standing(job)
    return {
        "job": job,
        "title": kind.title,
        "waiting": stands == State.WAITING,
        "running": stands == State.RUNNING,
        "failed": stands == State.FAILED,
        "tried": tried,
        "why": _why(kind, job) if stands == State.FAILED else "",
        "template": kind.template,
        "back": kind.back(job.payload) if kind.back else "",
        "hours": round((job.expires_at - clock.now()).total_seconds() / 3600),
    }


def _why(kind: Kind, job: Job) -> str:
    if job.code in kind.failures:
        return str(kind.failures[job.code]) % job.result
    return _("Something went wrong on our side. It has been noted, and somebody will look at it.")


@_for_whoever_asked
def show(request: HttpRequest, job: Job, kind: Kind) -> HttpResponse:
    """How far the job is, or what came of it."""
    return render(request, "jobs/job.html", _context(job, kind))


@_for_whoever_asked
def state(request: HttpRequest, job: Job, kind: Kind) -> HttpResponse:
    """The same as a part of the page, which asks for it again and again while the job runs."""
    return render(request, "jobs/_state.html", _context(job, kind))


@_for_whoever_asked
def file(request: HttpRequest, job: Job, kind: Kind) -> HttpResponseBase:
    """The file that was made."""
    if not job.digest:
        raise Http404
    if kind.fresh and not is_fresh(request):
        return to_fresh_sign_in(request)
    return file_response(job.digest, job.filename, job.content_type)
