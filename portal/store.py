"""The store of files: the name of an object is the SHA-256 of its bytes.

Written first, verified, then named in a database row: a row never points at nothing. Objects that
no row names are collected by a sweep with a grace period.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage


class StoreFailed(Exception):
    """The store did not take the object, or gave back other bytes than it was given."""


def name_of(digest: str) -> str:
    """The object's name: two levels, so that no folder grows too large."""
    return f"objects/{digest[:2]}/{digest}"


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
    if default_storage.exists(name) and _same(name, digest):
        return digest
    if default_storage.exists(name):
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
