"""The pages on which an officer drafts a decision and sends it."""

import io
import zipfile
from datetime import date

import pikepdf
import pytest
from django.urls import reverse
from pypdf import PdfReader

from applications.commands import Invalid
from applications.enums import State
from decisions.digests import digest_of
from decisions.letters import annexes, draft
from decisions.models import Decision
from portal.accounts.models import StaffRole
from portal.events.outbox import run_due
from tests.integration.decisions.browsing import HTMX, address, field, text
from tests.integration.decisions.conftest import REASONS, browser


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


@pytest.mark.parametrize("day", ["soon", "9999-12-31", "0027-01-01"])
def test_a_date_that_cannot_be_keeps_the_rest(office, day):
    case = office.case()
    decision = office.do(office.officer, "draft_decision", case).value
    given = {"reasons": "kept", "deletion_date": day}
    response = browser(office.officer).post(address("draft", decision), given)
    assert response.status_code == 422
    decision.refresh_from_db()
    assert decision.reasons == "kept"
    assert decision.deletion_date is None
    far = {"fields": {"deletion_date": date(9999, 12, 31)}}
    with pytest.raises(Invalid):
        office.do(office.officer, "draft_decision", case, far)


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
    assert client.post(address("variables", decision), bulk).status_code == 409  # of what it showed
    bulk["base-all"] = field(client.get(address("variables", decision)), "base-all")
    client.post(address("variables", decision), bulk)
    assert decision.variables.filter(granted=False, reason="All of it").count() == 60
    page = client.get(address("variables", decision))
    seen = {f"was-{n}": field(page, f"was-{n}") for n in (0, 5)}
    kept = {"granted-0": "no", "reason-0": "All of it", "granted-5": "no", "reason-5": "All of it"}
    chosen = {"bulk": "grant", "scope": "rows", "row": ["0", "5"], **seen, **kept}
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
    pdf = previewed(client, decision)
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"].startswith("attachment")
    assert pdf["X-Content-Type-Options"] == "nosniff"


def previewed(client, decision):
    """The preview that the worker draws when somebody asks for it."""
    page = client.post(address("preview_pdf", decision))["Location"]
    run_due(kinds=["draft.preview"])
    return client.get(f"{page}file/")


def test_a_preview_that_was_made_is_not_given_to_who_left_the_agency(office):
    decision = office.draft(office.case())
    client = browser(office.officer)
    page = client.post(address("preview_pdf", decision))["Location"]
    run_due(kinds=["draft.preview"])
    assert browser(office.decider).get(f"{page}file/").status_code == 404, "another's file"
    StaffRole.objects.filter(user=office.officer).delete()
    assert client.get(f"{page}file/").status_code == 404


def test_the_preview_of_a_long_list_is_what_will_go_out(office, monkeypatch):
    monkeypatch.setattr(draft, "LONGEST_TABLE_IN_FILE", 2)
    monkeypatch.setattr(annexes, "LONGEST_TABLE_IN_FILE", 2)
    decision = office.draft(office.case(variables=5))
    client = browser(office.officer)
    content = b"".join(previewed(client, decision).streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        letter, annex = (PdfReader(io.BytesIO(archive.read(name))) for name in names)
    told = "".join(page.extract_text() for page in letter.pages)
    assert names[1].removeprefix("draft-") in told
    assert "1–5" in told
    assert all("DRAFT" in p.extract_text() or "UTKAST" in p.extract_text() for p in annex.pages)
    assert not annex.attachments, "no program shall take it for a decision"


def test_the_preview_pdf_is_marked_on_each_page_unsigned_and_carries_no_decision(office):

    case = office.case(variables=120)
    decision = office.draft(case)
    body = b"".join(previewed(browser(office.officer), decision).streaming_content)
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


def test_what_no_database_takes_is_left_out_and_what_makes_no_sense_is_refused(office):
    case = office.case()
    decision = office.draft(case)
    client = browser(office.officer)
    row = decision.conditions.first()
    dropped = {"do": "drop", "condition": row.pk, "reason": "a\0b"}
    assert client.post(address("conditions", decision), dropped).status_code == 302
    row.refresh_from_db()
    assert row.reason == "ab"
    for strange, answers in (
        ("", (200, 422, 422, 409)),
        ("²", (400, 400, 400, 400)),
        ("-1", (400, 400, 400, 400)),
        ("9" * 30, (400, 400, 400, 400)),
    ):
        nothing = {"do": "restore", "condition": strange}
        odd = {f"was-{strange}": "x", "bulk": "refuse", "scope": "rows", "row": [strange]}
        variables, conditions = address("variables", decision), address("conditions", decision)
        found = (
            client.get(variables, {"after": strange, "source": strange}).status_code,
            client.post(conditions, nothing).status_code,
            client.post(variables, odd).status_code,
            client.post(address("preview", decision), {"version": strange}).status_code,
        )
        assert (strange, found) == (strange, answers)
    assert not decision.variables.filter(granted=False).exists()
