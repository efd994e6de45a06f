"""Lists of approved institutions: compared before anything changes, confirmed line by line, and
nobody loses an approval without an administrator's word."""

import io
import threading
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from institutions import selectors as places
from institutions.commands import Forbidden, Refused, approve_by_decision
from institutions.lists import commands, exporting, kinds, reading, selectors
from institutions.lists.difference import Terms
from institutions.models import Institution, InstitutionApproval, ListEdition, ListLine
from portal import clock
from portal.accounts import waiting
from portal.events.models import Event, OutboxEntry
from portal.files.reading import read_csv
from portal.local import demo_lists
from tests.people import approved, give, institution, member, person, sign_in, staff

DAY = date(2026, 1, 1)
UNTIL = date(2027, 12, 31)
HEAD = ["Institusjon", "Land", "Organisasjonsnummer", "Godkjenningsnummer", "Gyldig til"]
FJORD, SKOLE, TRYGD = "899999118", "899999126", "899999134"

pytestmark = pytest.mark.django_db


def rcn():
    kind = kinds.find("SSB", "rcn")
    assert kind is not None
    return kind


def own():
    kind = kinds.own("SSB")
    assert kind is not None
    return kind


def sheet(*rows):
    return reading.read([HEAD, *[[*row, *[""] * (5 - len(row))] for row in rows]], "NO")


def take(by, *rows, kind=None, choices=None, day=DAY, until=None):
    """Takes rows in; lines with the same number are confirmed as the page suggests."""
    kind, terms = kind or rcn(), Terms(day, until)
    told = commands.preview(kind, sheet(*rows), terms, by)
    if choices is None:
        choices = {
            c.choice: str(c.offers[0].institution.pk)
            for c in told.changes
            if c.asks and c.offers[0].sure
        }
    return commands.take(kind, sheet(*rows), terms, by, told.seen, choices, "0" * 64, "list.xlsx")


def line(name):
    return ListLine.objects.get(name=name)


@pytest.fixture
def admin(db):
    return staff("agency_admin")


@pytest.fixture
def fjord(db):
    return institution("Fjordheim institutt", org_number=FJORD)


FJORD_ROW = ("Fjordheim institutt", "NO", FJORD, "F-1")


def test_taking_a_list_in_approves_whom_its_numbers_name(admin, fjord) -> None:
    take(admin, FJORD_ROW, ("Skolesenteret", "NO", SKOLE), until=UNTIL)
    held = places.approval(fjord, "SSB", DAY)
    assert held is not None
    assert (held.source, held.number, held.valid_until) == ("rcn", "F-1", UNTIL)
    assert held.recorded_by == admin
    assert line("Fjordheim institutt").approval == held
    assert line("Skolesenteret").institution is None, "nobody here has its number: it waits"
    stream = Event.objects.filter(stream="approval_list:SSB:rcn").values_list("type", flat=True)
    assert list(stream) == ["approval_list.imported"]
    assert Event.objects.filter(
        stream=f"institution:{fjord.pk}", type="institution.approved"
    ).exists()


def test_looking_at_what_would_change_changes_nothing(admin, fjord) -> None:
    told = commands.preview(rcn(), sheet(FJORD_ROW), Terms(DAY), admin)
    assert told.counts() == {"new": 1, "changed": 0, "back": 0, "gone": 0, "same": 0}
    assert not ListLine.objects.exists()
    assert not InstitutionApproval.objects.exists()


def test_a_similar_name_in_the_same_country_is_only_suggested(admin) -> None:
    here = institution("Universitetet i Fjordbyen", names={"en": "University of Fjordbyen"})
    institution("University of Fjordbyen", country="SE")
    told = commands.preview(
        rcn(), sheet(("Fjordbyen, University of", "Norge", "")), Terms(DAY), admin
    )
    [change] = told.changes
    assert [(o.institution, o.sure) for o in change.offers] == [(here, False)]
    take(admin, ("Fjordbyen, University of", "Norge", ""))
    assert places.approval(here, "SSB", DAY) is None, "nobody has confirmed it"


def test_a_name_with_another_organisation_number_is_not_suggested(admin, fjord) -> None:
    told = commands.preview(rcn(), sheet(("Fjordheim institutt", "NO", SKOLE)), Terms(DAY), admin)
    assert not told.changes[0].asks


