"""Parts of an application's page that higher apps provide (decisions, later others).

A lower app may not import a higher one: the higher one registers here in `AppConfig.ready()`.
"""

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.safestring import SafeString

from applications.models import Application

Side = Literal["staff", "applicant"]
Panel = Callable[[HttpRequest, Application], SafeString]
_PANELS: dict[str, list[Panel]] = {"staff": [], "applicant": []}


def register(side: Side, panel: Panel) -> None:
    """Adds a panel to the case page ("staff") or to the applicant's overview ("applicant").

    It gives rendered HTML, or an empty string when it has nothing to show.
    """
    if panel not in _PANELS[side]:
        _PANELS[side].append(panel)


def render(side: Side, request: Any, application: Application) -> list[SafeString]:
    """The HTML of all panels of one side that have something to show."""
    return [html for panel in _PANELS[side] if (html := panel(request, application))]
