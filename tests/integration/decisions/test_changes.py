"""A change begins with what was granted, is decided on row by row, and never turns a refusal into a
grant by silence."""

from datetime import date

import pytest
from django.urls import reverse

from applications import earlier, schemes, selectors
from applications.commands import Actor, Invalid, create, execute
from applications.commands.start import may_follow
from applications.completeness.sample import complete_document
from applications.enums import State
from applications.models import Application, Row
from applications.models.guard import gate_open
from applications.selectors import followed
from decisions import composing
from decisions.letters.draft import Draft
from portal.local.seeding import each_row
from tests.integration.decisions.browsing import address, text
from tests.integration.decisions.conftest import REASONS, browser, work

pytestmark = pytest.mark.usefixtures("one_drawing")

LAST_DAY = date(2031, 6, 30)
REFUSED, LIMITED = "Too detailed.", "Only 2015."


def rows_of(*names, years=(2010, 2015)):
    first, last = years
    return [
        {"holder": "SSB", "register": "R", "name": name, "fromYear": first, "toYear": last}
        for name in names
    ]


def case_of(office, rows, **fields):
    """A case in assessment that asks for `rows`, as its applicant wrote them and as it was sent."""
    case = office.case(**fields)
    document = complete_document("SSB", 1) | {"variables": rows}
    answers = {k: v for k, v in document.items() if k not in ("variables", "attachments")}
    with gate_open():
        Application.objects.filter(pk=case.pk).update(answers=answers)
    Row.objects.bulk_create(
        Row(application=case, list_path="variables", position=at, data=row)
        for at, row in enumerate(rows)
    )
    office.submit(case, document)
    case.refresh_from_db()
    return case


def decide(office, case, rows=None, outcome="partly", last_day=LAST_DAY):
    """Drafted, sent, approved and delivered; accepted when it gives access."""
    fields = {"outcome": outcome, "reasons": REASONS}
    if outcome != "refused":
        fields["deletion_date"] = last_day
    payload = {"fields": fields, **each_row(outcome, rows)}
    office.do(office.officer, "draft_decision", case, payload)
    decision = office.do(office.officer, "send_for_approval", case).value
    office.approve(case, decision)
    work()
    case.refresh_from_db()
    if outcome != "refused":
        office.do(office.signatory, "accept", case, office.acceptance(decision))
    decision.refresh_from_db()
    return decision


@pytest.fixture
def granted(office):
    """WAGE granted, BIRTH refused, TOWN granted with a limit, SEX granted."""
    case = case_of(office, rows_of("WAGE", "BIRTH", "TOWN", "SEX"))
    rows = {
        1: {"granted": False, "reason": REFUSED},
        2: {"granted": True, "reason": LIMITED},
    }
    return case, decide(office, case, rows)


def change_of(office, case, rows):
    return case_of(office, rows, type="change", follows=case)


def change_type():
    return schemes.current("SSB").type("change")


def names(application):
    return [row["name"] for row in selectors.document(application)["variables"]]


def draft(office, case):
    return office.do(office.officer, "draft_decision", case).value


# --- beginning ------------------------------------------------------------------------------------


def test_a_change_begins_with_what_was_granted_and_says_what_was_refused(office, granted):
    case, decision = granted
    change = create(Actor(user=office.owner), "SSB", "nb", type="change", follows=case)
    assert names(change) == ["WAGE", "TOWN", "SEX"]
    page = text(browser(office.owner).get(reverse("applications:overview", args=[change.pk])))
    assert f"1 row was refused in decision {decision.letter_id}." in page
    assert REFUSED in page
    assert LIMITED in page
    assert ">asked for again<" not in page
    assert '<ins><span class="ds-tag" data-size="sm" data-color="success">added' not in page
    row = {"list": "variables", "id": None, "data": rows_of("BIRTH")[0]}
    execute("save_row", change.pk, Actor(user=office.owner), row)
    page = text(browser(office.owner).get(reverse("applications:overview", args=[change.pk])))
    assert ">asked for again<" in page


