"""What production reads from the environment, and everything that is wrong with it at once.

Every sentence names a setting and what to do, in the operator's words; none repeats a value, which
may be a secret. Nothing is asked of another machine here: `manage.py check --deploy` does that.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

WEB, WORKER, BEAT, MIGRATE, BUCKET, ALL = "web", "worker", "beat", "migrate", "bucket", "all"
PARTS = (ALL, WEB, WORKER, BEAT, MIGRATE, BUCKET)

REQUIRED = {
    "SECRET_KEY": "at least 50 random characters",
    "ALLOWED_HOSTS": "host names, separated by commas",
    "BASE_URL": "the address in mails and letters, https, without a slash at the end",
    "DATABASE_URL": "PostgreSQL, as the role of this part: app, worker or owner",
    "REDIS_URL": "the broker",
    "S3_BUCKET": "the bucket of attachments and letters",
    "S3_ENDPOINT_URL": "the S3-compatible store",
    "S3_ACCESS_KEY": "its access key",
    "S3_SECRET_KEY": "its secret key",
    "CLAMD": "address of the scanner: host:port or the path of its socket",
    "EMAIL_URL": "the mail server, smtp+tls://user:password@host:587",
    "DEFAULT_FROM_EMAIL": "the sender of mails",
    "EVENTS_KEY_FILE": "the Ed25519 key that signs checkpoints of the event log",
    "TILGANG_SIGNING": "the TOML file that names the signing keys of the letters",
}
# Which parts need what; a setting that is not here is needed by all of them. Only workers sign; the
# web needs the root certificates to say whether a letter is genuine.
NEEDED_BY = {
    "DATABASE_URL": (ALL, WEB, WORKER, BEAT, MIGRATE),
    "EVENTS_KEY_FILE": (ALL, WORKER),
    "TILGANG_SIGNING": (ALL, WORKER, WEB),
}
DATABASES = ("postgres", "postgresql", "pgsql")
BROKERS = ("redis", "rediss", "unix", "redis+socket")
MAIL = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
# What a signing configuration names as files, and where.
LISTS, KEYS = ("roots", "intermediates", "crls"), ("decision", "acceptance")
FILES = ("pkcs12", "password_file", "pin_file", "module")


def part_of(given: Mapping[str, str]) -> str:
    """Which part of the installation this process is."""
    return given.get("TILGANG_PART", "") or ALL


def faults(given: Mapping[str, str]) -> list[str]:
    """Everything that is missing, cannot be read, or cannot be what it says, a sentence each."""
    part = part_of(given)
    if part not in PARTS:
        return [f"TILGANG_PART must be one of {', '.join(PARTS)}"]
    wanted = [name for name in REQUIRED if part in NEEDED_BY.get(name, PARTS)]
    told = [f"{name} is missing ({REQUIRED[name]})" for name in wanted if not given.get(name)]
    for name, wrong in WRONG.items():
        value = given.get(name, "")
        if value and (name in wanted or name not in REQUIRED) and (why := wrong(value)):
            told.append(f"{name}: {why}")
    if part == WEB and given.get("EVENTS_KEY_FILE"):
        told.append("EVENTS_KEY_FILE: the web must not have it, only workers sign")
    if part == WEB and given.get("TILGANG_SIGNING") and _names_keys(given["TILGANG_SIGNING"]):
        told.append("TILGANG_SIGNING: the web's file names roots only, the keys are the workers'")
    return told


def _address(value: str, schemes: tuple[str, ...], like: str) -> str:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return f"is no address such as {like}"
    local = parts.scheme in ("unix", "redis+socket") or "host=" in parts.query
    if parts.scheme not in schemes or not (host or (local and parts.path)):
        return f"is no address such as {like}"
    return ""


def _database(value: str) -> str:
    like = "postgresql://role:password@host/database"
    if wrong := _address(value, DATABASES, like):
        return wrong
    return "" if urlsplit(value).path.strip("/") else f"names no database, as {like} does"


def _secret_key(value: str) -> str:
    return "" if len(value) >= 50 else "is too short: at least 50 random characters"


def _base_url(value: str) -> str:
    return _address(value, ("https",), "https://portal.example")


def _scanner(value: str) -> str:
    host, _, port = value.rpartition(":")
    if value.startswith("/") or (host and port.isdigit() and 0 < int(port) < 65536):
        return ""
    return "is neither host:port nor the path of a socket"


def _sender(value: str) -> str:
    return "" if "@" in value.strip("@ <>") else "is no mail address"


def _readable(path: str) -> tuple[bytes, str]:
    try:
        return Path(path).read_bytes(), ""
    except OSError as error:
        return b"", f"the file cannot be read ({error.strerror})"


def _events_key(value: str) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content, why = _readable(value)
    if why:
        return why
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        return "the file holds no private key in PEM without a password"
    return "" if isinstance(key, Ed25519PrivateKey) else "the file holds no Ed25519 key"


def _signing(value: str) -> str:
    content, why = _readable(value)
    if why:
        return why
    try:
        config = tomllib.loads(content.decode("utf-8"))
    except ValueError:
        return "the file is no TOML"
    if not config.get("roots"):
        return "the file names no root certificates (roots)"
    missing = [path for path in _files(config) if _readable(path)[1]]
    return f"names files that cannot be read: {', '.join(missing)}" if missing else ""


def _files(config: Mapping[str, object]) -> list[str]:
    """Every file that a signing configuration names."""
    found: list[str] = []
    for name in LISTS:
        listed = config.get(name, [])
        found += [str(path) for path in listed] if isinstance(listed, list) else [str(listed)]
    for purpose in KEYS:
        of_agencies = config.get(purpose, {})
        for key in of_agencies.values() if isinstance(of_agencies, dict) else ():
            places = [key, key.get("pkcs11", {})] if isinstance(key, dict) else []
            found += [str(place[name]) for place in places for name in FILES if name in place]
    return found


def _names_keys(path: str) -> bool:
    try:
        config = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False  # that is told already
    return any(purpose in config for purpose in KEYS)


WRONG: dict[str, Callable[[str], str]] = {
    "SECRET_KEY": _secret_key,
    "BASE_URL": _base_url,
    "DATABASE_URL": _database,
    "REDIS_URL": lambda value: _address(value, BROKERS, "redis://:password@host:6379/0"),
    "CACHE_URL": lambda value: _address(value, BROKERS, "redis://:password@host:6379/1"),
    "S3_ENDPOINT_URL": lambda value: _address(value, ("https", "http"), "https://objects.example"),
    "CLAMD": _scanner,
    "EMAIL_URL": lambda value: _address(value, MAIL, "smtp+tls://user:password@host:587"),
    "DEFAULT_FROM_EMAIL": _sender,
    "EVENTS_KEY_FILE": _events_key,
    "TILGANG_SIGNING": _signing,
}
