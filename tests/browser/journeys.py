"""Filling any agency's form as a person does, from a document: for journeys of other kinds."""

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from applications import selectors
from applications.commands import Actor, execute
from applications.models import Application
from applications.schemes import Field
from decisions.models import Decision, LetterRevision
from portal import clock
from portal.local import seeding as walk
from tests.browser.walking import Walker
from tests.people import sign_in


def signs_in(me: Walker, user: Any, fresh: bool = False) -> Walker:
    """Anybody, not only the demo's people; staff with a second factor. `fresh`: confirmed just now."""
    client = sign_in(Client(), user, fresh=fresh)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    name, value = settings.SESSION_COOKIE_NAME, cookie.value
    me.context.add_cookies([{"name": name, "value": value, "url": me.address}])
    return me


def begins(me: Walker, agency: str, type: str) -> Application:
    """A new application of this type, from the page where agencies are chosen."""
    me.goto(f"/applications/new/?agency={agency}")
    me.page.locator(f'input[name="type"][value="{type}"]').check()
    me.press("Begin")
    expect(me.page).to_have_url(re.compile(r"/applications/[0-9a-f-]{36}/$"))
    pk = re.findall(r"[0-9a-f-]{36}", me.page.url)[-1]
    return Application.objects.get(pk=pk)


def as_typed(field: Field, value: Any) -> Any:
    """A value of a document as it is typed or chosen in the form."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.type == "list":
        return "\n".join(value)
    return [str(v) for v in value] if isinstance(value, list) else str(value)


def fills_in(
    me: Walker,
    case: Application,
    document: dict,
    look: bool = True,
    typed: Collection[str] | None = None,
) -> None:
    """Every question that applies to `document`, section by section, each saved with its button.
    Rows are typed one after the other. `look`: each page is looked at for barriers. `typed`: only
    these sections; the others, which another journey types, by their commands."""
    at = f"/applications/{case.pk}/"
    for section in selectors.scheme_of(case).form(case.type, document).sections:
        asked = [f for f in section.fields if f.asked and not f.disputes and f.shown(document)]
        given = [(f, selectors.pick(document, f.path)) for f in asked]
        given = [(f, value) for f, value in given if value not in (None, "", [])]
        if not given:
            continue
        if typed is not None and section.id not in typed:
            gives(case, section.id, given)
            continue
        me.goto(f"{at}form/{section.id}/")
        for field, value in given:
            if field.type != "rows":
                me.answer(field.path, as_typed(field, value))
        me.press("Save")
        me.sees("Saved.")
        for field, value in given:
            if field.type == "rows":
                adds_rows(me, field, value)
        if look:
            me.passes(f"{case.agency}-{case.type}-{section.id}")


def gives(case: Application, section: str, given: list[tuple[Field, Any]]) -> None:
    """One section by the commands that its page gives."""
    by = Actor(user=case.owner)
    values = {field.path: value for field, value in given if field.type != "rows"}
    execute("save_section", case.pk, by, {"section": section, "values": values})
    for field, value in given:
        if field.type == "rows":
            execute("import_rows", case.pk, by, {"list": field.path, "rows": value})


def adds_rows(me: Walker, field: Field, rows: list[dict[str, Any]]) -> None:
    """Types rows into a list whose section is open."""
    box = me.page.locator(f'[data-rows="{field.path}"]')
    for row in rows:
        before = box.locator("tbody tr").count()
        form = box.locator("[data-row-form]")
        for column in field.columns:
            value = row.get(column.path)
            if not column.asked or value in (None, "", []):
                continue
            typed = as_typed(column, value)
            control = form.locator(f'[name="{column.path}"]')
            if column.folded and not control.first.is_visible():
                form.locator("summary").first.click()
            if control.first.get_attribute("type") == "radio":
                form.locator(f'[name="{column.path}"][value="{typed}"]').check()
            elif control.first.evaluate("e => e.tagName") == "SELECT":
                control.select_option(typed)
            else:
                control.fill(typed)
        form.get_by_role("button", name="Add", exact=True).click()
        expect(box.locator("tbody tr")).to_have_count(before + 1)


def hands_in(me: Walker, case: Application, kind: str, folder: Path, ext: str = "pdf") -> None:
    """One small real file under its purpose; waits until the worker has looked at it."""
    file = folder / f"{kind}.{ext}"
    file.write_bytes(walk.pdf(kind) if ext == "pdf" else walk.xlsx([["Variabel"], ["En"]]))
    me.goto(f"/applications/{case.pk}/attachments/")
    place = me.page.locator(f"#kind-{kind}")
    place.locator("input[type=file]").set_input_files(file)
    line = place.locator(".file", has_text=file.name)
    expect(line).to_contain_text("Checked", timeout=20_000)


def sends(me: Walker, case: Application) -> None:
    """Reads everything once more, ticks the declaration, sends."""
    me.goto(f"/applications/{case.pk}/review/")
    me.passes(f"{case.agency}-{case.type}-review")
    me.page.locator("#declaration").check()
    me.press("Send the application")
    me.sees("has arrived")
    case.refresh_from_db()


def passes_step(agency: Walker, case: Application, step: str, text: str) -> None:
    """The officer records a step of the agency's sequence on the case page, today."""
    agency.goto(f"/cases/{case.agency}/{case.pk}/")
    place = agency.page.locator(f"#step-{step}")
    place.locator("[name=step-text]").fill(text)
    place.locator("button[type=submit]").click()
    expect(place).to_contain_text(text)
    expect(place.locator(".ds-tag").first).to_have_text("Done")


def decides(case: Application, officer: Any, maker: Any, signatory: Any, worker: Any) -> None:
    """The agency grants and the recipient accepts, by their commands: these pages are walked by
    test_road. The case is in assessment."""

    def give(command: str, who: Any, payload: dict[str, Any]) -> None:
        execute(command, case.pk, Actor(user=who, fresh=True), payload)

    checklist = selectors.scheme_of(case).checklist
    items = {item.id: {"assessed": True, "note": ""} for item in checklist}
    give("save_checklist", officer, {"items": items})
    day = date(clock.now().year + 5, 6, 30)
    fields = {"outcome": "granted", "reasons": "Begrunnelse.", "deletion_date": day}
    give("draft_decision", officer, {"fields": fields, **walk.each_row("granted")})
    give("send_for_approval", officer, {})
    decision = Decision.objects.get(application=case)
    give("approve", maker, {"digest": decision.sent_digest, "title": "Direktør"})
    letters = LetterRevision.objects.filter(decision=decision)
    worker.wait(lambda: letters.filter(revision=1).exists(), 60)
    accept = {
        "letter": letters.get(revision=1).sha256,
        "name": signatory.name,
        "title": "Direktør",
        "authority": "Styrevedtak 1/2026",
        "authorised": True,
        "delivery_recipient": signatory.name,
        "delivery_mobile": "+47 900 00 000",
    }
    give("accept", signatory, accept)
    case.refresh_from_db()
