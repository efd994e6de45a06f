"""Each reads what is theirs: what an applicant has not sent is nobody's else, at no address, in no
file; who is barred from a case learns that, and nothing more; a key opens nothing elsewhere."""

import io
import zipfile

import pytest
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader

from applications.models import Attachment, Interest
from portal import clock
from portal.events import outbox
from portal.local import seeding
from tests.integration.applications.conftest import made
from tests.integration.objects import CHILDREN, address, every_address, furnish, values
from tests.integration.test_every_address import KEYED, signed_in
from tests.people import give

CANARY = "Kanarifugl"
ROLES = ("case_officer", "reviewer", "lawyer", "decision_maker", "agency_admin", "auditor")
OWN = {
    "accounts:me", "accounts:everything", "decisions:waiting", "applications:mine", "cases:queue",
    "projects:mine", "institutions:mine", "institutions:registrations", "demo:mail",
}  # fmt: skip
QUERIES = ("", "?queue=all", "?queue=open", "?queue=waiting", f"?queue=all&q={CANARY}")


def work():
    """What the worker has to do, but what goes out of the house."""
    while outbox.run_due():
        pass


def returned_with_canaries(world):
    """A returned case of which everything that was written since holds the canary."""
    case = furnish(world, world.submitted())
    seeding.send_back(case, world["case_officer"], 0.01)
    work()
    case.refresh_from_db()
    write_canaries(world, case)
    for point in case.return_rounds.first().points.all():
        world.do("answer_point", case, "applicant", {"point": str(point.pk), "answer": CANARY})
    old = Attachment.objects.filter(application=case).order_by("pk").first()
    world.do("detach", case, "applicant", {"attachment": old.pk})
    work()
    case.refresh_from_db()
    return case


def write_canaries(world, case):
    """Writes the canary into answers, rows and a file, by hand and by what cannot be read."""
    values = {"project.title": f"{CANARY} 1", "purpose.text": f"{CANARY} 2"}
    typed = {"project.end": f"{CANARY} 3"}
    for section, some in (("project", values), ("project", {"project.end": None})):
        payload = {"section": section, "values": some, "typed": typed}
        world.do("save_section", case, "applicant", payload)
    person = {"name": f"{CANARY} 4", "email": f"{CANARY}@x.example".lower(), "role": CANARY}
    row = {"holder": "SSB", "register": f"{CANARY} 5", "name": f"{CANARY} 6", "code": CANARY}
    for path, data in (("persons", person), ("variables", row)):
        world.do("save_row", case, "applicant", {"list": path, "id": None, "data": data})
    by = world.actor("applicant")
    seeding.attach(case, by, "other", f"{CANARY}.txt", f"{CANARY} 7".encode(), 0)
    case.refresh_from_db()


def everything(response):
    """All that an answer says, also inside of files, in small letters."""
    body = response.getvalue() if response.streaming else response.content
    told = f"{body.decode('utf-8', 'replace')} {response.headers}"
    if body.startswith(b"%PDF"):
        told += "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                inner = archive.read(name)
                told += name + inner.decode("utf-8", "replace")
                if inner.startswith(b"%PDF"):
                    pages = PdfReader(io.BytesIO(inner)).pages
                    told += "".join(page.extract_text() for page in pages)
    return told.lower()


def visits(case, shortly=False):
    """(name, address) of every page that somebody could open about a case, and of their own;
    `shortly`: each address of cases once, without what stands in other places of it."""
    told = values(case)
    if shortly:
        for name, converters in every_address():
            if name.startswith(("applications:", "cases:", "decisions:")):
                yield name, address(name, converters, told | {"kind": "json"})
        return
    live = Attachment.objects.filter(application=case).order_by("uploaded_at").last()
    for name, converters in every_address():
        if name.startswith((*KEYED, "institutions:")) or name in OWN:
            yield name, address(name, converters, told)
            for kind in ("json", "csv", "zip", "xlsx"):
                if "kind" in converters:
                    yield name, address(name, converters, told | {"kind": kind})
            if "attachment" in converters and live:
                yield name, address(name, converters, told | {"attachment": live.pk})
            if "path" in converters:
                yield name, address(name, converters, told | {"path": "persons"})
    for query in QUERIES:
        yield "cases:queue", reverse("cases:queue", args=[case.agency]) + query


def found(client, case, words, shortly=False):
    """Where `client` reads one of `words`, of all that there is to open; pages follow redirects."""
    client.raise_request_exception = False
    seen = []
    for name, place in visits(case, shortly):
        response = client.get(place, follow=True)
        said = everything(response)
        seen += [(name, place, word) for word in words if word.lower() in said]
        if response.status_code >= 500:
            seen.append((name, place, response.status_code))
    return seen


def agencys_people(world, agency="SSB"):
    """One person for each role of an agency, by role."""
    for role in ROLES:
        user = world.people.get(f"only {role}")
        if user is None:
            from tests.people import person

            user = world.people[f"only {role}"] = person(f"Only {role}", f"{role}@only.example")
            give(user, role, agency)
        yield role, user


