#!/usr/bin/env python3
"""Runs the tests of what a change touches, without a browser: `make test-fast`.

A change is everything that differs from the commit where this branch left main (BASE names
another one), committed or not. Tests of unit and architecture always run; of the integration
tests those that were changed themselves, and the folders of the apps that were. What many apps
lean on (portal, settings, a base template) is tested whole by `make test`.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ALWAYS = ("tests/unit", "tests/architecture")
# Where something of a folder is tested: the longest beginning that fits counts.
TESTED_IN = {
    "portal/accounts/": "tests/integration/accounts",
    "portal/events/": "tests/integration/events",
    "portal/jobs/": "tests/integration/jobs",
    "portal/local/": "tests/integration/local",
    "portal/ui/": "tests/integration/ui",
    "portal/": "tests/integration/portal",
    "institutions/": "tests/integration/institutions",
    "catalogue/": "tests/integration/catalogue",
    "applications/": "tests/integration/applications",
    "decisions/": "tests/integration/decisions",
    "templates/account/": "tests/integration/accounts",
    "templates/socialaccount/": "tests/integration/accounts",
    "templates/cases/": "tests/integration/applications",
    "templates/rules/": "tests/integration/applications",
    "templates/jobs/": "tests/integration/jobs",
    "templates/accounts/": "tests/integration/accounts",
    "templates/mfa/": "tests/integration/accounts",
    "templates/demo/": "tests/integration/local",
    "templates/institutions/": "tests/integration/institutions",
    "templates/catalogue/": "tests/integration/catalogue",
    "templates/applications/": "tests/integration/applications",
    "templates/projects/": "tests/integration/applications",
    "templates/decisions/": "tests/integration/decisions",
    "templates/": "tests/integration/ui",
}


def changed(base: str) -> list[str]:
    """Paths that differ from the commit where this branch left `base`, new files too."""
    fork = _git("merge-base", base, "HEAD")
    names = _git("diff", "--name-only", *fork) + _git("ls-files", "--others", "--exclude-standard")
    return sorted(set(names))


def chosen(paths: Iterable[str]) -> list[str]:
    """What pytest is given for a change of `paths`."""
    tests = set(ALWAYS)
    for path in paths:
        if path.startswith(("tests/unit/", "tests/architecture/", "tests/browser/")):
            continue
        if path.startswith("tests/integration/"):
            # A file of tests alone; what a folder of them shares means the folder.
            name = path.rpartition("/")[2]
            tests.add(path if name.startswith("test_") else path.rpartition("/")[0])
            continue
        fitting = [start for start in TESTED_IN if path.startswith(start)]
        if fitting:
            tests.add(TESTED_IN[max(fitting, key=len)])
    return sorted(test for test in tests if not _within(test, tests) and (ROOT / test).exists())


def _within(test: str, others: set[str]) -> bool:
    return any(test.startswith(f"{other}/") for other in others)


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []


def main() -> None:
    """Chooses, says what, and becomes pytest."""
    base = os.environ.get("BASE") or ("origin/main" if _git("rev-parse", "origin/main") else "main")
    tests = chosen(changed(base))
    print("tests of what differs from", base + ":", " ".join(tests), flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
    command += ["--no-loadscope-reorder", *tests, *sys.argv[1:]]
    os.chdir(ROOT)
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
