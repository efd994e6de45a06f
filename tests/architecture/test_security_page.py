"""docs/security.md names a test for every attack and every fault, and what it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
FILES = {
    path.relative_to(ROOT / "tests").as_posix(): path.read_text()
    for path in (ROOT / "tests").rglob("test_*.py")
}
FAMILIES, FAULTS = 21, 11
# `accounts/test_sessions.py`, `test_sessions` or `test_worker.py::test_what_it_holds`; a path may
# leave out where it begins. A folder alone, with a slash or below tests/, is a place, not a test.
NAMED = re.compile(r"`((?:[\w-]+/)*test_\w+(?:\.py)?(?:::test_\w+)?)`")


def _is_there(named: str) -> bool:
    file, _, test = named.partition("::")
    wanted = file.removeprefix("tests/").removesuffix(".py") + ".py"
    found = [text for path, text in FILES.items() if f"/{path}".endswith(f"/{wanted}")]
    if test:
        return any(f"def {test}(" in text for text in found)
    return bool(found) or any(f"def {named}(" in text for text in FILES.values())


def _rows(heading: str) -> dict[str, str]:
    """First cell -> the others, of the table below `heading`."""
    _before, _, part = PAGE.partition(f"## {heading}\n")
    table = part.partition("\n## ")[0]
    rows = [line.strip("|").split("|", 1) for line in table.splitlines() if line.startswith("| ")]
    return {first.strip(): rest for first, rest in rows[1:]}


def test_every_test_that_the_page_names_is_there() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 60
    assert [name for name in named if not _is_there(name)] == []


def test_each_family_of_attacks_has_a_test() -> None:
    rows = _rows("Attacks and the tests that hold them")
    assert set(rows) == {str(number) for number in range(1, FAMILIES + 1)}
    assert [number for number, row in rows.items() if not NAMED.search(row)] == []


def test_each_fault_has_a_test() -> None:
    rows = _rows("Faults and the tests that hold them")
    assert len(rows) == FAULTS
    assert [fault for fault, row in rows.items() if not NAMED.search(row)] == []
