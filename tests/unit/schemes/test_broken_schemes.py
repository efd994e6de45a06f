"""A scheme with an error does not load, and says all that is wrong with it and where."""

import pytest

from applications import schemes
from tests.unit.schemes.fourth import five

# what is wrong: (file, change, what the error says)
BROKEN = {
    "a list of institutions whose approvals count for nothing": (
        "agency.toml",
        ("[known]", '[[approval_lists]]\nsource = "unheard"\n[known]'),
        "approval list unheard: is none of the approval sources",
    ),
    "a list of institutions without a name": (
        "agency.toml",
        ("[known]", '[[approval_lists]]\nsource = "unheard"\n[known]'),
        "approval list unheard label: text missing",
    ),
    "a file that is no TOML": ("letters.toml", "= nothing", "letters.toml"),
    "no agency.toml that can be read": ("agency.toml", "= nothing", "agency.toml"),
    "no workflow": ("workflow.toml", None, "workflow.toml: is missing"),
    "no form": ("forms/order.toml", None, "forms: there is no form"),
    "a misspelt key of a field": (
        "forms/order.toml",
        ('show_when = "level_b"', 'shown_when = "level_b"'),
        "field people: unknown key 'shown_when'",
    ),
    "a misspelt key of the agency": (
        "agency.toml",
        ('timezone = "', 'time_zone = "'),
        "unknown key 'time_zone'",
    ),
    "a missing setting of the agency": (
        "agency.toml",
        ('timezone = "Atlantic/Reykjavik"', ""),
        "timezone is missing",
    ),
    "a rule that points at a field that is not there": (
        "checks/rules.py",
        ('"people.name"', '"persons.name"'),
        "rule NSI-FLD-01: unknown field path 'persons.name'",
    ),
    "a rule that points at an attachment that is not there": (
        "checks/rules.py",
        ('"attachments.plan"', '"attachments.plans"'),
        "rule NSI-FLD-01: unknown field path 'attachments.plans'",
    ),
    "a known fact of a field that is not there": (
        "agency.toml",
        ('"applicant.name" = "name"', '"applicant.names" = "name"'),
        "unknown field path 'applicant.names'",
    ),
    "a label missing in the agency's language": (
        "forms/order.toml",
        ('{ nn = "Nivå", en = "Level" }', '{ en = "Level" }'),
        "field level label: no text in nn",
    ),
    "a label missing in English": (
        "forms/order.toml",
        ('{ nn = "Nivå", en = "Level" }', '{ nn = "Nivå" }'),
        "field level label: no text in en",
    ),
    "an empty text": (
        "checklist.toml",
        ('en = "Harm"', 'en = " "'),
        "checklist item harm label: no text in en",
    ),
    "a help text that is only half translated": (
        "forms/order.toml",
        ('path = "level"', 'path = "level"\nhelp = { en = "Help" }'),
        "field level help: no text in nn",
    ),
    "a language that nobody knows": (
        "checklist.toml",
        ('en = "Harm"', 'en = "Harm", no = "Ulempe"'),
        "unknown language 'no'",
    ),
    "a rule message missing in one of five languages": (
        "messages.toml",
        ('sv = "Say who.", ', ""),
        "message NSI-FLD-01: no text in sv",
    ),
    "a rule without a message": ("messages.toml", None, "rule NSI-FLD-01: has no message"),
    "a message without a rule": (
        "messages.toml",
        f"NSI-FLD-02 = {five('x')}",
        "message NSI-FLD-02: belongs to no rule",
    ),
    "a rule id of the common rules": (
        "checks/rules.py",
        ("NSI-FLD-01", "COM-CHK-01"),
        "rule COM-CHK-01: id used twice",
    ),
    "a rule id used twice": (
        "checks/rules.py",
        '\n@rule("NSI-FLD-01", BLOCK, source="x")\ndef again(d: Doc) -> bool:\n    return False\n',
        "two rules have the id NSI-FLD-01",
    ),
    "a field asked twice": (
        "forms/order.toml",
        '[[sections.fields]]\npath = "level"\ntype = "text"\nlabel = { nn = "x", en = "x" }',
        "field level: path used twice",
    ),
    "advice that nobody gives": (
        "forms/order.toml",
        ('id = "who"\n', 'id = "who"\nadvice = "the boss"\n'),
        "nobody gives the advice 'the boss'",
    ),
    "a section there twice": (
        "forms/order.toml",
        '[[sections]]\nid = "who"\ntitle = { nn = "x", en = "x" }',
        "section who: id used twice",
    ),
    "a kind of attachment there twice": (
        "attachments.toml",
        '[[kinds]]\nkind = "plan"\nlabel = { nn = "x", en = "x" }',
        "attachment plan: kind used twice",
    ),
    "a condition id used twice": (
        "conditions.toml",
        '[[conditions]]\nid = "NSI-CND-01"\ntext = { nn = "x", en = "x" }',
        "condition NSI-CND-01: id used twice",
    ),
    "an option there twice": (
        "forms/order.toml",
        ('value = "b"', 'value = "a"'),
        "option a: value used twice",
    ),
    "a section without an id": (
        "forms/order.toml",
        '[[sections]]\ntitle = { nn = "x", en = "x" }',
        "section 2: has no id",
    ),
    "a command that the engine does not know": (
        "workflow.toml",
        ('"submit"]', '"submit", "grant_at_once"]'),
        "unknown command 'grant_at_once'",
    ),
    "a state that the engine does not know": (
        "workflow.toml",
        ("returned.label", "sent_back.label"),
        "state sent_back: is none of the engine's",
    ),
    "a state without a label": (
        "workflow.toml",
        ("submitted.label", "declined.label"),
        "state submitted: no label",
    ),
    "a deadline that is no number of days": (
        "workflow.toml",
        ("acceptance = 14", "acceptance = 0"),
        "deadline acceptance: is no number of days",
    ),
    "an outcome that is not named": ("agency.toml", ("partly = ", "somewhat = "), "outcome partly"),
    "a question shown by an unknown predicate": (
        "forms/order.toml",
        ('"level_b"', '"level_c"'),
        "field people: no function 'level_c' in derived.py",
    ),
    "an attachment shown by an unknown predicate": (
        "attachments.toml",
        ('"level_b"', '"level_c"'),
        "attachment plan: no function 'level_c' in derived.py",
    ),
    "a condition picked by an unknown predicate": (
        "conditions.toml",
        ('"level_b"', '"level_c"'),
        "condition NSI-CND-01: no function 'level_c' in derived.py",
    ),
    "a predicate that derived.py only imports": (
        "conditions.toml",
        ('"level_b"', '"Doc"'),
        "no function 'Doc' in derived.py",
    ),
    "a field that names an unknown rule": (
        "forms/order.toml",
        ('path = "level"', 'path = "level"\nrules = ["NSI-FLD-99"]'),
        "field level: unknown rule NSI-FLD-99",
    ),
    "an unknown type of field": (
        "forms/order.toml",
        ('type = "enum"', 'type = "choice"'),
        "field level: unknown type 'choice'",
    ),
    "a choice without options": (
        "forms/order.toml",
        ('path = "people"\ntype = "rows"', 'path = "people"\ntype = "enum"'),
        "field people: options belong to enum",
    ),
    "a table without columns": (
        "forms/order.toml",
        ('path = "applicant.name"\ntype = "text"', 'path = "applicant.name"\ntype = "rows"'),
        "field applicant.name: columns belong to rows",
    ),
    "a question at an unknown station": (
        "forms/order.toml",
        ('path = "level"', 'path = "level"\nat = "delivery"'),
        "asked at 'delivery'",
    ),
    "a condition whose translation lost its placeholder": (
        "conditions.toml",
        ("Slett seinast {day}.", "Slett."),
        "condition NSI-CND-01: text in nn does not hold its placeholders",
    ),
    "a letter for an outcome that does not exist": (
        "letters.toml",
        ('"refused"', '"rejected"'),
        "unknown outcome 'rejected'",
    ),
    "a severity of a rule that does not exist": (
        "agency.toml",
        '[severities]\n"NSI-FLD-09" = "FLAG"',
        "unknown rule NSI-FLD-09",
    ),
    "a severity that does not exist": (
        "agency.toml",
        '[severities]\n"NSI-FLD-01" = "MAYBE"',
        "unknown severity 'MAYBE'",
    ),
    "a guide that leads nowhere": (
        "guide.toml",
        ('to = "apply"', 'to = "aply"'),
        "leads to 'aply', which is not there",
    ),
    "a result that nothing leads to": (
        "guide.toml",
        f'[[results]]\nid = "lost"\ntitle = {five("x")}\ntext = {five("x")}',
        "guide lost: nothing leads there",
    ),
    "a guide in four languages": (
        "guide.toml",
        ('da = "Need?", ', ""),
        "guide question need: no text in da",
    ),
    "a time zone that does not exist": (
        "agency.toml",
        ("Atlantic/Reykjavik", "Atlantic/Reykjavík"),
        "unknown timezone 'Atlantic/Reykjavík'",
    ),
    "a case number with an unknown part": (
        "agency.toml",
        ("{agency}/{year}/{number}", "{agency}/{year}/{count}"),
        "cannot be filled in",
    ),
    "case numbers that would come again next year": (
        "agency.toml",
        ("{agency}/{year}/{number}", "{agency}/{number}"),
        "needs both year and number",
    ),
    "a setting of the checks that no check reads": (
        "agency.toml",
        ("[known]", "[checks]\nfewest = 1\n[known]"),
        "agency.toml checks: unknown key 'fewest'",
    ),
    "a bank of scripts with a column that no list has": (
        "agency.toml",
        ("[known]", '[script_banks]\n"no.x" = { holders = "X" }\n[known]'),
        "script_banks 'no.x': unknown key 'holders'",
    ),
    "a condition of the form that reads a field that is not there": (
        "derived.py",
        ('d["level"]', 'd["levels"]'),
        "derived.py:6: unknown field path 'levels'",
    ),
    "a check that reads a list that is not there": (
        "checks/rules.py",
        ('empty(d["people"])', 'not d.rows("persons")'),
        "checks/rules.py:8: unknown field path 'persons'",
    ),
    "a check that reads a column that is not there": (
        "checks/rules.py",
        ('empty(d["people"])', 'bool(d.where("people", lambda p: p.nam))'),
        "unknown field path 'people.nam'",
    ),
    "a check that goes through rows for a column that is not there": (
        "checks/rules.py",
        ('empty(d["people"])', 'any(empty(p.nam) for i, p in enumerate(d.rows("people")))'),
        "unknown field path 'people.nam'",
    ),
    "a check that asks for an attachment that is not there": (
        "checks/rules.py",
        ('empty(d["people"])', 'd.has("plans")'),
        "unknown kind of attachment 'plans'",
    ),
    "Python that is none": ("derived.py", ("def ", "dfe "), "derived: SyntaxError"),
    "Python that fails": ("checks/__init__.py", "nowhere", "checks: NameError"),
    "another version than the folder's": (
        "agency.toml",
        ('version = "2026-1"', 'version = "2027-1"'),
        "agency.toml says that it is NSI 2027-1",
    ),
}


