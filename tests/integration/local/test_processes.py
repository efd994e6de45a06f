"""What the launcher starts, it ends: main processes first, their children with them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from portal.local import processes

# A main process with a child of its own, as gunicorn and Celery have. It says when both live.
FAMILY = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(child.pid, flush=True); time.sleep(600)"
)


def family(code: str = FAMILY) -> tuple[subprocess.Popen, int]:
    main = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert main.stdout is not None
    return main, int(main.stdout.readline())


def gone(pid: int) -> bool:
    return processes.born(pid) is None


def test_a_main_process_is_ended_with_all_that_it_started() -> None:
    main, child = family()
    processes.end(main)
    assert main.returncode == -signal.SIGTERM
    assert gone(child)


def test_children_of_a_main_process_that_was_killed_are_ended_too() -> None:
    main, child = family()
    main.kill()
    main.wait()
    processes.end(main)
    assert gone(child)


def test_only_the_main_process_is_told_and_may_end_its_children_itself(tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = (
        "import signal, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "def farewell(*_):\n"
        f"    open({str(told)!r}, 'w').write(str(child.poll()))\n"
        "    child.kill(); child.wait(); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, farewell)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    main, child = family(code)
    processes.end(main)
    assert told.read_text() == "None", "the child was still at work when its main process was told"
    assert main.returncode == 0
    assert gone(child)


def test_what_an_earlier_run_left_is_ended_by_its_notes(tmp_path: Path) -> None:
    main, child = family()
    processes.remember(tmp_path / "pids", "worker", main)
    assert processes.end_remembered(tmp_path / "pids") == ["worker"]
    main.wait()
    assert gone(child)
    assert not (tmp_path / "pids").exists()


def test_a_number_that_belongs_to_somebody_else_by_now_is_left_alone(tmp_path: Path) -> None:
    main, _child = family()
    (tmp_path / "pids").write_text(f"worker {main.pid} born-long-ago\nnonsense\n")
    assert processes.end_remembered(tmp_path / "pids") == []
    assert main.poll() is None
    processes.end(main)


def test_a_process_is_known_by_its_number_and_the_moment_it_was_born() -> None:
    here = processes.born(os.getpid())
    assert here is not None
    assert here == processes.born(os.getpid())
    main, _child = family()
    assert processes.born(main.pid) not in (None, here)
    began = time.monotonic()
    processes.end(main)
    assert time.monotonic() - began < processes.PATIENCE
    assert gone(main.pid)
