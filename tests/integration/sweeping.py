"""Asks an address for what nobody would type, and tells what of it was an error of ours.

What a view reads is noted while it reads it, so only that is made odd. Each request is taken back
afterwards: the next one finds the same world.
"""

import sys
import traceback
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import got_request_exception
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponseBase, QueryDict
from django.test.client import ClientHandler, RequestFactory
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

# What a browser may send and nobody means; the last is a place in a list, without a place in it.
ODD = (
    "²", "-1", "9" * 30, b"\xff\xed\xa0\x80'\"%s\\{", '{"a": ["\\ud800\\u0000", 1e999]}', "W10",
)  # fmt: skip
NUL = "a\x00b"  # refused at the door in an address, left out of what is posted
FORM = "application/x-www-form-urlencoded"
MOST_TRIES = 15  # one for each name that is refused by itself

Values = dict[str, Any]


def _noting(kind: type) -> type:
    """A query, form or set of files that writes into its `notes` which names are asked for."""

    class Noting(kind):  # type: ignore[misc]
        notes: list[str] = []

        def __getitem__(self, name: str) -> Any:
            self.notes.append(name)
            return super().__getitem__(name)

        def __contains__(self, name: object) -> bool:
            self.notes.append(str(name))
            return super().__contains__(name)

        def get(self, name: str, default: Any = None) -> Any:
            self.notes.append(name)
            return super().get(name, default)

        def getlist(self, name: str, default: Any = None) -> Any:
            self.notes.append(name)
            return super().getlist(name, default)

    return Noting


Query, Form, Files = _noting(QueryDict), _noting(QueryDict), _noting(MultiValueDict)


class Request(WSGIRequest):
    """A request whose readers are noted."""

    @cached_property
    def GET(self) -> Any:
        return Query(self.META["QUERY_STRING"], encoding=self.encoding)

    @property
    def POST(self) -> Any:
        plain = self._get_post()
        if not isinstance(plain, Form):
            self._post = Form(mutable=True, encoding="utf-8")
            for name, texts in plain.lists():
                self._post.setlist(name, texts)
            self._post._mutable = False
        return self._post

    @property
    def FILES(self) -> Any:
        _form = self._get_post()
        return self._files if isinstance(self._files, Files) else Files(self._files)


class Handler(ClientHandler):
    def get_response(self, request: WSGIRequest) -> Any:
        request.__class__ = Request
        return super().get_response(request)


