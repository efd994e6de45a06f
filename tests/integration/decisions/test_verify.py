"""Is this letter genuine? Anybody may ask, and nothing is kept."""

import hashlib

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from decisions import verdicts
from decisions.commands import verifying
from decisions.letters import sample
from decisions.letters.content import Outcome
from decisions.views import verifying as page_of_letters
from portal import store
from portal.events import outbox
from portal.events.models import Event, OutboxEntry
from portal.files import apart
from portal.jobs.models import Job

HERE = "/letters/verify/"
pytestmark = pytest.mark.usefixtures("one_drawing")


def ask(content, client=None, language="en", name="letter.pdf", **more):
    client = client or Client()
    file = SimpleUploadedFile(name, content, "application/pdf")
    return client.post(HERE, {"letter": file}, HTTP_ACCEPT_LANGUAGE=language, **more)


@pytest.fixture
def letters(office):
    """Both revisions of one letter, as bytes."""
    decision = office.accepted(office.case())
    return [store.read(revision.sha256) for revision in decision.revisions.all()]


def test_the_page_needs_no_sign_in_and_stands_at_its_address(client, db):
    assert reverse("letters:verify") == HERE
    response = client.get(HERE)
    assert response.status_code == 200
    assert "Is this letter genuine?" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_a_genuine_letter_is_told_with_who_when_and_whether_accepted(letters):
    signed, accepted = (ask(letter).content.decode() for letter in letters)
    assert "The letter is genuine" in signed
    assert "Statistics Norway" in signed
    assert "SSB-2026-00001" in signed
    assert "DEMO" in signed  # the name in the certificate
    assert "The conditions have been accepted since" in signed
    assert "Sigrid Moe" not in signed
    assert "The letter is genuine" in accepted
    assert "Yes: Sigrid Moe, Director, for Fjordheim institutt" in accepted


def test_the_answer_comes_in_the_readers_language_as_far_as_it_is_translated(letters):
    assert 'lang="nb"' in ask(letters[0], language="nb").content.decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda pdf: pdf + b"\n%more", "something was added to it afterwards"),
        (lambda pdf: b"<html>not a letter</html>", "The file is not a PDF."),
        (lambda pdf: b"", "The file is not a PDF."),
        (lambda pdf: pdf[:2000], "could not be read as a PDF"),
    ],
)
def test_a_changed_file_is_not_genuine_and_the_reason_is_told(letters, change, told):
    page = ask(change(letters[0])).content.decode()
    assert "This is not a genuine letter" in page
    assert told in page
    assert "The letter is genuine" not in page


def test_a_letter_signed_with_our_own_key_that_was_never_issued_is_not_genuine(db):
    forged = sample.letter(sample.content("SSB", Outcome.GRANTED, "nb"))
    page = ask(forged).content.decode()
    assert "This is not a genuine letter" in page
    assert "has not issued this file" in page
    assert "0042" not in page  # what a false letter says of itself is not passed on


def test_nothing_of_a_small_file_is_kept(letters, monkeypatch):
    before = (Event.objects.count(), OutboxEntry.objects.count(), Job.objects.count())

    def forbidden(*args, **kwargs):
        raise AssertionError("an upload touched the disk")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", forbidden)
    client = Client()
    sent = letters[0] + b"\0" * 100_000
    assert len(sent) <= verdicts.AT_ONCE
    assert ask(sent, client).status_code == 200
    # Other tests store their files at the same time: it is this one that must not be among them.
    assert not list(settings.MEDIA_ROOT.rglob(hashlib.sha256(sent).hexdigest() + "*"))
    assert (Event.objects.count(), OutboxEntry.objects.count(), Job.objects.count()) == before
    assert "sessionid" not in "".join(client.cookies)


# -- what takes longer than a moment -------------------------------------------------------------

AS_LARGE = b"\0" * (2 * 1024 * 1024)


