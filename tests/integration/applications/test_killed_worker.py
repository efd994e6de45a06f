"""Workers killed (-9) at every step of what follows a submission: nothing lost, nothing twice."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from django.conf import settings as django_settings
from django.db import connection, transaction

from applications.enums import ScanStatus
from applications.models import Attachment, CheckRun
from applications.selectors import scheme_of
from portal import clock, store
from portal.events import outbox
from portal.events.models import Event, OutboxEntry
from portal.events.verify import verify
from portal.local import seeding
from tests.integration.applications import killed_worker


def kill_at_every_step(kinds: list[str]) -> dict[str, int]:
    """Lets workers die at each step of the entries that are due; the number of deaths of each."""
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = json.dumps({name: connection.settings_dict[name] for name in names}, default=str)
    module = os.environ.get("DJANGO_SETTINGS_MODULE") or django_settings.SETTINGS_MODULE
    done = subprocess.run(
        [sys.executable, "-m", killed_worker.__name__, json.dumps(kinds), database],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": module},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_each_effect_of_a_submission_happens_once_whenever_its_worker_dies(world, monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *entry: None)
    draft, case = world.draft(), world.complete()
    OutboxEntry.objects.filter(done_at__isnull=True).update(done_at=clock.now())
    before = set(Event.objects.values_list("pk", flat=True))
    content = seeding.pdf("Plan", "Text")
    file = {"kind": "other", "filename": "plan.pdf", "ext": "pdf", "size": len(content)}
    world.do("attach", draft, "applicant", {**file, "digest": store.put(content)})
    declaration = scheme_of(case).declaration(case.language)
    world.do("submit", case, "applicant", {"declaration": declaration})
    world.do("invite_colleague", case, "applicant", {"user": world["colleague"], "role": "editor"})
    with transaction.atomic():
        notice = {"application": str(case.pk), "what": "message", "key": "notice:1"}
        outbox.queue("notice.mail", notice, "notice:1")

    kinds = ["attachment.check", "checks.run", "submission.render"]
    kinds += ["receipt.mail", "colleague.mail", "notice.mail"]
    deaths = kill_at_every_step(kinds)
    assert sorted(deaths) == sorted(kinds)
    assert min(deaths.values()) >= 5, deaths

    with clock.frozen(clock.now() + timedelta(days=2)):
        outbox.run_due(kinds=kinds)
    assert not OutboxEntry.objects.filter(kind__in=kinds, done_at__isnull=True).exists()
    said = Counter(Event.objects.exclude(pk__in=before).values_list("type", flat=True))
    for command in ("attachment_checked", "record_check", "submission_rendered"):
        assert said[f"application.{command}"] == 1, said
    assert CheckRun.objects.filter(application=case, reason="submission").count() == 1
    assert Attachment.objects.get(application=draft).status == ScanStatus.CLEAN
    assert store.read(case.submissions.get().pdf_digest).startswith(b"%PDF-")
    mails = OutboxEntry.objects.filter(kind="mail.send").values_list("key", "payload__to")
    new = Counter(
        to for key, to in mails if key.split(":")[0] in ("receipt", "colleague", "notice")
    )
    owner, editor = world["applicant"].email, world["colleague"].email
    assert new == {owner: 2, editor: 2}
    assert verify().faults == []
