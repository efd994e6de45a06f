"""What an agency's administrators see of the machinery, and how they give dead work a new life."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.schemes import Scheme
from applications.selectors import operations
from applications.views.common import actor
from applications.views.rules import administrators_page
from portal import health
from portal.events import outbox

LONGEST_REASON = 500  # characters

_watch = health.Watch()


class RetryForm(forms.Form):
    """Why something that was given up is tried again."""

    reason = forms.CharField(
        label=gettext_lazy("Why it will work now"),
        help_text=gettext_lazy("It stays on record with your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
    )


@administrators_page
@require_safe
def overview(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """What waits, failed and was given up; who works; what the portal leans on."""
    results = _watch.ask(health.CHECKS)
    parts = {name: result.state for name, result in results.items()}
    context = operations.page(scheme, get_language() or "en", parts)
    return render(request, "cases/operations.html", context)


@administrators_page
@require_http_methods(["GET", "HEAD", "POST"])
def retry(request: HttpRequest, scheme: Scheme, entry: int) -> HttpResponse:
    """Tries again what was given up, with a reason that is recorded."""
    found = operations.dead_entry(scheme.agency, entry)
    if found is None:
        raise Http404
    form = RetryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if outbox.retry(entry, actor(request).reference, form.cleaned_data["reason"]):
            messages.success(request, _("It is tried again now."))
        return redirect("cases:operations", agency=scheme.agency)
    job = operations.job(scheme, found, get_language() or "en")
    facts = [
        {"label": _("Work"), "value": f"{job.lane} ({job.kind})"},
        {"label": _("Case"), "value": job.case or "–"},
        {"label": _("Given up"), "value": job.when},
        {"label": _("Reason"), "value": job.reason},
        {"label": _("Tries"), "value": job.tries},
    ]
    context = {"agency": scheme.agency, "form": form, "facts": facts}
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/operations_retry.html", context, status=status)
