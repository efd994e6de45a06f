"""No control character gets past the door: before any page, session or database sees the request.

In an address or a header it is refused with a 400: no browser sends one by itself. In a cookie it
is dropped with its cookie, since nobody could mend that. In what is typed and posted it is left out:
people paste texts from elsewhere, and nothing typed is to be lost over a vertical tab.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.datastructures import MultiValueDict

from portal.given import is_plain, plain

# Headers that pages read, besides those that WSGI names itself.
HEADERS = ("CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR")
CHARSETS = frozenset({"", "utf-8", "utf8"})


class PlainRequests:
    """Refuses or cleans what holds control characters. Stands before every other middleware that
    reads from the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _look_at(request)
        _clean_when_read(request)
        return self.get_response(request)


def _look_at(request: HttpRequest) -> None:
    """Raises BadRequest for an address, a header or an encoding that is none of ours."""
    if (request.content_params or {}).get("charset", "").lower() not in CHARSETS:
        raise BadRequest("another encoding than UTF-8")
    request.encoding = "utf-8"
    if not is_plain(request.path_info) or not is_plain(request.path):
        raise BadRequest("a control character in the path")
    asked = [text for name, texts in request.GET.lists() for text in (name, *texts)]
    if not all(map(is_plain, asked)):
        raise BadRequest("a control character in the query")
    for name, value in request.META.items():
        if (name.startswith("HTTP_") and name != "HTTP_COOKIE") or name in HEADERS:
            _header(value)
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdigit()):
        raise BadRequest("a length that is no number")
    for name in [n for n, v in request.COOKIES.items() if not (is_plain(n) and is_plain(v))]:
        del request.COOKIES[name]


def _header(value: Any) -> None:
    # Headers are bytes read as Latin-1: above 127 they may be anything.
    text = str(value)
    if any((ord(sign) < 32 and sign != "\t") or sign == "\x7f" for sign in text):
        raise BadRequest("a control character in a header")


def _clean_when_read(request: Any) -> None:
    """Lets `request.POST` be read when a view wants it, as late as ever, and be plain then: a view
    may choose how uploads are taken first."""
    load = request._load_post_and_files

    def cleaned() -> None:
        try:
            load()
        except (UnreadablePostError, MultiPartParserError) as broken:
            # The connection broke, or it is no form: not ours to mend, and no 500.
            request._post, request._files = QueryDict(), MultiValueDict()
            raise BadRequest("the form could not be read") from broken
        request._post = _plain_form(request._post)
        for uploads in request._files.lists():
            for upload in uploads[1]:
                upload.name = plain(upload.name or "") or "file"

    request._load_post_and_files = cleaned


def _plain_form(form: QueryDict) -> QueryDict:
    if all(is_plain(name) and all(map(is_plain, texts)) for name, texts in form.lists()):
        return form
    made = QueryDict(mutable=True, encoding=form.encoding)
    for name, texts in form.lists():
        made.setlist(plain(name), [plain(text) for text in texts])
    made._mutable = False
    return made
