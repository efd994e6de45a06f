"""Nothing is drawn inside a web request: a page must not wait for it, and a thread of the web server
must not be held by it."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_answering: ContextVar[bool] = ContextVar("answering_a_request", default=False)


class DrawnInRequest(RuntimeError):
    """Somebody draws a document while a request is being answered: it belongs into a job."""


def refuse_in_requests() -> None:
    """Raises DrawnInRequest while a request is being answered. All that draws asks this first."""
    if _answering.get():
        raise DrawnInRequest("documents are drawn by the worker: portal.jobs")


class NothingIsDrawn:
    """Middleware that marks the time of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _answering.set(True)
        try:
            return self.get_response(request)
        finally:
            _answering.reset(token)
