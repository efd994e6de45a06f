"""What many tests begin with is made once, by the real commands, and copied back for the others.

A snapshot holds every row of the database, and the mails that went out. It is taken and used only while the database holds
nothing else than what the snapshot before it holds: a test that has written something of its own
makes everything itself.
"""

import io
from collections.abc import Callable

from django.core import mail
from django.db import connection, transaction

# Of the test that asks: it may have signed somebody in already.
OF_THE_TEST = {"django_session", "accounts_opensession"}
NOT_OURS = {"django_migrations", "django_content_type", "auth_permission"}
_kept: dict[str, dict[str, str]] = {}
_mails: dict[str, list[mail.EmailMessage]] = {}


def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - OF_THE_TEST - NOT_OURS)


def _rows() -> dict[str, str]:
    """The rows of every table, as PostgreSQL copies them."""
    found = {}
    with connection.cursor() as cursor:
        for table in _tables():
            out = io.StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', out)
            if out.getvalue():
                found[table] = out.getvalue()
    return found


def begun_with(name: str, make: Callable[[], object], after: str = "") -> None:
    """Brings the database to where `make` brings it, from where the snapshot `after` left it (from
    an empty one without)."""
    if _rows() != _kept.get(after, {}):
        make()
        return
    if name not in _kept:
        before = len(mail.outbox)
        make()
        _kept[name], _mails[name] = _rows(), mail.outbox[before:]
        return
    mail.outbox.extend(_mails[name])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _kept.get(after, {}):
            cursor.execute(f'DELETE FROM "{table}"')
        for table, rows in _kept[name].items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(rows))
        # A test within a transaction goes on with its triggers.
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