def test_a_change_follows_only_what_gives_access_and_was_accepted(office):
    who = office.owner
    open_case = case_of(office, rows_of("WAGE"))
    assert not may_follow(who, change_type(), open_case)
    refused = case_of(office, rows_of("WAGE"))
    decide(office, refused, outcome="refused")
    not_accepted = case_of(office, rows_of("WAGE"))
    office.delivered(not_accepted)
    assert (refused.state, not_accepted.state) == (State.REFUSED, State.ACCEPTANCE)
    for case in (refused, not_accepted):
        assert not may_follow(who, change_type(), case)
        follow = reverse("applications:follow", args=[case.pk, "change"])
        assert follow not in text(
            browser(who).get(reverse("applications:overview", args=[case.pk]))
        )
        assert browser(who).get(follow).status_code == 404
        with pytest.raises(Invalid):
            create(Actor(user=who), "SSB", "nb", type="change", follows=case)


def test_the_number_and_the_last_day_are_those_of_the_decision_whatever_is_typed(office, granted):
    case = granted[0]
    change = create(Actor(user=office.owner), "SSB", "nb", type="change", follows=case)
    values = {"previousDecision.reference": "TULL-1", "previousDecision.validUntil": "2099-01-01"}
    payload = {"section": "change", "values": values}
    execute("save_section", change.pk, Actor(user=office.owner), payload)
    change.refresh_from_db()
    told = selectors.document(change)["previousDecision"]
    assert told == {"reference": case.number, "validUntil": LAST_DAY.isoformat()}
    page = browser(office.owner).get(reverse("applications:section", args=[change.pk, "change"]))
    assert 'name="previousDecision.validUntil"' not in text(page)


# --- deciding -------------------------------------------------------------------------------------


def test_nothing_of_a_change_is_granted_by_itself_and_each_row_stands_beside_what_was(
    office, granted
):
    case, before = granted
    rows = rows_of("WAGE", "TOWN", "BIRTH") + rows_of("SEX", years=(2010, 2020)) + rows_of("NEW")
    change = change_of(office, case, rows)
    decision = draft(office, change)
    assert decision.changes_id == before.pk
    beside = [
        (v.name, v.granted, v.earlier and v.earlier.granted, v.earlier_same)
        for v in decision.variables.select_related("earlier")
    ]
    assert beside == [
        ("WAGE", None, True, True),
        ("TOWN", None, True, True),
        ("BIRTH", None, False, True),
        ("SEX", None, True, False),
        ("NEW", None, None, False),
    ]
    client = browser(office.officer)
    page = text(client.get(address("variables", decision)))
    assert f"change of decision {before.letter_id}" in page
    assert REFUSED in page
    assert "Granted otherwise" in page
    shown = {
        show: [
            name
            for name in ("WAGE", "TOWN", "BIRTH", "SEX", "NEW")
            if f"Decision on {name}"
            in text(client.get(address("variables", decision) + f"?show={show}"))
        ]
        for show in ("as_before", "again", "new")
    }
    assert shown == {"as_before": ["WAGE", "TOWN"], "again": ["BIRTH"], "new": ["SEX", "NEW"]}
    office.do(office.officer, "draft_decision", change, {"bulk": {"as_before": True}})
    decided = list(decision.variables.values_list("granted", "reason"))
    assert decided == [(True, ""), (True, LIMITED), (None, ""), (None, ""), (None, "")]


def test_the_letter_says_what_it_changes(office, granted):
    case, before = granted
    rows = rows_of("WAGE", "BIRTH") + rows_of("SEX", years=(2010, 2020)) + rows_of("NEW")
    change = change_of(office, case, rows)
    refused = {1: {"granted": False, "reason": REFUSED}}
    after = decide(office, change, refused, last_day=date(2033, 6, 30))
    content = composing.thaw(after)
    assert [(v.name, v.before, str(v.outcome)) for v in content.variables] == [
        ("WAGE", "same", "granted"),
        ("BIRTH", "refused", "refused"),
        ("SEX", "2010–2015", "granted"),
        ("NEW", "new", "granted"),
        ("TOWN", "", "ended"),
    ]
    said = " ".join(Draft(content).changes)
    assert f"Dette vedtaket endrer vedtak {before.letter_id}" in said
    assert "Nye: 1. Som før: 1. Avslått før og søkt om på nytt: 1." in said
    assert "Med andre år eller andre opplysninger enn før: 1." in said
    assert "Innvilget før og ikke lenger med: 1." in said
    assert "skulle slettes innen 30. juni 2031; dette vedtaket setter 30. juni 2033" in said
    assert "Antall variabler det er søkt om: 4." in Draft(content).variables_summary
    read = text(browser(office.owner).get(address("decision", after)))
    assert "Hva vedtaket endrer" in read
    assert "Innvilget (før: 2010–2015)" in read


