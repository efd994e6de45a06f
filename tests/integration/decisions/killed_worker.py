"""A worker that is killed with -9 at one step of making a letter after the other.

Run by test_letters.py with the kind of effect and the database as JSON. A step is: a statement to
the database, a commit begun or ended, an object put into the store. The same entry is taken up
again by the next worker, whose clock is so much later that the lease is over. Prints how many were
killed before one came through.
"""

import json
import os
import signal
import sys
from datetime import timedelta

import django


class Steps:
    """Counts steps and ends the process, without any farewell, at the one it was told."""

    def __init__(self, deadly: int) -> None:
        self.deadly, self.taken = deadly, 0

    def step(self) -> None:
        self.taken += 1
        if self.taken == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


class Commits:
    """The driver's connection, with a step before and after each commit."""

    def __init__(self, real, step) -> None:
        self.__dict__.update(real=real, step=step)

    def __getattr__(self, name):
        return getattr(self.real, name)

    def __setattr__(self, name, value):
        setattr(self.real, name, value)

    def commit(self):
        self.step()
        self.real.commit()
        self.step()


def worker(kind: str, number: int) -> None:
    """One life of a worker: dies at step `number`, or ends with exit code 7 when it came through."""
    from django.db import connection

    from decisions import tasks
    from portal import clock
    from portal.events import outbox

    steps = Steps(number)
    put = tasks.store.put

    def put_and_step(content):
        steps.step()
        digest = put(content)
        steps.step()
        return digest

    tasks.store.put = put_and_step

    def each_statement(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        steps.step()  # before the next one nothing happens that could be lost
        return result

    connection.ensure_connection()
    connection.connection = Commits(connection.connection, steps.step)
    later = clock.now() + timedelta(minutes=10 * number)
    with clock.frozen(later), connection.execute_wrapper(each_statement):
        outbox.run_due(limit=1, kinds=[kind])
    os._exit(7)


def draw_once(kind: str) -> None:
    """Draws what the workers will draw: that takes no step, so one drawing is for all lives."""
    from decisions import composing, tasks
    from decisions.letters import acceptance, rendering
    from decisions.models import Decision

    decision = Decision.objects.get()
    content = composing.thaw(decision)
    if kind == "letter.make":
        drawn = rendering.render(content)
        rendering.render = lambda content: drawn
    else:
        drawn = acceptance.receipt(content, tasks.acceptance_facts(decision))
        acceptance.receipt = lambda content, facts: drawn


def main(kind: str, database: str) -> None:
    django.setup()
    from django.db import connections

    connections["default"].settings_dict.update(json.loads(database))
    from portal.events import outbox
    from portal.events.models import OutboxEntry

    draw_once(kind)
    outbox.effects()
    outbox.wake = lambda entry_id: None
    # Twelve lives are not enough here.
    OutboxEntry.objects.filter(kind=kind).update(allowed=10_000)
    connections.close_all()
    deaths = 0
    while True:
        child = os.fork()
        if child == 0:
            worker(kind, deaths + 1)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            if os.WEXITSTATUS(status) != 7:
                raise SystemExit(f"step {deaths + 1}: the worker failed by itself")
            sys.stdout.write(str(deaths))
            return
        deaths += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
