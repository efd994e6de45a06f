"""The pages of a decision, as each person meets them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.enums import State
from applications.models import Interest, Note, Review
from decisions.digests import digest_of
from decisions.enums import Status
from decisions.models import Decision
from portal import clock
from portal.accounts.waiting import waiting
from tests import people
from tests.integration.decisions.conftest import REASONS, browser, work

HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name, decision, *more):
    return reverse(f"decisions:{name}", args=[decision.pk, *more])


def text(response):
    return response.content.decode()


def field(response, name):
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text(response))
    assert found, f"no field {name}"
    return found[1]


# --- the officer ----------------------------------------------------------------------------------


def test_an_officer_begins_the_draft_from_the_case_page(office):
    case = office.case()
    client = browser(office.officer)
    page = client.get(reverse("cases:case", args=["SSB", case.pk]))
    assert reverse("decisions:start", args=[case.pk]) in text(page)
    response = client.post(reverse("decisions:start", args=[case.pk]))
    decision = Decision.objects.get(application=case)
    assert response["Location"] == address("draft", decision)
    again = client.post(reverse("decisions:start", args=[case.pk]))
    assert again["Location"] == address("draft", decision)


def test_the_draft_page_explains_outcomes_and_lists_what_is_missing(office):
    case = office.case()
    decision = office.do(office.officer, "draft_decision", case).value
    page = text(browser(office.officer).get(address("draft", decision)))
    assert "Choose the outcome." in page
    assert "Write the reasons." in page
    assert "the conditions for access are not met" in page
    assert "SSB-CND-12" in page


def test_autosave_stores_and_answers_with_what_changed_only(office):
    case = office.case()
    decision = office.do(office.officer, "draft_decision", case).value
    client = browser(office.officer)
    given = {
        "outcome": "refused",
        "reasons": REASONS,
        "base-reasons": digest_of(""),
        "base-outcome": digest_of(""),
    }
    response = client.post(address("draft", decision), given, **HTMX)
    assert response.status_code == 200
    assert "Write the reasons." not in text(response)
    assert "<html" not in text(response)
    decision.refresh_from_db()
    assert (decision.outcome, decision.reasons) == ("refused", REASONS)


def test_a_conflict_shows_both_texts_and_saves_neither_over_the_other(office):
    case = office.case()
    decision = office.do(office.officer, "draft_decision", case).value
    shown = digest_of("")
    one, other = browser(office.officer), browser(office.second_officer)
    one.post(address("draft", decision), {"reasons": "first text", "base-reasons": shown}, **HTMX)
    late = {"reasons": "second text", "base-reasons": shown}
    for more in (HTMX, {}):
        response = other.post(address("draft", decision), late, **more)
        assert response.status_code == 409
        assert "first text" in text(response)
        assert "second text" in text(response)
    decision.refresh_from_db()
    assert decision.reasons == "first text"
    # Having seen both, a press on Save keeps one's own.
    seen = field(response, "base-reasons")
    other.post(address("draft", decision), {"reasons": "second text", "base-reasons": seen})
    decision.refresh_from_db()
    assert decision.reasons == "second text"


def test_an_unreadable_date_keeps_the_rest(office):
    case = office.case()
    decision = office.do(office.officer, "draft_decision", case).value
    given = {"reasons": "kept", "deletion_date": "soon"}
    response = browser(office.officer).post(address("draft", decision), given)
    assert response.status_code == 422
    decision.refresh_from_db()
    assert decision.reasons == "kept"
    assert decision.deletion_date is None


def test_the_usual_beginning_is_put_before_the_text(office):
    case = office.case()
    decision = office.do(office.officer, "draft_decision", case).value
    given = {"outcome": "refused", "reasons": "My own words.", "beginning": "1"}
    browser(office.officer).post(address("draft", decision), given)
    decision.refresh_from_db()
    assert decision.reasons.startswith("Vi har vurdert søknaden")
    assert decision.reasons.endswith("My own words.")


def test_conditions_are_dropped_added_and_filled_without_scripts(office):
    case = office.case()
    decision = office.draft(case)
    client = browser(office.officer)
    here = address("conditions", decision)
    row = decision.conditions.get(catalogue_id="SSB-CND-04")
    refused = client.post(here, {"do": "drop", "condition": row.pk, "reason": ""})
    assert refused.status_code == 422
    client.post(here, {"do": "drop", "condition": row.pk, "reason": "Agreed"})
    row.refresh_from_db()
    assert (row.dropped, row.reason) == (True, "Agreed")
    added = {"do": "add", "add-text": "Data stay in Norway.", "add-reason": "Asked for"}
    assert client.post(here, added).status_code == 302
    both = {**added, "add-catalogue_id": "SSB-CND-14"}
    assert client.post(here, both).status_code == 422
    assert decision.conditions.filter(text="Data stay in Norway.", added=True).count() == 1
    deletion = decision.conditions.get(catalogue_id="SSB-CND-12")
    fill = {"do": "fill", "condition": deletion.pk, "value-deletion_deadline": "i morgen"}
    response = client.post(here, fill, **HTMX)
    assert "senest i morgen" in text(response)
    assert client.post(here, {"do": "explode"}).status_code == 404


def test_variables_are_decided_in_a_table_with_bulk_and_reasons(office):
    case = office.case(variables=60)
    decision = office.draft(case)
    client = browser(office.officer)
    page = client.get(address("variables", decision))
    assert "VARIABLE_0049" in text(page)
    assert "VARIABLE_0050" not in text(page)
    assert "VARIABLE_0050" in text(client.get(address("variables", decision) + "?after=49"))
    was = field(page, "was-3")
    row = {"was-3": was, "granted-3": "no", "reason-3": "Too detailed"}
    client.post(address("variables", decision), row)
    assert decision.variables.get(position=3).granted is False
    conflict = client.post(address("variables", decision), {**row, "reason-3": "Other"})
    assert conflict.status_code == 409
    assert "Too detailed" in text(conflict)
    bulk = {"bulk": "refuse", "scope": "filter", "bulk-reason": "All of it"}
    client.post(address("variables", decision), bulk)
    assert decision.variables.filter(granted=False, reason="All of it").count() == 60
    chosen = {"bulk": "grant", "scope": "rows", "row": ["0", "5"]}
    client.post(address("variables", decision), chosen)
    assert decision.variables.filter(granted=True).count() == 2
    refused = text(client.get(address("variables", decision) + "?show=refused"))
    assert "VARIABLE_0001" in refused
    assert "VARIABLE_0005" not in refused


def test_the_preview_says_that_it_is_no_decision(office):
    case = office.case()
    decision = office.draft(case)
    client = browser(office.officer)
    page = text(client.get(address("preview", decision)))
    assert "DRAFT – not a decision" in page
    assert "The conditions for access are met." in page
    pdf = client.get(address("preview_pdf", decision))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"].startswith("attachment")
    assert pdf["X-Content-Type-Options"] == "nosniff"


def test_the_preview_pdf_is_marked_on_each_page_unsigned_and_carries_no_decision(office):
    import io

    import pikepdf
    from pypdf import PdfReader

    case = office.case(variables=120)
    decision = office.draft(case)
    body = browser(office.officer).get(address("preview_pdf", decision)).content
    pages = PdfReader(io.BytesIO(body)).pages
    assert len(pages) > 2
    assert all("UTKAST" in p.extract_text() or "DRAFT" in p.extract_text() for p in pages)
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert not list(pdf.attachments)
        assert "/AcroForm" not in pdf.Root
        assert "/Metadata" not in pdf.Root
    from decisions import selectors
    from decisions.letters.examination import examine
    from decisions.letters.signing import load_roots

    assert not examine(body, selectors.issued_revision, load_roots()).genuine


def test_an_incomplete_draft_is_not_sent_and_all_reasons_are_shown(office):
    case = office.case()
    decision = office.do(office.officer, "draft_decision", case).value
    response = browser(office.officer).post(
        address("preview", decision), {"version": decision.version}
    )
    assert response.status_code == 422
    assert "Choose the outcome." in text(response)
    assert "Write the reasons." in text(response)


def test_a_complete_draft_is_sent_from_the_preview(office):
    case = office.case()
    decision = office.draft(case)
    client = browser(office.officer)
    page = client.get(address("preview", decision))
    client.post(address("preview", decision), {"version": field(page, "version")})
    case.refresh_from_db()
    assert case.state == State.APPROVAL
    client.post(address("recall", decision))
    case.refresh_from_db()
    assert case.state == State.ASSESSMENT


# --- the decision maker ---------------------------------------------------------------------------


def test_the_decision_maker_sees_what_waits_and_decides_on_one_page(office):
    case = office.case()
    decision = office.sent(case)
    client = browser(office.decider)
    assert case.number in text(client.get(reverse("decisions:waiting")))
    page = client.get(address("approval", decision))
    assert "The conditions for access are met." in text(page)
    given = {
        "do": "approve",
        "digest": field(page, "digest"),
        "key": field(page, "key"),
        "title": "Head of section",
    }
    response = client.post(address("approval", decision), given)
    assert response["Location"] == address("decision", decision)
    case.refresh_from_db()
    assert case.state == State.SIGNING
    assert "Approved, to be signed" in text(client.get(address("decision", decision)))
    assert case.number not in text(client.get(reverse("decisions:waiting")))


def test_what_was_typed_is_kept_while_the_decision_maker_confirms(office):
    case = office.case()
    decision = office.sent(case)
    client = browser(office.decider, fresh=False)
    given = {"do": "approve", "digest": decision.sent_digest, "title": "CANARY-TITLE"}
    response = client.post(address("approval", decision), given)
    case.refresh_from_db()
    assert case.state == State.APPROVAL
    assert "reauthenticate" in response["Location"]
    assert "CANARY-TITLE" in text(client.get(address("approval", decision)))
    text_kept = {"do": "approve", "digest": decision.sent_digest, "text": "CANARY-TEXT"}
    client.post(address("approval", decision), text_kept)
    assert "CANARY-TEXT" in text(client.get(address("approval", decision)))


def test_what_a_signatory_typed_is_kept_while_they_confirm(office):
    decision = office.delivered(office.case())
    client = browser(office.signatory, fresh=False)
    given = {**office.acceptance(decision, name="CANARY NAME"), "authorised": "on"}
    response = client.post(address("accept", decision), given)
    assert "reauthenticate" in response["Location"]
    assert "CANARY NAME" in text(client.get(address("accept", decision)))
    decision.refresh_from_db()
    assert decision.status == Status.DELIVERED


def test_a_stale_page_decides_nothing(office):
    case = office.case()
    decision = office.sent(case)
    old = decision.sent_digest
    office.do(office.officer, "recall", case)
    office.do(office.officer, "draft_decision", case, {"fields": {"reasons": "Other reasons."}})
    office.do(office.officer, "send_for_approval", case)
    given = {"do": "approve", "digest": old, "title": "Head"}
    response = browser(office.decider).post(address("approval", decision), given)
    assert response.status_code == 409
    assert "changed while you read it" in text(response)
    assert "Other reasons." in text(response)
    case.refresh_from_db()
    assert case.state == State.APPROVAL


def test_sending_back_needs_a_text_and_reaches_the_officer(office):
    case = office.case()
    decision = office.sent(case)
    client = browser(office.decider)
    empty = {"do": "send_back", "text": "", "digest": decision.sent_digest}
    assert client.post(address("approval", decision), empty).status_code == 422
    client.post(address("approval", decision), {**empty, "text": "Say more of linkage."})
    officer = browser(office.officer)
    assert "Say more of linkage." in text(officer.get(address("draft", decision)))
    titles = [item.title for item in waiting(office.officer)]
    assert f"Sent back to you: the draft decision in case {case.number}" in titles


def test_whoever_wrote_the_draft_is_told_that_somebody_else_decides(office):
    people.give(office.officer, "decision_maker")
    decision = office.sent(office.case())
    client = browser(office.officer)
    page = text(client.get(address("approval", decision)))
    assert "Somebody else decides" in page
    assert 'value="approve"' not in page
    given = {"do": "approve", "digest": decision.sent_digest}
    assert client.post(address("approval", decision), given).status_code == 403
    assert not any("Decide" in item.title for item in waiting(office.officer))


# --- the recipient --------------------------------------------------------------------------------


def test_applicant_and_signatory_read_the_decision_and_fetch_the_letter(office):
    case = office.case()
    decision = office.delivered(case)
    for who in (office.owner, office.signatory, office.administrator):
        client = browser(who)
        page = text(client.get(address("decision", decision)))
        assert "The conditions are not accepted yet" in page
        assert "Finansdepartementet" in page
        letter = client.get(address("letter", decision, 1))
        assert letter["Content-Type"] == "application/pdf"
        assert letter["Content-Disposition"].startswith("attachment")
        assert letter["Content-Security-Policy"].startswith("sandbox")
        assert b"".join(letter.streaming_content).startswith(b"%PDF-")
        assert client.get(address("letter", decision, 2)).status_code == 404
    assert address("decision", decision) in text(
        browser(office.owner).get(reverse("applications:overview", args=[case.pk]))
    )


def test_a_decision_does_not_exist_for_applicants_before_it_is_signed(office):
    case = office.case()
    decision = office.draft(case)
    client = browser(office.owner)
    pages = ("decision", "draft", "variables", "preview", "preview_pdf", "approval", "accept")
    for step in (
        lambda: None,
        lambda: office.do(office.officer, "send_for_approval", case),
        lambda: office.approve(case, Decision.objects.get(pk=decision.pk)),
    ):
        step()
        for name in pages:
            assert client.get(address(name, decision)).status_code == 404, name
        overview = text(client.get(reverse("applications:overview", args=[case.pk])))
        assert str(decision.pk) not in overview


def test_the_signatory_accepts_and_both_signatures_are_shown(office):
    case = office.case()
    decision = office.delivered(case)
    client = browser(office.signatory)
    assert any(case.number in item.title for item in waiting(office.signatory))
    page = client.get(address("accept", decision))
    assert "Power of attorney 1/2026" in text(page)
    given = {
        **office.acceptance(decision),
        "letter": field(page, "letter"),
        "key": field(page, "key"),
        "authorised": "on",
    }
    wrong = client.post(address("accept", decision), {**given, "delivery_mobile": "12"})
    assert wrong.status_code == 422
    assert "country code" in text(wrong)
    response = client.post(address("accept", decision), given)
    assert response["Location"] == address("decision", decision)
    again = client.post(address("accept", decision), given)
    assert again.status_code == 302
    work()
    shown = text(client.get(address("decision", decision)))
    assert "Dina Decider" in shown
    assert "Sigrid Moe" in shown
    assert "+4790000000" in shown
    assert b"".join(client.get(address("letter", decision, 2)).streaming_content)
    assert b"".join(client.get(address("receipt", decision)).streaming_content)
    applicant = text(browser(office.owner).get(address("decision", decision)))
    assert "Sigrid Moe" in applicant
    assert "+4790000000" not in applicant


def test_an_institution_without_a_signatory_is_told_what_to_do(office):
    case = office.case()
    decision = office.delivered(case)
    office.signatory.memberships.update(roles=["researcher"])
    page = text(browser(office.owner).get(address("decision", decision)))
    assert "nobody here who may bind it" in page


def test_nobody_but_a_signatory_gets_the_acceptance_form(office):
    decision = office.delivered(office.case())
    for who in (office.owner, office.administrator, office.officer, office.decider):
        response = browser(who).get(address("accept", decision))
        assert response.status_code == 302


# --- who reaches what, and what leaks -------------------------------------------------------------


@pytest.mark.parametrize("issued", [False, True])
def test_foreign_and_absent_are_both_a_404(office, issued):
    case = office.case()
    decision = office.accepted(case) if issued else office.sent(case)
    names = [
        ("decision", ()),
        ("draft", ()),
        ("variables", ()),
        ("preview", ()),
        ("preview_pdf", ()),
        ("approval", ()),
        ("accept", ()),
        ("letter", (1,)),
        ("letter", (2,)),
        ("receipt", ()),
    ]
    posts = [
        "refresh",
        "conditions",
        "recall",
        "draft",
        "variables",
        "preview",
        "approval",
        "accept",
    ]
    for who in (office.stranger, office.foreign_officer, office.foreign_decider):
        client = browser(who)
        for name, more in names:
            assert client.get(address(name, decision, *more)).status_code == 404, name
        for name in posts:
            assert client.post(address(name, decision)).status_code == 404, name
        assert client.post(reverse("decisions:start", args=[case.pk])).status_code == 404
    visitor = browser(None)
    for name, more in names:
        assert "/accounts/" in visitor.get(address(name, decision, *more))["Location"]


def test_staff_without_a_second_factor_reach_nothing(office):
    from django.test import Client

    decision = office.sent(office.case())
    client = people.sign_in(Client(), office.decider, second_factor=False)
    assert client.get(address("approval", decision)).status_code in (302, 403, 404)


def test_staff_with_an_interest_do_not_read_drafts(office):
    case = office.case()
    decision = office.draft(case)
    Interest.objects.create(
        application=case, user=office.second_officer, reason="x", declared_at=clock.now()
    )
    people.member(office.lawyer, office.institution)
    for who in (office.second_officer, office.lawyer):
        assert browser(who).get(address("preview", decision)).status_code == 404


def test_what_is_for_the_agency_only_reaches_no_applicant(office):
    case = office.case()
    decision = office.draft(case, "partly")
    given = {"do": "add", "text": "Open condition.", "reason": "CANARY-1"}
    office.do(office.officer, "draft_decision", case, {"condition": given})
    dropped = decision.conditions.first()
    change = {"do": "drop", "condition": dropped.pk, "reason": "CANARY-2"}
    office.do(office.officer, "draft_decision", case, {"condition": change})
    office.do(office.officer, "draft_decision", case, {"fields": {"reasons": "CANARY-3"}})
    office.do(office.officer, "send_for_approval", case)
    office.do(office.decider, "send_back", case, {"text": "CANARY-4"})
    office.do(office.officer, "draft_decision", case, {"fields": {"reasons": REASONS}})
    now = clock.now()
    Note.objects.create(application=case, author=office.officer, body="CANARY-5", written_at=now)
    Review.objects.create(
        application=case,
        question="CANARY-6",
        reviewer=office.lawyer,
        asked_by=office.officer,
        asked_at=now,
        answer="CANARY-7",
        answered_at=now,
    )
    case.checklist.filter(item="harm").update(note="CANARY-8")
    office.do(office.officer, "send_for_approval", case)
    office.approve(case, Decision.objects.get(pk=decision.pk))
    work()
    case.refresh_from_db()
    office.do(office.signatory, "accept", case, office.acceptance(decision))
    work()
    seen = ""
    for who in (office.owner, office.signatory, office.administrator):
        client = browser(who)
        for name in ("decision", "accept"):
            seen += text(client.get(address(name, decision), follow=True))
        for where in ("overview", "history", "messages"):
            seen += text(client.get(reverse(f"applications:{where}", args=[case.pk])))
        for number in (1, 2):
            letter = b"".join(client.get(address("letter", decision, number)).streaming_content)
            seen += letter.decode("latin-1") + words_of(letter)
    assert "CANARY" not in seen
    staff = text(browser(office.decider).get(reverse("cases:case", args=["SSB", case.pk])))
    assert "CANARY-5" in staff


def words_of(letter):
    import io

    import pikepdf
    from pypdf import PdfReader

    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(letter)).pages)
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        for attachment in pdf.attachments.values():
            told += attachment.get_file().read_bytes().decode()
    return told


@pytest.mark.parametrize(
    ("name", "who", "step"),
    [
        ("draft", "officer", "draft"),
        ("variables", "officer", "draft"),
        ("preview", "officer", "draft"),
        ("approval", "decider", "sent"),
        ("decision", "owner", "delivered"),
        ("accept", "signatory", "delivered"),
    ],
)
def test_a_page_asks_the_database_as_often_for_one_variable_as_for_fifty(office, name, who, step):
    asked = []
    for variables in (1, 50):
        decision = getattr(office, step)(office.case(variables=variables), "granted")
        client = browser(getattr(office, who))
        client.get(address(name, decision))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name, decision)).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[0] < 45


def test_the_list_of_what_waits_asks_as_often_for_one_as_for_three(office):
    asked = []
    client = browser(office.decider)
    for number in (1, 2):
        for _ in range(number):
            office.sent(office.case(variables=1))
        client.get(reverse("decisions:waiting"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("decisions:waiting"))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_reading_any_page_writes_nothing(office):
    decision = office.delivered(office.case())
    versions = list(Decision.objects.values_list("status", "version"))
    for who in (office.owner, office.signatory, office.officer, office.decider):
        client = browser(who)
        for name in ("decision", "draft", "preview", "approval", "accept"):
            client.get(address(name, decision))
    assert list(Decision.objects.values_list("status", "version")) == versions
    assert Decision.objects.get().status == Status.DELIVERED


def test_the_signing_page_says_why_the_letter_is_late(office, monkeypatch):
    from decisions.letters import signing
    from decisions.letters.signing import SigningUnavailable

    def gone(*args, **kwargs):
        raise SigningUnavailable("the certificate expired")

    monkeypatch.setattr(signing, "load_signer", gone)
    case = office.case()
    decision = office.approved(case)
    work()
    client = browser(office.decider)
    for page in (address("decision", decision), reverse("cases:case", args=["SSB", case.pk])):
        assert "the certificate expired" in text(client.get(page))
