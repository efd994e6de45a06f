"""`make demo`: one command starts everything, and when it ends nothing of it is left running.

The starts build on each other, as they do on somebody's machine: they share one folder.
"""

import json
import os
import re
import shutil
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from portal.local import launcher
from portal.local.launcher import Demo, DemoFailed
from portal.local.servers import FULL, place, scratch_dir
from tests.integration.local.running import Run, until


@pytest.fixture(scope="module")
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    above = scratch_dir("tilgang-demo-")
    yield above / "demo"
    shutil.rmtree(above, ignore_errors=True)


@pytest.fixture
def start(home: Path, port: int) -> Iterator[type[Run]]:
    """start(): a demo; what is still running when the test ends is ended."""
    runs: list[Run] = []

    def one(**more: str) -> Run:
        runs.append(Run(home, port, **more))
        return runs[-1]

    yield one
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
            run.ended()


def asked(home: Path, sql: str) -> list:
    """What the demo's database answers."""
    where = str(place(home / "postgres") / "socket")
    connection = psycopg2.connect(host=where, user="tilgang", dbname="tilgang")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def nobody_listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_one_command_starts_everything_and_a_kill_9_is_recovered_from(start, home, port) -> None:
    run = start().started()
    assert set(run.children()) == {
        "broker",
        "postgres",
        "worker-quick",
        "worker-letters",
        "worker-heavy",
        "beat",
        "web",
    }
    ready = json.loads(run.get("/health/ready"))
    parts = {part: state for part, state in ready.items() if part not in ("status", "lanes")}
    assert set(parts.values()) == {"ok"}
    assert f"http://localhost:{port}/demo/people/" in "\n".join(run.said)
    assert "<h1" in run.get("/demo/people/")
    style = re.search(r'href="(/static/[^"]+\.css)"', run.get("/"))
    assert style is not None
    assert "{" in run.get(style[1])
    asked(home, "CREATE TABLE entered (what text); SELECT 1")

    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    for servers in ("postgres", "broker"):
        assert stat.S_IMODE(place(home / servers).stat().st_mode) == 0o700

    second = start()
    assert second.ended() == 1
    assert second.said == ["demo: a demo is running here already: end it with Ctrl-C first"]

    run.process.kill()
    run.ended()
    assert run.left(), "its children live on"
    again = start().started()
    assert "ended what a demo that was killed had left behind" in again.said
    assert run.left() == []
    assert asked(home, "SELECT to_regclass('entered')") == [("entered",)], "what was entered stays"

    os.kill(again.children()["worker-heavy"], signal.SIGKILL)
    assert again.ended() == 1
    assert again.said[-1] == (
        "demo: worker-heavy was killed (signal 9), so everything was ended:"
        f" see {home / 'worker-heavy.log'}"
    )
    assert again.left() == []
    assert nobody_listens(port)


def test_ctrl_c_ends_every_child(start, port) -> None:
    run = start().started()
    os.killpg(run.process.pid, signal.SIGINT)
    assert run.ended() == 0
    assert run.said[-1] == "ending everything: this may take some seconds"
    assert run.left() == []
    assert run.children() == {}
    assert nobody_listens(port)


def test_a_port_in_use_is_one_line_and_nothing_is_forgotten_for_it(start, home, port) -> None:
    with socket.create_server(("127.0.0.1", port)):
        run = start(RESET="1")
        assert run.ended() == 1
    assert run.said == [f"demo: port {port} is in use: choose another with 'make demo PORT=8010'"]
    assert (home / "filled").exists()


def test_ended_while_it_starts_nothing_is_left(start, home) -> None:
    run = start()
    until(lambda: "postgres" in run.children(), lambda: run.said)
    run.process.send_signal(signal.SIGINT)
    assert run.ended() == 0
    assert run.children() == {}
    assert not (place(home / "postgres") / "data" / "postmaster.pid").exists()


def test_a_fresh_start_forgets_what_was_entered_but_not_the_key_in_use(tmp_path) -> None:
    for name in ("secret-key", "filled", "worker.log"):
        (tmp_path / name).touch()
    for name in ("media", "mail", "postgres/data", "authority"):
        (tmp_path / name).mkdir(parents=True)
    demo(tmp_path).prepare(afresh=True)
    assert {path.name for path in tmp_path.iterdir()} == {"secret-key", "lock"}


def demo(tmp_path: Path, port: int = 0) -> Demo:
    return Demo(tmp_path, port, lambda text: None)


def test_a_full_disk_is_told_before_anything_starts(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(launcher, "free", lambda home: 3 * launcher.MEGABYTE)
    with pytest.raises(DemoFailed, match=f"{FULL}: 3 MB are free, 300 MB are needed"):
        demo(tmp_path).prepare()


def test_a_disk_that_fills_up_ends_everything_before_the_database_breaks(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(launcher, "free", lambda home: 3 * launcher.MEGABYTE)
    with pytest.raises(DemoFailed, match=f"{FULL}: 3 MB are free, so everything was ended"):
        demo(tmp_path)._watch()


def test_a_child_that_found_no_room_is_told_as_a_full_disk(tmp_path) -> None:
    one = demo(tmp_path)
    one.child("worker", ["sh", "-c", "echo 'OSError: No space left on device'; exit 1"])
    one.children["worker"].wait()
    assert one.dead() == f"{FULL}: worker ended"
    one.end()


def test_what_goes_wrong_with_a_file_is_one_line(tmp_path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(DemoFailed, match=r"^.*lock: Is a directory$"):
        demo(tmp_path).prepare()
