"""What `manage.py check --deploy` tries: every server answers, and nobody may more than they need.

Each part is asked, all that is wrong is told, and no secret is repeated: of an error its kind.
"""

import smtplib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.mail import get_connection
from django.db import DatabaseError, connection

from portal.events import roles
from portal.settings.environment import ALL, BUCKET, MIGRATE, WEB, WORKER

SECONDS = 5


def _part() -> str:
    return getattr(settings, "PART", ALL)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    from portal.health import CHECKS

    CHECKS["broker"]()


def _cache() -> None:
    from django.core.cache import cache

    cache.get("deployment")


def _store() -> None:
    from django.core.files.storage import default_storage

    bucket = getattr(default_storage, "bucket", None)
    if bucket is not None:
        bucket.meta.client.head_bucket(Bucket=bucket.name)


def _scanner() -> None:
    from clamav_client import get_scanner

    if settings.SCANNER == "clamd":
        get_scanner({**settings.CLAMD, "timeout": SECONDS}).info()


def _mail() -> None:
    with get_connection(timeout=SECONDS):
        pass


# (setting, what is tried, which parts of the installation need it)
TRIED: tuple[tuple[str, str, Callable[[], None], tuple[str, ...]], ...] = (
    ("DATABASE_URL", "the database", _database, (ALL, WEB, WORKER, MIGRATE)),
    ("REDIS_URL", "the broker", _broker, (ALL, WEB, WORKER)),
    ("CACHE_URL", "the store of counts", _cache, (ALL, WEB)),
    ("S3_BUCKET", "the bucket of the object store", _store, (ALL, WEB, WORKER, BUCKET)),
    ("CLAMD", "the scanner", _scanner, (ALL, WORKER)),
    ("EMAIL_URL", "the mail server", _mail, (ALL, WORKER)),
)


@register(Tags.security, deploy=True)
def every_server_answers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Database, broker, store, scanner and mail server take us."""
    found: list[CheckMessage] = []
    for name, what, attempt, parts in TRIED:
        if _part() not in parts:
            continue
        try:
            attempt()
        except Exception as failed:  # whatever it is, it does not answer as it should
            kind = _kind(failed)
            found.append(Error(f"{name}: {what} does not answer ({kind})", id="portal.E1"))
    return found


def _kind(error: BaseException) -> str:
    """What an error is, in a word; its text may hold an address with a password."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "user or password is wrong"
    code = getattr(error, "response", {})
    if isinstance(code, dict) and (told := code.get("Error", {}).get("Code")):
        return {"404": "there is no such bucket", "403": "access is refused"}.get(told, str(told))
    return type(error).__name__


@register(Tags.security, deploy=True)
def the_database_role_is_narrow(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The role that the portal runs as owns nothing and can switch nothing off."""
    if _part() in (MIGRATE, BUCKET):
        return []
    try:
        wrong, loud = roles.too_much(), roles.writes_values_to_the_log()
    except DatabaseError:
        return []  # that it does not answer is told above
    hint = "run manage.py database_roles, and let DATABASE_URL name the role of this part"
    found: list[CheckMessage] = [
        Error(f"DATABASE_URL: its role {what}", hint=hint, id="portal.E2") for what in wrong
    ]
    if loud:
        text = "DATABASE_URL: what fails is written to the database's log with all its values"
        found.append(Warning(text, hint="run manage.py database_roles", id="portal.W1"))
    return found
