"""`manage.py check_application`: the checks for anybody with a file and no database."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from applications import schemes
from applications.completeness.sample import complete_document
from portal import clock
from tests.unit.completeness.schemes_under_test import AGENCIES, changed, findings, raised, ssb

ROOT = Path(__file__).parents[3]
TODAY = "--today=2026-02-02"
NO_TITLE = changed(complete_document("SSB"), {"project.title": None, "persons.1.name": ""})


def run(tmp_path: Path, text: str, *options: str) -> tuple[list[str], str, bool]:
    """What the command prints on a file with `text`: lines, complaints, whether it went well."""
    path = tmp_path / "documents.json"
    path.write_text(text, encoding="utf-8")
    out, complaints = io.StringIO(), io.StringIO()
    try:
        call_command("check_application", str(path), *options, stdout=out, stderr=complaints)
    except CommandError as error:
        return out.getvalue().splitlines(), f"{complaints.getvalue()}{error}", False
    return out.getvalue().splitlines(), complaints.getvalue(), True


def test_each_document_gets_one_line_with_its_findings(tmp_path):
    documents = [complete_document(agency) for agency in AGENCIES] + [NO_TITLE]
    text = "\n".join(json.dumps(document) for document in documents)
    lines, complaints, well = run(tmp_path, text, TODAY, "--json")
    assert (complaints, well) == ("", True)
    assert lines[:3] == ["[]"] * 3
    assert json.loads(lines[3]) == [
        {
            "id": "SSB-FLD-01",
            "severity": "BLOCK",
            "message": "Give the project a title.",
            "rows": [],
        },
        {
            "id": "SSB-FLD-08",
            "severity": "BLOCK",
            "message": "List every person who will have access, with name and institution.",
            "rows": ["persons[1]"],
        },
    ]


def test_a_document_may_be_printed_on_many_lines(tmp_path):
    lines, _, well = run(tmp_path, json.dumps(NO_TITLE, indent=4), TODAY, "--json")
    assert well
    assert [f["id"] for f in json.loads(lines[0])] == ["SSB-FLD-01", "SSB-FLD-08"]


def test_a_person_reads_a_list_in_their_language(tmp_path):
    lines, _, well = run(tmp_path, json.dumps(NO_TITLE), TODAY, "--lang=nn")
    assert well
    assert lines == [
        "1. SSB, line 1: 2 findings",
        "   BLOCK  SSB-FLD-01  Gi prosjektet ein tittel.",
        "   BLOCK  SSB-FLD-08  List opp alle som skal ha tilgang, med namn og institusjon.",
        "          at persons[1]",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        ("[]", "must be a JSON object"),
        ("{}", "has no agency"),
        ('{"agency": "SCB"}', 'unknown agency "SCB"'),
        ('{"agency": ["SSB"]}', "unknown agency"),
        ('{"agency": null}', "has no agency"),
        ("[" * 100_000, "deep"),
    ],
)
def test_a_document_that_cannot_be_checked_is_an_error(tmp_path, text, complaint):
    lines, complaints, well = run(tmp_path, text, TODAY, "--json")
    assert not well
    assert complaint in complaints
    assert complaint in json.loads(lines[0])["error"]


def test_one_bad_line_does_not_silence_the_others(tmp_path):
    text = f'{json.dumps(NO_TITLE)}\nnot this one\n{{"agency": "X"}}\n{json.dumps(ssb())}\n'
    lines, complaints, well = run(tmp_path, text, TODAY, "--json")
    assert not well
    assert len(json.loads(lines[0])) == 2
    assert list(json.loads(lines[1])) == list(json.loads(lines[2])) == ["error"]
    assert json.loads(lines[3]) == []
    assert "line 2: not JSON" in complaints
    assert "2 of the documents" in complaints


def test_a_document_of_nothing_but_junk_is_checked(tmp_path):
    junk = {name: [5, {"a": None}, "x"] for name in complete_document("SSB")}
    text = json.dumps(junk | {"agency": "SSB", "type": "new"})
    lines, complaints, well = run(tmp_path, text, TODAY, "--json")
    assert (complaints, well) == ("", True)
    assert json.loads(lines[0])


def test_without_a_day_it_is_today_at_the_agency(tmp_path):
    document = changed(ssb(), {"project.start": "2025-01-01", "project.end": "2026-07-01"})
    # 1 July in UTC still, 2 July in Oslo already
    with clock.frozen(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)):
        lines, _, _ = run(tmp_path, json.dumps(document), "--json")
    assert [f["id"] for f in json.loads(lines[0])] == ["SSB-CHK-16"]
    with clock.frozen(datetime(2026, 7, 1, 21, 30, tzinfo=UTC)):
        lines, _, _ = run(tmp_path, json.dumps(document), "--json")
    assert json.loads(lines[0]) == []


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "02.02.2026"])
def test_a_day_that_is_none_is_refused(tmp_path, day):
    _, complaints, well = run(tmp_path, "{}", f"--today={day}")
    assert not well
    assert day in complaints


def test_a_file_that_is_not_there_or_no_text_is_an_error(tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.json"):
        call_command("check_application", str(tmp_path / "nothing.json"))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("check_application", str(tmp_path / "bytes"))


def test_it_runs_from_a_clean_checkout_on_standard_input(tmp_path):
    """No settings named, no database or broker started, nothing but the command of the README."""
    named = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "TILGANG_TEST_SOCKET")
    env = {name: value for name, value in os.environ.items() if name not in named}
    done = subprocess.run(
        [sys.executable, "manage.py", "check_application", "-", TODAY, "--json"],
        cwd=ROOT,
        env=env | {"TILGANG_DEMO_HOME": str(tmp_path)},
        input=json.dumps(NO_TITLE) + "\n" + json.dumps(complete_document("SOS")),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    first, second = map(json.loads, done.stdout.splitlines())
    assert [f["id"] for f in first] == ["SSB-FLD-01", "SSB-FLD-08"]
    assert second == []


@pytest.mark.parametrize("agency", AGENCIES)
def test_the_installed_scheme_holds_the_rules_and_their_messages(agency):
    scheme = schemes.current(agency)
    assert {i for i in scheme.rules if i.startswith(agency)}
    for rule_id in scheme.rules:
        assert scheme.message(rule_id, "sv") not in ("", rule_id)


def test_the_command_and_the_function_say_the_same(tmp_path):
    lines, _, _ = run(tmp_path, json.dumps(NO_TITLE), TODAY, "--json")
    told = json.loads(lines[0])
    assert {f["id"] for f in told} == raised(NO_TITLE)
    assert [tuple(f["rows"]) for f in told] == [f.rows for f in findings(NO_TITLE).values()]
