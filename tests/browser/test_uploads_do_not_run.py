"""A script in a file that somebody handed in runs in no browser, however the file is opened."""

from typing import Any

import pytest
from playwright.sync_api import Error, Page

from applications.commands import Actor, create
from applications.enums import ScanStatus
from applications.models import Attachment
from institutions.selectors import active_institutions
from portal.local import seeding
from portal.local.demo_people import ensure_people

pytestmark = pytest.mark.django_db(transaction=True)

RUNS = "document.title = 'ran'; fetch('/a-script-ran'); alert('ran')"
# Each is a file that the portal takes, and a script for a browser that guesses what it is.
FILES = {
    "polyglot.pdf": b"%PDF-1.7\n%<html><script>" + RUNS.encode() + b"</script></html>\n"
    + seeding.pdf("Plan", "Text").partition(b"\n")[2],
    "page.txt": b"Notes: <html><body onload=\"" + RUNS.encode() + b"\"><script>" + RUNS.encode() + b"</script>",
    "picture.csv": b"a;b\n<svg xmlns='http://www.w3.org/2000/svg' onload=\"" + RUNS.encode() + b"\"/>;1\n",
    "script.txt": RUNS.encode(),
}  # fmt: skip
# Ways in which a page may open it: element, and where its address stands.
OPENED = {"iframe": "src", "object": "data", "embed": "src", "script": "src", "img": "src"}
# Puts the element into the page and waits until the browser is done with it. Of one that only makes a
# download, or that the page's policy forbids, nothing more is heard: then a moment must do.
OPEN = """([kind, where, address]) => new Promise(done => {
  const made = document.createElement(kind);
  made.onload = made.onerror = () => done();
  setTimeout(done, 700);
  made[where] = address;
  document.body.append(made);
})"""


def handed_in() -> list[tuple[str, str]]:
    """(name, address) of each file, clean, in a draft of the demo's applicant."""
    user = ensure_people()["applicant"]
    by = Actor(user=user)
    place = active_institutions(user).first()
    case = create(by, "SSB", "nb", place.pk)
    for name, content in FILES.items():
        seeding.attach(case, by, "other", name, content, 0.1)
    found = list(Attachment.objects.filter(application=case))
    assert {a.filename: a.status for a in found} == dict.fromkeys(FILES, ScanStatus.CLEAN)
    return [(a.filename, f"/applications/{case.pk}/attachments/{a.pk}/") for a in found]


def test_no_script_of_an_uploaded_file_runs(page: Page, as_person: Any) -> None:
    files = handed_in()
    as_person(ensure_people()["applicant"])
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda r: ran.append(r.url) if "a-script-ran" in r.url else None)
    page.goto("/me/")
    title = page.title()
    # The pages' own way with scripts works here, so that silence below means something.
    assert page.evaluate("fetch('/a-script-ran').then(r => r.status)") == 404
    assert len(ran) == 1
    ran.clear()
    for name, address in files:
        for kind, where in OPENED.items():
            page.evaluate(OPEN, [kind, where, address])
            assert (ran, page.title()) == ([], title), f"{name} as {kind}"
        with page.expect_download() as saved, pytest.raises(Error, match="Download is starting"):
            page.goto(address)
        assert saved.value.suggested_filename == name
        assert (ran, page.title()) == ([], title), f"{name} by its address"
