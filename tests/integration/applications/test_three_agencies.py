"""An application goes from an empty draft to a signed and accepted decision at each agency."""

from datetime import date
from typing import Any

import pytest

from applications import selectors
from applications.commands import create
from applications.commands.gate import Actor
from applications.completeness.sample import complete_document
from applications.models import Application
from decisions.models import Decision, LetterRevision
from portal import clock
from portal.accounts import commands as accounts
from portal.local import seeding as walk
from portal.local.demo_institutions import NORDIC
from portal.local.stories import _person, _place
from tests.people import give

PLACES = {"DST": NORDIC[0], "SOS": NORDIC[1]}


def fill(case: Application, by: Actor) -> None:
    """Every answer of a complete document that the form asks for, by the form's own commands."""
    fill_from(case, by, complete_document(case.agency))


def fill_from(case: Application, by: Actor, document: dict) -> None:
    """The same with another document."""
    scheme = selectors.scheme_of(case)
    for section in scheme.form(case.type, document).sections:
        values = {}
        for field in section.fields:
            value = selectors.pick(document, field.path)
            if not field.asked or value in (None, "", []):
                continue
            if field.type == "rows":
                walk.give("import_rows", case, by, {"list": field.path, "rows": value}, 0)
            else:
                values[field.path] = value
        payload = {"section": section.id, "values": values}
        walk.give("save_section", case, by, payload, 0)
    for file in document["attachments"]:
        content = walk.pdf(file["kind"]) if file["ext"] == "pdf" else walk.xlsx([["Variabel"]])
        walk.attach(case, by, file["kind"], file["filename"], content, 0)


def staff(agency: str, admin: Any) -> dict[str, Any]:
    """A case officer and a decision maker of the agency."""
    people = {}
    for role in ("case_officer", "decision_maker"):
        people[role] = _person(f"{role} {agency}", f"{role}@{agency.lower()}.example")
        give(people[role], role, agency, admin)
    return people


def agree(case: Application, officer: Actor, owner: Actor) -> None:
    """What is to be done is written, questioned, written anew and confirmed."""
    walk.pass_step(case, officer.user, "legal_meeting", "Inga nya frågor.", 0)
    sent = {"text": "Uttag ur registren.", "price_from": 1_100_000, "price_to": 4_400_000}
    first = walk.give("send_specification", case, officer, sent, 0)
    objection = {"text": "Ett år saknas.", "digest": first.digest}
    walk.give("question_specification", case, owner, objection, 0)
    second = walk.give("send_specification", case, officer, sent | {"text": "Uttag, 2010."}, 0)
    assert case.state == "specification"
    walk.give("confirm_specification", case, owner, {"digest": second.digest}, 0)
    walk.pass_step(case, officer.user, "secrecy_review", "Inget men.", 0)


@pytest.mark.parametrize(("agency", "type"), [("DST", "researcher"), ("SOS", "new")])
def test_an_application_walks_from_an_empty_draft_to_an_accepted_decision(world, agency, type):
    admin = _person("Admin", f"admin@{agency.lower()}.example")
    accounts.grant_role(admin, agency, "agency_admin", admin, "system:test")
    owner = _person("Søker Søkersen", f"owner@{PLACES[agency].domain}")
    second = _person("Second", f"second@{agency.lower()}.example")
    accounts.grant_role(second, agency, "agency_admin", second, "system:test")
    place = _place(PLACES[agency], owner, admin)
    people = staff(agency, admin)
    by = Actor(user=owner)
    case = create(by, agency, "", place.pk, type)
    fill(case, by)
    assert [f.id for f in selectors.findings(case) if f.severity == "BLOCK"] == []
    walk.send(case, owner, 0)
    assert case.number.startswith(agency)
    walk.assess(case, people["case_officer"], 0)
    walk.tick_checklist(case, people["case_officer"], 0)
    officer = Actor(user=people["case_officer"])
    if "send_specification" in selectors.scheme_of(case).workflow.commands:
        agree(case, officer, by)
    fields = {
        "outcome": "granted",
        "reasons": "Formålet er forskning.",
        "deletion_date": date(clock.now().year + 5, 6, 30),
    }
    walk.give("draft_decision", case, officer, {"fields": fields, **walk.each_row("granted")}, 0)
    walk.give("send_for_approval", case, officer, {}, 0)
    decision = Decision.objects.get(application=case)
    payload = {"digest": decision.sent_digest, "title": "Chef"}
    walk.give("approve", case, Actor(user=people["decision_maker"], fresh=True), payload, 0)
    letter = LetterRevision.objects.get(decision=decision, revision=1)
    accept = {
        "letter": letter.sha256,
        "name": owner.name,
        "title": "Direktør",
        "authority": "Styrevedtak 2/2025",
        "authorised": True,
        "delivery_recipient": owner.name,
        "delivery_mobile": "+45 20 00 00 00",
    }
    walk.give("accept", case, Actor(user=owner, fresh=True), accept, 0)
    assert case.state == "accepted"
    assert LetterRevision.objects.filter(decision=decision).count() == 2
