"""What all tests share."""

import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import timezone, translation

from tests import template
from tests.working import Worker, WorkerProcess

STAY = {"django_content_type", "auth_permission"}


@pytest.fixture(autouse=True, scope="session")
def flush_fast_and_past_the_guard():
    """How Django empties a test database. TRUNCATE of every table takes a third of a second, a
    DELETE of the few rows of a test a hundredth of that; and the tables of the log refuse both.
    What migrations themselves have made stays, and is not made anew.
    """
    plain = DatabaseOperations.execute_sql_flush

    def emptied(self, sql_list):
        tables = {name for sql in sql_list for name in re.findall(r'"(\w+)"', sql)} - STAY
        deletes = "; ".join(f'DELETE FROM "{table}"' for table in sorted(tables))
        return plain(self, [f"SET LOCAL session_replication_role = replica; {deletes}"])

    with (
        mock.patch.object(DatabaseOperations, "execute_sql_flush", emptied),
        mock.patch.object(flush, "emit_post_migrate_signal"),
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """What migrating comes to is kept for the next run (tests.template)."""
    template.keep(connection.settings_dict["NAME"])


@pytest.fixture(autouse=True)
def no_language_left_behind():
    """A page sets the language and the time zone of its thread: the next test begins without."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session")
def worker_process(django_db_setup: Any) -> Iterator[WorkerProcess]:
    """One Celery worker for all tests that ask for `worker`; started by the first of them."""
    process = WorkerProcess()
    yield process
    process.stop()


@pytest.fixture
def worker(transactional_db: Any, worker_process: WorkerProcess) -> Iterator[Worker]:
    """A real Celery worker at work on the test's database and broker; tests of pages use it
    together with live_server. `worker.wait(lambda: ...)` waits for what it does."""
    with Worker(worker_process) as at_work:
        yield at_work
