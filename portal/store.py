"""The store of files: the name of an object is the SHA-256 of its bytes.

Written first, verified, then named in a database row: a row never points at nothing. Objects that
no row names are collected by a sweep with a grace period (portal.sweeping). Putting an object that
is there already begins its grace anew: a row may be about to name it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection, transaction


class StoreFailed(Exception):
    """The store did not take the object, or gave back other bytes than it was given."""


def name_of(digest: str) -> str:
    """The object's name: two levels, so that no folder grows too large."""
    return f"objects/{digest[:2]}/{digest}"


def _mark_of(digest: str) -> str:
    """An empty file that says when an object that was there already was put again: no store lets
    us set the time of the object itself."""
    return f"again/{digest[:2]}/{digest}"


@contextmanager
def held(digest: str) -> Iterator[None]:
    """A transaction in which nobody else decides whether the object stays or goes."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])
        yield


def last_put(digest: str) -> datetime:
    """When the object was put for the last time. Raises FileNotFoundError when it is not there."""
    moments = [default_storage.get_modified_time(name_of(digest))]
    if default_storage.exists(_mark_of(digest)):
        moments.append(default_storage.get_modified_time(_mark_of(digest)))
    return max(moments)


def remove(digest: str) -> None:
    """Takes the object away for good. Only within `held`, and when nothing names it."""
    default_storage.delete(name_of(digest))
    default_storage.delete(_mark_of(digest))


def _begin_grace_anew(digest: str) -> bool:
    """False when the object is not there."""
    with held(digest):
        if not default_storage.exists(name_of(digest)):
            return False
        default_storage.delete(_mark_of(digest))
        default_storage.save(_mark_of(digest), ContentFile(b""))
    return True


def digest_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 of the bytes, hex."""
    sha = hashlib.sha256()
    for chunk in chunks:
        sha.update(chunk)
    return sha.hexdigest()


def put(content: bytes) -> str:
    """Stores `content` and returns its digest. Storing the same again does nothing."""
    digest = digest_of([content])
    return _write(digest, ContentFile(content))


def put_file(file: File) -> str:
    """Stores an open file, read in chunks, and returns its digest."""
    digest = digest_of(file.chunks())
    file.seek(0)
    return _write(digest, file)


def _write(digest: str, file: File) -> str:
    name = name_of(digest)
    if default_storage.exists(name) and _begin_grace_anew(digest):
        if _same(name, digest):
            return digest
        default_storage.delete(name)
    written = default_storage.save(name, file)
    # Another process can have been first: the name is taken, the bytes are the same.
    if written != name:
        default_storage.delete(written)
    if not _same(name, digest):
        raise StoreFailed(f"object {digest} reads back differently")
    return digest


def _same(name: str, digest: str) -> bool:
    with default_storage.open(name) as stored:
        return digest_of(stored.chunks()) == digest


def open_object(digest: str) -> "File[Any]":
    """The object, open for reading. Raises FileNotFoundError when it is not there."""
    return default_storage.open(name_of(digest))


def read(digest: str) -> bytes:
    """The object's bytes."""
    with open_object(digest) as stored:
        return stored.read()
