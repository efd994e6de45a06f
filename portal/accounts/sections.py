"""Parts of "my page" that higher apps add: my institutions, my applications."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string


@dataclass(frozen=True)
class Section:
    """A heading, the template below it, and a function user -> what the template needs."""

    id: str
    title: Any
    template: str
    context: Callable[[Any], dict]
    order: int = 50


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Adds a section to "my page"; call it in AppConfig.ready()."""
    _sections[section.id] = section


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The sections for the person of `request`, rendered, in their order."""
    return [
        {
            "id": s.id,
            "title": s.title,
            "html": render_to_string(s.template, s.context(request.user), request),
        }
        for s in sorted(_sections.values(), key=lambda s: s.order)
    ]