def test_a_confirmed_name_is_approved(admin) -> None:
    here = institution("Universitetet i Fjordbyen")
    row = ("Universitetet i Fjordby", "NO")
    [change] = commands.preview(rcn(), sheet(row), Terms(DAY), admin).changes
    take(admin, row, choices={change.choice: str(here.pk)})
    assert places.approval(here, "SSB", DAY) is not None


def test_an_institution_that_was_not_offered_cannot_be_slipped_in(admin, fjord) -> None:
    other = institution("Helt annet sted")
    [change] = commands.preview(rcn(), sheet(FJORD_ROW), Terms(DAY), admin).changes
    with pytest.raises(Refused):
        take(admin, FJORD_ROW, choices={change.choice: str(other.pk)})
    assert not InstitutionApproval.objects.exists()
    assert not ListEdition.objects.exists()


def test_two_lines_cannot_be_the_same_institution(admin) -> None:
    here = institution("Universitetet i Fjordbyen")
    rows = (("Universitetet i Fjordby", "NO"), ("Universitet i Fjordbyen", "NO"))
    told = commands.preview(rcn(), sheet(*rows), Terms(DAY), admin)
    with pytest.raises(Refused, match="cannot both be"):
        take(admin, *rows, choices={c.choice: str(here.pk) for c in told.changes})
    assert not ListLine.objects.exists()


def test_an_institution_that_no_agency_has_confirmed_waits(admin) -> None:
    institution("Fjordheim institutt", org_number=FJORD, status="pending", decided_by=None, decided_at=None)  # fmt: skip
    take(admin, FJORD_ROW)
    assert line("Fjordheim institutt").institution is None
    assert not InstitutionApproval.objects.exists()


def test_a_line_waits_until_its_institution_registers(client, admin) -> None:
    take(admin, FJORD_ROW)
    here = institution("Fjordheim", org_number=FJORD)
    assert selectors.fitting(rcn()) == 1
    assert any("waiting line" in item.title for item in waiting.waiting(admin))
    sign_in(client, admin)
    page = client.get(reverse("institutions:institution", args=[here.pk])).content.decode()
    assert "It seems to stand on a list" in page
    waits = line("Fjordheim institutt")
    client.post(reverse("institutions:list_match", args=[waits.pk]), {"institution": here.pk})
    held = places.approval(here, "SSB", DAY)
    assert held is not None
    assert held.number == "F-1"
    page = client.get(reverse("institutions:institution", args=[here.pk])).content.decode()
    assert "It seems to stand on a list" not in page


def test_a_waiting_line_takes_only_an_institution_that_fits_it(client, admin) -> None:
    take(admin, FJORD_ROW)
    other = institution("Helt annet sted")
    with pytest.raises(Refused):
        commands.match(line("Fjordheim institutt"), other, admin)
    sign_in(client, admin)
    address = reverse("institutions:list_match", args=[line("Fjordheim institutt").pk])
    for junk, answer in (("", 302), ("x", 400), (str(other.pk), 302)):
        assert client.post(address, {"institution": junk}).status_code == answer
    assert not InstitutionApproval.objects.exists()


def test_nobody_confirms_that_a_line_is_their_own_institution(admin) -> None:
    take(admin, FJORD_ROW)
    here = institution("Fjordheim institutt", org_number=FJORD)
    member(admin, here)
    with pytest.raises(Refused):
        commands.match(line("Fjordheim institutt"), here, admin)
    [change] = commands.preview(rcn(), sheet(FJORD_ROW), Terms(DAY), admin).changes
    assert not change.asks
    assert not InstitutionApproval.objects.exists()


def test_a_new_edition_renews_what_the_list_approved(admin, fjord) -> None:
    take(admin, FJORD_ROW, until=UNTIL)
    later = date(2029, 12, 31)
    made = take(admin, FJORD_ROW, day=date(2026, 6, 1), until=later)
    assert made.counts["changed"] == 1
    [held] = fjord.approvals.all()
    assert (held.valid_from, held.valid_until) == (DAY, later)
    renewed = Event.objects.get(type="institution.approval_renewed")
    assert renewed.data["before"] == {"number": "F-1", "valid_until": "2027-12-31"}


def test_an_approval_that_had_ended_begins_anew_and_leaves_its_history(admin, fjord) -> None:
    take(admin, FJORD_ROW, day=date(2024, 1, 1), until=date(2024, 12, 31))
    take(admin, FJORD_ROW, day=DAY, until=UNTIL)
    spans = [(a.valid_from, a.valid_until) for a in fjord.approvals.order_by("valid_from")]
    assert spans == [(date(2024, 1, 1), date(2024, 12, 31)), (DAY, UNTIL)]
    assert places.approval(fjord, "SSB", date(2025, 6, 1)) is None


