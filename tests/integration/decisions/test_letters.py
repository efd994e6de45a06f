"""The letter is made by a worker: once, whatever happens to the worker."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from applications.enums import State
from decisions import selectors, tasks
from decisions.enums import Status
from decisions.letters.examination import examine
from decisions.letters.signing import SigningUnavailable, load_roots
from decisions.models import LetterRevision
from portal import clock, store
from portal.events import outbox
from portal.events.models import Checkpoint, Event, OutboxEntry
from portal.events.verify import verify
from portal.local import signing_keys
from tests.integration.decisions import killed_worker
from tests.integration.decisions.conftest import work


def verdict_on(revision):
    return examine(store.read(revision.sha256), selectors.issued_revision, load_roots())


def test_both_revisions_are_genuine_and_say_whether_they_are_accepted(office):
    decision = office.accepted(office.case())
    first, second = decision.revisions.all()
    before, after = verdict_on(first), verdict_on(second)
    assert (before.genuine, before.accepted) == (True, False)
    assert (after.genuine, after.accepted) == (True, True)
    assert after.acceptance.name == "Sigrid Moe"
    assert store.read(second.sha256).startswith(store.read(first.sha256))
    assert store.read(second.receipt_sha256).startswith(b"%PDF-")


def test_what_is_signed_is_what_was_approved(office):
    import io

    import pikepdf

    decision = office.delivered(office.case(), "partly")
    letter = store.read(decision.revisions.get().sha256)
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        embedded = pdf.attachments["decision.json"].get_file().read_bytes()
    assert json.loads(embedded) == decision.content


def test_the_task_may_run_twice(office):
    case = office.case()
    decision = office.approved(case)
    tasks.make_letter({"decision": str(decision.pk)})
    tasks.make_letter({"decision": str(decision.pk)})
    assert LetterRevision.objects.filter(decision=decision).count() == 1


def test_of_two_workers_with_the_same_letter_one_is_taken(office, monkeypatch):
    case = office.case()
    decision = office.approved(case)
    real = tasks.store.put

    def slow(content):
        """Another worker is done before this one says so."""
        monkeypatch.setattr(tasks.store, "put", real)
        tasks.make_letter({"decision": str(decision.pk)})
        return real(content)

    monkeypatch.setattr(tasks.store, "put", slow)
    tasks.make_letter({"decision": str(decision.pk)})
    assert LetterRevision.objects.filter(decision=decision).count() == 1
    types = Event.objects.values_list("type", flat=True)
    assert list(types).count("application.letter_signed") == 1


def test_without_a_key_the_decision_waits_and_nothing_leaves(office, monkeypatch):
    from decisions.letters import signing

    def gone(*args, **kwargs):
        raise SigningUnavailable("the HSM does not open")

    monkeypatch.setattr(signing, "load_signer", gone)
    case = office.case()
    decision = office.approved(case)
    work()
    case.refresh_from_db()
    assert case.state == State.SIGNING
    assert not LetterRevision.objects.exists()
    assert not OutboxEntry.objects.filter(kind="decision.mail").exists()
    told = selectors.trouble(decision)
    assert told.reason == "to be signed: the HSM does not open"
    assert told.next_at > clock.now()
    assert not told.given_up
    monkeypatch.undo()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        work()
    case.refresh_from_db()
    assert case.state == State.ACCEPTANCE
    assert selectors.trouble(decision) is None


def test_content_that_is_not_what_was_approved_is_never_signed(office):
    case = office.case()
    decision = office.approved(case)
    changed = {**decision.content, "reasons": ["Everything is granted."]}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE decisions_decision SET content = %s::jsonb WHERE id = %s",
            [json.dumps(changed), decision.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(outbox.Never):
        tasks.make_letter({"decision": str(decision.pk)})
    assert not LetterRevision.objects.exists()


def test_only_the_worker_says_that_a_letter_is_signed(office):
    case = office.case()
    office.approved(case)
    from applications.commands import Forbidden

    for who in (office.decider, office.officer):
        with pytest.raises(Forbidden):
            office.do(who, "letter_signed", case, {})


def test_mails_carry_the_number_and_a_link_and_nothing_else(office):
    case = office.case()
    decision = office.accepted(case)
    mails = [e.payload for e in OutboxEntry.objects.filter(kind="mail.send")]
    assert {(m["to"], "accepted" in m["body"]) for m in mails} == {
        (office.owner.email, False),
        (office.owner.email, True),
        (office.signatory.email, False),
        (office.signatory.email, True),
    }
    said = json.dumps([(m["subject"], m["body"]) for m in mails], ensure_ascii=False)
    assert case.number in said
    assert f"/decisions/{decision.pk}/" in said
    people = [office.owner.name, office.signatory.name, office.decider.name]
    for secret in (case.title, *people, "granted", "Fjordheim", "purpose", "variable"):
        assert secret.lower() not in said.lower()


# --- killed ---------------------------------------------------------------------------------------


def test_workers_killed_at_every_step_leave_one_letter_and_one_acceptance(lasting_office):
    office = lasting_office
    first, second = office.case(), office.case()
    accepted = office.delivered(second)
    office.do(office.signatory, "accept", second, office.acceptance(accepted))
    approved = office.approved(first)
    deaths = kill_at_every_step(
        {"letter.make": str(approved.pk), "acceptance.sign": str(accepted.pk)}
    )
    assert min(deaths.values()) >= 10
    with clock.frozen(clock.now() + timedelta(days=2)):
        outbox.run_due()
    for case, state, status, revisions in (
        (first, State.ACCEPTANCE, Status.DELIVERED, 1),
        (second, State.ACCEPTED, Status.ACCEPTED, 2),
    ):
        case.refresh_from_db()
        decision = case.decisions.get()
        assert (case.state, decision.status) == (state, status)
        assert decision.revisions.count() == revisions
        assert verdict_on(decision.revisions.last()).genuine
        types = list(
            Event.objects.filter(stream=f"application:{case.pk}").values_list("type", flat=True)
        )
        assert types.count("application.letter_signed") == 1
        assert types.count("application.acceptance_signed") == revisions - 1
    assert verify().faults == []


def kill_at_every_step(decisions: dict[str, str]) -> dict[str, int]:
    """Lets workers die at each step of the entries that are due; the number of deaths of each.

    `decisions`: the decision's id by kind of entry.
    """
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = json.dumps({name: connection.settings_dict[name] for name in names}, default=str)
    module = os.environ.get("DJANGO_SETTINGS_MODULE") or django_settings.SETTINGS_MODULE
    done = subprocess.run(
        [sys.executable, "-m", killed_worker.__name__, json.dumps(decisions), database],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": module},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_the_demos_keys_are_waited_for_and_never_made_anew_beside_letters(
    office, settings, tmp_path
):
    folder = tmp_path / "keys"
    settings.TILGANG_SIGNING = {"demo": str(folder)}
    settings.EVENTS_KEY_FILE = tmp_path / "events.pem"
    case = office.case()
    decision = office.approved(case)
    work()
    case.refresh_from_db()
    assert (case.state, folder.exists()) == (State.SIGNING, False)
    assert str(folder) in selectors.trouble(decision).reason
    signing_keys.ensure()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        work()
    case.refresh_from_db()
    assert case.state == State.ACCEPTANCE
    signing_keys.ensure()  # a second start keeps them

    folder.rename(tmp_path / "lost")
    with pytest.raises(signing_keys.KeysGone, match=f"put {folder} back, or start afresh"):
        signing_keys.ensure()
    assert not folder.exists()


def test_the_logs_key_is_not_made_anew_beside_checkpoints(db, settings, tmp_path):
    settings.EVENTS_KEY_FILE = tmp_path / "events.pem"
    settings.TILGANG_SIGNING = {"demo": str(tmp_path / "keys")}
    signing_keys.ensure()
    Checkpoint.objects.create(number=1, at=clock.now(), last_id=1, heads=1)
    settings.EVENTS_KEY_FILE.unlink()
    with pytest.raises(signing_keys.KeysGone, match=r"events\.pem"):
        signing_keys.ensure()
    assert not settings.EVENTS_KEY_FILE.exists()
