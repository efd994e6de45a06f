"""A microdata.no script: what it asks for is read, what is not understood is told, nothing fails."""

import io
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from applications.imports import decode, microdata_script

ROOT = Path(__file__).resolve().parents[3]

SCRIPT = """\
// income of the grown-up
require no.ssb.fdb:38 as db
require no.fhi.npr:DRAFT as npr

create-dataset people
import db/INNTEKT_WLONN 2022-12-31 as inntekt22, outer_join
import db/BEFOLKNING_KJOENN as kjønn  // fixed
import-event npr/HOVEDDIAGNOSE 2015-01-01 to 2020-12-31 as diagnose
import-panel db/SIVSTAND db/INNTEKT_WLONN 2018-01-01 2019-01-01 2020-01-01
keep if alder > 17
tabulate kjønn
"""


def rows(text):
    return [
        (v.bank, v.name, v.from_year, v.to_year, v.timeless, v.lines)
        for v in microdata_script.read(text).variables
    ]


def told(text):
    return [(s.line, s.why) for s in microdata_script.read(text).not_understood]


def test_each_variable_becomes_one_row_in_order_of_first_use():
    assert rows(SCRIPT) == [
        ("no.ssb.fdb", "INNTEKT_WLONN", 2018, 2022, False, [6, 9]),
        ("no.ssb.fdb", "BEFOLKNING_KJOENN", None, None, True, [7]),
        ("no.fhi.npr", "HOVEDDIAGNOSE", 2015, 2020, False, [8]),
        ("no.ssb.fdb", "SIVSTAND", 2018, 2020, False, [9]),
    ]
    assert told(SCRIPT) == []


def test_small_and_large_letters_of_commands_are_one() -> None:
    assert rows(
        "REQUIRE no.ssb.fdb:1 AS d\nImport d/A 2011-05-01 As x\nIMPORT-PANEL d/B 2011-05-01"
    ) == [
        ("no.ssb.fdb", "A", 2011, 2011, False, [2]),
        ("no.ssb.fdb", "B", 2011, 2011, False, [3]),
    ]
    assert rows("require no.ssb.fdb:1 as d\nimport-event d/A 2010-01-01 TO 2012-01-01")[0][2:4] == (
        2010,
        2012,
    )


def test_what_says_something_about_the_population_is_kept_for_the_officer():
    found = microdata_script.read(SCRIPT + "drop if bosatt == 0\ndrop alder\n").population
    assert [(s.line, s.text) for s in found] == [
        (10, "keep if alder > 17"),
        (12, "drop if bosatt == 0"),
    ]


def test_an_import_of_the_oldest_kind_has_neither_bank_nor_alias():
    assert rows("import INNTEKT_WLONN 2010-01-01 as wage") == [
        (None, "INNTEKT_WLONN", 2010, 2010, False, [1])
    ]


def test_a_variable_that_is_also_asked_at_a_date_is_not_timeless():
    found = rows("require no.ssb.fdb:1 as d\nimport d/A\nimport d/A 2011-05-01\nimport d/A")
    assert found == [("no.ssb.fdb", "A", 2011, 2011, False, [2, 3, 4])]


def test_the_same_name_in_two_banks_is_two_variables():
    text = "require a.b:1 as x\nrequire a.c:2 as y\nimport x/N\nimport y/N"
    assert [(r[0], r[1]) for r in rows(text)] == [("a.b", "N"), ("a.c", "N")]


def test_an_alias_means_the_bank_that_was_connected_last():
    text = "require a.b:1 as x\nimport x/N\nrequire a.c:1 as x\nimport x/N"
    assert [(r[0], r[5]) for r in rows(text)] == [("a.b", [2]), ("a.c", [4])]


@pytest.mark.parametrize(
    "options",
    [
        "outer_join",
        " inner_join",
        "values('1', \"2, 3\")",
        "values_from(people), inner_join",
        "values('a//b)', 2020-01-01)",
    ],
)
def test_options_behind_a_comma_change_nothing(options):
    text = f"require a.b:1 as x\nimport x/N 2020-12-31 as n,{options}"
    assert rows(text) == [("a.b", "N", 2020, 2020, False, [2])]
    assert told(text) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("frobnicate x", "command"),
        ("import x/N 2020-13-01", "form"),
        ("import x/N 2020", "form"),
        ("import x/N $day as n", "form"),
        ("import x/lower", "form"),
        ("import x/ØKONOMI", "form"),
        ("import", "form"),
        ("import x/N as n again", "form"),
        ("import-event x/N 2020-01-01", "form"),
        ("import-panel x/N", "form"),
        ("import-panel 2020-01-01", "form"),
        ("require a.b", "form"),
        (", as", "command"),
    ],
)
def test_a_line_that_is_not_understood_is_told_with_its_number_and_the_rest_is_read(line, why):
    text = f"require a.b:1 as x\n{line}\nimport x/M"
    assert told(text) == [(2, why)]
    assert [r[1] for r in rows(text)] == ["M"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import x/N", "bank"),
        ("require a.b:next as x\nimport x/N", "version"),
        ("require a.b:1 as x\nimport x/N, new_option", "option"),
    ],
)
def test_what_is_partly_understood_is_taken_and_told(text, why):
    assert [r[1] for r in rows(text)] == ["N"]
    assert [s.why for s in microdata_script.read(text).not_understood] == [why]


