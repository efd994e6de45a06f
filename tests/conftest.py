"""What all tests share."""

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_guard():
    """The tables of the log refuse TRUNCATE, by which Django empties a test database."""
    plain = DatabaseOperations.execute_sql_flush

    def past(self, sql_list):
        return plain(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    DatabaseOperations.execute_sql_flush = past
    yield
    DatabaseOperations.execute_sql_flush = plain
