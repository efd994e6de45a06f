"""What the agency's side does on the road, step by step."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from portal import clock
from tests.browser import application as case
from tests.browser.walking import Walker


def takes(officer: Walker, number: str) -> str:
    """Finds the case among the unassigned and takes it; gives the address of the case."""
    officer.goto("/cases/SSB/?queue=unassigned")
    officer.sees(case.TITLE)
    officer.passes("queue")
    officer.follow(number)
    officer.passes("case-new")
    officer.press("Take the case")
    officer.sees("The case is assigned.")
    found = re.match(r".*(/cases/SSB/[0-9a-f-]{36}/)", officer.page.url)
    assert found
    return found[1]


def returns(officer: Walker, at: str) -> None:
    """Sends the case back with two points of their own and a text."""
    officer.goto(at)
    officer.follow("Return to the applicant")
    officer.page.get_by_label("Text to the applicant").fill("Vi mangler to ting.")
    officer.page.get_by_label("Points of your own").fill(
        "Beskriv hvordan reisevei måles.\nLegg ved databehandleravtalen."
    )
    officer.passes("return")
    officer.press("Return the case")
    officer.sees("The case is returned.")


def sees_what_changed(officer: Walker, at: str) -> None:
    """The differences field by field and file by file, and the answers."""
    officer.goto(at)
    changed = officer.page.locator("#changes")
    expect(changed.locator("del", has_text="rekruttering")).to_have_count(1)
    expect(changed.locator("ins", has_text="Reisevei måles som reisetid")).to_have_count(1)
    expect(changed.locator("ins", has_text="avtale.pdf")).to_have_count(1)
    officer.sees("Gjort, punkt 1.")
    officer.passes("case-resubmitted")


def assesses(officer: Walker, at: str) -> None:
    """Finds the application complete, and answers the checklist."""
    officer.goto(at)
    officer.press("Complete: begin the assessment")
    officer.sees("The assessment has begun.")
    for box in officer.page.locator("#checklist").get_by_label("Assessed").all():
        box.check()
    officer.page.locator("#note-harm").fill("Ulempen er liten når yrke er gruppert.")
    officer.press("Save the checklist")
    officer.sees("The checklist is saved.")


def asks_the_lawyer(officer: Walker, at: str) -> None:
    """One question to one lawyer."""
    officer.goto(at)
    reviews = officer.page.locator("#reviews")
    reviews.locator("summary").click()
    reviews.get_by_label("Lawyer or reviewer").select_option(label="Sindre Vangsnes")
    reviews.get_by_label("Question").fill("Holder grunnlaget for sykefravær?")
    officer.press("Ask", reviews)
    officer.sees("The question is sent.")
    officer.passes("case-asked")


def answers_as_lawyer(lawyer: Walker) -> None:
    """Finds the question on their own page and answers it, once."""
    lawyer.goto("/me/")
    lawyer.passes("me-lawyer")
    lawyer.follow(re.compile("2026|SSB|Holder|distriktene"))
    lawyer.page.get_by_label("Your answer (given once)").fill("Ja, artikkel 9 bokstav j holder.")
    lawyer.press("Answer")
    lawyer.sees("Your answer is saved.")
    expect(lawyer.page.get_by_label("Your answer (given once)")).to_have_count(0)


def drafts(officer: Walker, at: str) -> str:
    """Partly granted: one variable refused with its reason, a condition added; gives the draft's
    address."""
    officer.goto(at)
    officer.sees("Ja, artikkel 9 bokstav j holder.")
    officer.press("Begin the draft decision")
    page = officer.page
    address = re.sub(r".*(/decisions/[0-9a-f-]{36}/).*", r"\1", page.url)
    page.locator("#outcome-partly").check()
    page.get_by_label("Reasons", exact=True).fill(
        "Formålet er forskning.\n\nYrke gis ikke: fire siffer er mer enn formålet trenger."
    )
    page.get_by_label("Deletion date").fill(f"{case.YEAR + 5}-06-30")
    expect(page.locator("#save-status")).to_contain_text(re.compile(r"Saved \d"))
    officer.passes("draft")
    officer.follow("Decide on variables")
    for granted in ("Avtalt arbeidstid per uke", "Kjønn", "Bostedskommune"):
        page.get_by_label(f"Decision on {granted}").select_option("yes")
    page.get_by_label("Decision on Yrke, firesifret kode").select_option("no")
    page.get_by_label("Reason for Yrke, firesifret kode").fill("Mer enn formålet trenger.")
    officer.passes("draft-variables")
    officer.press("Save this page")
    officer.goto(f"{address}draft/")
    page.locator("summary", has_text="Add a condition").click()
    page.get_by_label("Or in your own words").fill("Resultater vises ikke for kommuner.")
    page.get_by_label("Why it is added").fill("Små kommuner kan kjennes igjen.")
    officer.press("Add", page.locator("#conditions"))
    expect(page.locator("#conditions")).to_contain_text("Resultater vises ikke for kommuner.")
    officer.passes("draft-conditions")
    return address


def sends_for_approval(officer: Walker, draft: str) -> None:
    """Reads the letter as it will be, and sends it to the decision makers."""
    officer.goto(f"{draft}preview/")
    officer.sees("Mer enn formålet trenger.")
    officer.sees("Nothing is missing")
    officer.passes("preview")
    officer.press("Send for approval")


def cannot_approve_own_draft(officer: Walker, draft: str) -> None:
    """Whoever wrote the draft finds no button, and is refused when they send the form all the
    same, even freshly confirmed."""
    officer.goto(f"{draft}approval/")
    officer.sees("Somebody else decides")
    expect(officer.page.get_by_role("button", name="Approve the decision")).to_have_count(0)
    officer.passes("approval-drafter")
    officer.page.evaluate(
        """() => {
            const form = document.createElement("form");
            const known = [...document.querySelectorAll("main input[type=hidden]")];
            form.method = "post";
            form.append(...known.map(field => field.cloneNode()));
            form.insertAdjacentHTML("beforeend", '<input name="do" value="approve">');
            document.body.append(form);
            form.submit();
        }"""
    )
    officer.confirms()
    expect(officer.page).to_have_title(re.compile("Not possible"))


def approves(maker: Walker, draft: str) -> None:
    """Reads, gives the title, confirms anew who they are; the decision stands."""
    maker.goto("/decisions/")
    maker.sees(case.TITLE)
    maker.passes("waiting")
    maker.goto(f"{draft}approval/")
    maker.page.get_by_label("Your title in the letter").fill("Seksjonssjef")
    maker.passes("approval")
    maker.press("Approve the decision")
    maker.passes("confirm")
    maker.confirms()
    maker.sees("The decision is approved.")


def due_in(days: int) -> str:
    """A day so many days from now, as a date field takes it."""
    return (clock.now() + timedelta(days=days)).date().isoformat()
