"""Opens a stranger's file in a child process: a hostile one ends the child and not the portal."""

import json
import resource
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from portal.files import inspection

SECONDS = 20
MEMORY = 1024 * 1024 * 1024  # address space of the child, bytes; its real use stays far below


def limits() -> None:
    """Of memory and time, for a child process that opens a stranger's file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def inspect(path: Path, ext: str) -> dict[str, str]:
    """{"refusal": code or "", "content_type": …}; a child that dies or hangs means a trap."""
    # By its path, so that nothing else of the portal is loaded into the child.
    command = [sys.executable, inspection.__file__, str(path), ext]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command,
            cwd=settings.BASE_DIR,
            capture_output=True,
            timeout=SECONDS,
            preexec_fn=limits,
            check=True,
        )
        verdict: dict[str, str] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"refusal": "bomb", "content_type": ""}
    return verdict
