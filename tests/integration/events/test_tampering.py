"""Somebody with full power over the database changes the past: both verifiers say so, and where."""

import json
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from portal.events import keys
from portal.events.chain import GENESIS, checkpoint_hash, signed_text
from portal.events.checkpoints import make_checkpoint, tree_of
from portal.events.export import export
from portal.events.log import erase_personal, hash_of
from portal.events.models import Checkpoint, Event
from portal.events.verify import verify
from tests.integration.events.conftest import SCRIPT

pytestmark = pytest.mark.django_db
CASE = "stream = 'case:2' AND sequence ="


@pytest.fixture
def log(write):
    """Three cases, two checkpoints, and an event that is younger than both."""
    for stream in ("case:1", "case:2", "case:3"):
        write(stream, 4, {"name": "Kari"})
    make_checkpoint()
    write("case:2", 3)
    write("case:4", 2)
    make_checkpoint()
    write("case:2", 1)


@pytest.fixture
def told(stand_alone, tmp_path, capsys):
    """told(): what both verifiers say, which must be the same faults."""

    def both(*options: str, known: tuple | None = None, stream: str | None = None) -> list[str]:
        file = tmp_path / "export.jsonl"
        with file.open("w") as out:
            export(out.write, stream, personal=True)
        if known:
            options = (*options, "--known", f"{known[0]}:{known[1]}")
        trusted = [part for key in keys.trusted() for part in ("--key", key)]
        capsys.readouterr()
        code = stand_alone.main([str(file), *trusted, *options])
        said = capsys.readouterr().out
        alone = [line[11:-1] for line in said.splitlines() if line.startswith("NOT WHOLE")]
        verdict = verify(stream, known)
        stray = [f for f in verdict.faults if f.endswith("belong to no event")]  # not exported
        assert sorted(verdict.faults) == sorted(alone + stray)
        assert code == int(not verdict.whole)
        return verdict.faults

    return both


def test_a_log_that_nobody_touched_is_whole(log, told):
    assert told() == []


