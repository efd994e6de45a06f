"""What people read of a rule, in five languages."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.unit.completeness.oracle import CONDITIONS

APPLICATIONS = Path(__file__).parents[3] / "applications"
FILES = {
    "COM": APPLICATIONS / "completeness/messages.toml",
    **{
        agency: APPLICATIONS / f"schemes/{agency.lower()}/v2026_1/messages.toml"
        for agency in ("SSB", "DST", "SOS")
    },
}
MESSAGES = {agency: tomllib.loads(path.read_text("utf-8")) for agency, path in FILES.items()}
OPEN = {
    f"{rule_id} open": texts.pop("open")
    for told in MESSAGES.values()
    for rule_id, texts in told.items()
    if "open" in texts
}
ALL = {rule_id: texts for told in MESSAGES.values() for rule_id, texts in told.items()} | OPEN
LANGUAGES = ["en", "nb", "nn", "da", "sv"]


@pytest.mark.parametrize("agency", MESSAGES)
def test_every_rule_has_a_message_and_no_message_is_without_its_rule(agency):
    assert set(MESSAGES[agency]) == {i for i in CONDITIONS if i.startswith(agency)}


def test_every_message_is_there_in_every_language():
    assert {i for i, texts in ALL.items() if list(texts) != LANGUAGES} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_sentences_that_end(language):
    for rule_id, texts in ALL.items():
        text = texts[language]
        assert text == text.strip(), rule_id
        assert text[0].isupper(), rule_id
        assert text.endswith((".", ")")), rule_id
        assert "  " not in text, rule_id


def test_a_message_says_the_same_figures_and_names_in_every_language():
    """Years, numbers, web addresses and the names of files and institutions are not translated."""
    kept = re.compile(r"microdata\.no|helsedata\.no|DPIA|GDPR|REK|CVR|ICD-10|Eurostat|\b\d{2,4}\b")
    for rule_id, texts in ALL.items():
        wanted = set(kept.findall(texts["en"]))
        for language in LANGUAGES:
            assert wanted <= set(kept.findall(texts[language])), (rule_id, language)


@pytest.mark.parametrize(
    ("language", "never"),
    [
        # words of the neighbouring language that slip in when texts are copied
        ("nb", r"\b(ikkje|eit|frå|dykk\w*|søkj\w+|kva|og och|inte|blir ikkje)\b"),
        ("nn", r"\b(ikke|fra|hvor\w*|hva|deres|søker|formålet|særlig|dekker|virksomhet\w*)\b"),
        ("da", r"\b(ikkje|og och|ikke-|søknad\w*|vedtak\w*|dere|deres institusjon|forskning om)\b"),
        ("sv", r"\b(ikke|og|fra|hvor\w*|dere|deres|søknad\w*|vedlegg)\b"),
    ],
)
def test_a_message_keeps_to_its_language(language, never):
    slips = {i: t[language] for i, t in ALL.items() if re.search(never, t[language], re.I)}
    assert slips == {}
