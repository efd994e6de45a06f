"""`make test-fast` chooses what a change touches."""

import importlib.util
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("touched", ROOT / "scripts" / "touched.py")
assert _spec is not None
assert _spec.loader is not None
touched = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(touched)
ALWAYS = list(touched.ALWAYS)


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        ("docs/ui.md", []),
        ("catalogue/selectors.py", ["tests/integration/catalogue"]),
        ("portal/events/outbox.py", ["tests/integration/events"]),
        ("portal/health.py", ["tests/integration/portal"]),
        ("templates/demo/people.html", ["tests/integration/local"]),
        ("tests/integration/ui/test_guide.py", ["tests/integration/ui/test_guide.py"]),
        ("tests/integration/events/conftest.py", ["tests/integration/events"]),
        ("tests/unit/ui/test_x.py", []),
        ("tests/browser/test_road.py", []),
    ],
)
def test_the_tests_of_the_changed_part_are_chosen_and_units_always(changed, more) -> None:
    assert touched.chosen([changed]) == sorted([*ALWAYS, *more])


def test_a_file_is_not_run_twice_when_its_folder_is() -> None:
    both = ["tests/integration/ui/test_guide.py", "portal/ui/views.py"]
    assert touched.chosen(both) == sorted([*ALWAYS, "tests/integration/ui"])


def test_every_app_and_every_folder_of_templates_is_tested_somewhere_that_is_there() -> None:
    for start, folder in touched.TESTED_IN.items():
        assert (ROOT / start).is_dir(), start
        assert (ROOT / folder).is_dir(), folder
    apps = {path.parent for path in ROOT.glob("*/models*")}
    assert {f"{app.name}/" for app in apps if app.name != "node_modules"} <= set(touched.TESTED_IN)
    folders = {path.parents[1] for path in ROOT.glob("tests/integration/*/test_*.py")}
    assert folders == {ROOT / "tests" / "integration"}
    tested = {
        path.name for path in ROOT.glob("tests/integration/*") if list(path.glob("test_*.py"))
    }
    assert tested == {Path(folder).name for folder in touched.TESTED_IN.values()}


def test_a_change_is_what_differs_from_where_the_branch_left_new_files_too(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(touched, "ROOT", tmp_path)

    def git(*arguments: str) -> None:
        names = ["-c", "user.name=n", "-c", "user.email=n@example.no", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *names, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-b", "main")
    (tmp_path / "old").touch()
    git("add", ".")
    git("commit", "-m", "one")
    git("switch", "-c", "work")
    (tmp_path / "committed").touch()
    git("add", ".")
    git("commit", "-m", "two")
    (tmp_path / "old").write_text("changed")
    (tmp_path / "new").touch()
    assert touched.changed("main") == ["committed", "new", "old"]
