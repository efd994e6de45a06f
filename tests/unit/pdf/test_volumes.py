"""Long lists on paper: whole, the same each time, and never read as anything but text."""

import io
import json
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from portal.pdf import columns, guard, volumes
from portal.pdf.drawing import draw
from portal.pdf.printable import spelt
from portal.pdf.volumes import Annex, Listing, draw_volumes, plan

MOMENT = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOSTILE = [
    '#let x = 1 #read("/etc/passwd")',
    "*bold* _it_ $a^2$ @ref <label> `raw` // gone /* gone */",
    "= Heading",
    "\\ \\u{41} -- --- ~ 'q' \"q\"",
    "]#[",
    "first\nsecond",
]


def listing(rows, **more):
    facts = {
        "title": "Variables",
        "agency": "The agency",
        "reference": "SSB-2026-00001",
        "language": "nb",
        "headings": ["Name", "What for"],
        "rows": rows,
        "moment": MOMENT,
        "filename": "list",
    }
    return Listing(**{**facts, **more})


def text(pdf):
    return "".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages).split())


def test_what_people_write_is_printed_as_they_wrote_it_and_never_read_as_a_program():
    [(_annex, pdf)] = draw_volumes(listing([[each, "x"] for each in HOSTILE]))
    told = text(pdf)
    for each in HOSTILE:
        assert "".join(each.split()) in told
    assert "root:" not in told


def test_the_same_list_gives_the_same_bytes():
    first, second = (list(draw_volumes(listing([["a", "b"]]))) for _twice in range(2))
    assert first == second


def test_volumes_hold_every_row_once_and_say_which_of_how_many_they_are(monkeypatch):
    monkeypatch.setattr(volumes, "MOST_CELLS", 60)
    rows = [[f"n{at}", "w"] for at in range(50)]
    steps = []
    made = list(draw_volumes(listing(rows), lambda done, total: steps.append((done, total))))
    assert len(made) == 3
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    held = []
    for annex, pdf in made:
        reader = PdfReader(io.BytesIO(pdf))
        attached = json.loads(reader.attachments["list.json"][0])
        held += attached["rows"]
        assert (attached["volume"], attached["volumes"]) == (annex.number, 3)
        assert len(attached["rows"]) == annex.rows
        assert f"n{annex.first - 1}" in text(pdf)
        assert reader.metadata.title == f"Variables, Bind {annex.number} av 3"
        assert reader.trailer["/Root"]["/Lang"] == "nb"
        assert Annex(**annex.facts()) == annex
    assert held == rows


def test_headings_stand_on_every_page_with_the_page_of_how_many():
    [(_annex, pdf)] = draw_volumes(listing([[f"n{at}", "w"] for at in range(120)]))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 2
    for at, page in enumerate(pages, 1):
        assert "What for" in page
        assert f"{at} / {len(pages)}" in page
        assert "SSB-2026-00001" in page


def test_what_the_fonts_lack_is_spelt_and_said_and_machines_get_it_as_it_was():
    [(_annex, pdf)] = draw_volumes(listing([["emoji 😀", "中"], ["ok", "Čáŋŋá"]]))
    told = text(pdf)
    for each in ("emoji[U+1F600]", "[U+4E2D]", "Čáŋŋá"):
        assert each in told
    assert "somikkekantrykkes" in told
    rows = json.loads(PdfReader(io.BytesIO(pdf)).attachments["list.json"][0])["rows"]
    assert rows[0] == ["emoji 😀", "中"]
    [(_annex, plain)] = draw_volumes(listing([["ok", "e\u0301"]]))
    assert "somikkekantrykkes" not in text(plain), "an accent that is joined is no other text"
    assert spelt("a\x00b\u202e") == "a[U+0000]b[U+202E]"


def test_words_longer_than_their_column_go_on_below_and_much_text_gets_more_room():
    long = "W" * 400
    [(_annex, pdf)] = draw_volumes(listing([[long, "x"]]))
    assert long in text(pdf)
    width = columns.layout(["a", "b"], [["x", "many words " * 30]]).widths
    assert width[1] > 3 * width[0]
    many = columns.layout([f"Heading{n}" for n in range(40)], [["x" * 12] * 40])
    assert many.width > columns.PAPERS[0][0], "many columns take larger paper"
    assert sum(many.widths) <= many.width - 2 * columns.MARGIN + 1


def test_an_empty_list_is_a_volume_without_rows():
    assert plan([]).spans == ((0, 0),)
    [(annex, pdf)] = draw_volumes(listing([]))
    assert annex.rows == 0
    assert "Name" in text(pdf)


def test_a_draft_says_so_on_every_page_and_has_nothing_for_machines():
    rows = [["a", "b"]] * 60
    [(_annex, pdf)] = draw_volumes(listing(rows, draft="UTKAST"))
    reader = PdfReader(io.BytesIO(pdf))
    assert all("UTKAST" in page.extract_text() for page in reader.pages)
    assert not reader.attachments


def test_nothing_is_drawn_while_a_request_is_answered(rf):
    def view(request):
        with pytest.raises(guard.DrawnInRequest):
            next(draw_volumes(listing([["a", "b"]])))
        with pytest.raises(guard.DrawnInRequest):
            draw("<p>x</p>", stylesheets=(), attachment=("a.json", b"{}"), moment=MOMENT)
        return "answered"

    assert guard.NothingIsDrawn(view)(rf.get("/")) == "answered"
    assert list(draw_volumes(listing([["a", "b"]]))), "and afterwards it is"


def test_a_drawing_has_no_environment_and_ends_at_its_limits(monkeypatch):
    monkeypatch.setattr(volumes, "MOST_BYTES", 60_000_000)
    with pytest.raises(volumes.RenderingFailed):
        list(draw_volumes(listing([["a", "b"]] * 3000)))


def test_a_volume_as_large_as_they_get_stays_small():
    """40,000 cells: the memory is that of a child, and given back."""
    rows = [["inntekt etter skatt", str(at)] * 3 for at in range(5000)]
    headings = ["Variable", "Year"] * 3
    made = list(draw_volumes(listing(rows, headings=headings)))
    assert [annex.rows for annex, _pdf in made] == [5000]
    assert all(len(pdf) < 20_000_000 for _annex, pdf in made), "what the page on letters takes"
