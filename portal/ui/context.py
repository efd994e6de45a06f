"""What every page may ask for. Everything is lazy: a page that does not show it pays nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.ui import navigation


def page(request: HttpRequest) -> dict[str, Any]:
    """`header_links` for the reader, `page_languages` as (code, name), `demo` in the demo."""
    return {
        "header_links": SimpleLazyObject(lambda: navigation.links(request)),
        "page_languages": settings.LANGUAGES,
        "demo": getattr(settings, "DEMO", False),
    }
