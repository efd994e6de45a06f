"""The three agencies' schemes: texts, references, forms."""

import re

import pytest

from applications import schemes, workflow
from applications.completeness.sample import complete_document
from applications.enums import State
from applications.schemes import Result
from portal.ui.themes import BUTTON_CONTRAST, contrast
from tests.unit.schemes.reading import texts

AGENCIES = ("SSB", "DST", "SOS")


@pytest.fixture(params=AGENCIES)
def scheme(request):
    return schemes.current(request.param)


def test_every_agency_loads_without_an_error():
    schemes.choose(["ssb", "dst", "sos"])
    assert schemes.errors() == []
    assert [s.agency for s in schemes.all_current()] == list(AGENCIES)


def test_no_text_is_unfinished(scheme):
    wrong = [
        text
        for each in texts(scheme)
        for text in each.texts.values()
        if re.search(r"TODO|FIXME|XXX|lorem|  |\s$|^\s|\?\?", text, re.IGNORECASE)
    ]
    assert wrong == []
    assert sum(1 for _ in texts(scheme)) > 200


def test_all_three_take_applications_and_each_type_has_its_form():
    for scheme in map(schemes.current, AGENCIES):
        assert scheme.open
        assert {t.id for t in scheme.types if t.here} == set(scheme.forms)


def test_case_numbers_differ_by_agency_year_and_count_and_may_stand_in_a_letter(scheme):
    numbers = {scheme.case_number(year, n) for year in (2026, 2027) for n in (1, 2, 100_000)}
    assert len(numbers) == 6
    assert all(re.fullmatch(r"[\w./-]{1,60}", number, re.ASCII) for number in numbers)
    assert len({schemes.current(a).case_number(2026, 1) for a in AGENCIES}) == 3


def test_the_agencys_colour_can_be_read_on_white(scheme):
    colour = scheme.config["theme"]["accent"]
    assert contrast(colour, "#ffffff") >= BUTTON_CONTRAST


def test_every_state_has_its_words_and_the_commands_are_the_engines(scheme):
    assert set(scheme.workflow.states) <= set(State)
    assert workflow.reachable(scheme.workflow.commands) <= set(scheme.workflow.states)
    assert scheme.workflow.commands <= workflow.COMMANDS
    for language in ("nb", "nn", "da", "sv", "en"):
        assert scheme.workflow.state_label(State.RETURNED, language)


def test_a_complete_document_has_a_place_in_the_form_for_each_answer(scheme):
    document = complete_document(scheme.agency)
    extra = {"agency", "type", "attachments"}
    asked = {f.path: f for f in scheme.fields(scheme.types[0].id)}

    def leaves(tree, path=""):
        for key, value in tree.items():
            here = f"{path}{key}"
            if here in extra:
                continue
            if here in asked:
                field = asked[here]
                if field.type == "rows":
                    columns = {c.path for c in field.columns}
                    for row in value:
                        yield from (f"{here}.{c}" for c in row if c not in columns)
            elif isinstance(value, dict):
                yield from leaves(value, f"{here}.")
            else:
                yield here

    assert list(leaves(document)) == []


def test_values_of_a_complete_document_are_among_the_options(scheme):
    document = complete_document(scheme.agency)
    for path, field in scheme.by_path.items():
        if not field.options or any(path.startswith(f"{r}.") for r in ("variables", "approvals")):
            continue
        value = document
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        for each in value if isinstance(value, list) else [value]:
            assert each is None or each in {o.value for o in field.options}, path


def test_every_road_through_the_guide_ends_somewhere(scheme):
    def walk(answers):
        here = scheme.guide.follow(answers)
        if isinstance(here, Result):
            return {here.id}
        assert len(answers) < 12
        return set().union(*(walk([*answers, a.id]) for a in here.answers))

    ends = walk([])
    assert ends == set(scheme.guide.results)
    assert any(scheme.guide.results[end].apply for end in ends)
    for result in scheme.guide.results.values():
        assert not result.link or result.link.startswith("https://")
        assert not result.apply or result.apply in scheme.forms


def test_an_answer_that_the_question_does_not_have_is_a_key_error(scheme):
    with pytest.raises(KeyError):
        scheme.guide.follow(["no such answer"])


@pytest.mark.parametrize(
    ("answers", "link"),
    [
        (["tables"], "https://www.ssb.no/statbank"),
        (["feed"], "https://www.ssb.no/omssb/tjenester-og-verktoy/api"),
        (["analysis", "yes"], "https://microdata.no/"),
        (["analysis", "no", "research", "allowed", "only"], "https://helsedata.no"),
    ],
)
def test_ssbs_guide_sends_people_to_where_no_application_is_needed(answers, link):
    result = schemes.current("SSB").guide.follow(answers)
    assert (result.link, result.apply) == (link, "")


def test_ssbs_guide_leads_an_approved_institution_to_a_new_application():
    answers = ["analysis", "no", "research", "allowed", "no"]
    assert schemes.current("SSB").guide.follow(answers).apply == "new"


def test_every_decision_letter_has_provisions_and_an_appeal(scheme):
    for outcome in workflow.DECIDED:
        for language in (*scheme.letter_languages, "en"):
            assert scheme.outcomes[outcome](language)
            legal = scheme.letters.legal(outcome, language)
            assert legal
            assert all(not url or url.startswith("https://") for _, url in legal)
    assert scheme.letters.paragraphs("appeal", scheme.letter_languages[0])


def test_statistics_denmark_states_no_deadline_for_appeals():
    for language in ("da", "en"):
        paragraphs = " ".join(schemes.current("DST").letters.paragraphs("appeal", language))
        assert not re.search(r"uge|week|dag|day|frist|deadline", paragraphs)


def test_no_agencys_name_stands_in_the_code_that_serves_all():
    from pathlib import Path

    folder = Path(schemes.__file__).parent
    for path in folder.glob("*.py"):
        code = re.sub(r'"""[\s\S]*?"""', "", path.read_text())
        assert not re.search(r"\b(ssb|dst|sos)\b", code, re.IGNORECASE), path.name