def test_a_large_file_is_answered_at_once_looked_at_by_the_worker_and_forgotten(
    letters, monkeypatch
):
    client = Client()
    with monkeypatch.context() as watched:
        watched.setattr(apart, "ask", lambda *a, **b: pytest.fail("opened in the web process"))
        answer = ask(letters[0] + AS_LARGE, client)
    assert (answer.status_code, answer["Location"].startswith("/jobs/")) == (302, True)
    assert "waits for its turn" in client.get(answer["Location"]).content.decode()
    [job] = Job.objects.all()
    assert store.read(job.source_digest)
    source = job.source_digest
    outbox.run_due()
    page = client.get(answer["Location"]).content.decode()
    assert "This is not a genuine letter" in page
    assert "something was added to it afterwards" in page
    with pytest.raises(FileNotFoundError):
        store.read(source)
    assert Client().get(answer["Location"]).status_code in (302, 404), "the secret is the way to it"


def test_a_letter_that_takes_longer_than_a_moment_is_genuine_all_the_same(letters, monkeypatch):
    monkeypatch.setattr(verdicts, "AT_ONCE", 1000)
    client = Client()
    answer = ask(letters[1], client)
    outbox.run_due()
    page = client.get(answer["Location"]).content.decode()
    assert "The letter is genuine" in page
    assert "Yes: Sigrid Moe, Director, for Fjordheim institutt" in page
    assert store.read(hashlib.sha256(letters[1]).hexdigest()), "our own copy stays"


def test_what_could_not_be_looked_at_now_is_neither_genuine_nor_false(letters, monkeypatch):
    def busy(*arguments, **limits):
        raise apart.Busy

    monkeypatch.setattr(apart, "ask", busy)
    client = Client()
    answer = ask(letters[0], client)
    outbox.run_due()
    page = client.get(answer["Location"]).content.decode()
    assert "could not be examined now" in page
    assert "not a genuine letter" not in page


def test_few_large_files_of_one_address_and_not_too_many_of_all_wait(db, monkeypatch):
    large = b"%PDF-1.7" + AS_LARGE
    codes = [ask(large).status_code for _ in range(verifying.MOST_OF_ONE + 1)]
    assert codes == [302] * verifying.MOST_OF_ONE + [503]
    monkeypatch.setattr(verifying, "MOST_OF_ALL", verifying.MOST_OF_ONE + 1)
    other = {"REMOTE_ADDR": "192.0.2.7"}
    assert ask(large, **other).status_code == 302
    full = ask(large, REMOTE_ADDR="192.0.2.8")
    assert full.status_code == 503
    assert "was not looked at" in full.content.decode()


def test_what_nobody_came_to_look_at_is_gone_after_an_hour(db):
    ask(b"%PDF-1.7" + AS_LARGE)
    [job] = Job.objects.all()
    OutboxEntry.objects.filter(kind=verifying.KIND).delete()
    OutboxEntry.objects.filter(kind=verifying.FORGET).update(due_at=job.created_at)
    outbox.run_due()
    with pytest.raises(FileNotFoundError):
        store.read(job.source_digest)


def test_a_file_that_is_too_large_is_refused_without_being_held(db, monkeypatch):
    monkeypatch.setattr("decisions.letters.examination.LARGEST_FILE", 100_000)
    response = ask(b"%PDF-" + b"\0" * 200_000)
    assert response.status_code == 413
    assert "larger than any letter of ours" in response.content.decode()
    assert ask(b"%PDF-" + b"\0" * 1_000_000).status_code in (400, 413)


def test_no_file_is_asked_for_again(client, db):
    response = client.post(HERE, {})
    assert response.status_code == 422
    assert "Choose the letter you want to check." in response.content.decode()


def test_very_many_questions_from_one_address_are_slowed_down(db, monkeypatch):
    cache.clear()
    monkeypatch.setattr(page_of_letters, "MOST", 3)
    codes = [ask(b"no letter").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    cache.clear()


def test_a_form_without_its_token_is_refused(db):
    client = Client(enforce_csrf_checks=True)
    assert ask(b"x", client).status_code == 403
    client.get(HERE)
    token = client.cookies["csrftoken"].value
    file = SimpleUploadedFile("letter.pdf", b"x")
    response = client.post(HERE, {"csrfmiddlewaretoken": token, "letter": file})
    assert response.status_code == 200


def test_without_our_certificates_nothing_is_said_for_or_against(letters, monkeypatch):
    from decisions.letters import signing

    def gone():
        raise signing.SigningUnavailable("no roots")

    monkeypatch.setattr(signing, "load_roots", gone)
    page = ask(letters[0]).content.decode()
    assert "We cannot tell now" in page
    assert "This is not a genuine letter" not in page
    assert "The letter is genuine" not in page
