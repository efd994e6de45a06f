"""What all tests share."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import timezone, translation

from tests.working import Worker, WorkerProcess


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_guard():
    """The tables of the log refuse TRUNCATE, by which Django empties a test database."""
    plain = DatabaseOperations.execute_sql_flush

    def past(self, sql_list):
        return plain(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    DatabaseOperations.execute_sql_flush = past
    yield
    DatabaseOperations.execute_sql_flush = plain


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
