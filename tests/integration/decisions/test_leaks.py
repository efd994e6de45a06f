"""What is for the agency only reaches no applicant: canaries in everything they can open."""

import io

import pikepdf
from django.urls import reverse
from pypdf import PdfReader

from applications.models import Note, Review
from decisions.models import Decision
from portal import clock
from tests.integration.decisions.browsing import address, text
from tests.integration.decisions.conftest import REASONS, browser, work


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

    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(letter)).pages)
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        for attachment in pdf.attachments.values():
            told += attachment.get_file().read_bytes().decode()
    return told
