import io
import re
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from decisions.letters import sample
from decisions.letters.authority import demo_config
from decisions.letters.content import Outcome
from decisions.letters.examination import IssuedRevision, examine
from decisions.letters.rendering import unprintable
from decisions.letters.signing import load_roots
from decisions.management.commands.sample_letter import Command
from portal import clock

from .conftest import SIGNED

LETTERS = [
    (agency, outcome, language)
    for agency in sample.agencies()
    for language in sample.languages(agency)
    for outcome in Outcome
]


@pytest.mark.parametrize(("agency", "outcome", "language"), LETTERS)
def test_every_sample_case_can_be_printed(agency: str, outcome: Outcome, language: str) -> None:
    letter = sample.content(agency, outcome, language)
    assert unprintable(letter) == []
    assert bool(letter.conditions) == outcome.gives_access
    assert bool(letter.quote) == outcome.gives_access


def test_each_agency_writes_its_own_language_and_english() -> None:
    assert {agency: sample.languages(agency) for agency in sample.agencies()} == {
        "SSB": ["nb", "nn", "en"],
        "DST": ["da", "en"],
        "SOS": ["sv", "en"],
    }


def test_the_dates_in_conditions_are_filled_in() -> None:
    letter = sample.content("SSB", Outcome.GRANTED, "nb", at=SIGNED)
    (deletion,) = [each.text for each in letter.conditions if each.id == "SSB-CND-12"]
    assert "13. juli 2030" in deletion
    assert "[" not in deletion


def test_a_whole_letter_and_its_root_come_from_one_command(tmp_path: Path) -> None:
    keys, out = tmp_path / "keys", tmp_path / "out" / "new"
    with override_settings(TILGANG_SIGNING={"demo": str(keys)}):
        call_command(Command(), agency="ssb", outcome="granted", lang="nn", out=out, accepted=True)
    pdf = (out / "letter.pdf").read_bytes()
    assert b"DEMO" not in (out / "root.pem").read_bytes()  # armoured
    config = {**demo_config(keys), "roots": [str(out / "root.pem")]}

    def issued(digest: str) -> IssuedRevision:
        assert digest == sha256(pdf).hexdigest()
        return IssuedRevision(digest, "x", "y", SIGNED, accepted=True)

    verdict = examine(pdf, issued, load_roots(config))
    assert verdict.genuine
    assert verdict.accepted
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.Lang == "nn"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agency": "NAV"}, "DST, SOS, SSB"),
        ({"lang": "sv"}, "nb, nn, en"),
        ({"outcome": "refused", "accepted": True}, "only a decision that gives access"),
    ],
)
def test_a_letter_that_cannot_be_is_refused_with_what_can(
    wrong: dict, said: str, tmp_path: Path
) -> None:
    asked = {"agency": "SSB", "outcome": "granted", "lang": "nb", "out": tmp_path, **wrong}
    with pytest.raises(CommandError, match=re.escape(said)):
        call_command(Command(), **asked)
    assert list(tmp_path.iterdir()) == []


def test_an_invented_letter_is_never_signed_with_a_real_key(tmp_path: Path) -> None:
    real = {"decision": {"*": {"pkcs12": "/real/key.p12"}}, "roots": []}
    with override_settings(TILGANG_SIGNING=real, BASE_DIR=tmp_path):
        assert "DEMO" in sample.demo_signer().name
    assert (tmp_path / "var" / "demo-authority" / "root.pem").exists()


def test_what_the_bench_measures_is_ready_to_run(tmp_path: Path) -> None:
    with override_settings(TILGANG_SIGNING={"demo": str(tmp_path / "keys")}), clock.frozen(SIGNED):
        measured = sample.bench()
        assert set(measured) == {"letter rendered", "letter signed"}
        assert measured["letter rendered"]().startswith(b"%PDF")
        assert measured["letter signed"]().startswith(b"%PDF")
