"""The letters against two standards, as veraPDF reads them; with controls that must fail."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from decisions.letters import annexes, rendering
from decisions.letters.content import Outcome
from decisions.letters.rendering import render
from decisions.letters.sample import content
from portal.pdf import tagging
from portal.pdf.volumes import draw_volumes

from .conftest import DECIDED, Case

BOTH = {"PDF/A-3a": [], "PDF/UA-1": []}


@pytest.fixture(scope="module")
def report(case: Case, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """All files of this module in one go: the Java machine takes longer to start than to check."""
    nasty = case.content.replace(
        recipient=replace(
            case.content.recipient, applicants=("Máret Čáŋŋá", "محمد", "שלום", "Żak")
        ),
        project=replace(case.content.project, title="<b>{{ x }}</b> & 'x' " + "lang " * 60),
    )
    files = {
        "signed": case.signed,
        "accepted": case.accepted,
        "receipt": case.receipt,
        "names of the world": render(nasty),
        "annex of two pages": render(
            content("SSB", Outcome.PARTLY, "nn", variables=48, at=DECIDED)
        ),
        "annex of its own": _annex(),
        "refusal in Swedish": render(content("SOS", Outcome.REFUSED, "sv", at=DECIDED)),
        "control: no language": _without_language(case.unsigned),
        "control: no marker": _drawn_with(case, "_declare_ua", lambda pdf: None),
        "control: no glyph": _drawn_with_missing_glyph(case),
    }
    folder = tmp_path_factory.mktemp("verapdf")
    names = {}
    for number, (name, pdf) in enumerate(files.items()):
        path = folder / f"{number}.pdf"
        path.write_bytes(pdf)
        names[str(path)] = name
    program = Path(__file__).with_name("verapdf.py")
    done = subprocess.run(
        [sys.executable, str(program), *names], capture_output=True, check=True, timeout=300
    )
    return {names[path]: found for path, found in json.loads(done.stdout).items()}


@pytest.mark.parametrize(
    "name",
    [
        "signed",
        "accepted",
        "receipt",
        "names of the world",
        "annex of two pages",
        "annex of its own",
        "refusal in Swedish",
    ],
)
def test_a_letter_is_fit_for_the_archive_and_for_every_reader(report: dict, name: str) -> None:
    assert report[name] == BOTH


def test_the_check_tells_a_letter_without_a_language(report: dict) -> None:
    assert report["control: no language"]["PDF/UA-1"]


def test_the_check_tells_a_letter_without_the_marker(report: dict) -> None:
    assert report["control: no marker"]["PDF/UA-1"]
    assert report["control: no marker"]["PDF/A-3a"] == []


def test_the_check_tells_a_letter_with_an_empty_box(report: dict) -> None:
    found = report["control: no glyph"]
    assert found["PDF/A-3a"]
    assert found["PDF/UA-1"]


def _annex() -> bytes:
    long = content("SSB", Outcome.PARTLY, "nb", variables=60, at=DECIDED)
    names = ("محمد", "Čáŋŋá", "x" * 200, "😀")
    rows = tuple(replace(v, name=n) for v, n in zip(long.variables, names, strict=False))
    listing = annexes.listing(long.replace(variables=(*rows, *long.variables[4:])))
    [(_told, pdf)] = draw_volumes(listing)
    return pdf


def _without_language(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        del opened.Root.Lang
        opened.save(out)
    return out.getvalue()


def _drawn_with(case: Case, name: str, other: object) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagging, name, other)
        return render(case.content)


def _drawn_with_missing_glyph(case: Case) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "unprintable", lambda content: [])
        return render(case.content.replace(reasons=("王",)))
