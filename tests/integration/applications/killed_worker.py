"""A worker that is killed with -9 at one step of an application's effects after the other.

Run by test_killed_worker.py with the kinds of effect and the database, as JSON. A step is: a write
to the database, a commit begun or ended, an object put into the store. Each entry is taken up again
by the next worker, whose clock is so much later that the lease is over. Prints how many were killed
of each kind before one came through.
"""

import json
import os
import sys
from datetime import timedelta

import django

from tests.integration.decisions.killed_worker import Commits, Steps


def worker(kind: str, number: int) -> None:
    """One life of a worker: dies at step `number`, or ends with exit code 7 when it came through."""
    from django.db import connection

    from portal import clock, store
    from portal.events import outbox

    steps = Steps(number)
    put = store.put

    def put_and_step(content):
        steps.step()
        digest = put(content)
        steps.step()
        return digest

    store.put = put_and_step

    def each_statement(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not sql.startswith("SELECT"):  # death after reading is death before the next write
            steps.step()
        return result

    connection.ensure_connection()
    connection.connection = Commits(connection.connection, steps.step)
    later = clock.now() + timedelta(minutes=10 * number)
    with clock.frozen(later), connection.execute_wrapper(each_statement):
        outbox.run_due(limit=1, kinds=[kind])
    os._exit(7)


def deaths_of(kind: str) -> int:
    """Sends one worker after the other until one comes through."""
    deaths = 0
    while True:
        child = os.fork()
        if child == 0:
            worker(kind, deaths + 1)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            if os.WEXITSTATUS(status) != 7:
                raise SystemExit(f"step {deaths + 1} of {kind}: the worker failed by itself")
            return deaths
        deaths += 1


def main(kinds: str, database: str) -> None:
    django.setup()
    from django.db import connections

    connections["default"].settings_dict.update(json.loads(database))
    from applications import pdf, scanning
    from portal.events import outbox
    from portal.events.models import OutboxEntry

    # Drawing and inspecting take no step here: what is tried is what becomes of it.
    pdf.submission_pdf = lambda submission: b"%PDF-1.7 of a submission"
    scanning.inspect = lambda path, ext: {"refusal": "", "content_type": "application/pdf"}
    outbox.effects()
    outbox.wake = lambda *entry: None
    deaths = {}
    for kind in json.loads(kinds):
        # Two lives are not enough here.
        OutboxEntry.objects.filter(kind=kind).update(allowed=10_000, killed=-10_000)
        connections.close_all()
        deaths[kind] = deaths_of(kind)
    sys.stdout.write(json.dumps(deaths))


if __name__ == "__main__":
    main(*sys.argv[1:])