def test_what_was_recorded_by_hand_becomes_the_lists(admin, fjord) -> None:
    by_hand = approved(fjord, "SSB", "rcn", admin, date(2025, 1, 1), None, "old")
    take(admin, FJORD_ROW, until=UNTIL)
    assert [a.pk for a in fjord.approvals.all()] == [by_hand.pk]
    by_hand.refresh_from_db()
    assert (by_hand.number, by_hand.valid_until) == ("F-1", UNTIL)


def test_an_own_list_leaves_an_approval_by_decision_as_it_is(admin, fjord) -> None:
    decided = approve_by_decision(fjord, "SSB", "ssb", admin, DAY, UNTIL, "SSB-2026-00001")
    take(admin, FJORD_ROW, kind=own(), until=date(2027, 1, 1))
    decided.refresh_from_db()
    assert (decided.number, decided.valid_until) == ("SSB-2026-00001", UNTIL)
    assert fjord.approvals.count() == 1, "it holds longer than the list says"
    take(admin, FJORD_ROW, kind=own(), day=date(2026, 2, 1), until=date(2030, 1, 1))
    decided.refresh_from_db()
    assert decided.valid_until == UNTIL
    assert places.approval(fjord, "SSB", date(2029, 1, 1)) is not None


def test_the_same_list_again_changes_no_approval(admin, fjord) -> None:
    take(admin, FJORD_ROW, until=UNTIL)
    before = Event.objects.filter(stream=f"institution:{fjord.pk}").count()
    made = take(admin, FJORD_ROW, until=UNTIL, day=date(2026, 2, 1))
    assert made.number == 2
    assert made.counts["same"] == 1
    assert Event.objects.filter(stream=f"institution:{fjord.pk}").count() == before


def test_who_drops_off_keeps_the_approval_until_an_administrator_decides(
    client, admin, fjord
) -> None:
    take(admin, FJORD_ROW, ("Annet", "NO"), until=UNTIL)
    take(admin, ("Annet", "NO"), until=UNTIL, day=date(2026, 2, 1))
    assert places.approval(fjord, "SSB", date(2026, 3, 1)) is not None, "never silently"
    assert any("dropped off" in item.title for item in waiting.waiting(admin))
    sign_in(client, admin)
    for address in (
        reverse("institutions:list", args=["SSB", "rcn"]),
        reverse("institutions:institution", args=[fjord.pk]),
    ):
        dropped = reverse("institutions:list_dropped", args=[line("Fjordheim institutt").pk])
        assert dropped in client.get(address).content.decode()
    commands.settle(line("Fjordheim institutt"), admin, False, "It is being renamed.")
    assert places.approval(fjord, "SSB", date(2026, 3, 1)) is not None
    assert not any("dropped off" in item.title for item in waiting.waiting(admin))
    with pytest.raises(Refused):
        commands.settle(line("Fjordheim institutt"), admin, True, "Again")


def test_an_approval_ends_when_an_administrator_says_so_with_a_reason(client, admin, fjord) -> None:
    boss = person("Boss", "boss@fjordheim.example")
    member(boss, fjord, "administrator")
    take(admin, FJORD_ROW)
    take(admin, ("Annet", "NO"), day=date(2026, 2, 1))
    gone = line("Fjordheim institutt")
    address = reverse("institutions:list_dropped", args=[gone.pk])
    sign_in(client, admin)
    answer = client.post(address, {"what": "withdraw", "reason": "Closed"})
    assert urlsplit(answer["Location"]).path.startswith("/accounts/"), "confirm who you are first"
    sign_in(client, admin, fresh=True)
    assert "This field is required" in client.post(address, {"what": "withdraw"}).content.decode()
    assert places.approval(fjord, "SSB", date(2026, 3, 1)) is not None
    client.post(address, {"what": "withdraw", "reason": "Closed"})
    assert places.approval(fjord, "SSB", date(2026, 3, 1)) is None
    [held] = fjord.approvals.all()
    assert held.withdrawn_by == admin
    told = Event.objects.get(type="institution.approval_withdrawn")
    assert told.data["reason"] == "Closed"
    mails = [e.payload["to"] for e in OutboxEntry.objects.filter(kind="mail.send")]
    assert mails == ["boss@fjordheim.example"]


