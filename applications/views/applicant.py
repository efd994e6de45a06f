"""The applicant's own pages: my applications, a new one, the overview, messages."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import history, my_page, panels, schemes
from applications.commands import Actor, Invalid, create, execute
from applications.commands.start import may_follow
from applications.enums import State
from applications.forms.fields import described
from applications.selectors import followed, unchecked
from applications.selectors.tasks import own_applications, task_list
from applications.selectors.unread import TYPED, unread
from applications.views import who_applies
from applications.views.common import actor, application_page, page_of
from applications.views.form import findings_of, others_here
from applications.views.sending import checked_for_applicant
from institutions import selectors as institutions
from institutions.models import Institution

MESSAGE_LENGTH = 5_000


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My applications, the newest change first, with their state in plain words."""
    language = get_language() or "en"
    lines = [my_page.line(each, language) for each in own_applications(request.user)]
    return render(request, "applications/mine.html", {"lines": lines})


class StartForm(forms.Form):
    """What is applied for, for which institution, in which language the letter shall be."""

    type = forms.ChoiceField(label=gettext_lazy("What do you apply for?"), widget=forms.RadioSelect)
    institution = forms.ChoiceField(label=gettext_lazy("Applicant institution"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of letters from the agency"), required=False
    )

    def __init__(
        self,
        scheme: schemes.Scheme,
        places: list[Institution],
        language: str,
        wanted: str = "",
        data: Any = None,
    ) -> None:
        codes = scheme.letter_languages
        kinds = [t for t in scheme.types if t.here and not t.follows]
        initial = {"language": language if language in codes else codes[0]}
        # The first is what most people come for; the others stand beside it with their words.
        initial["type"] = wanted or (kinds[0].id if kinds else "")
        super().__init__(data, initial=initial)
        _choices(self, "type").choices = [
            (t.id, described(t.label(language), t.help(language))) for t in kinds
        ]
        _choices(self, "institution").choices = [(str(i.pk), i.name) for i in places]
        _choices(self, "language").choices = [(code, LANGUAGE_NAMES[code]) for code in codes]


LANGUAGE_NAMES = {
    "nb": "Norsk bokmål",
    "nn": "Norsk nynorsk",
    "da": "Dansk",
    "sv": "Svenska",
    "en": "English",
}


def _choices(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begins an application: the agency first (`?agency=`), then what is applied for there."""
    language = get_language() or "en"
    offered = {s.agency: s for s in schemes.all_current() if s.open}
    chosen = request.GET.get("agency") or (next(iter(offered)) if len(offered) == 1 else "")
    scheme = offered.get(chosen)
    mine_ = list(institutions.active_institutions(request.user))
    context: dict[str, Any] = {"institutions": mine_, "scheme": scheme}
    if scheme is None:
        context["agencies"] = [
            {"code": s.agency, "name": s.name(language), "about": s.about(language)}
            for s in offered.values()
        ]
        context["closed"] = [
            s.name(language) for s in schemes.all_current() if s.agency not in offered
        ]
        return render(request, "applications/new.html", context)
    form = StartForm(scheme, mine_, language, request.GET.get("type", ""), request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            application = create(
                Actor(user=request.user),
                scheme.agency,
                given["language"],
                given["institution"] or None,
                given["type"],
            )
        except Invalid as wrong:
            for name, texts in wrong.errors.items():
                form.add_error(name if name in form.fields else None, texts)
        else:
            return redirect("applications:overview", pk=application.pk)
    context |= {
        "form": form,
        "agency_code": scheme.agency,
        "agency_name": scheme.name(language),
        "elsewhere": [
            {"label": t.label(language), "text": t.handoff(language), "url": t.handoff_url}
            for t in scheme.types
            if not t.here
        ],
        "following": [t.label(language) for t in scheme.types if t.follows],
    }
    return render(request, "applications/new.html", context)


@application_page
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, pk: UUID, type: str) -> HttpResponse:
    """Begins an application that copies this case: a change of what was decided, for one."""
    page = page_of(request, pk)
    scheme = schemes.current(page.application.agency)
    wanted = scheme.type(type)
    if wanted is None or not may_follow(request.user, wanted, page.application):
        raise Http404
    if request.method == "POST":
        draft = create(
            Actor(user=request.user),
            scheme.agency,
            page.application.language,
            type=wanted.id,
            follows=page.application,
        )
        return redirect("applications:overview", pk=draft.pk)
    begun = page.application.followed_by.filter(owner_id=request.user.pk, state=State.DRAFT)
    context = {
        "heading": wanted.label(page.language),
        "text": _(
            "A new application begins as a copy of this case: answers, rows and attachments. "
            "Change what is to be different and hand in updated documents."
        ),
        "facts": [
            {"label": _("Draft begun earlier"), "value": d.title or str(d.pk)} for d in begun
        ],
        "button": _("Begin"),
        "back": reverse("applications:overview", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


@application_page
@require_GET
def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The task list before submission; where the case stands and what is next afterwards."""
    page = page_of(request, pk)
    application = page.application
    told = findings_of(page)
    typed = application.answers.get(TYPED) or {}
    cannot_be_read = unread(page.scheme, application.type, application.answers, page.document)
    last = application.submissions.order_by("-sequence").first()
    round_ = application.return_rounds.filter(resubmitted_at__isnull=True).first()
    attached = page.seen.attachments
    kind = page.scheme.type(application.type)
    talk = kind is not None and not kind.decides
    context = {
        "talk": talk,
        "type_label": kind.label(page.language) if kind else "",
        "state_meaning": page.scheme.workflow.state_meaning(application.state, page.language),
        "thread": application.messages.select_related("author") if talk else [],
        "form": MessageForm() if "send_message" in page.allowed else None,
        "agency": page.scheme.name(page.language),
        "own_side": True,
        "page": page,
        "application": application,
        "state_label": page.scheme.workflow.state_label(application.state, page.language),
        "tasks": task_list(page.sections, page.document, told, page.language, typed),
        "attachment_blocks": sum(
            s.section == "attachments" and s.severity == "BLOCK" for s in told
        ),
        "attachments": attached,
        "blocks": sum(s.severity == "BLOCK" for s in told) + len(cannot_be_read),
        **({} if page.editable else unchecked.told(unchecked.sent(last))),
        "sent": not page.editable,
        "who_applies": who_applies.told(page, request.user) if page.editable else None,
        "flags": sum(s.severity == "FLAG" for s in told),
        "round": round_,
        "points": round_.points.all() if round_ else [],
        "unanswered": round_.points.filter(answered_at__isnull=True).count() if round_ else 0,
        "history": history.lines(application, staff=False, most=8),
        "others": others_here(page, request.user),
        "submissions": application.submissions.order_by("-sequence"),
        "checked": None if page.editable else checked_for_applicant(page),
        "panels": panels.render("applicant", request, application),
        "can_follow": [
            {"type": t.id, "label": t.label(page.language)}
            for t in schemes.current(application.agency).types
            if may_follow(request.user, t, application)
        ],
        "earlier": application.follows,
        "changes": followed.changes(page.seen, page.sections, page.language)
        if application.follows_id
        else None,
        "colleagues": application.colleagues.filter(ended_at__isnull=True).select_related("user"),
        "last_message": application.messages.order_by("-sent_at").first(),
    }
    return render(request, "applications/overview.html", context)


@application_page
@require_GET
def full_history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole history as the applicant's side may read it."""
    page = page_of(request, pk)
    context = {
        "page": page,
        "application": page.application,
        "history": history.lines(page.application, staff=False, most=500),
    }
    return render(request, "applications/history.html", context)


class MessageForm(forms.Form):
    """A message to the other side."""

    body = forms.CharField(
        label=gettext_lazy("Your message"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=MESSAGE_LENGTH,
    )


@application_page
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Messages between the applicant and the agency."""
    page = page_of(request, pk)
    application = page.application
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        execute("send_message", pk, actor(request), {"body": form.cleaned_data["body"]})
        messages.success(request, _("The message is sent."))
        return redirect("applications:messages", pk=pk)
    context = {
        "page": page,
        "application": application,
        "thread": application.messages.select_related("author"),
        "form": form,
        "may_write": "send_message" in page.allowed,
        "agency": page.scheme.name(page.language),
        "own_side": True,
    }
    return render(request, "applications/messages.html", context)


def turn_conversation(request: HttpRequest, pk: UUID, way: str) -> None:
    """Closes a conversation ("close") or opens it again ("reopen"). Raises Http404 otherwise."""
    told = {
        "close": _("The conversation is closed."),
        "reopen": _("The conversation is open again."),
    }
    if way not in told:
        raise Http404
    execute(way, pk, actor(request))
    messages.success(request, told[way])


@application_page
@require_POST
def turn(request: HttpRequest, pk: UUID, way: str) -> HttpResponse:
    """The applicant closes a conversation, or opens it again."""
    turn_conversation(request, pk, way)
    return redirect("applications:overview", pk=pk)


@application_page
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks once, then takes the application back (a draft is discarded)."""
    page = page_of(request, pk)
    if request.method == "POST":
        execute("withdraw", pk, actor(request), {"reason": request.POST.get("reason", "")})
        messages.success(request, _("The application is withdrawn."))
        return redirect("applications:overview", pk=pk)
    return render(
        request, "applications/withdraw.html", {"page": page, "application": page.application}
    )
