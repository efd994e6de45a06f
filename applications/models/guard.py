"""State is written by the gate only: this is the lock that the gate opens.

The model and the queryset refuse everybody else, and a database trigger refuses what goes around
both (`tilgang.gate` is a setting of the running transaction).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models

_open: ContextVar[bool] = ContextVar("gate_open", default=False)


class StateWriteRefused(Exception):
    """Something other than the gate tried to write an application's state."""


@contextmanager
def gate_open() -> Iterator[None]:
    """Lets the block write `state`, in this transaction. For the gate and for bulk seeding."""
    token = _open.set(True)
    try:
        _tell_database("open")
        yield
        # Not in `finally`: after an error the transaction is lost anyway and takes no statement.
        _tell_database("shut")
    finally:
        _open.reset(token)


def _tell_database(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tilgang.gate', %s, true)", [word])


class GuardedQuerySet(models.QuerySet):
    """Refuses to update `state` in bulk, and to delete applications."""

    def update(self, **kwargs: Any) -> int:
        if "state" in kwargs and not _open.get():
            raise StateWriteRefused("state is written by applications.commands.execute only")
        return super().update(**kwargs)

    def bulk_update(self, objs: Any, fields: Any, *args: Any, **kwargs: Any) -> int:
        if "state" in fields and not _open.get():
            raise StateWriteRefused("state is written by applications.commands.execute only")
        return super().bulk_update(objs, fields, *args, **kwargs)


class GuardedModel(models.Model):
    """A model whose `state` changes in the gate only."""

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **more: Any) -> Any:
        instance = super().from_db(db, field_names, values, **more)
        instance._state_read = instance.__dict__.get("state")
        return instance

    def save(self, *args: Any, **kwargs: Any) -> None:
        read = getattr(self, "_state_read", None)
        now = self.__dict__.get("state")
        if now is not None and read is not None and now != read and not _open.get():
            raise StateWriteRefused("state is written by applications.commands.execute only")
        super().save(*args, **kwargs)
        self._state_read = now
