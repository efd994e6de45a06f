"""How many files an application may have, and how large they may be together, also for somebody who sends
them all at the same moment."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from applications.commands import attaching
from applications.models import Attachment
from tests.people import sign_in

SENDERS = 8


def sent_at_once(world, case, contents):
    """Every file by a request of its own, all let go by one barrier; the status codes."""
    barrier, codes = threading.Barrier(len(contents)), []

    def send(number, content):
        client = Client()
        sign_in(client, world["applicant"])
        file = SimpleUploadedFile(f"{number}.txt", content)
        try:
            barrier.wait(60)
            answer = client.post(
                f"/applications/{case.pk}/attachments/upload/",
                {"kind": "other", "file": file},
                HTTP_ACCEPT="application/json",
            )
            codes.append(answer.status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=pair) for pair in enumerate(contents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


def kept(case):
    return Attachment.objects.filter(application=case, removed_at=None)


@pytest.mark.parametrize(
    ("limit", "value"), [("MOST_FILES", 3), ("MOST_BYTES", 30)], ids=["number", "bytes together"]
)
def test_no_more_files_are_taken_than_may_be_however_many_come_at_once(
    world, monkeypatch, limit, value
):
    monkeypatch.setattr(attaching, limit, value)
    case = world.draft()
    codes = sent_at_once(world, case, [b"text no %02d" % n for n in range(SENDERS)])
    assert codes == [200] * 3 + [422] * (SENDERS - 3)
    assert kept(case).count() == 3
    assert sum(kept(case).values_list("size", flat=True)) <= 30


def test_the_same_file_sent_many_times_at_once_is_kept_once(world):
    case = world.draft()
    assert sent_at_once(world, case, [b"the same"] * SENDERS) == [200] * SENDERS
    assert kept(case).count() == 1
