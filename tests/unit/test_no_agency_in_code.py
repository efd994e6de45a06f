"""No agency's name stands in code outside its package: a new agency is a folder, not a change.

Comments and docstrings may give an example; code, texts and templates may not. Demo data is data.
"""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

from applications import schemes

ROOT = Path(__file__).parents[2]
APPS = (
    "portal",
    "institutions",
    "catalogue",
    "applications",
    "decisions",
    "templates",
    "static/js",
)
PACKAGES = ROOT / "applications" / "schemes"
# Where agencies are named as data, with the reason.
DATA = {
    "portal/local/": "the people, places and cases of the demo",
    "portal/settings/": "which agencies are served here is a setting",
    "catalogue/benchmarks.py": "an invented catalogue for the figures",
    "decisions/models/parts.py": "an example in a help text that a landed migration holds",
    "portal/accounts/models.py": "an example in a help text that a landed migration holds",
}


def names() -> re.Pattern[str]:
    """Codes, short names and names of the agencies that are here, as whole words."""
    found = set()
    for scheme in schemes.all_current():
        found.add(scheme.agency)
        for text in (scheme.name, scheme.short_name):
            found |= {re.sub(r" \(.*\)", "", name) for name in text.texts.values()}
    words = "|".join(sorted(map(re.escape, found), key=len, reverse=True))
    # A code within a longer name in capitals or small letters counts too: SSB_CODES, "ssb".
    codes = "|".join(scheme.agency.lower() for scheme in schemes.all_current())
    return re.compile(rf"(?<![A-Za-z])(?:{words})(?![a-z])|[\"'/](?:{codes})[\"'/]")


def files() -> list[Path]:
    inside = {path for path in PACKAGES.glob("*/v*/") for path in path.parent.rglob("*")}
    kept = []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*")):
            if path.suffix not in (".py", ".html", ".js", ".css", ".svg") or path in inside:
                continue
            here = path.relative_to(ROOT).as_posix()
            if "/migrations/" in here or any(here.startswith(each) for each in DATA):
                continue
            kept.append(path)
    return kept


def said(path: Path) -> str:
    """The text of a file without comments and, in Python, without docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return re.sub(r"\{#.*?#\}|\{% comment .*?endcomment %\}", "", text, flags=re.S)
    if path.suffix in (".js", ".css"):
        return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", text, flags=re.S)
    if path.suffix != ".py":
        return text
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [n.body[0] for n in ast.walk(ast.parse(text)) if isinstance(n, documented) and n.body]
    docstrings = {n.lineno for n in first if isinstance(n, ast.Expr)}
    told = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        a_docstring = token.type == tokenize.STRING and token.start[0] in docstrings
        if token.type != tokenize.COMMENT and not a_docstring:
            told.append(token.string)
    return "\n".join(told)


def test_no_agency_is_named_outside_its_package():
    pattern = names()
    found = {
        path.relative_to(ROOT).as_posix(): sorted({m.group() for m in pattern.finditer(said(path))})
        for path in files()
    }
    assert {path: named for path, named in found.items() if named} == {}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('agency == "SSB"', True),
        ("DST_CODES = 1", True),
        ('rules["SOS-CHK-04"]', True),
        ('kept = "ssb"', True),
        ("Statistics Norway", True),
        ("Danmarks Statistik", True),
        ("dsts = sosial", False),
        ('"passbook"', False),
    ],
)
def test_the_pattern_finds_names_and_nothing_else(line, named):
    assert bool(names().search(line)) is named
