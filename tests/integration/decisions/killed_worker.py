"""A worker that is killed with -9 at one step of making a letter after the other.

Run by test_letters.py with the decisions by kind of effect, and the database, as JSON. A step is: a
write to the database, a commit begun or ended, an object put into the store. The same entry is
taken up again by the next worker, whose clock is so much later that the lease is over. Prints how
many were killed of each kind before one came through.
"""

import json
import os
import signal
import sys
from datetime import timedelta
from typing import Any

import django

SIGN: Any = None


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
        if not sql.startswith("SELECT"):  # death after reading is death before the next write
            steps.step()
        return result

    connection.ensure_connection()
    connection.connection = Commits(connection.connection, steps.step)
    later = clock.now() + timedelta(minutes=10 * number)
    with clock.frozen(later), connection.execute_wrapper(each_statement):
        outbox.run_due(limit=1, kinds=[kind])
    os._exit(7)


def make_once(kind: str, decision: Any) -> None:
    """Draws and signs what the workers will draw and sign: that takes no step here, and what is
    tried is what becomes of it."""
    from decisions import composing, tasks
    from decisions.letters import acceptance, rendering, signing
    from portal import store

    content = composing.thaw(decision)
    if kind == "letter.make":
        drawn = rendering.render(content)
        rendering.render = lambda content, told: drawn
        signed = SIGN(drawn, signing.load_signer())
    else:
        facts = tasks.acceptance_facts(decision)
        key = signing.load_signer(purpose="acceptance")
        drawn = acceptance.receipt(content, facts)
        letter = acceptance.countersign(store.read(facts.letter_sha256), facts, key)
        acceptance.receipt = lambda content, facts: drawn
        acceptance.countersign = lambda pdf, facts, signer: letter
        signed = SIGN(drawn, key)
    signing.sign = lambda pdf, signer: signed


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
                raise SystemExit(f"step {deaths + 1}: the worker failed by itself")
            return deaths
        deaths += 1


def main(decisions: str, database: str) -> None:
    global SIGN
    django.setup()
    from django.db import connections

    connections["default"].settings_dict.update(json.loads(database))
    from decisions.letters import signing
    from decisions.models import Decision
    from portal.events import outbox
    from portal.events.models import OutboxEntry

    SIGN = signing.sign
    outbox.effects()
    outbox.wake = lambda *entry: None
    deaths = {}
    for kind, pk in json.loads(decisions).items():
        make_once(kind, Decision.objects.get(pk=pk))
        # Two lives are not enough here.
        OutboxEntry.objects.filter(kind=kind).update(allowed=10_000, killed=-10_000)
        connections.close_all()
        deaths[kind] = deaths_of(kind)
    sys.stdout.write(json.dumps(deaths))


if __name__ == "__main__":
    main(*sys.argv[1:])