class Fields(HTMLParser):
    """The fields of a page: `held` is what a browser would send, `typed` the names of free text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.held: Values = {}
        self.typed: set[str] = set()
        self.choice = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, kind = told.get("name", ""), told.get("type", "text")
        if tag == "option" and self.choice and told.get("value"):
            self.held.setdefault(self.choice, told["value"])
        self.choice = name if tag == "select" else self.choice if tag == "option" else ""
        if tag in ("input", "textarea", "button", "select") and name and kind != "file":
            if tag == "textarea" or kind not in ("hidden", "radio", "checkbox", "submit"):
                self.typed |= {name} if tag in ("input", "textarea") else set()
            if tag in ("input", "button"):
                self.held.setdefault(name, told.get("value", "on"))


class Visitor(RequestFactory):
    """One person at the portal, signed in as `client` is."""

    def __init__(self, client: Any) -> None:
        super().__init__()
        self.cookies.update(client.cookies)
        self.handler = Handler(enforce_csrf_checks=False)
        self.error = ""
        got_request_exception.connect(self._failed)

    def _failed(self, **_more: Any) -> None:
        kind, error, where = sys.exc_info()
        ours = [f for f in traceback.extract_tb(where) if "site-packages" not in f.filename]
        at = f"{ours[-1].filename}:{ours[-1].lineno}" if ours else "nowhere of ours"
        self.error = f"{kind.__name__ if kind else ''} {error} at {at}"

    def request(self, **request: Any) -> HttpResponseBase:
        """The answer; `error` says of a 500 what it was. Nothing has happened afterwards."""
        cache.clear()  # how often somebody may ask is not the question
        for kind in (Query, Form, Files):
            kind.notes.clear()
        self.error = ""
        with transaction.atomic():
            answer = self.handler(self._base_environ(**request))
            if answer.status_code < 400 and request["REQUEST_METHOD"] == "POST":
                self._committed(answer)
            transaction.set_rollback(True)
        return answer

    def _committed(self, answer: HttpResponseBase) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as refused:
            answer.status_code, self.error = 500, f"at the end: {refused}"

    def asks(self, place: str, given: Values) -> HttpResponseBase:
        query = urlencode({n: v for n, v in given.items() if v is not None})
        return self.get(f"{place}?{query}" if query else place)

    def posts(self, place: str, given: Values) -> HttpResponseBase:
        given = {n: v for n, v in given.items() if v is not None}
        if not any(isinstance(value, SimpleUploadedFile) for value in given.values()):
            return self.post(place, urlencode(given), content_type=FORM)
        texts = {n: v.decode("latin-1") if isinstance(v, bytes) else v for n, v in given.items()}
        for value in texts.values():
            if isinstance(value, SimpleUploadedFile):
                value.seek(0)
        return self.post(place, texts)


def gets_in(answer: HttpResponseBase) -> bool:
    led_away = answer.status_code == 302 and "/accounts/" in answer["Location"]
    return answer.status_code not in (403, 404, 405) and not led_away


def html(answer: Any) -> str:
    return "" if answer.streaming else answer.content.decode("utf-8", "replace")


class Sweep:
    """Goes over addresses; `broken` holds what was answered with an error of ours."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.done: dict[str, set[str]] = {}

    def over(self, visitor: Visitor, name: str, place: str) -> bool:
        """Sends all that is odd to one address, unless somebody has had the same there before.
        Returns whether the visitor gets in there."""
        page = self._answer(visitor, name, "GET", place, {})
        asked, inside = self._new(f"GET {name}", Query), gets_in(page)
        fields = Fields(html(page)) if inside else Fields("")
        for odd in ODD if asked else ():
            self._narrowed(visitor, name, "GET", place, {}, asked, odd)
        page = self._answer(visitor, name, "POST", place, fields.held)
        if page.status_code != 405:
            inside |= gets_in(page)
            files = {n: SimpleUploadedFile("²'%s\x00.pdf", b"\xff\x00") for n in set(Files.notes)}
            names = self._new(f"POST {name}", Form)
            held = fields.held | files
            for odd in ODD if names else ():
                self._narrowed(visitor, name, "POST", place, held, names - set(files), odd)
            for odd in (ODD[2], NUL) if fields.typed & names else ():
                self._narrowed(visitor, name, "POST", place, held, fields.typed & names, odd)
        return inside

    def _new(self, what: str, kind: Any) -> set[str]:
        """The names that were read just now and not before at this address."""
        seen = self.done.setdefault(what, {"csrfmiddlewaretoken"})
        new = set(kind.notes) - seen
        seen |= new
        return new

    def _narrowed(self, visitor, name, how, place, held, names, odd) -> None:
        """Sends `odd` in all `names`; what is refused for one of them goes on without it."""
        notes, given = Query.notes if how == "GET" else Form.notes, held | dict.fromkeys(names, odd)
        tried = set(names)
        for _try in range(MOST_TRIES):
            answer = self._answer(visitor, name, how, place, given)
            if answer.status_code in (400, 500):
                guilty = next((n for n in reversed(notes) if given.get(n) == odd), None)
                if guilty is None:
                    return
                given[guilty] = held.get(guilty)
            elif new := set(notes) - tried - set(held) - {"csrfmiddlewaretoken"}:
                tried |= new
                given |= dict.fromkeys(new, odd)
            else:
                return

    def _answer(self, visitor, name, how, place, given) -> HttpResponseBase:
        answer = (visitor.asks if how == "GET" else visitor.posts)(place, given)
        if answer.status_code >= 500:
            self.broken.add(f"{how} {name}: {answer.status_code} {visitor.error}")
        return answer

    def plainly(self, visitor: Visitor, name: str, place: str) -> None:
        """An address that is odd itself."""
        if self._answer(visitor, name, "GET", place, {}).status_code == 405:
            self._answer(visitor, name, "POST", place, {})