@pytest.mark.parametrize("kind", ["returned", "draft"])
def test_what_was_not_sent_is_read_by_nobody_at_the_agency(transactional_db, kind):
    world = made()
    if kind == "returned":
        case = returned_with_canaries(world)
    else:
        case = world.draft()
        write_canaries(world, case)
        work()
    # What is searched for stands on the page that says that nothing was found.
    seen = {}
    for role, user in agencys_people(world):
        shortly = kind == "draft" or role != "case_officer"
        places = found(signed_in(user), case, [CANARY], shortly)
        seen[role] = [at for at in places if f"q={CANARY}" not in at[1]]
    assert {role: places for role, places in seen.items() if places} == {}
    owner = signed_in(world["applicant"])
    for name in ("applications:overview", "applications:review", "applications:attachments"):
        assert CANARY.lower() in everything(owner.get(reverse(name, args=[case.pk]))), name
    staff = {user.email for _role, user in agencys_people(world)}
    mails = [m for m in mail.outbox if staff & set(m.to)]
    assert not any(CANARY in m.subject + m.body for m in mails)


def test_a_search_for_what_was_not_sent_finds_no_case(transactional_db):
    world = made()
    case = returned_with_canaries(world)
    # An act of the agency that writes the search anew.
    world.do("assign", case, "case_officer", {"officer": None})
    client = signed_in(world["case_officer"])
    queue = reverse("cases:queue", args=["SSB"])
    assert case.number not in client.get(queue, {"queue": "all", "q": CANARY}).content.decode()
    assert case.number in client.get(queue, {"queue": "all"}).content.decode()


@pytest.mark.parametrize("why", ["interest", "institution", "own"])
def test_who_is_barred_from_a_case_learns_nothing_but_that(transactional_db, why):
    world = made()
    case = furnish(world, world.submitted())
    case.refresh_from_db()
    user = world["case_officer"]
    if why == "interest":
        reason = {"application": case, "user": user, "reason": "kin", "declared_at": clock.now()}
        Interest.objects.create(**reason)
        agencys = world["case_officer"]
    elif why == "institution":
        agencys = world["signatory"]
        give(agencys, "case_officer")
        give(agencys, "agency_admin")
    else:
        agencys = world["applicant"]
        give(agencys, "case_officer")
        give(agencys, "agency_admin")
    work()
    agencys.language = "en"
    agencys.save()
    client = signed_in(agencys)
    number, title = str(case.number), case.sent_title
    words = [number, title, world["applicant"].name] if why == "interest" else [number, title]
    if why == "own":
        # Their own pages are theirs; those of the agency are not.
        places = [(n, p) for n, p in visits(case) if n.startswith(("cases:", "decisions:"))]
        said = [(n, p, everything(client.get(p, follow=True))) for n, p in places]
        seen = [(n, p) for n, p, text in said if number.lower() in text or title.lower() in text]
    else:
        # The demo's box shows everybody's mail.
        seen = [told for told in found(client, case, words) if told[0] != "demo:mail"]
    assert seen == []
    page = client.get(
        reverse("cases:case", args=["SSB", case.pk]), headers={"accept-language": "en"}
    )
    assert page.status_code == 403
    assert "barred from this case" in page.content.decode()


def test_the_key_of_a_child_opens_nothing_under_another_case(transactional_db):
    world = made()
    first = furnish(world, world.submitted())
    world2 = world.complete()
    seeding.send(world2, world["applicant"], 0.5)
    world2.refresh_from_db()
    second = furnish(world, world2)
    own, foreign = values(first), values(second)
    reached = []
    for who in ("applicant", "case_officer"):
        client = signed_in(world[who])
        for name, converters in every_address():
            if not name.startswith(KEYED):
                continue
            for child in set(CHILDREN) & converters.keys() - {"sequence", "revision"}:
                assert foreign[child], child
                place = address(name, converters, own | {child: foreign[child]})
                for method in (client.get, client.post):
                    response = method(place)
                    led_away = response.get("Location", "").startswith("/cases/SSB/")
                    refused = response.status_code in (403, 404, 405, 409)
                    if not refused and not (who == "case_officer" and led_away):
                        reached.append((who, name, child, response.status_code))
    assert reached == []


def test_an_applicant_learns_of_no_draft_of_a_decision(transactional_db):
    world = made()
    case = furnish(world, world.submitted())
    told, reached = values(case), []
    for who in ("applicant", "colleague", "institution_admin", "signatory"):
        client = signed_in(world[who])
        for name, converters in every_address():
            if name.startswith("decisions:") and converters:
                for method in (client.get, client.post):
                    response = method(address(name, converters, told))
                    if response.status_code not in (404, 405):
                        reached.append((who, name, response.status_code))
    assert reached == []
