"""The database cuts every connection while people send: each gets one receipt, and nothing is half."""

import threading
import time

from django.db import DatabaseError, InterfaceError, connection, connections

from applications.commands import Actor, execute
from applications.models import Application, Submission
from portal.events.models import Event

CUTS = 10


def send_until_it_is_told(case: Application, actor: Actor, receipts: list[str]) -> None:
    """What a browser does whose request failed: the same once more, with the same key."""
    try:
        for _ in range(5 * CUTS):
            try:
                execute("submit", case.pk, actor, {"declaration": "yes"}, key=f"k{case.pk}")
            except (DatabaseError, InterfaceError):
                connections.close_all()
            else:
                receipts.append(str(case.pk))
                return
    finally:
        connections.close_all()


def connected() -> set[int]:
    """The processes of the database that serve the others on the database of the tests."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def cut(spared: set[int]) -> int:
    """Ends every connection but those of `spared`, as a restart does. Returns how many."""
    ended = list(connected() - spared)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [ended])
    return len(ended)


def test_who_sends_while_the_database_goes_away_has_one_submission_and_one_answer(world) -> None:
    cases, receipts, actor = [world.complete() for _ in range(2)], [], world.actor("applicant")
    spared = connected()  # workers of other tests, which are at rest
    threads = [
        threading.Thread(target=send_until_it_is_told, args=(case, actor, receipts))
        for case in cases
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    cuts = 0
    while cuts < CUTS and any(thread.is_alive() for thread in threads):
        cuts += cut(spared) > 0
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    assert cuts
    assert sorted(receipts) == sorted(str(case.pk) for case in cases for _ in range(3))
    for case in cases:
        assert Submission.objects.filter(application=case).count() == 1
        sent = Event.objects.filter(stream=f"application:{case.pk}", type="application.submit")
        assert sent.count() == 1
        assert Application.objects.get(pk=case.pk).number
