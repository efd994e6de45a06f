"""A worker that is killed with -9 at one step after the other. Run by test_killed_worker.py.

Arguments: the kind of effect, the folder for its mails, the database as JSON. For every step (a
statement sent to the database, a commit begun or ended, a step within the effect) a child process
runs an entry of its own and kills itself there. Prints how many steps there were.
"""

import json
import os
import signal
import sys
from collections.abc import Callable

import django


class Steps:
    """Counts steps and ends the process, without any farewell, at the one it was told."""

    def __init__(self, deadly: int) -> None:
        self.deadly, self.taken = deadly, 0

    def step(self) -> None:
        self.taken += 1
        if self.taken == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


def register(step: Callable[[], None]) -> None:
    """The effects that are tried: the same for the killed worker and for the one that follows."""
    from django.db import transaction

    from portal.events.log import record
    from portal.events.mail import queue_mail
    from portal.events.outbox import Lane, effect, finish

    def happened(payload: dict) -> None:
        record(payload["stream"], "case.happened", "system:worker", {})
        queue_mail("kari@example.org", "Case", "A link", payload["stream"], "nb")

    @effect("kill.atomic", lane=Lane.MAIL, atomic=True)
    def atomic(payload: dict) -> None:
        step()
        happened(payload)
        step()

    @effect("kill.finish", lane=Lane.MAIL)
    def finishing(payload: dict) -> None:
        step()
        with transaction.atomic():
            happened(payload)
            step()
            finish()
            step()
        step()

    @effect("kill.mail", lane=Lane.MAIL)
    def mailing(payload: dict) -> None:
        step()
        with transaction.atomic():
            queue_mail("kari@example.org", "Case", "A link", payload["stream"], "nb")
        step()


def worker(kind: str, number: int) -> None:
    """One life of a worker: dies at step `number`, or ends with exit code 7 beyond the last."""
    from django.db import connection, transaction

    from portal.events import outbox

    stream = f"{kind}:{number}"
    with transaction.atomic():
        outbox.queue(kind, {"stream": stream}, stream)
    steps = Steps(number)
    register(steps.step)

    def each_statement(execute, sql, params, many, context):
        steps.step()
        result = execute(sql, params, many, context)
        steps.step()
        return result

    commit = connection.connection.commit

    class Commits:
        """The driver's connection, with a step before and after each commit."""

        def __init__(self, real):
            self.__dict__["real"] = real

        def __getattr__(self, name):
            return getattr(self.real, name)

        def __setattr__(self, name, value):
            setattr(self.real, name, value)

        def commit(self):
            steps.step()
            commit()
            steps.step()

    connection.connection = Commits(connection.connection)
    with connection.execute_wrapper(each_statement):
        outbox.run_due(kinds=[kind])
        outbox.run_due(kinds=["mail.send"])
    os._exit(7)


def main(kind: str, mails: str, database: str) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connections

    settings.EMAIL_BACKEND = "portal.events.mail.DemoBackend"
    settings.DEMO_MAIL_DIR = mails
    connections["default"].settings_dict.update(json.loads(database))
    from portal.events import effects, outbox, tasks  # noqa: F401  registers mail.send

    effects._discovered = True
    outbox.wake = lambda *entry: None
    number = 0
    while True:
        number += 1
        child = os.fork()
        if child == 0:
            worker(kind, number)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            if os.WEXITSTATUS(status) != 7:
                raise SystemExit(f"step {number}: the worker failed by itself")
            sys.stdout.write(str(number - 1))
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
