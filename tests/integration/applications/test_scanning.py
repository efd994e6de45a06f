"""The scanner: down, slow, garbled or absent means not clean; EICAR is never handed out."""

import io
import socket
import tempfile
import threading
import zipfile
from contextlib import contextmanager

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from applications import scanning
from applications.enums import ScanStatus
from applications.models import Attachment, Submission
from portal import clock, store
from portal.accounts.models import User
from portal.events import outbox
from portal.events.models import OutboxEntry
from portal.local import seeding
from tests.people import sign_in


@contextmanager
def scanner_that_answers(answer):
    """A listener at the place of clamd. `answer` gets the connection, or is None for silence."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_ones = []

    def serve():
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            open_ones.append(connection)
            if answer is not None:
                answer(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        for connection in open_ones:
            connection.close()


def says(reply):
    def answer(connection):
        connection.settimeout(2)
        received = b""
        while True:
            try:
                received += connection.recv(65536)
            except OSError:
                break
            if received.startswith((b"zVERSION", b"nVERSION", b"VERSION")):
                connection.sendall(b"ClamAV 1.4.1/27500/Mon Nov 23 2026\n")
                break
            if received.endswith(b"\0\0\0\0") or len(received) > 200_000:
                connection.sendall(reply)
                break
        connection.close()

    return answer


def scan(settings, address):
    settings.CLAMD = {"backend": "clamd", "address": address, "timeout": 1, "stream": True}
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"some content")
        file.flush()
        return scanning.clamd(file)


def test_a_scanner_that_finds_nothing_makes_the_file_clean(settings):
    with scanner_that_answers(says(b"stream: OK\n")) as address:
        clean, name = scan(settings, address)
    assert clean is True
    assert "Clam" in name


def test_a_scanner_that_finds_something_makes_it_refused(settings):
    with scanner_that_answers(says(b"stream: Eicar-Test-Signature FOUND\n")) as address:
        assert scan(settings, address)[0] is False


@pytest.mark.parametrize(
    "reply", [b"", b"\xff\xfe garbage", b"INSTREAM size limit exceeded. ERROR\n"]
)
def test_a_scanner_that_talks_nonsense_is_no_scanner(settings, reply):
    with scanner_that_answers(says(reply)) as address, pytest.raises(scanning.NoScanner):
        scan(settings, address)


def test_a_silent_scanner_is_no_scanner(settings):
    with scanner_that_answers(None) as address, pytest.raises(scanning.NoScanner):
        scan(settings, address)


def test_an_absent_scanner_is_no_scanner(settings):
    with pytest.raises(scanning.NoScanner):
        scan(settings, "127.0.0.1:1")


def attached(world, name, content, kind="other"):
    case = world.draft()
    seeding.attach(case, world.actor("applicant"), kind, name, content, 0.1)
    return case, Attachment.objects.get(application=case)


def zipped_eicar():
    out = io.BytesIO(seeding.xlsx([["a"]]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/media/x.bin", scanning.EICAR)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"), [("test.txt", scanning.EICAR), ("list.xlsx", zipped_eicar())]
)
def test_eicar_is_locked_away_and_never_handed_out(world, name, content):
    case, attachment = attached(world, name, content)
    assert (attachment.status, attachment.refusal) == (ScanStatus.REFUSED, "malware")
    client = Client()
    sign_in(client, world["applicant"])
    response = client.get(f"/applications/{case.pk}/attachments/{attachment.pk}/")
    assert response.status_code == 409
    assert scanning.EICAR not in response.content


def test_without_a_scanner_a_file_waits_and_cannot_be_opened(world, settings):
    settings.SCANNER = "none"
    case, attachment = attached(world, "plan.pdf", seeding.pdf("Plan", "Text"))
    assert attachment.status == ScanStatus.UNSCANNED
    client = Client()
    sign_in(client, world["applicant"])
    response = client.get(f"/applications/{case.pk}/attachments/{attachment.pk}/")
    assert response.status_code == 409


def check_is_open():
    return OutboxEntry.objects.filter(kind="attachment.check", done_at__isnull=True)


def staff_page(world, case):
    client = Client()
    User.objects.filter(pk=world["case_officer"].pk).update(language="en")
    sign_in(client, User.objects.get(pk=world["case_officer"].pk))
    return client.get(f"/cases/SSB/{case.pk}/").content.decode()


def test_while_the_scanner_is_away_a_file_waits_and_is_scanned_when_it_is_back(world, settings):
    settings.SCANNER = "clamd"
    with scanner_that_answers(says(b"stream: OK\n")) as address:
        pass
    settings.CLAMD = {"backend": "clamd", "address": address, "timeout": 1, "stream": True}
    _case, attachment = attached(world, "plan.pdf", seeding.pdf("Plan", "Text"))
    assert attachment.status == ScanStatus.UNSCANNED
    assert attachment.waits_for_scanner
    entry = check_is_open().get()
    assert (entry.last_error, entry.dead_at) == ("the scanner does not answer", None)
    with scanner_that_answers(says(b"stream: OK\n")) as address:
        settings.CLAMD = {**settings.CLAMD, "address": address}
        with clock.frozen(entry.due_at):
            outbox.run_due(kinds=["attachment.check"])
    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.CLEAN
    assert not attachment.waits_for_scanner
    assert not check_is_open().exists()


def test_where_there_is_no_scanner_nothing_is_tried_again_and_staff_see_why(world, settings):
    case = world.submitted()
    settings.SCANNER = "none"
    Attachment.objects.filter(application=case).update(status=ScanStatus.UNSCANNED, scanner="")
    assert "No scanner is set up: cannot be opened" in staff_page(world, case)
    settings.SCANNER = "clamd"
    assert "Waits for the scanner: cannot be opened yet" in staff_page(world, case)


def test_once_a_scanner_is_switched_on_what_was_never_scanned_is_scanned_once(world, settings):
    settings.SCANNER = "none"
    _case, attachment = attached(world, "plan.pdf", seeding.pdf("Plan", "Text"))
    assert attachment.status == ScanStatus.UNSCANNED
    assert not check_is_open().exists()
    with pytest.raises(CommandError, match="no scanner is set up"):
        call_command("rescan")
    settings.SCANNER = "demo"
    told = io.StringIO()
    call_command("rescan", stdout=told)
    call_command("rescan", stdout=told)
    assert told.getvalue().split("files")[0].strip() == "1"
    assert check_is_open().count() == 1
    outbox.run_due(kinds=["attachment.check"])
    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.CLEAN
    call_command("rescan", stdout=told)
    assert not check_is_open().exists()


def test_a_clean_file_is_handed_out_so_that_no_browser_runs_it(world):
    content = seeding.pdf("Plan", "Text")
    case, attachment = attached(world, "plan.pdf", content)
    client = Client()
    sign_in(client, world["applicant"])
    response = client.get(f"/applications/{case.pk}/attachments/{attachment.pk}/")
    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_document_of_our_own_with_its_data_inside_is_taken_and_a_strangers_is_not(world):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(seeding.pdf("Receipt", "Text"))) as document:
        document.attachments["application.json"] = b"{}"
        document.save(out)
    digest = store.put(out.getvalue())
    told = scanning.examine_file(digest, "pdf")
    assert (told["status"], told["refusal"]) == ("refused", "embedded")
    case = world.submitted()
    Submission.objects.filter(application=case).update(pdf_digest=digest)
    told = scanning.examine_file(digest, "pdf")
    assert (told["status"], told["content_type"]) == ("clean", "application/pdf")


@pytest.mark.django_db
def test_the_same_bytes_are_stored_once_and_under_their_digest(tmp_path):
    first, second = store.put(b"same"), store.put(b"same")
    assert first == second
    assert store.read(first) == b"same"
