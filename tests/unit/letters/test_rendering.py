import io
import json
import os
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest
from django.test import override_settings

from decisions.letters.content import LetterContent, Outcome
from decisions.letters.draft import Draft
from decisions.letters.rendering import (
    UnprintableLetter,
    render,
    stylesheets,
    unprintable,
)
from decisions.letters.sample import content
from portal.pdf import RenderingFailed, drawing, fonts

from .conftest import DECIDED, Case


def text_of(pdf: bytes) -> str:
    """What a reader sees, spaces and line breaks made one."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return re.sub(r"\s+", " ", done.stdout.decode())


def test_the_same_decision_gives_the_same_bytes(case: Case) -> None:
    assert render(LetterContent.from_json(case.content.to_json())) == case.unsigned


def test_another_decision_gives_another_file(case: Case) -> None:
    assert render(case.content.replace(case_number="SSB-2026-00043")) != case.unsigned


def test_the_decision_lies_in_the_letter_as_its_data(case: Case) -> None:
    with pikepdf.open(io.BytesIO(case.unsigned)) as pdf:
        (filespec,) = pdf.Root.AF
        assert filespec.AFRelationship == "/Data"
        assert filespec.UF == "decision.json"
        data = pdf.attachments["decision.json"].get_file().read_bytes()
    assert LetterContent.from_json(data) == case.content


def test_the_letter_declares_both_standards_and_its_language(case: Case) -> None:
    with pikepdf.open(io.BytesIO(case.unsigned)) as pdf:
        assert pdf.Root.Lang == "nb"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "Vedtak om delvis tilgang til data" in str(pdf.docinfo["/Title"])
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert xmp.count("<rdf:RDF") == 1
        meta = pdf.open_metadata()
        assert meta["pdfaid:part"] == "3"
        assert meta["pdfaid:conformance"] == "A"
        assert meta["pdfuaid:part"] == "1"


def test_headings_bookmarks_and_table_heads_are_there_for_those_who_listen(case: Case) -> None:
    with pikepdf.open(io.BytesIO(case.unsigned)) as pdf:
        tags = list(_tags(pdf.Root.StructTreeRoot.K))
        kinds = [str(tag.S) for tag in tags]
        assert kinds.count("/H1") == 2  # the letter and its annex
        assert kinds.count("/H2") >= 8
        heads = [tag for tag in tags if tag.S == "/TH"]
        assert heads
        scopes = {str(tag.A.Scope) for tag in heads}
        assert scopes == {"/Row", "/Column"}
        with pdf.open_outline() as outline:
            assert [str(item.title) for item in outline.root] == [
                "Vedtak om delvis tilgang til data",
                "Vedlegg: vedtaket for hver variabel",
            ]
            assert "Vilkår" in [str(item.title) for item in outline.root[0].children]


def test_a_decision_at_half_past_eleven_at_night_utc_has_the_date_of_oslo(case: Case) -> None:
    assert case.content.decided_at == datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
    assert "15. januar 2026" in text_of(case.unsigned)
    assert "14. januar 2026" not in text_of(case.unsigned)


def test_dates_and_money_are_written_as_the_language_writes_them() -> None:
    expected = {
        ("SSB", "nn"): ("15. januar 2026", "29 250,00 kr"),
        ("DST", "da"): ("15. januar 2026", "25.270,00 kr."),
        ("SOS", "sv"): ("15 januari 2026", "30 250,00 kr"),
        ("SSB", "en"): ("15 January 2026", "NOK 29,250.00"),
    }
    for (agency, language), (day, total) in expected.items():
        draft = Draft(content(agency, Outcome.GRANTED, language, at=DECIDED))
        assert draft.decided_on == day
        assert draft.quote["sums"][-1][1].replace("\xa0", " ") == total


def test_what_a_person_wrote_is_printed_and_not_obeyed(granted: LetterContent) -> None:
    nasty = [
        "{{ settings.SECRET_KEY }}",
        "{% include 'x' %}",
        "<script>alert(1)</script>",
        '<img src="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<style>@import url("http://169.254.169.254/latest/");</style>',
        "&lt;b&gt; & \" ' {agency}",
        "</title><meta name=author content=x>",
    ]
    letter = granted.replace(
        project=replace(granted.project, title=nasty[2] + nasty[7], purpose=nasty[3]),
        recipient=replace(granted.recipient, institution=nasty[0], signatory=nasty[4]),
        reasons=tuple(nasty),
        appeal=(nasty[1],),
    )
    pdf = render(letter)
    shown = text_of(pdf)
    for text in nasty:
        assert text in shown
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert list(opened.attachments) == ["decision.json"]
        assert str(opened.docinfo["/Author"]) == granted.agency.name


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
        "https://example.org/x.png",
        "data:text/plain,x",
        "letter:../../../../etc/passwd",
        "secret.txt",
    ],
)
def test_a_letter_fetches_nothing(
    address: str, granted: LetterContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"something was opened: {args}")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", no_network)
    for html in (
        f'<html lang="en"><img src="{address}" alt="x">',
        f'<html lang="en"><link rel="attachment" href="{address}">',
        f'<html lang="en"><style>@import url("{address}");</style>x',
        f'<html lang="en"><p style="background: url({address})">x',
    ):
        with pytest.raises(RenderingFailed, match="asked for a file"):
            drawing.draw(
                html,
                stylesheets=stylesheets(granted.agency.theme),
                attachment=("decision.json", b"{}"),
                moment=DECIDED,
            )


def test_only_our_fonts_are_in_a_letter_whatever_the_machine_has(case: Case) -> None:
    with pikepdf.open(io.BytesIO(case.unsigned)) as pdf:
        names = {
            str(thing.BaseFont)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"
        }
    assert names
    assert all("IBM-Plex-Sans" in name for name in names)


def test_a_browser_started_later_still_finds_the_fonts_of_the_machine() -> None:
    fonts.configuration()
    assert "letter-fonts" not in os.environ.get("FONTCONFIG_FILE", "")


def test_fonts_are_unpacked_once_by_however_many_processes(tmp_path) -> None:
    with override_settings(LETTER_FONTS_UNPACKED=tmp_path):
        first = fonts.unpacked()
        changed = first.stat().st_mtime_ns
        assert fonts.unpacked() == first
        assert first.stat().st_mtime_ns == changed
    assert [each.name for each in tmp_path.iterdir()] == [first.name]
    assert len(list(first.glob("*.ttf"))) == 6


def test_names_in_sami_arabic_hebrew_polish_and_greek_are_printed(granted: LetterContent) -> None:
    names = ("Máret Čáŋŋá Đuoŧŧa", "محمد علي", "שלום כהן", "Łukasz Żak", "Ελένη", "Nguyễn")
    letter = granted.replace(recipient=replace(granted.recipient, applicants=names))
    assert unprintable(letter) == []
    shown = text_of(render(letter))
    assert "Máret Čáŋŋá Đuoŧŧa" in shown
    assert "Łukasz Żak" in shown


def test_an_accent_typed_as_a_mark_of_its_own_is_printed_joined(granted: LetterContent) -> None:
    letter = granted.replace(recipient=replace(granted.recipient, applicants=("A\u030ase",)))
    assert unprintable(letter) == []
    assert "Åse" in text_of(render(letter))


def test_a_character_without_a_glyph_is_named_with_its_place(granted: LetterContent) -> None:
    letter = granted.replace(
        recipient=replace(granted.recipient, applicants=("Ok", "王伟")),
        reasons=("Fint 😀",),
        project=replace(granted.project, purpose="a\u202eb\x00c"),
    )
    found = {(each.where, each.character) for each in unprintable(letter)}
    assert found == {
        ("recipient.applicants[1]", "王"),
        ("recipient.applicants[1]", "伟"),
        ("reasons[0]", "😀"),
        ("project.purpose", "\u202e"),
        ("project.purpose", "\x00"),
    }
    with pytest.raises(UnprintableLetter, match=r"reasons\[0\]: U\+1F600 \(GRINNING FACE\)"):
        render(letter)


def test_a_long_list_of_variables_repeats_its_heading_on_every_page() -> None:
    letter = content("SSB", Outcome.PARTLY, "nb", variables=120, at=DECIDED)
    with pikepdf.open(io.BytesIO(render(letter))) as pdf:
        tags = list(_tags(pdf.Root.StructTreeRoot.K))
        tables = [tag for tag in tags if tag.S == "/Table"]
        annex = [t for t in tables if any(k.S == "/THead" for k in _children(t))]
        pages_of_annex = [t for t in annex if sum(1 for _ in _tags(t.K)) > 40]
        assert len(pages_of_annex) >= 3


def test_long_words_and_titles_stay_inside_the_page(granted: LetterContent) -> None:
    word = "Personopplysningsbehandlingsgrunnlag" * 8
    variables = tuple(replace(v, name=word, reason=word) for v in granted.variables[:3])
    letter = granted.replace(
        project=replace(granted.project, title=word + " " + "lang tittel " * 40),
        recipient=replace(granted.recipient, institution=word, reference=word),
        decision_maker=replace(granted.decision_maker, title=word),
        variables=variables,
    )
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=render(letter), capture_output=True, check=True
    )
    right = [float(x) for x in re.findall(r'xMax="([\d.]+)"', done.stdout.decode())]
    width = 210 / 25.4 * 72
    assert max(right) <= width - 20 / 25.4 * 72


def test_a_refusal_offers_nothing_to_accept_and_says_how_to_appeal() -> None:
    shown = text_of(render(content("SSB", Outcome.REFUSED, "nb", at=DECIDED)))
    assert "Vedtak om avslag på søknad" in shown
    assert "Klageadgang" in shown
    assert "Aksept" not in shown
    assert "Tilgangen gis på disse vilkårene" not in shown


def test_a_letter_of_the_demo_says_so_on_every_page_and_a_real_one_does_not(case: Case) -> None:
    said = "Eksempel fra en demo. Ikke et virkelig vedtak."
    with pikepdf.open(io.BytesIO(case.unsigned)) as pdf:
        pages = len(pdf.pages)
    assert text_of(case.unsigned).count(said) == pages + 1
    assert said not in text_of(render(case.content.replace(specimen=False)))


def test_an_agency_may_bring_a_template_of_its_own(granted: LetterContent, tmp_path) -> None:
    own = tmp_path / "decisions" / "letters" / "ssb"
    own.mkdir(parents=True)
    (own / "letter.html").write_text(
        '{% extends "decisions/letters/letter.html" %}{% block body %}<h1>Own</h1>{% endblock %}'
    )
    from django.conf import settings

    engine = dict(settings.TEMPLATES[0], DIRS=[tmp_path, *settings.TEMPLATES[0]["DIRS"]])
    with override_settings(TEMPLATES=[engine]):
        assert "Own" in text_of(render(granted))


def test_missing_fonts_are_said_plainly(granted: LetterContent, tmp_path) -> None:
    fonts.coverage.cache_clear()
    with override_settings(LETTER_FONTS=tmp_path), pytest.raises(fonts.FontsMissing, match="npm"):
        unprintable(granted)
    fonts.coverage.cache_clear()


def test_one_stylesheet_and_one_font_configuration_serve_a_whole_process(case: Case) -> None:
    theme = case.content.agency.theme
    for one, other in zip(stylesheets(theme), stylesheets(theme), strict=True):
        assert one is other
    assert fonts.configuration() is fonts.configuration()


def test_the_attached_decision_can_be_read_without_us(case: Case) -> None:
    with pikepdf.open(io.BytesIO(case.signed)) as pdf:
        data = json.loads(pdf.attachments["decision.json"].get_file().read_bytes())
    assert data["outcome"] == "partly"
    assert data["decided_at"] == "2026-01-14T23:30:00+00:00"


def _children(tag: pikepdf.Object) -> list[pikepdf.Object]:
    kids = tag.get("/K", [])
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _tags(kids: pikepdf.Object):
    for tag in _children(pikepdf.Dictionary(K=kids)):
        yield tag
        yield from _tags(tag.get("/K", pikepdf.Array()))


def test_the_collector_of_garbage_runs_again_after_a_drawing_good_or_bad(case: Case) -> None:
    import gc

    render(case.content)
    assert gc.isenabled()
    with pytest.raises(RenderingFailed):
        drawing.draw(
            '<link rel="attachment" href="file:///etc/passwd"><img src="file:///etc/passwd">',
            stylesheets=(),
            attachment=("a.json", b"{}"),
            moment=DECIDED,
        )
    assert gc.isenabled()
