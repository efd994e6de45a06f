"""Cases that were decided before the portal came: an agency's administrators record and end them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.commands import Invalid, NotFound
from applications.commands.recorded import end_recorded, record_case
from applications.models import RecordedCase
from applications.schemes import Scheme
from applications.selectors import facts
from applications.selectors.words import moment_in_words
from applications.views.common import actor
from applications.views.rules import administrators_page
from institutions.enums import InstitutionStatus
from institutions.models import Institution
from portal.text import line

MOST = 200  # shown at once; a search narrows them


class RecordForm(forms.Form):
    """One case: whose, what, its number and title, and what stands in its lists, a line each."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label=gettext_lazy("Institution"),
        required=False,
        empty_label="–",
    )
    type = forms.ChoiceField(label=gettext_lazy("What it is"), required=False)
    number = forms.CharField(label=gettext_lazy("Number at the agency"), required=False)
    title = forms.CharField(label=gettext_lazy("Title"), required=False)

    def __init__(self, scheme: Scheme, language: str, data: Any = None) -> None:
        super().__init__(data)
        confirmed = Institution.objects.filter(status=InstitutionStatus.CONFIRMED)
        whose: Any = self.fields["institution"]
        whose.queryset = confirmed.filter(
            Q(country=scheme.country) | Q(approvals__agency=scheme.agency)
        ).distinct().order_by("name", "pk")  # fmt: skip
        kind: Any = self.fields["type"]
        wanted = facts.types_asked_for(scheme)
        kind.choices = [(t.id, t.label(language)) for t in scheme.types if t.id in wanted]
        self.lists = facts.columns_offered(scheme)
        for path, label in self.lists.items():
            self.fields[path] = forms.CharField(
                label=label(language),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("One on each line."),
            )

    def given(self) -> dict[str, Any]:
        """What `record_case` takes."""
        self.is_valid()
        read = self.cleaned_data
        lists = {path: str(read.get(path) or "").splitlines() for path in self.lists}
        return {
            "institution": read.get("institution"),
            "type": read.get("type") or "",
            "number": read.get("number") or "",
            "title": read.get("title") or "",
            "lists": {path: lines for path, lines in lists.items() if lines},
        }

    def refuse(self, errors: dict[str, list[str]]) -> None:
        """Shows what the command says is wrong, beside the field where there is one."""
        for name, texts in errors.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, texts)


@administrators_page
@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """What is recorded, with a search by number, title and institution; and the form for one more."""
    if not facts.types_asked_for(scheme):
        raise Http404
    language = get_language() or "en"
    form = RecordForm(scheme, language, request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            record_case(actor(request), scheme.agency, **form.given())
        except Invalid as wrong:
            form.refuse(wrong.errors)
            status = 422
        else:
            messages.success(request, _("The case is recorded. It counts from now on."))
            return redirect(reverse("cases:recorded", args=[scheme.agency]))
    text = line(request.GET.get("q", ""))[:200]
    held = RecordedCase.objects.filter(agency=scheme.agency)
    if text:
        held = held.filter(
            Q(number__icontains=text)
            | Q(title__icontains=text)
            | Q(institution__name__icontains=text)
        )
    lines = held.select_related("institution", "recorded_by", "ended_by")
    labels = {t.id: t.label(language) for t in scheme.types}
    shown = list(lines.order_by("ended_at", "-recorded_at", "pk")[: MOST + 1])
    context = {
        "agency": scheme.agency,
        "form": form,
        "text": text,
        "lines": [
            {
                "case": case,
                "type": labels.get(case.type, case.type),
                "recorded": moment_in_words(case.recorded_at, scheme.timezone, language),
                "ended": moment_in_words(case.ended_at, scheme.timezone, language)
                if case.ended_at
                else "",
            }
            for case in shown[:MOST]
        ],
        "more": len(shown) > MOST,
    }
    return render(request, "cases/recorded.html", context, status=status)


@administrators_page
@require_POST
def end(request: HttpRequest, scheme: Scheme, recorded: UUID) -> HttpResponse:
    """A recorded case is in force no more."""
    try:
        held = end_recorded(actor(request), scheme.agency, recorded)
    except NotFound as missing:
        raise Http404 from missing
    messages.success(request, _("%(number)s counts no more.") % {"number": held.number})
    return redirect(reverse("cases:recorded", args=[scheme.agency]))
