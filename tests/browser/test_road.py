"""The main road, walked by everybody who has a part in it, on real parts: real Chromium, the
whole site, PostgreSQL, the broker and a worker in a process of its own."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, expect

from applications.models import Application
from decisions.models import LetterRevision
from portal.local import demo_people
from tests.browser import applicant, staff
from tests.browser import application as case
from tests.browser.walking import Walker

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_application_goes_from_an_empty_form_to_a_signed_and_accepted_decision(
    browser: Browser, live_server: Any, worker: Any, tmp_path: Path
) -> None:
    people = demo_people.ensure_people()
    # The officer may decide in other cases: what bars her here is her own hand in the draft.
    two = people["agency_admin"], people["second_admin"]
    demo_people.give(people["case_officer"], "SSB", "decision_maker", *two)
    files = case.files(tmp_path)
    walk = {"browser": browser, "address": live_server.url}

    public = Walker(**walk)
    finds_the_way_in(public)

    me = Walker(**walk, person="applicant")
    me.passes("me")
    at = applicant.begins(me)
    applicant.types_while_it_is_saved(me, at)
    applicant.fills_in(me, at)
    applicant.is_asked_what_applies(me, at)
    applicant.adds_rows_by_keyboard(me, at)
    applicant.changes_and_removes_a_row(me, at)
    applicant.pastes_the_variables(me, at)
    me.goto(f"{at}missing/").sees("SSB-ATT-11")
    me.passes("missing")
    applicant.is_refused_malware(me, at, files["other"])
    applicant.hands_in(me, at, "research_protocol", files["research_protocol"])
    applicant.hands_in(me, at, "dpia", files["dpia"])
    me.passes("attachments")
    me.goto(at).sees("Nothing is missing.")
    me.passes("overview-ready")
    applicant.sends(me, at)
    me.passes("receipt")
    number = Application.objects.get(title=case.TITLE).number
    me.sees(str(number))
    worker.wait()

    officer = Walker(**walk, person="case_officer")
    file = staff.takes(officer, str(number))
    staff.returns(officer, file)
    worker.wait()
    applicant.answers_the_points(me, at, files["data_processing_agreement"])
    worker.wait()
    staff.sees_what_changed(officer, file)
    staff.assesses(officer, file)
    staff.asks_the_lawyer(officer, file)
    lawyer = Walker(**walk, person="lawyer")
    staff.answers_as_lawyer(lawyer)
    draft = staff.drafts(officer, file)
    staff.sends_for_approval(officer, draft)
    staff.cannot_approve_own_draft(officer, draft)

    maker = Walker(**walk, person="decision_maker")
    staff.approves(maker, draft)
    worker.wait(lambda: LetterRevision.objects.filter(revision=1).exists(), 60)

    me.goto(at).follow("Read the decision")
    me.passes("decision")
    expect(me.page.get_by_role("link", name="Read and accept")).to_have_count(0)
    first = downloads(me, "Signed letter (PDF)", tmp_path)
    signatory = Walker(**walk, person="signatory")
    accepts(signatory, draft)
    worker.wait(lambda: LetterRevision.objects.filter(revision=2).exists(), 60)
    signatory.goto(draft)
    signatory.passes("decision-accepted")
    second = downloads(signatory, "Letter with the acceptance (PDF)", tmp_path)
    assert second.read_bytes().startswith(first.read_bytes()), "the first signature is kept as is"

    asks_whether_it_is_genuine(public, second)
    reads_the_history(me, at)
    officer.goto(file)
    officer.passes("case-decided")
    worker.wait()
    said = io.StringIO()
    call_command("verify_events", stdout=said)
    for walker in (public, me, officer, lawyer, maker, signatory):
        walker.close()


def finds_the_way_in(anybody: Walker) -> None:
    """From the front page through the guide to the page where applications begin."""
    anybody.goto("/")
    anybody.passes("front")
    anybody.follow(re.compile("Do I need to apply"))
    anybody.passes("guide")


def downloads(who: Walker, link: str, folder: Path) -> Path:
    """Downloads a letter; gives the file."""
    with who.page.expect_download() as begun:
        who.follow(link)
    kept = folder / begun.value.suggested_filename
    begun.value.save_as(kept)
    return kept


def accepts(signatory: Walker, draft: str) -> None:
    """Reads the letter, says with what right, confirms anew who they are."""
    signatory.goto("/me/")
    signatory.passes("me-signatory")
    signatory.goto(draft)
    signatory.follow("Read and accept")
    signatory.press("Accept the conditions")
    signatory.passes("accept-errors")
    page = signatory.page
    page.get_by_label("Your title").fill("Direktør")
    page.get_by_label("What lets you bind the institution").fill("Prokura 4/2025")
    page.get_by_label("Who receives the files").fill("Ingrid Solvang")
    page.get_by_label("Their mobile number").fill("+47 900 00 000")
    page.get_by_label(re.compile("I am authorised")).check()
    signatory.passes("accept")
    signatory.press("Accept the conditions")
    signatory.confirms()
    expect(page).to_have_url(re.compile(draft))


def asks_whether_it_is_genuine(anybody: Walker, letter: Path) -> None:
    """Anybody sees that the file is genuine and accepted, and that a changed one is not."""
    anybody.goto("/letters/verify/")
    anybody.page.locator("input[type=file]").set_input_files(letter)
    anybody.press("Check the letter")
    anybody.sees("The letter is genuine")
    anybody.sees("Yes: Halvard Brekkhus, Direktør")
    anybody.passes("verify-genuine")
    content = bytearray(letter.read_bytes())
    content[len(content) // 2] ^= 1
    changed = letter.with_name("changed.pdf")
    changed.write_bytes(content)
    anybody.page.locator("input[type=file]").set_input_files(changed)
    anybody.press("Check the letter")
    anybody.sees("This is not a genuine letter")
    anybody.passes("verify-changed")


def reads_the_history(me: Walker, at: str) -> None:
    """Every step is there, in plain words."""
    me.goto(f"{at}history/")
    me.passes("history")
    for step in (
        "Ingrid Solvang submitted the application",
        "sent the application back as incomplete",
        "Ingrid Solvang answered a point (2 ×)",
        "signed the decision letter and sent it",
        "Halvard Brekkhus accepted the decision",
    ):
        me.sees(step)
