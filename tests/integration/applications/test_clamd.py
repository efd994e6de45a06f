"""A real clamd at work, with a signature of our own: what it finds, and what happens without it.

Debian's package, installed by scripts/setup.sh; without the signatures of the world it starts at
once. It stands in a folder of its own and ends with the test.
"""

import io
import os
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from applications import scanning
from applications.enums import ScanStatus
from applications.models import Attachment
from portal import clock
from portal.events import outbox
from portal.events.models import OutboxEntry
from portal.local import processes, seeding

MARK = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
CONFIGURATION = """
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.sock
TemporaryDirectory {folder}
StreamMaxLength 100M
Foreground yes
"""


class Clamd:
    """The scanner. `start()` returns once it answers."""

    def __init__(self, folder: Path) -> None:
        self.socket, self.process = folder / "clamd.sock", None
        self.configuration = folder / "clamd.conf"
        self.configuration.write_text(CONFIGURATION.format(folder=folder))
        (folder / "signatures").mkdir()
        # Name, any type of file, anywhere in it, these bytes.
        (folder / "signatures" / "own.ndb").write_text(f"Own.Eicar:0:*:{MARK.hex()}\n")

    def start(self) -> None:
        program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
        assert program, "clamd is not here: make setup-dev installs it"
        self.process = subprocess.Popen(
            [program, "--config-file", self.configuration],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 20
        while not self.socket.exists():
            assert self.process.poll() is None, "clamd did not start"
            assert time.monotonic() < deadline, "clamd is not ready"
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            processes.end(self.process)
            self.socket.unlink(missing_ok=True)
            self.process = None


@pytest.fixture
def clamd(tmp_path_factory, settings) -> Iterator[Clamd]:
    scanner = Clamd(tmp_path_factory.mktemp("c"))
    settings.SCANNER = "clamd"
    settings.CLAMD = {
        "backend": "clamd",
        "address": str(scanner.socket),
        "timeout": 10,
        "stream": True,
    }
    yield scanner
    scanner.stop()


def attached(world, name: str, content: bytes) -> Attachment:
    case = world.draft()
    seeding.attach(case, world.actor("applicant"), "other", name, content, 0.1)
    return Attachment.objects.get(application=case)


def zipped() -> bytes:
    """A workbook with the mark in a compressed part: whoever does not unpack it finds nothing."""
    out = io.BytesIO(seeding.xlsx([["a"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", scanning.EICAR * 20)
    assert MARK not in out.getvalue()
    return out.getvalue()


def test_a_real_scanner_lets_good_files_pass_and_finds_what_hides_in_bad_ones(world, clamd):
    clamd.start()
    good = attached(world, "plan.pdf", seeding.pdf("Plan", "Text"))
    assert good.status == ScanStatus.CLEAN
    assert "ClamAV 1." in good.scanner
    for name, content in (("test.txt", scanning.EICAR), ("list.xlsx", zipped())):
        bad = attached(world, name, content)
        assert (bad.status, bad.refusal) == (ScanStatus.REFUSED, "malware"), name


def test_files_handed_in_while_the_scanner_is_down_are_scanned_when_it_is_up_again(world, clamd):
    good = attached(world, "plan.pdf", seeding.pdf("Plan", "Text"))
    bad = attached(world, "test.txt", scanning.EICAR)
    assert {good.status, bad.status} == {ScanStatus.UNSCANNED}
    clamd.start()
    with clock.frozen(max(OutboxEntry.objects.values_list("due_at", flat=True))):
        outbox.run_due(kinds=["attachment.check"])
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.status, bad.status) == (ScanStatus.CLEAN, ScanStatus.REFUSED)
    clamd.stop()
    late = attached(world, "later.pdf", seeding.pdf("Plan", "Later"))
    assert late.waits_for_scanner
