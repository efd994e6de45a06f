"""A worker is killed (-9) at every step it takes: the effect happens, and happens once."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from portal import clock
from portal.events import mail, outbox
from portal.events.models import Event, OutboxEntry
from portal.events.verify import verify
from tests.integration.events import killed_worker


@pytest.fixture
def mails(settings, tmp_path) -> Path:
    settings.EMAIL_BACKEND = "portal.events.mail.DemoBackend"
    settings.DEMO_MAIL_DIR = tmp_path / "mail"
    return settings.DEMO_MAIL_DIR


def kill_at_every_step(kind: str, mails: Path) -> int:
    """Returns the number of steps at which a worker was killed."""
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = json.dumps({name: connection.settings_dict[name] for name in names}, default=str)
    settings_module = os.environ.get("DJANGO_SETTINGS_MODULE") or django_settings.SETTINGS_MODULE
    done = subprocess.run(
        [sys.executable, "-m", killed_worker.__name__, kind, str(mails), database],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": settings_module},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout)


def the_next_worker_comes():
    """Later, when the leases are over."""
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        outbox.run_due()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "fewest"), [("kill.atomic", 25), ("kill.finish", 25)])
def test_an_effect_on_the_database_happens_exactly_once(kind, fewest, effects, mails):
    steps = kill_at_every_step(kind, mails)
    assert steps >= fewest
    assert OutboxEntry.objects.filter(done_at__isnull=True).exists()
    effects["mail.send"] = outbox.Effect("mail.send", mail.send_mail, outbox.Lane.MAIL, forget=True)
    killed_worker.register(lambda: None)
    the_next_worker_comes()
    assert not OutboxEntry.objects.filter(done_at__isnull=True).exists()
    streams = sorted(Event.objects.values_list("stream", flat=True))
    assert streams == sorted(f"{kind}:{number}" for number in range(1, steps + 2))
    assert verify().faults == []
    # A mail can have gone twice, when its worker died between sending and marking: it has the
    # same Message-ID then, and is one mail to its reader.
    assert len(list(mails.glob("*.json"))) == steps + 1


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_may_run_twice_is_never_lost(effects, mails):
    steps = kill_at_every_step("kill.mail", mails)
    assert steps >= 15
    effects["mail.send"] = outbox.Effect("mail.send", mail.send_mail, outbox.Lane.MAIL, forget=True)
    killed_worker.register(lambda: None)
    the_next_worker_comes()
    assert not OutboxEntry.objects.filter(done_at__isnull=True).exists()
    assert len(list(mails.glob("*.json"))) == steps + 1
