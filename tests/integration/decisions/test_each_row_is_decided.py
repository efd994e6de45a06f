"""What nobody has decided on is not granted: in no draft, no letter, and not in the database."""

import importlib
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from applications.commands import Invalid, Stale
from applications.completeness.sample import complete_document
from applications.models import SeverityChange
from decisions import composing
from decisions.digests import row_digest
from decisions.letters.content import ContentError, VariableOutcome
from decisions.letters.draft import Draft
from decisions.models import Decision, DecisionVariable
from portal import clock
from portal.local.seeding import each_row
from tests.integration.decisions.browsing import address, field, text
from tests.integration.decisions.conftest import REASONS, browser


def write(office, case, by=None, **payload):
    return office.do(by or office.officer, "draft_decision", case, payload).value


def fields(outcome):
    given = {"outcome": outcome, "reasons": REASONS}
    if outcome in ("granted", "partly"):
        given["deletion_date"] = clock.today("UTC").replace(year=clock.now().year + 3)
    return given


def decided(decision):
    return list(decision.variables.values_list("granted", flat=True))


@pytest.mark.parametrize("outcome", ["granted", "partly", "refused"])
def test_a_draft_with_a_row_that_nobody_decided_on_is_not_sent(office, outcome):
    case = office.case(variables=3)
    decision = write(office, case, fields=fields(outcome))
    assert decided(decision) == [None, None, None]
    rows = {0: {"granted": False, "reason": "Too detailed."}} if outcome == "partly" else {}
    write(office, case, **each_row(outcome, rows))
    write(office, case, rows={2: {"granted": None, "reason": ""}})
    with pytest.raises(Invalid) as refused:
        office.do(office.officer, "send_for_approval", case)
    assert refused.value.errors == {"undecided": ["1 variable is not decided on yet."]}
    write(office, case, **each_row(outcome))
    office.do(office.officer, "send_for_approval", case)


