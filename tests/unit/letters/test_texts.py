import re

import pytest

from decisions.letters.content import LANGUAGES
from decisions.letters.texts import Texts

# Words that are Bokmål and not Nynorsk, in a standard sentence.
BOKMAAL = set(
    re.findall(
        r"\w+",
        """
        ikke fra hvilke hvilken dataene vilkårene begrunnelse søkere formål hver selve levert
        innvilget tilbud merverdiavgift rettslig saksbehandler vennlig derfor uendret kilde
        årganger utstedt noe en et jeg dere deres
        """,
    )
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_the_same_gaps(language: str) -> None:
    english, texts = Texts("en"), Texts(language)
    assert set(texts) == set(english)
    for key in english:
        assert texts[key].strip(), key
        assert _gaps(texts[key]) == _gaps(english[key]), key


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_no_sentence_was_left_in_english(language: str) -> None:
    english, texts = Texts("en"), Texts(language)
    long = [key for key in english if len(english[key]) > 25]
    assert [key for key in long if texts[key] == english[key]] == []


def test_nynorsk_is_nynorsk() -> None:
    words = set(re.findall(r"\w+", " ".join(Texts("nn").values()).lower()))
    assert words.isdisjoint(BOKMAAL)
    assert words >= {"ikkje", "frå", "vilkåra", "grunngiving", "søkjarar", "føremål", "difor"}


def test_an_agency_can_replace_a_sentence_but_not_invent_one() -> None:
    assert Texts("sv", {"appeal": "Överklagande"})["appeal"] == "Överklagande"
    with pytest.raises(KeyError, match="no_such"):
        Texts("sv", {"no_such": "x"})


def test_a_language_without_letters_is_refused() -> None:
    for language in ("fi", "../secrets", ""):
        with pytest.raises(KeyError):
            Texts(language)


def test_braces_in_a_name_are_printed_and_not_filled_in() -> None:
    text = Texts("en").fill("attention", name="{agency} {name.__class__} {{ x }}")
    assert text == "Attn. {agency} {name.__class__} {{ x }}"


def _gaps(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", text))
