"""Lists for spreadsheets: no program that opens one calculates what somebody wrote, and reading it back
gives what was written."""

import csv
import io
import random
import re
import sys
import unicodedata

import pytest

from portal.files import apart, writing
from portal.files.child import signs
from portal.files.reading import read_csv

FORMULAS = [
    *("=1+1", "+47 22 00", "-x", "@SUM(A1)", "\t=1", "\r=1", " =2", "\x00=1", "\n@x"),
    *("x,=1+1", "x;=1+1", "x\t=1+1", "x|@a", "x\n=1+1", "x, =1+1", 'x,"=1+1&"', '"=1', "a,b;-c,+d"),
    *("\uff1d1+1", "x,\uff0b1", "\uff0d1", "\uff20SUM(A1)", "\ufe661", "'=1+1", "x,'=1", "''=1"),
]
STARTS = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]")


def opened_with(text, separator):
    """The cells as a program finds them that splits at `separator`."""
    return [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]


@pytest.mark.parametrize("written", FORMULAS)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_no_cell_is_a_formula_wherever_a_program_splits_the_line(written, separator):
    text = writing.csv_of([["first", written, "last"], [written, "x"]]).removeprefix("\ufeff")
    for cell in opened_with(text, separator):
        assert not STARTS.match(cell.lstrip('"')), cell
    for cell in re.split(f"[{separator}\r\n]", text):  # and one that knows no quotes
        assert not STARTS.match(cell.lstrip('" ')), cell


def test_no_line_names_a_separator_and_the_mark_of_the_encoding_comes_first():
    text = writing.csv_of([["a", "b"]])
    assert text == '\ufeff"a";"b"\r\n'


def as_read(value):
    """What reading makes of any text: white space within a line is one space, empty lines go."""
    lines = (" ".join(part.split()) for part in signs.text(value).split("\n"))
    return "\n".join(part for part in lines if part)


def test_our_own_file_read_back_gives_the_original_texts():
    chance = random.Random(8)
    pieces = ["=", "+", "-", "@", "'", '"', ",", ";", "|", "\t", "\n", " ", "x", "1", "\uff1d", "å"]
    texts = ["".join(chance.choices(pieces, k=chance.randrange(1, 9))) for _turn in range(3000)]
    texts = [text for text in texts if as_read(text)] + FORMULAS
    content = writing.csv_of([["heading", "more"], *([text, "x"] for text in texts)]).encode()
    read = read_csv(content)[1:]
    assert [line[0] for line in read] == [as_read(text) for text in texts]


def test_of_somebody_elses_file_only_the_mark_of_a_whole_cell_goes():
    assert read_csv(b"a,b\n'=1+1,\"codes: 1, '-1'\"\n")[1] == ["=1+1", "codes: 1, '-1'"]


@pytest.mark.parametrize("written", FORMULAS)
def test_a_workbook_holds_texts_and_gives_them_back(written):
    content = writing.workbook("1", ["a", "b"], [[written, 5]])
    read = apart.table(io.BytesIO(content), "xlsx", len).lines
    assert read[1] == [as_read(written), "5"]


def test_a_text_with_lines_keeps_them_on_the_way_out_and_in():
    content = writing.csv_of([["a"], ["one, two;\nthree"]]).encode()
    assert read_csv(content)[1] == ["one, two;\nthree"]


# -- the cleaning of texts -----------------------------------------------------------------------


def test_every_control_and_format_character_of_unicode_goes():
    """Compared with the tables of this Python, so that a newer one shows what is missing."""
    unseen = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs")
        and chr(code) not in "\t\n\r\x0b\x0c\x85"
    ]
    assert [f"{ord(c):x}" for c in unseen if signs.text(f"a{c}b") != "ab"] == []
    assert [f"{ord(c):x}" for c in unseen if signs.line(f"a{c}b") != "ab"] == []


def test_letters_are_composed_lines_are_kept_and_a_line_is_one():
    assert signs.text("A\u030ase\r\nO\u0308") == "Åse\nÖ"
    assert signs.line("  A\u030ase \u00a0\t O\u0308\r\nx\u2028y ") == "Åse Ö x y"
    assert signs.line("\u202egnp.exe\ufeff") == "gnp.exe"


def test_what_can_be_seen_stays():
    kept = "Ærø – “x” ½ € 你好 שלום عربي 👍 ﬁ"
    assert signs.line(kept) == signs.text(kept) == kept
