"""What everybody with access confirms stands in the agency's package, and whoever confirmed is found
again by the address in the list."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from applications import schemes
from applications.schemes import Field, Text
from applications.schemes.confidentiality_reader import read_confidentiality
from applications.schemes.reader import Reader
from applications.selectors.confidentiality import told

COLUMNS = tuple(
    Field(name, "text", Text({"en": name})) for name in ("name", "email", "institution")
)
BY_PATH = {
    "title": Field("title", "text", Text({"en": "Title"})),
    "people": Field("people", "rows", Text({"en": "People"}), columns=COLUMNS),
}
SOUND = {
    "list": "people",
    "name": "name",
    "email": "email",
    "institution": "institution",
    "statement": {"nb": "Jeg vet", "en": "I know"},
    "text": [{"nb": "Taushet.", "en": "Silence."}],
}


def read(**changes):
    made = Reader.__new__(Reader)
    made.errors, made.agency, made.languages = [], {}, ("nb", "en")
    raw = {key: value for key, value in (SOUND | changes).items() if value is not None}
    made.toml = lambda name, must=False: raw if name == "confidentiality" else {}
    return read_confidentiality(made, BY_PATH), made.errors


def test_a_sound_file_is_read_and_its_digest_is_that_of_the_words_in_one_language():
    duty, errors = read()
    assert errors == []
    assert duty.digest("nb") != duty.digest("en")
    changed, _errors = read(text=[{"nb": "Taushet!", "en": "Silence."}])
    assert changed.digest("nb") != duty.digest("nb")
    assert changed.digest("en") == duty.digest("en")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"list": "persons"}, "unknown list 'persons'"),
        ({"list": "title"}, "unknown list 'title'"),
        ({"email": "mail"}, "unknown column 'mail'"),
        ({"email": None}, "has no column for the email"),
        ({"text": None}, "says nothing"),
        ({"text": [{"en": "Silence."}]}, "no text in nb"),
        ({"statement": None}, "text missing"),
        ({"tekst": "x"}, "unknown key 'tekst'"),
    ],
)
def test_a_file_is_refused_for(changes, said):
    _duty, errors = read(**changes)
    assert any(said in error for error in errors), errors


def test_an_agency_without_the_file_asks_nobody(installed):
    installed()
    assert schemes.current("NSI").confidentiality is None
    assert told(schemes.current("NSI"), [{"name": "A"}], {}, {}) is None


def test_who_has_confirmed_is_found_by_the_address_however_it_is_written():
    duty, _errors = read()
    scheme = SimpleNamespace(confidentiality=duty)
    at = datetime(2026, 11, 24, tzinfo=UTC)
    rows = [
        {"name": "Anja", "email": " Anja@One.example "},
        {"name": "Per", "email": "per@two.example", "institution": None},
        {"name": "Tor", "email": None},
    ]
    found = told(scheme, rows, {"anja@one.example": at}, {"per@two.example": at})
    assert [p.confirmed_at for p in found.people] == [at, None, None]
    assert [p.asked_at for p in found.people] == [None, at, None]
    assert found.confirmed == 1
    assert [p.name for p in found.missing] == ["Per", "Tor"]
    assert found.can_be_asked
    assert not told(scheme, rows[2:], {}, {}).can_be_asked
    assert told(scheme, [], {}, {}) is None