def test_a_withdrawn_approval_does_not_come_back_with_the_next_edition(admin, fjord) -> None:
    take(admin, FJORD_ROW, until=UNTIL)
    fjord.approvals.update(withdrawn_by=admin, withdrawn_at=clock.now(), withdrawal_reason="Closed")
    take(admin, FJORD_ROW, until=date(2029, 1, 1), day=date(2026, 2, 1))
    assert places.approval(fjord, "SSB", date(2026, 3, 1)) is None


def test_who_comes_back_to_the_list_is_approved_when_somebody_confirms_it(admin, fjord) -> None:
    take(admin, FJORD_ROW)
    take(admin, ("Annet", "NO"), day=date(2026, 2, 1))
    commands.settle(line("Fjordheim institutt"), admin, True, "Gone")
    made = take(admin, FJORD_ROW, ("Annet", "NO"), day=date(2026, 3, 1))
    assert made.counts["back"] == 1
    held = places.approval(fjord, "SSB", date(2026, 4, 1))
    assert held is not None
    assert held.valid_from == date(2026, 3, 1)
    back = line("Fjordheim institutt")
    assert (back.dropped, back.settled) == (None, "")


def test_a_line_that_got_a_number_is_the_same_line(admin) -> None:
    take(admin, ("Skolesenteret", "NO"))
    made = take(admin, ("Skolesenteret", "NO", SKOLE), day=date(2026, 2, 1))
    assert (made.counts["changed"], made.counts["gone"], made.counts["new"]) == (1, 0, 0)
    assert ListLine.objects.count() == 1


def test_a_preview_that_is_no_longer_so_takes_nothing_in(admin, fjord) -> None:
    told = commands.preview(rcn(), sheet(FJORD_ROW), Terms(DAY), admin)
    take(admin, ("Annet", "NO"))
    with pytest.raises(commands.Stale):
        commands.take(rcn(), sheet(FJORD_ROW), Terms(DAY), admin, told.seen, {}, "0" * 64)
    fresh = commands.preview(rcn(), sheet(FJORD_ROW), Terms(DAY), admin)
    institution("Fjordheim institut")  # registers meanwhile: who it may be is another question now
    fjord.name = "Renamed"
    fjord.save()
    with pytest.raises(commands.Stale):
        commands.take(rcn(), sheet(FJORD_ROW), Terms(DAY), admin, fresh.seen, {}, "0" * 64)
    assert ListEdition.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_once_one_takes_the_list_in() -> None:
    first = staff("agency_admin")
    second = person("Second", "second@agency.example")
    give(second, "agency_admin")
    institution("Fjordheim institutt", org_number=FJORD)
    rows = sheet(FJORD_ROW)
    told = {who: commands.preview(rcn(), rows, Terms(DAY), who) for who in (first, second)}
    outcomes, ready = [], threading.Barrier(2)

    def run(who) -> None:
        ready.wait()
        try:
            choices = {c.choice: str(c.offers[0].institution.pk) for c in told[who].changes}
            commands.take(rcn(), rows, Terms(DAY), who, told[who].seen, choices, "0" * 64)
            outcomes.append("taken")
        except commands.Stale:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[who]) for who in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["stale", "taken"]
    assert InstitutionApproval.objects.count() == 1
    assert ListEdition.objects.count() == 1


def test_only_an_administrator_of_the_agency_keeps_its_lists(client, admin, fjord) -> None:
    take(admin, FJORD_ROW)
    take(admin, ("Annet", "NO"), day=date(2026, 2, 1))
    gone, waits = line("Fjordheim institutt"), line("Annet")
    boss = person("Boss", "boss@fjordheim.example")
    member(boss, fjord, "administrator")
    strangers = [boss, staff("case_officer"), staff("agency_admin", "DST")]
    for who in strangers:
        sign_in(client, who, fresh=True)
        for address in (
            reverse("institutions:list", args=["SSB", "rcn"]),
            reverse("institutions:list_import", args=["SSB", "rcn"]),
            reverse("institutions:list_dropped", args=[gone.pk]),
        ):
            assert client.get(address).status_code == 404, (who, address)
            assert client.post(address, {"what": "withdraw", "reason": "x"}).status_code in (
                404,
                405,
            )
        match = reverse("institutions:list_match", args=[waits.pk])
        assert client.post(match, {"institution": fjord.pk}).status_code == 404
        with pytest.raises(Forbidden):
            take(who, FJORD_ROW, day=date(2026, 3, 1))
        with pytest.raises(Forbidden):
            commands.settle(gone, who, True, "x")
        with pytest.raises(Forbidden):
            commands.match(waits, fjord, who)
    assert places.approval(fjord, "SSB", DAY) is not None
    client.logout()
    assert client.get(reverse("institutions:list", args=["SSB", "rcn"])).status_code == 302
    sign_in(client, admin)
    assert client.get(reverse("institutions:list", args=["SSB", "unheard"])).status_code == 404
    assert client.get(reverse("institutions:list", args=["DST", "dst"])).status_code == 404


