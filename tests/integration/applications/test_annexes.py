"""An application with long lists: a receipt that people read, and annexes that it names."""

import io
import json

import pytest
from django.db import transaction
from django.urls import reverse
from pypdf import PdfReader

from applications import pdf
from portal import store
from portal.events.models import Event, OutboxEntry
from portal.events.outbox import queue, run_due
from tests.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(world, monkeypatch):
    """A case whose lists are long by the measure of this test. (Cases are made once for all tests,
    so what was drawn of it before is drawn anew.)"""
    case = world.submitted()
    run_due()
    case.submissions.update(pdf_digest="")
    OutboxEntry.objects.filter(kind__startswith="submission.").delete()
    monkeypatch.setattr(pdf, "MOST_ROWS", 1)
    submission = case.submissions.get()
    with transaction.atomic():
        payload = {"application": str(case.pk), "submission": submission.pk}
        queue("submission.render", payload, "again")
    run_due()
    return case, case.submissions.get()


def test_the_receipt_names_the_annex_and_nothing_of_the_list_is_lost(sent):
    case, submission = sent
    rows = submission.document["variables"]
    annex = next(each for each in submission.annexes if each["path"] == "variables")
    assert (annex["first"], annex["last"]) == (1, len(rows))
    receipt = PdfReader(io.BytesIO(store.read(submission.pdf_digest)))
    told = "".join("".join(page.extract_text() for page in receipt.pages).split())
    assert annex["sha256"] in told
    assert "".join(annex["filename"].split()) in told
    volume = PdfReader(io.BytesIO(store.read(annex["sha256"])))
    listed = "".join("".join(page.extract_text() for page in volume.pages).split())
    for row in rows:
        assert "".join(row["name"].split()) in listed
    assert len(json.loads(volume.attachments["list.json"][0])["rows"]) == len(rows)
    assert case.number in volume.pages[0].extract_text()
    rendered = Event.objects.filter(type="application.submission_rendered").order_by("id").last()
    assert annex["sha256"] in rendered.data["annexes"]


def test_the_annex_is_beside_the_receipt_for_the_same_people(sent, world, client):
    case, submission = sent
    where = reverse("applications:frozen_annex", args=[case.pk, submission.sequence, 1])
    sign_in(client, world["applicant"])
    for page in ("receipt", "overview"):
        assert where in client.get(reverse(f"applications:{page}", args=[case.pk])).content.decode()
    assert client.get(where)["Content-Type"] == "application/pdf"
    nothing = reverse("applications:frozen_annex", args=[case.pk, submission.sequence, 99])
    assert client.get(nothing).status_code == 404
    sign_in(client, world["case_officer"])
    assert where in client.get(reverse("cases:case", args=["SSB", case.pk])).content.decode()
    sign_in(client, world["dst_case_officer"])
    assert client.get(where).status_code == 404


def test_the_long_list_is_drawn_in_the_lane_of_heavy_work(sent):
    assert sent
    lanes = {(e.kind, e.lane) for e in OutboxEntry.objects.filter(kind__startswith="submission.")}
    assert lanes == {("submission.render", "letters"), ("submission.annexes", "heavy")}


def test_a_short_one_has_no_annex_and_holds_its_list(world):
    case = world.submitted()
    run_due()
    submission = case.submissions.get()
    assert len(submission.document["variables"]) < pdf.MOST_ROWS
    assert submission.annexes == []
    assert submission.pdf_digest
    assert not OutboxEntry.objects.filter(kind="submission.annexes").exists()
