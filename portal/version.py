"""Which code a process runs, so that an old worker is seen beside a new web server."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("portal", "institutions", "catalogue", "applications", "decisions")


@cache
def code() -> str:
    """Twelve hexadecimal digits that change with any of our Python files; as they are when first
    asked, so ask when the process starts."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
