"""Template tags of the shared components: `{% load ui %}`. How to use them: docs/ui.md."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.ui import themes
from portal.ui.differences import words_changed
from portal.ui.states import Look, look

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing from static/icons.svg; hidden from screen readers unless it has a label."""
    href = icon_address(name)
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def icon_address(name: str) -> str:
    """Address of one drawing, for a <use> of one's own."""
    return f"{static('icons.svg')}#{name}"


@register.simple_tag
def theme_address() -> str:
    """Address of the stylesheet with the agencies' colours."""
    return reverse("ui:theme", args=[themes.digest()])


@register.simple_tag(takes_context=True)
def page_agency(context: Context) -> dict[str, str] | None:
    """The agency whose page this is (code, short, name), None where it is nobody's.

    Looked for in the context (`agency_code`, `application.agency`) and in the address (`agency`).
    """
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    code = (
        context.get("agency_code")
        or getattr(context.get("application"), "agency", None)
        or (match.kwargs.get("agency") if match else None)
    )
    theme = themes.all_themes().get(str(code).lower()) if code else None
    if theme is None:
        return None
    name = theme.name(get_language() or "en")
    return {"code": theme.code, "short": theme.short, "name": name}


@register.simple_block_tag
def alert(content: str, kind: str = "info", heading: str = "", live: bool = False) -> SafeString:
    """A box that says something: kind is info, success, warning or danger."""
    told = format_html("<h2>{}</h2>", heading) if heading else ""
    role = format_html(' role="{}"', "alert" if kind == "danger" else "status") if live else ""
    return format_html(
        '<div class="ds-alert" data-color="{}"{}>{}{}</div>', kind, role, told, content
    )


@register.inclusion_tag("ui/tag.html")
def state_tag(state: str, label: str) -> dict[str, Any]:
    """A state in words, with a colour and an icon that agree with it."""
    return {"look": look(state), "label": label}


@register.inclusion_tag("ui/tag.html")
def tag(label: str, colour: str = "neutral", icon: str = "") -> dict[str, Any]:
    """A short word in a box: colour is neutral, info, success, warning, danger or accent."""
    return {"look": Look(colour, icon), "label": label}


@register.inclusion_tag("ui/task_list.html")
def task_list(tasks: Iterable[Any], start: int = 1) -> dict[str, Any]:
    """Tasks with `title`, `url`, `status` (done, missing, begun, todo, locked), `status_label`,
    and perhaps `hint` and `current`."""
    return {"tasks": tasks, "start": start}


@register.inclusion_tag("ui/summary_list.html")
def summary_list(rows: Iterable[Any]) -> dict[str, Any]:
    """Rows with `label`, `value` and perhaps `url` and `change` (what the link says)."""
    return {"rows": rows}


@register.inclusion_tag("ui/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first: `when` (text), `iso`, `who`, `what`, perhaps `more`."""
    return {"events": events}


@register.simple_block_tag
def table(
    content: str,
    caption: str,
    hide_caption: bool = False,
    stack: bool = False,
    zebra: bool = True,
    size: str = "",
) -> SafeString:
    """A table with a caption that scrolls by itself on small screens.

    `stack=True` makes a card of each row there; cells then name their column in `data-label`.
    `size="sm"` for long lists.
    """
    return format_html(
        '<div class="table-scroll" role="group" aria-label="{}" tabindex="0">'
        '<table class="ds-table"{}{}{}><caption{}>{}</caption>{}</table></div>',
        caption,
        format_html(' data-size="{}"', size) if size else "",
        SafeString(" data-zebra") if zebra else "",
        SafeString(" data-stack") if stack else "",
        SafeString(' class="ds-sr-only"') if hide_caption else "",
        caption,
        content,
    )


@register.inclusion_tag("ui/pages.html")
def pages(next_url: str = "", previous_url: str = "", count: str = "") -> dict[str, str]:
    """Next and previous of a list paged by key; `count` is a text such as "1000+ cases"."""
    return {"next_url": next_url, "previous_url": previous_url, "count": count}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    heading: str, text: str = "", url: str = "", link: str = "", picture: str = "file"
) -> dict[str, str]:
    """What stands where a list has nothing: why, and what to do next."""
    return {"heading": heading, "text": text, "url": url, "link": link, "picture": picture}


@register.inclusion_tag("ui/findings.html")
def findings(found: Iterable[Any], headings: bool = False) -> dict[str, Any]:
    """Findings with `id`, `severity`, `message`, `where`, `source`, perhaps `url` and `place`."""
    return {"findings": found, "headings": headings}


@register.inclusion_tag("ui/stepper.html")
def stepper(steps: Iterable[str], current: int) -> dict[str, Any]:
    """Steps in order; `current` counts from 1."""
    return {
        "steps": [
            {
                "label": label,
                "state": "done" if at < current else "now" if at == current else "todo",
            }
            for at, label in enumerate(steps, start=1)
        ]
    }


@register.inclusion_tag("ui/diff.html")
def diff(old: Any, new: Any) -> dict[str, Any]:
    """Old against new text, word by word, with <del>/<ins> and words for screen readers."""
    return {"parts": words_changed(str(old or ""), str(new or ""))}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """All errors of one or several forms, each linking to its control; nothing when none."""
    general: list[str] = []
    items: list[dict[str, str]] = []
    for form in forms:
        if not form or not getattr(form, "errors", None):
            continue
        general += list(form.non_field_errors())
        for field in form:
            items += [
                {"label": field.label, "error": error, "id": _control_id(field)}
                for error in field.errors
            ]
    return {"general": general, "items": items}


def _control_id(field: Any) -> str:
    return getattr(field, "first_id", "") or field.id_for_label or field.auto_id


@register.inclusion_tag("tilgang/field.html")
def field(bound: Any, why: str = "", findings: Iterable[Any] = ()) -> dict[str, Any]:
    """A whole question: label, help, `why`, control, counter, errors, findings beside it."""
    return {
        "field": bound,
        "why": why,
        "findings": findings,
        "form_show_labels": True,
        "form_show_errors": True,
    }


@register.inclusion_tag("ui/upload.html")
def upload(bound: Any, hint: str = "", accept: str = "") -> dict[str, Any]:
    """A box that takes a file: by button, by keyboard, by dropping. `bound` is the file field."""
    hint = hint or bound.help_text
    described = [f"{bound.auto_id}_helptext"] if hint else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs = {"aria-describedby": " ".join(described)} if described else {}
    if accept:
        attrs["accept"] = accept
    return {"field": bound, "hint": hint, "control": bound.as_widget(attrs=attrs)}
