"""An application goes out as a file and comes in again; a bad file says where it is bad."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications import selectors
from applications.exchange import parsing, reading
from applications.models import Application
from applications.views import exchange as views
from institutions.selectors import active_institutions
from portal.events.outbox import run_due
from tests.integration.applications.test_known_facts import decided
from tests.people import institution, sign_in

IMPORT = "/applications/import/"


@pytest.fixture
def applicant(world, client):
    sign_in(client, world["applicant"])
    return client


def exported(client, case, kind="json"):
    return client.get(reverse("applications:export_file", args=[case.pk, kind]))


def give(client, content, at=None, **more):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    data = {"file": SimpleUploadedFile("application.json", content), **more}
    if at:
        data["institution"] = str(at.pk)
    return client.post(IMPORT, data)


def made(response):
    told = response.context and [(f.place, f.message) for f in response.context.get("faults", ())]
    assert response.status_code == 302, told
    return Application.objects.get(pk=response["Location"].split("/")[2])


def plain(application):
    """The document without its files, which a JSON file does not hold."""
    document = selectors.document(application)
    return {name: value for name, value in document.items() if name != "attachments"}


def places(response):
    return [fault.place for fault in response.context["faults"]]


def test_what_is_taken_along_comes_in_again_as_the_same_document(world, applicant):
    case = world.complete()
    file = exported(applicant, case)
    assert file["Content-Disposition"].endswith('.json"')
    told = json.loads(file.content)
    assert (told["agency"], told["type"], told["scheme"]) == ("SSB", "new", case.scheme_version)
    draft = made(give(applicant, file.content, case.institution))
    assert draft.pk != case.pk
    assert plain(draft) == plain(case)
    assert draft.title == case.title
    assert draft.owner == world["applicant"]
    assert selectors.document(draft)["attachments"] == []


@pytest.mark.parametrize(("agency", "type"), [("DST", "researcher"), ("SOS", "new")])
def test_it_does_so_for_every_agency(world, applicant, agency, type):
    from applications.completeness.sample import complete_document

    document = complete_document(agency)
    told = {**document, "agency": agency, "type": type}
    first = give(applicant, told, active_institutions(world["applicant"]).first(), take="1")
    case = made(first)
    draft = made(give(applicant, exported(applicant, case).content, case.institution))
    assert plain(draft) == plain(case)
    assert plain(draft)["project"]["title"] == document["project"]["title"]


def test_attachments_are_told_of_with_their_digests_and_asked_for_again(world, applicant):
    case = world.complete()
    told = json.loads(exported(applicant, case).content)
    files = {a["filename"]: a for a in told["attachments"]}
    attached = case.attachments.all()
    assert {a.filename: a.digest for a in attached} == {
        name: file["sha256"] for name, file in files.items()
    }
    draft = made(give(applicant, exported(applicant, case).content, case.institution))
    missing = applicant.get(reverse("applications:missing", args=[draft.pk]))
    assert any(f.id.startswith("SSB-ATT") for f in missing.context["findings"])


def test_the_zip_holds_the_clean_files_and_no_other(world, applicant):
    case = world.complete()
    clean, other = list(case.attachments.order_by("uploaded_at"))[:2]
    other.status = "unscanned"
    other.save()
    answer = exported(applicant, case, "zip")
    assert answer.streaming
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    names = [name.rpartition("/")[2][4:] for name in archive.namelist() if "/" in name]
    assert clean.filename in names
    assert len(names) == case.attachments.filter(status="clean").count()
    told = json.loads(archive.read("application.json"))
    assert {a["sha256"]: a["included"] for a in told["attachments"]}[clean.digest] is True
    assert [a["filename"] for a in told["attachments"] if not a["included"]] == [other.filename]


def test_an_officer_takes_along_what_was_sent_and_not_what_is_being_written(world, client):
    case = world.submitted()
    world.do("return", case, "case_officer", returning())
    payload = {"section": "", "values": {"project.title": "Not sent yet"}}
    world.do("save_section", case, "applicant", payload)
    sign_in(client, world["case_officer"])
    told = json.loads(exported(client, case).content)
    assert told["document"] == case.submissions.get().document
    assert "Not sent yet" not in exported(client, case, "csv").content.decode()
    assert client.get(reverse("applications:export", args=[case.pk])).status_code == 200


def returning():
    from datetime import timedelta

    from portal import clock

    due = clock.today("Europe/Oslo") + timedelta(days=14)
    return {"text": "More, please.", "due_on": due, "points": [{"rule": "", "text": "Why?"}]}


def test_the_csv_has_every_answer_on_a_line_and_calculates_nothing(world, applicant):
    case = world.draft()
    values = {"project.title": "=1+1", "purpose.text": "One;two"}
    world.do("save_section", case, "applicant", {"section": "", "values": values})
    text = exported(applicant, case, "csv").content.decode("utf-8-sig")
    assert ';"\'=1+1";"project.title"' in text
    assert ';"One;two";"purpose.text"' in text


def test_the_pdf_of_a_draft_can_be_read(world, applicant):
    case = world.complete()
    assert "Lag filen" in exported(applicant, case, "pdf").content.decode()
    page = applicant.post(reverse("applications:export_file", args=[case.pk, "pdf"]))["Location"]
    run_due()
    assert b"".join(applicant.get(f"{page}file/").streaming_content).startswith(b"%PDF")


def test_a_long_application_is_taken_along_by_a_job_in_every_form(world, applicant, monkeypatch):
    monkeypatch.setattr(views, "MOST_ROWS_AT_ONCE", 0)
    case = world.complete()
    for kind in ("json", "csv"):
        assert "Lag filen" in exported(applicant, case, kind).content.decode()
        where = reverse("applications:export_file", args=[case.pk, kind])
        page = applicant.post(where)["Location"]
        run_due()
        assert applicant.get(f"{page}file/").status_code == 200


# -- bad files -----------------------------------------------------------------------------------

GOOD = {"agency": "SSB", "type": "new", "project": {"title": "A title"}}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"agency": "SSB",\n  "project": {,}}', "line 2, column 15"),
        (b"hello", "line 1, column 1"),
        (b'{"agency": "SSB",\n "type": "\xff"}', "line 2"),
        (b"", ""),
        (b"[1, 2]", ""),
        (b"[" * 100_000 + b"]" * 100_000, ""),
        (b'{"a":' * 21 + b"1" + b"}" * 21, "/a" * 20),
        ({**GOOD, "agency": "XYZ"}, "/agency"),
        ({**GOOD, "type": "nonsense"}, "/type"),
        ({**GOOD, "type": "change"}, "/follows"),
        ({"format": "something", "formatVersion": 1, "document": GOOD}, "/format"),
        ({**GOOD, "agency": 7}, "/agency"),
        ({**GOOD, "agency": "\ud800"}, "/agency"),
        ({**GOOD, "type": "\ud800"}, "/type"),
        ({**GOOD, "type": "change", "follows": "\ud800"}, "/follows"),
        ({**GOOD, "type": "change", "follows": "\u0000"}, "/follows"),
    ],
)
def test_a_file_that_cannot_be_taken_at_all_says_why_and_where(world, applicant, content, place):
    world["applicant"].language = "en"
    world["applicant"].save()
    answer = give(applicant, content)
    assert answer.status_code == 422
    fatal = answer.context["fatal"]
    assert fatal.message
    assert fatal.place == place
    assert not Application.objects.exists()


def test_a_file_of_more_than_20_megabytes_is_not_taken(world, applicant):
    answer = give(applicant, b" " * (parsing.MOST_BYTES + 1))
    assert answer.status_code == 422
    assert not Application.objects.exists()


def test_a_type_that_is_applied_for_elsewhere_says_where(world, applicant):
    answer = give(applicant, {"agency": "DST", "scheme": "law_model"})
    assert answer.status_code == 422
    assert answer.context["elsewhere"]


WRONG = {
    "agency": "SSB",
    "type": "new",
    "project": {"title": "A title", "start": "1.1.2027", "end": "2027-02-30", "colour": "red"},
    "purpose": {"category": "curiosity", "text": "x" * 20_001},
    "consentBased": "yes",
    "population": "everybody",
    "persons": [
        {"name": "Kari"},
        {"name": "Ola", "country": "Norway", "shoeSize": 43},
        "Per",
    ],
    "variables": {"name": "no list"},
    "legalBasis": {"art6": ["a", "zz"]},
    "un/known~": {"a": 1},
    "reuse": {"originalProject": "nul\u0000 here"},
}


def test_everything_wrong_is_listed_with_its_place_and_nothing_is_taken_unasked(world, applicant):
    answer = give(applicant, WRONG)
    assert answer.status_code == 422
    assert set(places(answer)) == {
        "/project/start",
        "/project/end",
        "/project/colour",
        "/purpose/category",
        "/purpose/text",
        "/consentBased",
        "/population",
        "/persons/1/country",
        "/persons/1/shoeSize",
        "/persons/2",
        "/variables",
        "/legalBasis/art6",
        "/un~1known~0",
        "/reuse/originalProject",
    }
    assert not Application.objects.exists()


def test_keys_that_no_page_can_show_are_told_all_the_same(world, applicant):
    wrong = {"\ud800": 1, "k" * 300_000: 2, "project.title": "A path is no key"}
    answer = give(applicant, {**GOOD, **wrong})
    assert answer.status_code == 422
    assert places(answer) == ["/·", f"/{'k' * 60}…", "/project.title"]
    assert len(answer.content) < 100_000


def test_what_is_understood_is_taken_when_the_person_says_so(world, applicant):
    answer = give(applicant, WRONG)
    draft = made(applicant.post(IMPORT, {"source": answer.context["source"], "take": "1"}))
    document = selectors.document(draft)
    assert document["project"]["title"] == "A title"
    assert document["persons"] == [{"name": "Kari"}, {"name": "Ola"}]
    assert selectors.pick(document, "purpose.category") is None
    assert selectors.pick(document, "purpose.text") is None


def test_another_persons_file_cannot_be_taken_by_its_token(world, applicant, client):
    token = give(applicant, WRONG).context["source"]
    sign_in(client, world["case_officer"])
    assert client.post(IMPORT, {"source": token, "take": "1"}).status_code == 422
    assert not Application.objects.exists()


def test_a_name_that_stands_twice_is_told_and_the_first_one_counts(world, applicant):
    content = b'{"agency":"SSB","type":"new","project":{"title":"One","title":"Two"}}'
    answer = give(applicant, content)
    assert places(answer) == ["/project/title"]
    draft = made(applicant.post(IMPORT, {"source": answer.context["source"], "take": "1"}))
    assert draft.title == "One"


def test_too_many_rows_are_told_and_the_first_ones_can_be_taken(world, applicant, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    persons = [{"name": f"Person {n}"} for n in range(5)]
    answer = give(applicant, {**GOOD, "persons": persons})
    assert places(answer) == ["/persons/3"]
    draft = made(applicant.post(IMPORT, {"source": answer.context["source"], "take": "1"}))
    assert len(selectors.document(draft)["persons"]) == 3


def test_what_the_portal_knows_itself_is_not_taken_from_a_file(world, applicant):
    own = active_institutions(world["applicant"]).first()
    forged = {**GOOD, "applicant": {"name": "Somebody else", "approvalSource": "rcn"}}
    draft = made(give(applicant, forged, own))
    assert selectors.document(draft)["applicant"]["name"] == own.name


def test_a_foreign_institution_cannot_be_named(world, applicant):
    foreign = institution("Somewhere else")
    assert give(applicant, GOOD, foreign).status_code == 422
    assert not Application.objects.exists()


def test_the_reader_is_told_in_their_language(world, applicant):
    person = world["applicant"]
    person.language = "en"
    person.save()
    english = give(applicant, WRONG).content.decode()
    assert "A date such as" in english


def test_a_change_comes_in_again_for_who_may_go_on_from_the_earlier_case(world, applicant):
    case = decided(world)
    draft = follow(world, case)
    told = json.loads(exported(applicant, draft).content)
    assert told["follows"] == case.number
    again = made(give(applicant, json.dumps(told).encode(), case.institution))
    assert again.follows_id == case.pk
    assert plain(again) == plain(draft)


def follow(world, case):
    from applications.commands.start import create

    by = world.actor("applicant")
    return create(by, "SSB", "nb", case.institution_id, type="change", follows=case)
