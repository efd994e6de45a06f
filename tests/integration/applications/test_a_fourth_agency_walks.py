"""The agency of docs/adding-an-agency.md works: what that page says is written into a folder, and an
application walks from the empty form to the accepted decision on the portal's own pages."""

import re
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from applications import schemes
from applications.models import Application
from decisions.digests import row_digest
from decisions.models import Decision, LetterRevision
from portal import clock
from portal.events import outbox
from portal.local import seeding as walk
from portal.ui import themes
from tests.people import institution, member, person, sign_in, staff

PAGE = Path(__file__).parents[3] / "docs" / "adding-an-agency.md"
FILE = re.compile(r"^```(?:toml|python) (\S+)\n(.*?)^```$", re.M | re.S)


@pytest.fixture
def hav(tmp_path, monkeypatch, settings):
    """The agency as the page has it, switched on."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    package = tmp_path / "hav" / "v2026_1"
    found = dict(FILE.findall(PAGE.read_text(encoding="utf-8")))
    for name, text in found.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text, encoding="utf-8")
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    before = list(schemes._chosen)
    settings.SCHEMES = [*settings.SCHEMES, "hav"]
    schemes.install(tmp_path)
    schemes.choose(settings.SCHEMES)
    themes.all_themes.cache_clear()
    yield found
    schemes.choose(before)
    schemes.uninstall(tmp_path)
    themes.all_themes.cache_clear()


def effects() -> None:
    while outbox.run_due(limit=50):
        pass


def test_the_page_holds_two_questions_an_attachment_and_a_check(hav):
    scheme = schemes.current("HAV")
    asked = [f.path for f in scheme.fields("new") if f.asked and not f.disputes]
    assert asked == ["project.title", "purpose.text"]
    assert [k.kind for k in scheme.attachment_kinds] == ["plan"]
    assert [r for r in scheme.rules if r.startswith("HAV")] == ["HAV-ATT-01"]
    call_command("check")


def test_an_application_walks_through_an_agency_that_no_code_knows(hav, transactional_db, client):
    place = institution("Kystinstituttet", org_number="974760673")
    owner = person("Siri Strand", "siri@kyst.example", language="nb")
    member(owner, place, "administrator")
    signatory = person("Sverre Signatur", "sverre@kyst.example", language="nb")
    member(signatory, place, "signatory")
    officer, maker = staff("case_officer", "HAV"), staff("decision_maker", "HAV")

    # The applicant
    sign_in(client, owner)
    chosen = {"agency": "HAV"}
    assert "HAV" in client.get(reverse("applications:new")).content.decode()
    begin = {"type": "new", "institution": str(place.pk), "language": "nb"}
    begun = client.post(reverse("applications:new") + "?agency=HAV", begin)
    case = Application.objects.get(**chosen)
    assert begun["Location"] == reverse("applications:overview", args=[case.pk])
    section = reverse("applications:section", args=[case.pk, "project"])
    assert "Kystinstituttet" in client.get(section).content.decode()
    typed = {"project.title": "Torsk og temperatur", "purpose.text": "Å følge fangsten."}
    assert client.post(section, {**typed, "save": "1"}).status_code == 302
    missing = reverse("applications:missing", args=[case.pk])
    assert "Legg ved forskningsplanen." in client.get(missing).content.decode()
    review = reverse("applications:review", args=[case.pk])
    assert client.post(review, {"declaration": "1", "key": "a"}).status_code == 422
    plan = SimpleUploadedFile("plan.pdf", walk.pdf("Plan"), "application/pdf")
    upload = reverse("applications:upload", args=[case.pk])
    assert client.post(upload, {"kind": "plan", "file": plan}).status_code in (200, 302)
    effects()
    assert "Legg ved forskningsplanen." not in client.get(missing).content.decode()
    assert client.post(review, {"declaration": "1", "key": "b"}).status_code == 302
    effects()
    case.refresh_from_db()
    assert case.number == f"HAV-{clock.today('Europe/Oslo').year}-00001"

    # The agency
    sign_in(client, officer)
    queue = reverse("cases:queue", args=["HAV"])
    assert case.number in client.get(queue, {"queue": "open"}).content.decode()
    case_page = reverse("cases:case", args=["HAV", case.pk])
    assert client.get(case_page).status_code == 200
    assert client.post(reverse("cases:start_assessment", args=["HAV", case.pk])).status_code == 302
    client.post(reverse("decisions:start", args=[case.pk]))
    decision = Decision.objects.get(application=case)
    draft = reverse("decisions:draft", args=[decision.pk])
    fields = {
        "outcome": "granted",
        "reasons": "Vilkårene er oppfylt.",
        "deletion_date": str(date(clock.today("Europe/Oslo").year + 4, 6, 30)),
        "language": "nb",
    }
    assert client.post(draft, {**fields, "save": "1"}).status_code == 302
    granted = {"was-0": row_digest(None, ""), "granted-0": "yes", "reason-0": ""}
    client.post(reverse("decisions:variables", args=[decision.pk]), granted)
    assert client.get(reverse("decisions:preview", args=[decision.pk])).status_code == 200
    case.refresh_from_db()
    walk.give("send_for_approval", case, walk.Actor(user=officer), {}, 0)
    decision.refresh_from_db()
    sign_in(client, maker)
    assert client.get(reverse("decisions:approval", args=[decision.pk])).status_code == 200
    approve = {"digest": decision.sent_digest, "title": "Direktør"}
    walk.give("approve", case, walk.Actor(user=maker, fresh=True), approve, 0)
    assert case.state == "acceptance"
    letter = LetterRevision.objects.get(decision=decision)

    # The recipient
    sign_in(client, signatory)
    page = client.get(reverse("decisions:decision", args=[decision.pk])).content.decode()
    assert "Havregisteret" in page
    accept = {
        "letter": letter.sha256,
        "name": signatory.name,
        "title": "Direktør",
        "authority": "Styrevedtak 1/2026",
        "authorised": True,
        "delivery_recipient": owner.name,
        "delivery_mobile": "+47 900 00 000",
    }
    walk.give("accept", case, walk.Actor(user=signatory, fresh=True), accept, 0)
    assert case.state == "accepted"
    assert LetterRevision.objects.filter(decision=decision).count() == 2


def test_its_rules_and_its_empty_catalogue_are_public(hav, db, client):
    swedish = {"accept-language": "sv"}
    rules = client.get("/rules/hav/", headers=swedish).content.decode()
    assert "Bifoga forskningsplanen." in rules
    assert client.get("/catalogue/hav/").status_code == 200
    assert "Havregisteret" in client.get("/", headers=swedish).content.decode()
