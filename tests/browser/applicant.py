"""What the applicant's side does on the road, step by step."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import application as case
from tests.browser.walking import Walker


def address(me: Walker) -> str:
    """The address of the application whose page is open, with a slash at its end."""
    found = re.match(r".*(/applications/[0-9a-f-]{36}/)", me.page.url)
    assert found, f"{me.page.url} is no page of an application"
    return found[1]


def begins(me: Walker) -> str:
    """A new application; gives its address."""
    me.goto("/applications/")
    me.follow("New application")
    me.passes("choose-agency")
    me.follow("Statistics Norway")
    me.passes("new-application")
    me.press("Begin")
    me.sees("Application without a title")
    me.passes("overview-empty")
    return address(me)


def types_while_it_is_saved(me: Walker, at: str) -> None:
    """What is typed is saved within five seconds, without a button, and is there afterwards."""
    me.goto(f"{at}form/project/")
    title = me.page.locator('[name="project.title"]')
    title.press_sequentially(case.TITLE)
    expect(me.page.locator("#save-status")).to_contain_text(re.compile(r"Saved \d"), timeout=5_000)
    expect(me.question("project.title").locator("p.near")).to_have_count(0)
    me.page.reload()
    expect(title).to_have_value(case.TITLE)


def fills_in(me: Walker, at: str) -> None:
    """All parts of the form, one after the other."""
    me.goto(f"{at}form/applicant/")
    for section, answers in case.ANSWERS.items():
        expect(me.page).to_have_url(re.compile(f"/form/{section}/"))
        for path, value in answers.items():
            me.answer(path, value)
        me.passes(f"section-{section}")
        me.press("Save and continue")
    expect(me.page).to_have_url(re.compile(f"{at}$"))


def is_asked_what_applies(me: Walker, at: str) -> None:
    """A question appears when an earlier answer asks for it, and goes again."""
    me.goto(f"{at}form/linkage/")
    expect(me.question("linkage.method")).to_be_hidden()
    me.answer("linkage.used", "yes")
    expect(me.question("linkage.method")).to_be_visible()
    me.passes("linkage-asked")
    me.answer("linkage.used", "no")
    expect(me.question("linkage.method")).to_be_hidden()


def adds_rows_by_keyboard(me: Walker, at: str) -> None:
    """People with access: typed, tabbed and sent with Enter; the next row can be typed at once."""
    me.goto(f"{at}form/people/")
    keys = me.page.keyboard
    first = me.page.locator("#new-name")
    first.focus()
    for number, (name, role) in enumerate(case.PERSONS, start=1):
        for text in (name, "Fjordbyen universitet", "Norway", "", role):
            keys.type(text)
            keys.press("Tab")
        keys.press("Space")  # needs access for the work: yes
        keys.press("Shift+Tab")
        keys.press("Enter")
        expect(me.page.locator('[data-rows="persons"] tbody tr')).to_have_count(number)
        expect(first).to_be_focused()
        expect(first).to_have_value("")
    me.passes("people-rows")


def changes_and_removes_a_row(me: Walker, at: str) -> None:
    """A row is changed in its place, another is ticked and removed."""
    me.goto(f"{at}form/basis/")
    rows = me.page.locator('[data-rows="approvals"] tbody tr')
    new = me.page.locator("[data-row-form]")
    for reference in ("2025/1", "2025/2"):
        new.get_by_role("radio", name="DPIA", exact=True).check()
        new.locator('[name="reference"]').fill(reference)
        new.locator('[name="fromYear"]').fill("1990")
        new.locator('[name="toYear"]').fill(str(case.YEAR))
        me.press("Add", new)
        expect(rows.filter(has_text=reference)).to_have_count(1)
    me.page.get_by_role("link", name="Change row 1").press("Enter")
    opened = me.page.locator(".row-open")
    opened.locator('[name="reference"]').fill("2026/17")
    me.passes("row-open")
    me.press("Save the row", opened)
    expect(rows.filter(has_text="2026/17")).to_have_count(1)
    me.page.get_by_role("checkbox", name="Choose row 2").check()
    me.press("Remove the chosen rows")
    expect(rows).to_have_count(1)


def pastes_the_variables(me: Walker, at: str) -> None:
    """A list out of a spreadsheet: what was understood is shown row by row before it is taken."""
    me.goto(f"{at}form/data/")
    me.follow(re.compile("Take in a list"))
    me.passes("import")
    me.page.get_by_label("Or paste the rows here").fill(case.VARIABLES)
    me.press("Show what is understood")
    me.sees("4 rows understood.")
    me.sees("Yrke, firesifret kode")
    me.passes("import-preview")
    me.press("Take these rows in")
    me.sees("4 rows")
    me.passes("variables")


def hands_in(me: Walker, at: str, kind: str, file: Path) -> None:
    """One file under its purpose; waits until the worker has looked at it."""
    me.goto(f"{at}attachments/")
    place = me.page.locator(f"#kind-{kind}")
    place.locator("input[type=file]").set_input_files(file)
    line = place.locator(".file", has_text=file.name)
    expect(line).to_contain_text(re.compile("Checked|Refused"), timeout=20_000)
    expect(line).to_contain_text("Checked")


def is_refused_malware(me: Walker, at: str, file: Path) -> None:
    """A file that the scanner knows is refused, in plain words, and goes away."""
    me.goto(f"{at}attachments/")
    place = me.page.locator("#kind-other")
    place.locator("input[type=file]").set_input_files(file)
    line = place.locator(".file", has_text=file.name)
    expect(line).to_contain_text("Refused", timeout=20_000)
    expect(line).to_contain_text("holds malware")
    expect(line.get_by_role("link")).to_have_count(0)
    me.passes("attachments-refused")
    me.press(f"Remove {file.name}")
    expect(line).to_have_count(0)


def sends(me: Walker, at: str, button: str = "Send the application") -> None:
    """Reads everything once more, ticks the declaration, sends."""
    me.goto(f"{at}review/")
    me.sees(case.TITLE)
    me.passes("review")
    me.press(button)
    me.sees("Tick the declaration")
    me.page.locator("#declaration").check()
    me.press(button)
    me.sees("Your application has arrived")


def answers_the_points(me: Walker, at: str, file: Path) -> None:
    """Sees exactly what the officer asked for, mends it, answers, sends again."""
    me.goto(at)
    me.sees("The agency needs more from you")
    me.passes("overview-returned")
    me.follow("Read and answer the points")
    me.sees("Beskriv hvordan reisevei måles.")
    me.sees("Vi mangler to ting.")
    me.passes("returned")
    me.goto(f"{at}form/project/")
    me.answer("purpose.text", "Reisevei måles som reisetid med bil.")
    me.press("Save")
    me.sees("Saved.")
    hands_in(me, at, "data_processing_agreement", file)
    me.goto(f"{at}returned/")
    for number, box in enumerate(me.page.get_by_label("Your answer").all()):
        box.fill(f"Gjort, punkt {number + 1}.")
    me.press("Save the answers")
    me.sees("Your answers are saved.")
    sends(me, at, "Send again")
