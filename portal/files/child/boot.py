"""Starts in a process of its own, limits itself, then opens the stranger's file on standard input.

`python -I -B boot.py REQUEST`, where REQUEST is JSON: `folder` and `module` (what to run), `arguments`
(for its `examine`), `memory` (bytes of address space), `seconds` (of work). Prints each value that
`examine` gives as a line of JSON; what it raises becomes {"failed": name of the exception}.
"""

import contextlib
import importlib
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

OPEN_FILES = 64


def limit(memory: int, seconds: int) -> None:
    """No more memory and time than that, no file written, no process started, no core dumped."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(kind, (most, most))


def values(request: dict[str, Any]) -> Iterator[Any]:
    """What the module says of the file."""
    sys.path.append(request["folder"])
    told = importlib.import_module(request["module"]).examine(
        sys.stdin.buffer, request["arguments"]
    )
    if isinstance(told, Iterator):
        yield from told
    else:
        yield told


def main() -> None:
    """Limits first, then the file."""
    request = json.loads(sys.argv[1])
    limit(request["memory"], request["seconds"])
    try:
        for value in values(request):
            sys.stdout.write(json.dumps(value) + "\n")
    except Exception as failed:
        sys.stdout.write(json.dumps({"failed": type(failed).__name__}) + "\n")


if __name__ == "__main__":
    main()