def test_the_database_sends_no_row_that_nobody_decided_on_and_keeps_what_was_sent(office):
    case = office.case(variables=2)
    sent = office.sent(case)
    with pytest.raises(DatabaseError), transaction.atomic():
        sent.variables.update(granted=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        sent.variables.all().delete()
    office.do(office.officer, "recall", case)
    sent.variables.filter(position=0).update(granted=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=sent.pk).update(
            status="for_approval",
            content={},
            sent_digest="0" * 64,
            sent_by=office.officer,
            sent_at=clock.now(),
        )


def test_a_dismissal_decides_on_no_row(office):
    case = office.case(variables=2)
    write(office, case, fields=fields("dismissed"))
    sent = office.do(office.officer, "send_for_approval", case).value
    assert decided(sent) == [None, None]
    assert composing.thaw(sent).variables == ()


def test_the_preview_says_what_is_not_decided_and_no_such_letter_is_finished(office):
    case = office.case(variables=2)
    decision = write(office, case, fields=fields("granted"))
    write(office, case, rows={0: {"granted": True, "reason": ""}})
    draft = composing.compose(decision, office_scheme(case), clock.now())
    assert [row.outcome for row in draft.variables] == ["granted", "undecided"]
    assert "Ikke avgjort: 1." in Draft(draft).variables_summary
    with pytest.raises(ContentError):
        composing.finish(draft, {}, "Dina Decider", "", clock.now())


def office_scheme(case):
    from applications.selectors import scheme_of

    return scheme_of(case)


def test_many_rows_at_once_with_none_chosen_says_so_and_decides_nothing(office):
    case = office.case(variables=2)
    decision = write(office, case, fields=fields("granted"))
    client, here = browser(office.officer), address("variables", decision)
    answer = client.post(here, {"bulk": "grant", "scope": "rows"})
    assert answer.status_code == 422
    assert "No row is chosen." in text(answer)
    assert decided(decision) == [None, None]


def test_the_page_chooses_nothing_beforehand_counts_what_is_left_and_goes_to_the_first(office):
    case = office.case(variables=60)
    decision = write(office, case, fields=fields("granted"))
    client, here = browser(office.officer), address("variables", decision)
    page = client.get(here)
    assert "60 of 60 are not decided on yet." in text(page)
    untouched = {f"was-{n}": field(page, f"was-{n}") for n in range(3)}
    client.post(here, {**untouched, "granted-0": "", "reason-0": "", "granted-1": ""})
    assert set(decided(decision)) == {None}
    first_fifty = {"granted": True, "reason": "", "positions": list(range(50))}
    write(office, case, bulk=first_fifty)
    for where in (here, address("draft", decision)):
        assert f'href="{here}?after=49#row-50"' in text(client.get(where))
    assert 'id="row-50"' in text(client.get(f"{here}?after=49"))
    write(office, case, **each_row("granted"))
    assert "not decided on yet" not in text(client.get(here))


def test_many_rows_are_decided_with_as_many_queries_as_few(office):
    def asked(variables):
        case = office.case(variables=variables)
        decision = write(office, case)
        source = decision.variables.get(position=0).source
        with CaptureQueriesContext(connection) as queries:
            write(office, case, bulk={"granted": True, "reason": "", "source": source})
        assert decision.variables.filter(granted=True).count() == sum(
            row.source == source for row in decision.variables.all()
        )
        return len(queries)

    assert asked(12) == asked(3_000)


def test_of_two_tabs_the_second_does_not_decide_on_rows_that_changed_meanwhile(office):
    case = office.case(variables=4)
    decision = write(office, case)
    client, here = browser(office.officer), address("variables", decision)
    page = client.get(here)
    everything = {"bulk": "grant", "scope": "filter", "base-all": field(page, "base-all")}
    seen = {f"was-{n}": field(page, f"was-{n}") for n in range(4)}
    write(office, case, office.second_officer, rows={1: {"granted": False, "reason": "No."}})
    late = client.post(here, everything)
    assert late.status_code == 409
    assert "decided on in the meantime" in text(late)
    late = client.post(here, {"bulk": "grant", "scope": "rows", "row": ["0", "1"], **seen})
    assert late.status_code == 409
    assert "Refused. No." in text(late)
    assert decided(decision) == [None, False, None, None]
    again = {"bulk": "grant", "scope": "filter", "base-all": field(late, "base-all")}
    assert client.post(here, again).status_code == 302
    assert decided(decision) == [True] * 4


def test_a_row_of_a_stale_page_is_not_granted_by_silence(office):
    case = office.case(variables=1)
    decision = write(office, case)
    shown = row_digest(None, "")
    write(office, case, rows={0: {"granted": False, "reason": "No.", "base": shown}})
    with pytest.raises(Stale):
        write(office, case, rows={0: {"granted": True, "reason": "", "base": shown}})
    for wrong in ("no", "yes", 1):
        with pytest.raises(Invalid):
            write(office, case, rows={0: {"granted": wrong, "reason": ""}})
    assert decided(decision) == [False]


def test_a_list_that_came_as_a_file_is_decided_on_and_named_in_the_letter(office):
    case = office.case()
    document = complete_document("SSB", 1) | {"variables": [], "variablesEntry": "upload"}
    submission = office.submit(case, document)
    file = {"filename": "variabler.xlsx", "digest": "ab" * 32}
    submission.attachments = [
        {"id": str(uuid4()), "kind": "ssb_variable_list", **file},
        {"id": str(uuid4()), "kind": "dpia", "filename": "dpia.pdf", "digest": "cd" * 32},
    ]
    submission.save()
    decision = write(office, case, fields=fields("granted"))
    assert [(v.kind, v.name, v.granted) for v in decision.variables.all()] == [
        ("file", "variabler.xlsx", None)
    ]
    # An agency that takes lists as files does not stop at rows that are missing.
    SeverityChange.objects.create(
        agency="SSB",
        rule_id="SSB-FLD-06",
        sequence=1,
        severity="FLAG",
        reason="Lists come as files.",
        by=office.decider,
        at=clock.now(),
    )
    page = text(browser(office.officer).get(address("variables", decision)))
    assert "List in the file variabler.xlsx" in page
    with pytest.raises(Invalid) as refused:
        office.do(office.officer, "send_for_approval", case)
    assert set(refused.value.errors) == {"undecided"}
    write(office, case, rows={0: {"granted": True, "reason": "Kun arkene A og B."}})
    write(office, case, fields=fields("partly"))
    content = composing.thaw(office.do(office.officer, "send_for_approval", case).value)
    (row,) = content.variables
    assert (row.name, row.outcome) == ("Listen i filen variabler.xlsx", VariableOutcome.PARTLY)
    assert Draft(content).variables_summary.startswith("Antall lister og registre")


def test_a_draft_from_before_lists_in_files_were_decided_on_is_taken_over_first(office):
    case = office.case()
    decision = office.draft(case)
    decision.variables.all().delete()
    with pytest.raises(Invalid) as refused:
        office.do(office.officer, "send_for_approval", case)
    assert set(refused.value.errors) == {"submission"}
    write(office, case, refresh=True)
    assert decided(decision) == [None, None, None]


def test_what_was_sent_before_keeps_what_its_letter_said_and_drafts_wait_for_a_person(office):
    cases = {outcome: office.case(variables=2) for outcome in ("granted", "refused", "dismissed")}
    sent = {outcome: office.sent(case, outcome) for outcome, case in cases.items()}
    draft = office.draft(office.case(variables=2))
    migration = importlib.import_module("decisions.migrations.0006_each_row_is_decided")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE decisions_decisionvariable DISABLE TRIGGER rows_stay")
        DecisionVariable.objects.filter(position=0).update(granted=None)
        cursor.execute(migration.AS_THE_LETTER_SAID)
        cursor.execute("ALTER TABLE decisions_decisionvariable ENABLE TRIGGER rows_stay")
    assert decided(sent["granted"]) == [True, True]
    assert decided(sent["refused"]) == [False, False]
    assert decided(sent["dismissed"]) == [None, False]
    assert decided(draft) == [None, True]
