"""The applicant's side of the road without JavaScript, from the empty form to the acceptance.

The agency's part is done by the same commands that its pages call.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from applications.commands import Actor, execute
from applications.models import Application
from decisions.models import Decision, LetterRevision
from portal.local import demo_people
from portal.local import seeding as walk
from tests.browser import applicant
from tests.browser import application as case
from tests.browser.test_road import accepts
from tests.browser.walking import Walker

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_applicant_without_javascript_gets_from_an_empty_form_to_an_accepted_decision(
    browser: Browser, live_server: Any, worker: Any, tmp_path: Path
) -> None:
    people = demo_people.ensure_people()
    files = case.files(tmp_path)
    how = {"browser": browser, "address": live_server.url, "java_script_enabled": False}
    me = Walker(**how, person="applicant")
    at = applicant.begins(me)
    applicant.fills_in(me, at)
    types_rows(me, at)
    applicant.pastes_the_variables(me, at)
    for kind in ("research_protocol", "dpia"):
        hands_in(me, at, kind, files[kind], worker)
    me.goto(at).sees("Nothing is missing.")
    applicant.sends(me, at)
    application = Application.objects.get(title=case.TITLE)

    walk.send_back(application, people["case_officer"], 0)
    me.goto(f"{at}form/project/")
    me.answer("purpose.text", "Reisevei måles som reisetid med bil.")
    me.press("Save")
    me.sees("Saved.")
    me.goto(f"{at}returned/")
    for box in me.page.get_by_label("Your answer").all():
        box.fill("Gjort.")
    me.press("Save the answers")
    applicant.sends(me, at, "Send again")
    decided(application, people)
    worker.wait(lambda: LetterRevision.objects.filter(revision=1).exists(), 60)

    decision = Decision.objects.get(application=application)
    signatory = Walker(**how, person="signatory")
    accepts(signatory, f"/decisions/{decision.pk}/")
    worker.wait(lambda: LetterRevision.objects.filter(revision=2).exists(), 60)
    me.goto(at).follow("Read the decision")
    me.passes("decision-accepted-plain")
    for walker in (me, signatory):
        walker.close()


def types_rows(me: Walker, at: str) -> None:
    """One person with access and one approval, each by the form beneath its table."""
    me.goto(f"{at}form/people/")
    row = me.page.locator("[data-row-form]").first
    row.locator('[name="name"]').fill("Ingrid Solvang")
    me.press("Add", row)
    me.sees("Ingrid Solvang")
    me.goto(f"{at}form/people/")
    me.page.get_by_role("link", name="Change row 1").click()
    for field, value in (("institution", "Fjordbyen universitet"), ("role", "Forsker")):
        me.page.locator(f'main [name="{field}"]').first.fill(value)
    me.passes("row-plain")
    me.press(re.compile("Save"))
    me.sees("Fjordbyen universitet")
    me.goto(f"{at}form/basis/")
    row = me.page.locator("[data-row-form]").first
    row.get_by_role("radio", name="DPIA", exact=True).check()
    me.press("Add", row)
    expect(me.page.locator('[data-rows="approvals"] tbody tr')).to_have_count(1)


def hands_in(me: Walker, at: str, kind: str, file: Path, worker: Any) -> None:
    """Chooses a file, presses the button, and looks again when the worker has looked at it."""
    me.goto(f"{at}attachments/")
    me.page.locator(f"#kind-{kind} input[type=file]").set_input_files(file)
    me.press("Hand in", me.page.locator(f"#kind-{kind}"))
    me.sees("The file is handed in")
    worker.wait()
    me.goto(f"{at}attachments/")
    expect(me.page.locator(f"#kind-{kind} .file")).to_contain_text("Checked")


def decided(application: Application, people: dict[str, Any]) -> None:
    """Assessed, drafted by one, approved by another."""
    walk.assess(application, people["case_officer"], 0)
    walk.tick_checklist(application, people["case_officer"], 0)
    officer = Actor(user=people["case_officer"])
    fields = {
        "outcome": "granted",
        "reasons": "Formålet er forskning.",
        "deletion_date": date(case.YEAR + 5, 6, 30),
    }
    execute(
        "draft_decision", application.pk, officer, {"fields": fields, **walk.each_row("granted")}
    )
    execute("send_for_approval", application.pk, officer, {})
    decision = Decision.objects.get(application=application)
    payload = {"digest": decision.sent_digest, "title": "Seksjonssjef"}
    maker = Actor(user=people["decision_maker"], fresh=True)
    execute("approve", application.pk, maker, payload)
