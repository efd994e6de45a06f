"""State is written in one place; every command is classified by somebody."""

import ast
from pathlib import Path

from applications.history import SENTENCES
from applications.workflow import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "institutions", "catalogue", "applications", "decisions")
GATE = "applications/commands/gate.py"


def _sources():
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def test_only_the_gate_assigns_an_applications_state():
    writers = set()
    for name, tree in _sources():
        for node in ast.walk(tree):
            targets = []
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AnnAssign | ast.AugAssign):
                targets = [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "state":
                    writers.add(name)
    assert writers == {GATE}


def test_only_the_gate_and_bulk_seeding_open_the_lock():
    users = set()
    for name, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "gate_open":
                users.add(name)
    assert users <= {
        GATE,
        "applications/management/commands/seed_load.py",
        "portal/local/seeding.py",
    }


def test_every_command_has_a_line_in_the_history():
    assert set(SENTENCES) == COMMANDS | {"create"}


def test_every_command_has_a_handler():
    import decisions.commands  # noqa: F401 - registers its handlers
    from applications.commands.gate import HANDLERS

    assert set(HANDLERS) == COMMANDS
