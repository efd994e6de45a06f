"""Processes that we started: which they are, and how they end with all their children.

Each has a session of its own, so that its number is also that of its group. Numbers are used again
by the system; a process is therefore known by its number and the moment it was born.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PATIENCE = 15.0  # seconds to end by oneself after a signal
REST = 3.0  # seconds for what is left of a group whose leader has ended


def born(pid: int) -> str | None:
    """When the process began, as text that only it has; None when there is none (a zombie is none)."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
        return _born_without_proc(pid)
    except OSError:
        return None
    return None if after_name[0] == "Z" else after_name[19]


def _born_without_proc(pid: int) -> str | None:
    told = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return told or None


def remember(file: Path, name: str, process: subprocess.Popen) -> None:
    """Writes down who was started, for somebody who finds `file` after us."""
    with file.open("a") as notes:
        notes.write(f"{name} {process.pid} {born(process.pid) or '-'}\n")


def remembered(file: Path) -> Iterator[tuple[str, int, str]]:
    """(name, number, when it was born) of every process in `file`; broken lines are passed over."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        name, _, rest = line.partition(" ")
        number, _, when = rest.partition(" ")
        if number.isdigit():
            yield name, int(number), when


def end_remembered(file: Path, fast: tuple[str, ...] = ("postgres",)) -> list[str]:
    """Ends what an earlier run left behind, the last started first, and removes `file`.

    `fast` get SIGINT, PostgreSQL's fast shutdown. Returns the names of those that were still alive.
    """
    ended = []
    for name, pid, when in reversed(list(remembered(file))):
        alive = born(pid)
        if alive is not None and alive != when:
            continue  # the number is somebody else's by now
        if alive is not None:
            ended.append(name)
            end_stranger(pid, signal.SIGINT if name in fast else signal.SIGTERM)
        else:
            _end_group(pid)
    file.unlink(missing_ok=True)
    return ended


def end_stranger(pid: int, number: signal.Signals) -> None:
    """Ends a process that is no child of ours, with its group."""
    was = born(pid)
    if was is None:
        return
    os.kill(pid, number)
    deadline = time.monotonic() + PATIENCE
    while born(pid) == was and time.monotonic() < deadline:
        time.sleep(0.05)
    _end_group(pid)


def end(process: subprocess.Popen, number: signal.Signals = signal.SIGTERM) -> None:
    """Signals the main process only, waits, then ends what is left of its group.

    The whole group at once would kill Celery's pool with tasks in hand (stack.md).
    """
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    _end_group(process.pid)


def _end_group(group: int) -> None:
    """What is left of a group whose leader has ended: first by itself, then TERM, then KILL."""
    for seconds, number in ((0.5, signal.SIGTERM), (REST, signal.SIGKILL), (REST, None)):
        deadline = time.monotonic() + seconds
        while _has_members(group) and time.monotonic() < deadline:
            time.sleep(0.05)
        if number is None or not _has_members(group):
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def _has_members(group: int) -> bool:
    """Whether somebody of the group lives; zombies that nobody buries do not count."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    proc = Path("/proc")
    if not (proc / "self/stat").exists():
        return True
    for path in proc.glob("[0-9]*/stat"):
        try:
            state, _parent, its_group = path.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False