TAMPERING = {
    "data changed": (
        f"""UPDATE events_event SET data = '{{"number": 9}}' WHERE {CASE} 3""",
        "case:2, event 3: was changed: its hash does not fit",
    ),
    "data that cannot be hashed": (
        f"""UPDATE events_event SET data = '{{"number": 1.5}}' WHERE {CASE} 3""",
        "case:2, event 3: was changed: its hash does not fit",
    ),
    "actor changed": (
        f"UPDATE events_event SET actor = 'user:2' WHERE {CASE} 1",
        "case:2, event 1: was changed: its hash does not fit",
    ),
    "moved in time": (
        f"UPDATE events_event SET at = at - interval '1 day' WHERE {CASE} 8",
        "case:2, event 8: was changed: its hash does not fit",
    ),
    "middle taken out": (
        f"DELETE FROM events_event WHERE {CASE} 3",
        "case:2, event 4: event 3 before it is missing",
    ),
    "first taken out": (
        f"DELETE FROM events_event WHERE {CASE} 1",
        "case:2, event 2: event 1 before it is missing",
    ),
    "tail cut off": (
        "DELETE FROM events_event WHERE stream = 'case:2' AND sequence > 5",
        "case:2, event 7: is gone; checkpoint 2 has seen it",
    ),
    "whole case gone": (
        "DELETE FROM events_event WHERE stream = 'case:4'",
        "case:4, event 2: is gone; checkpoint 2 has seen it",
    ),
    "case under another name": (
        "UPDATE events_event SET stream = 'case:9' WHERE stream = 'case:4'",
        "case:4, event 2: is gone; checkpoint 2 has seen it",
    ),
    "payload changed": (
        """UPDATE events_eventpayload SET body = '{"name": "Ola"}' WHERE event_id =
           (SELECT id FROM events_event WHERE stream = 'case:2' AND sequence = 2)""",
        "case:2, event 2: its personal payload was changed",
    ),
    "payload deleted": (
        f"""DELETE FROM events_eventpayload USING events_event
           WHERE event_id = id AND {CASE} 2""",
        "case:2, event 2: its personal payload is gone, and nobody erased it",
    ),
    "payload erased in silence": (
        f"""UPDATE events_eventpayload SET body = NULL, salt = '', erased_at = now()
           FROM events_event WHERE event_id = id AND {CASE} 2""",
        "case:2, event 2: its personal payload was erased, and no event says so",
    ),
    "payload put in": (
        f"""INSERT INTO events_eventpayload (event_id, salt, body)
           SELECT id, 'ab', '{{}}' FROM events_event WHERE {CASE} 8""",
        "case:2, event 8: has a personal payload that was not there at first",
    ),
    "head changed": (
        "UPDATE events_checkpointhead SET hash = repeat('a', 64) WHERE stream = 'case:1'",
        "checkpoint 1: its list of streams was changed",
    ),
    "head taken out": (
        "DELETE FROM events_checkpointhead WHERE stream = 'case:1'",
        "checkpoint 1: its list of streams was changed",
    ),
    "checkpoint changed": (
        "UPDATE events_checkpoint SET at = at - interval '1 hour' WHERE number = 2",
        "checkpoint 2 was changed: its hash does not fit",
    ),
    "checkpoint taken out": (
        "DELETE FROM events_checkpoint WHERE number = 1",
        "checkpoint 2: the checkpoint before it is missing",
    ),
    "signature changed": (
        "UPDATE events_checkpoint SET signature = repeat('0', 128) WHERE number = 1",
        "checkpoint 1: the signature does not fit",
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_a_change_of_the_past_is_found_and_named(name, log, told, insider):
    change, fault = TAMPERING[name]
    insider(change.replace("%", "%%"))
    assert fault in told()


def test_one_changed_event_is_one_fault_and_not_a_landslide(log, told, insider):
    insider(f"UPDATE events_event SET actor = 'user:2' WHERE {CASE} 3")
    assert told() == ["case:2, event 3: was changed: its hash does not fit"]


def rebuild(insider, stream):
    """Computes a stream anew, so that all its links fit."""
    previous = GENESIS
    for event in Event.objects.filter(stream=stream).order_by("sequence"):
        event.previous_hash = previous
        previous = hash_of(event)
        insider(
            "UPDATE events_event SET previous_hash = %s, hash = %s WHERE id = %s",
            event.previous_hash,
            previous,
            event.pk,
        )


def test_a_chain_that_was_computed_anew_is_not_what_the_checkpoints_saw(log, told, insider):
    insider(f"UPDATE events_event SET actor = 'user:2' WHERE {CASE} 3")
    rebuild(insider, "case:2")
    assert told() == [
        "case:2, event 4: is not what checkpoint 1 has seen",
        "case:2, event 7: is not what checkpoint 2 has seen",
    ]


def rebuild_checkpoints(insider, key):
    insider(
        "UPDATE events_checkpointhead h SET hash = e.hash FROM events_event e"
        " WHERE e.stream = h.stream AND e.sequence = h.sequence"
    )
    previous = GENESIS
    for point in Checkpoint.objects.order_by("number"):
        facts = {
            "number": point.number,
            "at": point.at,
            "last_id": point.last_id,
            "heads": point.heads,
            "root": tree_of(point.number).root(),
            "previous_hash": previous,
            "public_key": keys.public_hex(key) if key else point.public_key,
        }
        before, previous = previous, checkpoint_hash(**facts)
        signature = key.sign(signed_text(previous)).hex() if key else point.signature
        insider(
            "UPDATE events_checkpoint SET root = %s, previous_hash = %s, hash = %s,"
            " public_key = %s, signature = %s WHERE number = %s",
            *(facts["root"], before, previous, facts["public_key"], signature, point.number),
        )


def test_checkpoints_computed_anew_lack_the_signature(log, told, insider):
    insider(f"UPDATE events_event SET actor = 'user:2' WHERE {CASE} 3")
    rebuild(insider, "case:2")
    rebuild_checkpoints(insider, key=None)
    assert told() == [
        "checkpoint 1: the signature does not fit",
        "checkpoint 2: the signature does not fit",
    ]


def test_checkpoints_signed_with_another_key_are_not_ours(log, insider, told, stand_alone):
    insider(f"UPDATE events_event SET actor = 'user:2' WHERE {CASE} 3")
    rebuild(insider, "case:2")
    rebuild_checkpoints(insider, Ed25519PrivateKey.generate())
    assert [fault.partition(" was signed with ")[0] for fault in verify().faults] == [
        "checkpoint 1",
        "checkpoint 2",
    ]


def test_an_event_put_in_behind_a_checkpoint_has_no_witness(log, told, insider, write):
    write("case:new", 2)
    insider("UPDATE events_event SET id = -sequence WHERE stream = 'case:new'")
    assert told() == ["case:new, event 1: was put in later: no checkpoint has seen it"]


def test_a_last_checkpoint_that_vanished_is_missed_by_whoever_noted_it(log, told, insider):
    last = Checkpoint.objects.get(number=2)
    assert told(known=(2, last.hash)) == []
    assert told(known=(2, "a" * 64)) == ["checkpoint 2 is not the one that was noted"]
    insider("DELETE FROM events_checkpointhead WHERE checkpoint = 2")
    insider("DELETE FROM events_checkpoint WHERE number = 2")
    assert told() == []  # nothing in the database itself can tell
    assert told(known=(2, last.hash)) == ["checkpoint 2, which was noted, is gone"]


def test_a_payload_of_no_event_is_counted(log, insider):
    insider("INSERT INTO events_eventpayload (event_id, salt, body) VALUES (-1, 'ab', '{}')")
    assert verify().faults == ["1 personal payloads belong to no event"]


def test_lawful_erasure_is_not_tampering(log, told):
    erase_personal("case:1", "user:2", "retention")
    assert told() == []
    make_checkpoint()
    assert told() == []


def test_a_single_case_is_exported_with_proof_from_the_checkpoints(log, told, insider, tmp_path):
    assert told(stream="case:2") == []
    insider(f"UPDATE events_event SET actor = 'user:2' WHERE {CASE} 3")
    rebuild(insider, "case:2")
    insider(
        "UPDATE events_checkpointhead h SET hash = e.hash FROM events_event e"
        " WHERE e.stream = h.stream AND e.sequence = h.sequence"
    )
    lines: list[str] = []
    export(lines.append, "case:2")
    proofs = [json.loads(line) for line in lines if '"kind":"head"' in line]
    assert [proof["sequence"] for proof in proofs] == [4, 7]
    assert verify("case:2").faults == [
        "checkpoint 1: its list of streams was changed",
        "checkpoint 2: its list of streams was changed",
    ]


def run_alone(file, *options):
    """The script as an auditor runs it: isolated, without any installed package."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(file), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_script_runs_on_a_bare_python(log, tmp_path):
    file = tmp_path / "export.jsonl"
    call_command("export_events", out=str(file), verbosity=0)
    code, said = run_alone(file)
    assert code == 0, said
    assert "The export is whole: events 18, streams 4, checkpoints 2." in said
    assert "12 withheld" in said
    assert "Kari" not in file.read_text()
    assert "cannot prove" in said
    code, said = run_alone(file, "--key", next(iter(keys.trusted())))
    assert code == 0
    assert "cannot prove" not in said
    code, said = run_alone(file, "--key", "ab" * 32)
    assert code == 1
    assert "signed with another key than those given" in said


@pytest.mark.parametrize("lines_left", [-1, 6, 2])
def test_an_export_that_breaks_off_is_not_whole(log, lines_left, stand_alone, tmp_path, capsys):
    lines: list[str] = []
    export(lines.append)
    file = tmp_path / "export.jsonl"
    file.write_text("".join(lines[:lines_left]))
    assert stand_alone.main([str(file)]) == 1
    assert "the export breaks off" in capsys.readouterr().out


def test_a_proof_that_was_bent_does_not_lead_to_the_root(log, stand_alone, tmp_path, capsys):
    lines: list[str] = []
    export(lines.append, "case:2")
    bent = []
    for line in map(json.loads, lines):
        if line["kind"] == "head" and line["path"]:
            line["path"][0] = "L" + "0" * 64
        bent.append(json.dumps(line))
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join(bent))
    assert stand_alone.main([str(file)]) == 1
    assert "the proof from checkpoint 1 does not fit" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "{}\n", "no json\n", '{"kind":"event"}\n', "[]\n", "\x00"])
def test_what_is_no_export_is_said_to_be_none(content, stand_alone, tmp_path, capsys):
    file = tmp_path / "export.jsonl"
    file.write_text(content)
    assert stand_alone.main([str(file)]) == 2
    assert "cannot be read as an export" in capsys.readouterr().out


def test_the_command_says_whole_or_names_the_first_bad_link_and_fails(log, insider, capsys):
    call_command("verify_events")
    assert capsys.readouterr().out.startswith("The log is whole: events 18, streams 4")
    insider(f"UPDATE events_event SET actor = 'user:2' WHERE {CASE} 3")
    with pytest.raises(SystemExit) as end:
        call_command("verify_events")
    assert end.value.code == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "NOT WHOLE: case:2, event 3: was changed: its hash does not fit."
    call_command("verify_events", stream="case:1")
    with pytest.raises(CommandError):
        call_command("verify_events", stream="case:absent")
