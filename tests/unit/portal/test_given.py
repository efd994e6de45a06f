"""What a request gives is a plain value, or is refused; nothing else gets past the door."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import BadRequest, ValidationError
from django.forms import JSONField
from django.test import RequestFactory

from portal import given
from portal.plain import PlainRequests

ODD = ["²", "-1", "1.5", "９", "9" * 30, " 1", "1 ", "\x00", "x", "٣"]


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(BadRequest):
        given.number(text)


def test_a_number_is_read_and_nothing_is_none():
    assert [given.number(t) for t in (None, "", "0", "42")] == [None, None, 0, 42]
    assert given.numbers(["1", "", "2"]) == [1, 2]


@pytest.mark.parametrize("text", [*ODD[:-1], "W" * 9000, "[]", "WzFd", "bnVsbA", "MQ"])
def test_what_is_no_place_in_a_list_is_refused(text):
    with pytest.raises(BadRequest):
        given.place(text, given.moment, UUID)


def test_a_place_is_read_back_as_it_was_written():
    at, pk = datetime(2026, 1, 2, 3, 4, 5, 6, UTC), uuid4()
    assert given.place(given.cursor(at, pk), given.moment, UUID) == (at, pk)
    assert given.place(given.cursor(3, "å~æ", pk), given.small, str, UUID) == (3, "å~æ", pk)
    assert given.place("", str) is None
    for wrong in (given.cursor("a\x00", pk), given.cursor("2026-01-01T00:00:00", pk)):
        with pytest.raises(BadRequest):
            given.place(wrong, given.moment, UUID)


@pytest.mark.parametrize("text", ["{", "NaN", '{"a": Infinity}', "[" * 100_000])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(BadRequest):
        given.json_of(text)


def test_json_comes_without_control_characters_and_halves_of_characters():
    assert given.json_of('{"a\\u0000": ["b\\ud800c", "d\\n", 1]}') == {"a": ["bc", "d\n", 1]}
    assert given.json_of("", {}) == {}


def through(request):
    return PlainRequests(lambda passed: passed)(request)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/?q=%00", {}),
        ("/?q=a%0Bb", {}),
        ("/?a%01=b", {}),
        ("/a%00b", {}),
        ("/", {"HTTP_USER_AGENT": "a\x01b"}),
        ("/", {"HTTP_REFERER": "a\x00b"}),
        ("/", {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-7"}),
        ("/", {"CONTENT_LENGTH": "²"}),
    ],
)
def test_a_control_character_in_an_address_or_a_header_is_refused(path, more):
    with pytest.raises(BadRequest):
        through(RequestFactory().get(path, **more))


def test_plain_addresses_and_headers_pass():
    request = RequestFactory().get("/å?q=a%09b%0Ac&r=%F0%9F%8C%8A", HTTP_USER_AGENT="å\t1")
    assert through(request) is request


def test_a_cookie_with_a_control_character_is_dropped_and_the_others_stay():
    request = RequestFactory().get("/", HTTP_COOKIE='sessionid="a\\000b"; kept=1')
    assert through(request).COOKIES == {"kept": "1"}


def test_what_is_pasted_into_a_form_loses_its_control_characters_and_nothing_else():
    given_ = {"text": "one\x0btwo\x00\r\nthree\tfour\x85", "na\x00me": "1"}
    assert through(RequestFactory().post("/", given_)).POST.dict() == {
        "text": "onetwo\r\nthree\tfour",
        "name": "1",
    }


def test_a_form_that_cannot_be_read_is_refused():
    request = RequestFactory().post(
        "/", b"--x\r\nnonsense", content_type="multipart/form-data; boundary=\xff"
    )
    passed = through(request)
    with pytest.raises(BadRequest):
        passed.POST  # noqa: B018 - read here


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "²",
        "accounts:me",
        "{x",
        "//elsewhere.example/",
        "https://elsewhere.example/",
        "",
        None,
    ],
)
def test_the_way_back_is_a_page_of_ours(text):
    asked = RequestFactory().post("/")
    assert given.way_back(asked, text, "/me/") == "/me/"
    for ours in ("/cases/SSB/?q=1", "http://testserver/cases/"):
        assert given.way_back(asked, ours, "/me/") == ours


def test_json_in_a_field_of_a_foreign_form_is_plain_and_has_an_end():
    field = JSONField(decoder=given.PlainJson)
    odd = '{"a": ["\\ud800\\u0000b"]}'
    assert field.clean(odd) == field.bound_data(odd, None) == {"a": ["b"]}
    with pytest.raises(ValidationError):
        field.clean("[" * 100_000)
