"""Documents out of a file."""

import json

import pytest

from applications.completeness.reading import Unreadable, read, read_document


def documents(text: str) -> list:
    """What each entry holds: the document, or its error."""
    return [entry.document if entry.document is not None else entry.error for entry in read(text)]


def test_one_document_may_stand_on_many_lines():
    text = json.dumps({"agency": "SSB", "variables": [{}, {"a": 1}]}, indent=2)
    assert documents(text) == [json.loads(text)]


def test_json_lines_are_one_document_each():
    assert documents('{"a": 1}\n\n{"b": 2}\r\n{"c": 3}') == [{"a": 1}, {"b": 2}, {"c": 3}]
    assert [entry.line for entry in read('{"a": 1}\n\n{"b": 2}')] == [1, 3]


def test_a_line_separator_within_a_text_does_not_end_the_line():
    text = '{"a": "one\u2028two\u0085three"}\n{"b": 2}'
    assert documents(text) == [{"a": "one\u2028two\u0085three"}, {"b": 2}]


def test_a_broken_line_keeps_its_place_among_the_others():
    first, second, third = read('{"a": 1}\n{"b":\n{"c": 3}')
    assert (first.document, third.document) == ({"a": 1}, {"c": 3})
    assert second.document is None
    assert "not JSON" in second.error


def test_a_broken_document_on_many_lines_is_one_error():
    text = json.dumps({"agency": "SSB", "variables": [1, 2]}, indent=2)[:-1]
    (entry,) = read(text)
    assert "line" in entry.error


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "null", "3", '"text"', "[]", "[{}]", "nope"])
def test_what_is_no_object_is_no_document(text):
    (entry,) = read(text)
    assert entry.document is None
    assert entry.error


def test_very_long_numbers_and_very_deep_nesting_are_survived():
    (entry,) = read('{"a": ' + "1" * 6000 + "}")
    assert entry.document == {"a": float("inf")}
    with pytest.raises(Unreadable, match="deep"):
        read_document('{"a": ' + "[" * 200_000 + "]" * 200_000 + "}")