def test_an_administrator_sees_the_lists_of_their_own_agency_only(client, admin) -> None:
    sign_in(client, admin)
    page = client.get(reverse("institutions:lists")).content.decode()
    assert "/institutions/lists/SSB/rcn/" in page
    assert "/institutions/lists/DST/dst/" not in page


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("list.xlsx", file.getvalue())


@pytest.fixture
def import_page(client, admin, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    sign_in(client, admin, fresh=True)
    address = reverse("institutions:list_import", args=["SSB", "rcn"])

    def post(**data):
        return client.post(address, {"valid_from": "2026-01-01", **data})

    return post


def test_a_workbook_with_a_cover_sheet_is_read_at_its_list_and_says_so(import_page, fjord) -> None:
    book = Workbook()
    book.active.title = "About"
    book.active.append(["Approved institutions, as published"])
    listed = book.create_sheet("List")
    for row in (HEAD, [*FJORD_ROW, date(2027, 12, 31)]):
        listed.append(row)
    file = io.BytesIO()
    book.save(file)
    shown = import_page(file=SimpleUploadedFile("list.xlsx", file.getvalue()))
    assert len(shown.context["sure"]) == 1
    assert "Read from the sheet “List”" in shown.content.decode()
    assert "Not read: About." in shown.content.decode()


def test_a_workbook_is_shown_then_taken_in_with_what_was_chosen(import_page, admin, fjord) -> None:
    shown = import_page(file=workbook(["RCN, 2026"], HEAD, [*FJORD_ROW, date(2027, 12, 31)]))
    assert not ListEdition.objects.exists()
    context = shown.context
    [asked] = context["sure"]
    assert asked["chosen"] == str(fjord.pk)
    told = {"source": context["form"].token, "seen": context["seen"], "take": "1"}
    done = import_page(**told, **{asked["choice"]: str(fjord.pk)})
    assert done.status_code == 302
    held = places.approval(fjord, "SSB", DAY)
    assert held is not None
    assert held.valid_until == UNTIL
    assert ListEdition.objects.get().filename == "list.xlsx"
    again = import_page(**told, **{asked["choice"]: str(fjord.pk)})
    assert again.status_code == 409, "the same preview twice"
    assert ListEdition.objects.count() == 1


def test_what_is_wrong_in_a_file_is_told_by_row_and_nothing_is_taken_in(import_page) -> None:
    rows = [
        ["", "NO"],
        ["A", "Atlantis"],
        ["B", "NO", "123"],
        ["C", "NO", "", "", "soon"],
        ["D", "NO"],
        ["D", "Norge"],
    ]
    shown = import_page(file=workbook(HEAD, *rows))
    faults = [(f["line"], f["column"]) for f in shown.context["faults"]]
    assert [number for number, _column in faults] == [2, 3, 4, 5, 7]
    token = shown.context["form"].token
    assert import_page(source=token, take="1", seen="x").status_code == 200
    assert not ListEdition.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.pdf", b"%PDF-1.7", "Take an Excel file"),
        ("list.csv", b"", "empty"),
        ("list.xlsx", b"no workbook", "The content is not what the file name says"),
        ("list.csv", b"only;numbers\n1;2\n", "No line of headings"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(import_page, name, content, words) -> None:
    page = import_page(file=SimpleUploadedFile(name, content))
    assert words in page.content.decode()


def test_a_wrong_day_keeps_the_file_and_says_what_to_do(import_page, admin) -> None:
    take(admin, ("Annet", "NO"), day=date(2026, 2, 1))
    csv = SimpleUploadedFile("list.csv", b"Navn;Land\nAnnet;NO\n")
    page = import_page(file=csv)
    assert "Give that day or a later one" in page.content.decode()
    assert page.context["form"].token
    tomorrow = (clock.today(rcn().zone) + timedelta(days=1)).isoformat()
    page = import_page(source=page.context["form"].token, valid_from=tomorrow)
    assert "Give today or an earlier day" in page.content.decode()
    page = import_page(
        source=page.context["form"].token, valid_from="2026-03-01", valid_until="2026-02-01"
    )
    assert "before the day from which the list holds" in page.content.decode()


def test_taking_a_list_in_asks_who_one_is_first(client, admin) -> None:
    sign_in(client, admin)
    address = reverse("institutions:list_import", args=["SSB", "rcn"])
    answer = client.post(address, {"take": "1", "valid_from": "2026-01-01"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/")


def test_everybody_may_read_whom_the_agency_has_approved_itself(client, admin, fjord) -> None:
    shown = institution("Østlandsforsk =1+1", org_number=SKOLE)
    approved(shown, "SSB", "ssb", admin, DAY, None)
    approved(fjord, "SSB", "rcn", admin, DAY, None)
    ended = institution("Ferdig", org_number=TRYGD)
    with clock.frozen(datetime(2024, 6, 1, tzinfo=UTC)):
        approved(ended, "SSB", "ssb", admin, date(2024, 1, 1), date(2024, 12, 31))
    alone = institution("Kari Nordmann", kind="private_person")
    approved(alone, "SSB", "ssb", admin, DAY, None)
    page = client.get("/institutions/approved/SSB/").content.decode()
    assert "Østlandsforsk" in page
    for absent in ("Fjordheim", "Ferdig", "Kari Nordmann"):
        assert absent not in page
    assert "No institution found" in client.get("/institutions/approved/SSB/?q=qq").content.decode()
    assert "Østlandsforsk" in client.get("/institutions/approved/ssb/?q=ostlands").content.decode()
    rules = client.get("/rules/ssb/").content.decode()
    assert "/institutions/approved/SSB/" in rules


def test_an_agency_without_a_list_of_its_own_has_no_public_page(client) -> None:
    assert client.get("/institutions/approved/SOS/").status_code == 404
    assert client.get("/institutions/approved/nobody/").status_code == 404
    assert client.get("/institutions/approved/SSB/list.pdf").status_code == 404


def test_what_goes_out_as_a_file_comes_in_again_as_the_same(client, admin) -> None:
    shown = institution("=HYPERLINK(1) institutt", org_number=SKOLE)
    approved(shown, "SSB", "ssb", admin, DAY, UNTIL, "17")
    told = client.get("/institutions/approved/SSB/list.csv")
    assert "attachment" in told["Content-Disposition"]
    text = told.content.decode("utf-8-sig").splitlines()
    assert text[0] == ";".join(f'"{column}"' for column in exporting.COLUMNS)
    assert text[1].startswith('"\'=HYPERLINK(1) institutt";')
    [row] = reading.read(read_csv(told.content), "NO").rows.values()
    assert (row.name, row.org_number, row.valid_until) == (shown.name, SKOLE, UNTIL)
    book = load_workbook(io.BytesIO(client.get("/institutions/approved/SSB/list.xlsx").content))
    lines = [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert book.active["A2"].data_type == "s", "no spreadsheet calculates it"
    [row] = reading.read(lines, "NO").rows.values()
    assert (row.name, row.org_number, row.valid_until) == (shown.name, SKOLE, UNTIL)


def test_a_list_of_a_thousand_is_compared_in_few_queries(
    admin, django_assert_max_num_queries
) -> None:
    for number in range(20):
        institution(f"Institutt nummer {number} for prøver")
    rows = [(f"Forskningssenter {n} {n * 7919 % 1000}", "NO") for n in range(1000)]
    with django_assert_max_num_queries(12):
        commands.preview(rcn(), sheet(*rows), Terms(DAY), admin)
    with django_assert_max_num_queries(40):
        take(admin, *rows)
    assert ListLine.objects.count() == 1000


def test_the_demos_lists_fit_the_demos_institutions(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    keeper = staff("agency_admin")
    give(keeper, "agency_admin", "DST")
    institution("Fjordbyen universitet", org_number=FJORD)
    demo_lists.fill(keeper)
    assert line("Fjordbyen universitet").approval is not None
    assert {e.source for e in ListEdition.objects.all()} == {"rcn", "eurostat", "ssb", "dst"}
    assert ListLine.objects.filter(institution__isnull=True).count() > 10


def test_a_line_with_the_number_of_one_that_was_merged_is_the_one_that_was_kept(
    admin, fjord
) -> None:
    gone = institution("Fjordinstituttet", org_number=SKOLE)
    Institution.objects.filter(pk=gone.pk).update(status="merged", merged_into=fjord)
    take(admin, ("Fjordinstituttet", "NO", SKOLE))
    [held] = fjord.approvals.all()
    assert held.source == "rcn"
