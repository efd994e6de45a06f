"""The key that signs checkpoints: Ed25519, in a file outside of the database.

Settings: EVENTS_KEY_FILE (PEM, PKCS #8, readable by the worker only), EVENTS_MAKE_KEY (demo and
tests: make one when the file is not there), EVENTS_TRUSTED_KEYS (public keys, hex, of earlier
files: a changed key stays trusted for what it signed).
"""

import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


class NoKey(Exception):
    """There is no usable signing key. The text says what to do."""


def key_file() -> Path | None:
    """Where the signing key is, or None when nothing is set."""
    name = getattr(settings, "EVENTS_KEY_FILE", None)
    return Path(name) if name else None


def private_key() -> Ed25519PrivateKey:
    """The signing key. Raises NoKey when it is not set, not there, or of another kind."""
    file = key_file()
    if file is None:
        raise NoKey("EVENTS_KEY_FILE is not set: checkpoints of the event log cannot be signed")
    if not file.exists() and getattr(settings, "EVENTS_MAKE_KEY", False):
        make_key(file)
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise NoKey(f"the file of EVENTS_KEY_FILE cannot be used: {type(error).__name__}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey("EVENTS_KEY_FILE must hold an Ed25519 key")
    return key


def make_key(file: Path) -> None:
    """Writes a new key to `file` (mode 600). A file that is there already is left alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    # Written beside and linked: nobody reads half a key, and of two makers the first one wins.
    handle, part = tempfile.mkstemp(dir=file.parent)  # mode 600
    with os.fdopen(handle, "wb") as out:
        out.write(pem)
    try:
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(part)


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public key of `key`: 32 bytes, hex."""
    return key.public_key().public_bytes_raw().hex()


def trusted() -> frozenset[str]:
    """The public keys (hex) whose checkpoints count. Empty when none is set."""
    keys = {name.lower() for name in getattr(settings, "EVENTS_TRUSTED_KEYS", ())}
    file = key_file()
    if file is not None and file.exists():
        keys.add(public_hex(private_key()))
    return frozenset(keys)


def signature_fits(public_key: str, signature: str, message: bytes) -> bool:
    """Whether `signature` over `message` was made with the key of `public_key` (both hex)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """What people compare over the telephone: 16 hex digits in four groups of
    the SHA-256 of the key as it is printed."""
    digest = hashlib.sha256(public_key.encode()).hexdigest()
    return " ".join(digest[i : i + 4] for i in range(0, 16, 4))
