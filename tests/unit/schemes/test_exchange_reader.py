"""What a scheme says of projects and hand-offs is refused when it points at nothing."""

from types import SimpleNamespace

import pytest

from applications.schemes import Field, Text
from applications.schemes.exchange_reader import read_handoffs, read_project
from applications.schemes.reader import Reader

FIVE = dict.fromkeys(("nb", "nn", "da", "sv", "en"), "x")
NAME = Field("name", "text", Text({"en": "Name"}))
BY_PATH = {
    "project.title": Field("project.title", "text", Text({"en": "Title"})),
    "project.end": Field("project.end", "date", Text({"en": "End"})),
    "people": Field("people", "rows", Text({"en": "People"}), columns=(NAME,)),
}


def reader(**agency):
    made = Reader.__new__(Reader)
    made.errors, made.agency, made.languages = [], agency, ("nb", "en")
    made.module = "scheme"
    made.__dict__["derived"] = SimpleNamespace()
    return made


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ({"title": "project.name"}, "unknown field path 'project.name'"),
        ({"title": "project.end"}, "project.end is date and cannot hold the title"),
        ({"tittel": "project.title"}, "unknown key 'tittel'"),
        ({"people": {"list": "persons", "name": "name"}}, "unknown list 'persons'"),
        ({"people": {"list": "people", "name": "navn"}}, "unknown column 'navn'"),
        ({"people": {"list": "people"}}, "has no column for the name"),
    ],
)
def test_a_project_table_is_refused_for(project, said):
    told = reader(project=project)
    read_project(told, BY_PATH)
    assert any(said in error for error in told.errors), told.errors


GOOD = {"id": "a", "label": FIVE, "text": FIVE}


@pytest.mark.parametrize(
    ("handoff", "said"),
    [
        ({"label": {"nb": "x"}}, "no text in da"),
        ({"when": "nothing_of_the_kind"}, "no function 'nothing_of_the_kind' in derived.py"),
        ({"rows": {"list": "persons"}}, "unknown list 'persons'"),
        ({"rows": {"list": "people", "where": "age"}}, "unknown column 'age' of people"),
        ({"rows": {"list": "people"}, "formats": ["pdf"]}, "unknown format 'pdf'"),
        ({"formats": ["docx"]}, "unknown format 'docx'"),
        ({"url": "http://plain.example"}, "the address is not https"),
        ({"color": "red"}, "unknown key 'color'"),
    ],
)
def test_a_hand_off_is_refused_for(handoff, said):
    told = reader(handoffs=[GOOD | handoff])
    read_handoffs(told, BY_PATH)
    assert any(said in error for error in told.errors), told.errors


def test_a_right_one_is_taken_without_a_word():
    told = reader(
        project={"title": "project.title", "people": {"list": "people", "name": "name"}},
        handoffs=[GOOD | {"rows": {"list": "people"}, "formats": ["csv"]}],
    )
    assert read_project(told, BY_PATH).columns == {"name": "name"}
    assert read_handoffs(told, BY_PATH)[0].rows == "people"
    assert told.errors == []
