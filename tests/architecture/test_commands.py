"""Every command runs in a test, and every command that a page or a script names is there."""

import ast
import re
import shlex
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted(
    path.stem
    for pattern in ("*/management/commands/*.py", "portal/*/management/commands/*.py")
    for path in ROOT.glob(pattern)
    if path.stem != "__init__"
)
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "Makefile",
    ROOT / "Dockerfile",
    ROOT / "docker-compose.yml",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "scripts").glob("*.sh")),
]
NAMED = re.compile(r"manage\.py[\"', ]+([a-z_]+)((?:[\"', ]+-[\w-]+|[\"', ]+[\w./:*-]+)*)")
# What a test of its own runs from the Makefile or a script, and Django's own commands beside it:
# "migrate" makes every test's database; "check" and the like are run below or in test_house.
ELSEWHERE = {"migrate"}


def _strings(node: ast.AST) -> list[str]:
    return [
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]


def run_in_tests() -> set[str]:
    """The commands that a test calls: by call_command, or as a process of its own."""
    found = set(ELSEWHERE)
    for path in sorted((ROOT / "tests").rglob("*.py")):
        text = path.read_text()
        for module in re.findall(r"management\.commands\.(\w+) import Command", text):
            found.add(module)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "call_command":
                found.update(_strings(node.args[0]) if node.args else [])
            if isinstance(node, ast.List | ast.Tuple | ast.Call):
                told = _strings(node)
                for at, word in enumerate(told[:-1]):
                    if word == "manage.py":
                        found.add(told[at + 1])
    return found


def named() -> dict[str, set[str]]:
    """Command -> the options that pages, scripts and other commands' help name with it."""
    found: dict[str, set[str]] = {}
    helps = [p for p in ROOT.rglob("management/commands/*.py") if ".venv" not in p.parts]
    for path in [*PAGES, *helps]:
        for name, rest in NAMED.findall(path.read_text()):
            options = {o for o in re.findall(r"(?<![\w-])--?[a-z][\w-]*", rest) if o[:2] == "--"}
            found.setdefault(name, set()).update(options)
    return found


def test_every_command_of_ours_runs_in_a_test() -> None:
    assert OURS
    assert set(OURS) - run_in_tests() == set()


def test_every_command_that_a_page_names_is_there_and_runs_in_a_test() -> None:
    pages = named()
    assert {"demo", "outbox", "check", "seed_load"} <= set(pages)
    assert set(pages) - set(get_commands()) == set()
    assert set(pages) - run_in_tests() == set()


@pytest.mark.parametrize("name", sorted(named()))
def test_options_that_a_page_names_are_taken(name: str) -> None:
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    known = {option for action in parser._actions for option in action.option_strings}
    assert named()[name] - known == set()


def test_targets_of_make_that_a_page_names_are_there() -> None:
    there = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for page in PAGES:
        spoken = re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", page.read_text(), re.M)
        assert {one or other for one, other in spoken} <= there, page.name
    scripts = re.findall(r"scripts/[\w.-]+", (ROOT / "Makefile").read_text())
    assert all((ROOT / script).exists() for script in scripts)
    assert shlex.split((ROOT / ".ci" / "run").read_text().splitlines()[-1])[-1] in there


def test_the_permissions_page_is_written_as_it_stands(settings, tmp_path, capsys) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(SystemExit, match="stale"):
        call_command("permissions", check=True)
    call_command("permissions")
    call_command("permissions", check=True)
    assert (tmp_path / "docs" / "permissions.md").read_text() == (
        ROOT / "docs" / "permissions.md"
    ).read_text()


def test_translations_are_complete_and_can_be_compiled() -> None:
    call_command("translations", check=True)
    call_command("translations", compile=True, language="nn")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_what_the_image_serves_can_be_collected() -> None:
    call_command("collectstatic", dry_run=True, interactive=False, verbosity=0)