def test_a_refused_change_leaves_the_decision_as_it_is_and_says_so(office, granted):
    case, before = granted
    change = change_of(office, case, rows_of("WAGE", "BIRTH"))
    after = decide(office, change, outcome="refused")
    (said,) = Draft(composing.thaw(after)).changes
    assert said.startswith(f"Vedtak {before.letter_id}")
    assert said.endswith("er ikke endret og gjelder fortsatt.")
    assert earlier.in_force(change).case.pk == case.pk


def test_limits_that_go_on_are_no_refusal(office, granted):
    case = granted[0]
    change = change_of(office, case, rows_of("WAGE", "TOWN"))
    draft(office, change)
    office.do(office.officer, "draft_decision", change, {"bulk": {"as_before": True}})
    fields = {"outcome": "granted", "reasons": REASONS, "deletion_date": LAST_DAY}
    office.do(office.officer, "draft_decision", change, {"fields": fields})
    sent = office.do(office.officer, "send_for_approval", change).value
    outcomes = [(v.name, str(v.outcome), v.reason) for v in composing.thaw(sent).variables]
    assert ("TOWN", "partly", LIMITED) in outcomes


def test_of_several_changes_the_one_accepted_last_is_in_force(office, granted):
    case, _first = granted
    parallel = change_of(office, case, rows_of("WAGE", "NEW"))
    draft(office, parallel)
    change = change_of(office, case, rows_of("WAGE", "SEX", "BIRTH"))
    second = decide(office, change, {2: {"granted": False, "reason": REFUSED}})
    assert not may_follow(office.owner, change_type(), case)
    assert may_follow(office.owner, change_type(), change)
    third = create(Actor(user=office.owner), "SSB", "nb", type="change", follows=change)
    assert names(third) == ["WAGE", "SEX"]
    fields = {"outcome": "granted", "reasons": REASONS, "deletion_date": LAST_DAY}
    payload = {"fields": fields, **each_row("granted")}
    office.do(office.officer, "draft_decision", parallel, payload)
    with pytest.raises(Invalid) as outdated:
        office.do(office.officer, "send_for_approval", parallel)
    assert set(outdated.value.errors) == {"submission"}
    taken = office.do(office.officer, "draft_decision", parallel, {"refresh": True}).value
    assert taken.changes_id == second.pk
    assert followed.changed(parallel).case.pk == change.pk
    office.do(office.officer, "send_for_approval", parallel)


def test_a_row_alike_is_granted_once_and_not_for_the_one_that_was_refused(office):
    case = case_of(office, rows_of("WAGE", "WAGE"))
    decide(office, case, {0: {"granted": False, "reason": REFUSED}})
    change = change_of(office, case, rows_of("WAGE", "WAGE", "WAGE"))
    decision = draft(office, change)
    beside = [v.earlier and v.earlier.granted for v in decision.variables.select_related("earlier")]
    assert beside == [True, False, None]


def test_a_change_of_thousands_of_rows_begins_and_is_taken_over(office):
    many = [f"V{n:05d}" for n in range(3_000)]
    case = case_of(office, rows_of(*many))
    decide(office, case, {n: {"granted": False, "reason": REFUSED} for n in range(0, 3_000, 3)})
    change = create(Actor(user=office.owner), "SSB", "nb", type="change", follows=case)
    assert len(names(change)) == 2_000
    again = change_of(office, case, rows_of(*many))
    decision = draft(office, again)
    assert decision.variables.filter(earlier__granted=False, granted=None).count() == 1_000