@pytest.mark.parametrize(("file", "change", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_scheme_is_refused_for(installed, file, change, said):
    installed({file: change})
    with pytest.raises(schemes.BadScheme) as bad:
        schemes.current("NSI")
    assert any(said in error for error in bad.value.errors), bad.value.errors


def test_everything_wrong_is_told_at_once(installed):
    installed(
        {
            "workflow.toml": ('"submit"]', '"grant_at_once"]'),
            "checklist.toml": ('en = "Harm"', 'en = ""'),
        }
    )
    schemes.choose(["nsi"])
    told = schemes.errors()
    assert len(told) == 2
    assert all(text.startswith("nsi 2026-1: ") for text in told)


def test_an_agency_in_the_setting_that_is_not_there_is_told():
    before = list(schemes._chosen)
    try:
        schemes.choose(["nowhere"])
        assert schemes.errors() == ["nowhere: there is no such scheme"]
    finally:
        schemes.choose(before)


def test_manage_py_check_tells_what_is_wrong(installed):
    from applications.system_checks import schemes_are_sound

    assert schemes_are_sound(None) == []
    installed({"checklist.toml": ('en = "Harm"', 'en = ""')})
    schemes.choose(["ssb", "nsi"])
    told = schemes_are_sound(None)
    assert [message.msg for message in told] == [
        "nsi 2026-1: checklist item harm label: no text in en"
    ]