def test_comments_and_blocks_of_text_ask_for_nothing():
    text = "//import d/A\n  // import d/B\ntextblock\nimport d/C\nendblock\nimport D // d/E"
    assert [r[1] for r in rows(text)] == ["D"]
    assert told(text) == []


def test_a_block_of_text_that_never_ends_hides_nothing():
    assert [r[1] for r in rows("textblock\nimport D")] == ["D"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_of_all_machines_give_the_same_rows(encoding, end):
    assert rows(decode(SCRIPT.replace("\n", end).encode(encoding))) == rows(SCRIPT)


def test_a_script_is_told_from_a_list():
    assert microdata_script.read(SCRIPT).recognised
    assert microdata_script.read("import INNTEKT 2010-01-01").recognised
    for text in ("", "Variabel;Fra;Til\nKjønn;2001;2010", "Import\nVARER", "import VARER", "use x"):
        assert not microdata_script.read(text).recognised


def test_no_text_makes_it_fail():
    chance = random.Random(20260101)
    pieces = [
        "import", "import-event", "import-panel", "require", "as", "to", "db/A", "db/", "/A", "//",
        "/", ",", "'", '"', "(", ")", "values(", "2020-01-01", "2020-02-31", "0000-00-00", "\n",
        "\r", " ", "\t", "\x00", "\ufeff", "\ud800", "å", "²", "no.ssb.fdb:38", ":", "keep if",
        "textblock", "endblock", "$i", "A" * 50, "\u2028", "\x85", "٢٠٢٠-٠١-٠١",
    ]  # fmt: skip
    for _round in range(3000):
        text = "".join(
            chance.choice(pieces) + chance.choice(["", " ", "\n"])
            for _piece in range(chance.randrange(25))
        )
        script = microdata_script.read(text)
        last = text.count("\n") + text.count("\r") + 1
        json.dumps([v.as_json() for v in script.variables])
        for variable in script.variables:
            assert variable.lines == sorted(set(variable.lines))
            assert 1 <= variable.lines[0] <= variable.lines[-1] <= last
            assert variable.timeless == (variable.from_year is None)
        assert all(1 <= said.line <= last for said in script.not_understood)


def test_no_bytes_make_it_fail():
    chance = random.Random(7)
    for _round in range(500):
        microdata_script.read(decode(chance.randbytes(chance.randrange(200))))


@pytest.mark.parametrize(
    "text",
    [
        "import db/INNTEKT_WLONN 2020-01-01 as wage\n" * 25_000,
        "a" * 1_000_000,
        "import " + "A" * 1_000_000,
        "import " + "0" * 1_000_000,
        "import db/A, " + "(" * 1_000_000,
        "'" * 1_000_000 + "//",
        "//'" * 330_000,
        "import-panel " + "db/A " * 200_000,
        "import-panel " + " ".join(f"db/A{n}" for n in range(100_000)),
        "textblock\n" * 100_000,
        "require " + "a-" * 500_000 + "! as x",
        "keep" + " " * 1_000_000 + "x",
    ],
    ids=range(12),
)
def test_a_megabyte_is_read_in_well_under_a_second(text):
    began = time.process_time()
    microdata_script.read(text)
    assert time.process_time() - began < 2  # measured: 0.3 s at most; steep growth takes minutes


def test_the_command_prints_the_rows_and_tells_the_rest_elsewhere(tmp_path):
    file = tmp_path / "script.txt"
    file.write_bytes((SCRIPT + "frobnicate\n").encode("utf-16"))
    out, err = io.StringIO(), io.StringIO()
    call_command("read_script", str(file), "--json", stdout=out, stderr=err)
    assert json.loads(out.getvalue())[1] == {
        "bank": "no.ssb.fdb",
        "name": "BEFOLKNING_KJOENN",
        "fromYear": None,
        "toYear": None,
        "timeless": True,
        "lines": [7],
    }
    assert "line 12" in err.getvalue()


def test_the_command_needs_neither_database_nor_settings():
    bare = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
    done = subprocess.run(
        [sys.executable, "manage.py", "read_script", "-", "--json"],
        cwd=ROOT,
        env=bare | {"DATABASE_URL": "postgresql://nobody@nowhere.invalid/none"},
        input="import KJØNN\nimport ALDER as å\n".encode("cp1252"),
        capture_output=True,
        check=True,
    )
    assert [row["name"] for row in json.loads(done.stdout)] == ["ALDER"]
