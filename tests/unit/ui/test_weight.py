"""A first visit is light (performance.md: 150 kB on the wire)."""

import gzip
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
BUILD = ROOT / "static/build"
MOST = 150_000


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if not (BUILD / "app.css").exists():
        subprocess.run(["node", "portal/ui/build.mjs"], cwd=ROOT, check=True, capture_output=True)


def on_the_wire(path: Path) -> int:
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(gzip.compress(data))


def test_what_every_page_brings_leaves_room_for_the_page_itself() -> None:
    parts = [
        BUILD / "app.css",
        BUILD / "app.js",
        BUILD / "fonts/IBMPlexSans-Regular-Latin1.woff2",
        BUILD / "fonts/IBMPlexSans-SemiBold-Latin1.woff2",
        ROOT / "static/icons.svg",
        ROOT / "static/hero.svg",
        ROOT / "static/favicon.svg",
    ]
    assert sum(map(on_the_wire, parts)) < MOST - 40_000


def test_nothing_that_is_built_asks_another_host() -> None:
    css = (BUILD / "app.css").read_text()
    assert "url(http" not in css
    assert "@import" not in css
