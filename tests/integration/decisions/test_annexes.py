"""A decision on very many variables: a letter that people read, and annexes that it names."""

import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from decisions import selectors
from decisions.letters.examination import examine
from decisions.letters.signing import load_roots
from decisions.models import LetterAnnex
from portal import store
from portal.events.models import Event, OutboxEntry
from portal.pdf import volumes
from tests.integration.decisions.browsing import address, text
from tests.integration.decisions.conftest import browser, work

ROWS = 230


@pytest.fixture
def decision(office, monkeypatch):
    monkeypatch.setattr(volumes, "MOST_CELLS", 800)
    return office.delivered(office.case(variables=ROWS))


def test_the_letter_is_short_and_names_each_annex_with_its_rows_and_digest(decision, office):
    letter = PdfReader(io.BytesIO(store.read(decision.revisions.get().sha256)))
    assert len(letter.pages) <= 6
    told = "".join("".join(page.extract_text() for page in letter.pages).split())
    annexes = list(decision.annexes.all())
    assert len(annexes) > 1
    assert (annexes[0].first, annexes[-1].last) == (1, ROWS)
    for annex in annexes:
        content = store.read(annex.sha256)
        assert hashlib.sha256(content).hexdigest() == annex.sha256
        for said in (annex.sha256, annex.filename, f"{annex.first}–{annex.last}"):
            assert said in told
        pages = PdfReader(io.BytesIO(content)).pages
        assert decision.letter_id in pages[0].extract_text()
    signed = Event.objects.get(
        stream=f"application:{decision.application_id}", type__endswith="letter_signed"
    )
    assert signed.data["annexes"] == [annex.sha256 for annex in annexes]
    revision = decision.revisions.get()
    verdict = examine(store.read(revision.sha256), selectors.issued_revision, load_roots())
    assert verdict.genuine


def test_who_may_have_the_letter_may_have_its_annexes_and_nobody_else(decision, office):
    annex = decision.annexes.first()
    where = address("annex", decision, 1)
    for who in (office.owner, office.signatory, office.officer):
        assert where in text(browser(who).get(address("decision", decision)))
        file = browser(who).get(where)
        assert b"".join(file.streaming_content) == store.read(annex.sha256)
        assert annex.filename in file["Content-Disposition"]
    assert where in text(browser(office.signatory).get(address("accept", decision)))
    for who in (office.stranger, office.foreign_officer):
        assert browser(who).get(where).status_code == 404
    assert browser(office.owner).get(address("annex", decision, 99)).status_code == 404


def test_anybody_can_ask_whether_a_file_is_one_of_the_annexes(decision):
    content = store.read(decision.annexes.first().sha256)

    def asked(pdf):
        file = SimpleUploadedFile("annex.pdf", pdf, "application/pdf")
        return text(Client().post(reverse("letters:verify"), {"letter": file}, follow=True))

    told = asked(content)
    assert "annex of a letter that was issued here" in told
    assert decision.letter_id in told
    assert f"rows 1 to {decision.annexes.first().last}" in told
    assert "annex of a letter that was issued here" not in asked(content + b" ")


def test_annexes_are_never_changed(decision):
    for change in (
        lambda: decision.annexes.update(sha256="0" * 64),
        lambda: decision.annexes.all().delete(),
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()


def test_annexes_are_drawn_in_the_lane_of_heavy_work_and_the_letter_in_its_own(office):
    decision = office.approved(office.case(variables=ROWS))
    work()
    lanes = dict(OutboxEntry.objects.filter(key__contains=decision.pk).values_list("key", "lane"))
    assert lanes[f"letter.annexes:{decision.pk}"] == "heavy"
    assert (
        lanes[f"letter.make:{decision.pk}"]
        == lanes[f"letter.make:{decision.pk}:annexes"]
        == "letters"
    )
    assert LetterAnnex.objects.filter(decision=decision).count() == 1
