"""`{% handoffs %}`: what is applied for elsewhere, on the pages of an application or a case."""

from typing import Any

from django import template
from django.template import Context

from applications.exchange import handing

register = template.Library()


@register.inclusion_tag("applications/_handoffs.html", takes_context=True)
def handoffs(context: Context, fields: Any = None) -> dict[str, Any]:
    """Boxes for the page in the context. `fields`: only what concerns one of these fields' lists.

    The context may hold `handoff_references` (rows with `handoff` and `reference`), so that a page
    that has read them asks no more.
    """
    page = context["page"]
    found: list[handing.Box] = []
    if page.scheme.handoffs:
        read = context.get("handoff_references")
        kept = (
            handing.references(page.application)
            if read is None
            else {line["handoff"]: line["reference"] for line in read}
        )
        within = None if fields is None else {f.path for f in fields}
        found = handing.boxes(page.scheme, page.document, page.language, kept, within)
    request = context.get("request")
    return {
        "boxes": found,
        "application": page.application,
        "may_keep": "keep_reference" in page.allowed,
        "next": request.path if request else "",
        "csrf_token": context.get("csrf_token"),
    }
