"""Logs that hold no personal data: of an error its kind and its places in our code, nothing else.

The text of an exception may hold what somebody typed (the database driver puts values into its
errors), a local variable or a statement the whole application. An address may hold a secret or a
search for a name. So nothing of these is ever written, whoever logs it.
"""

import logging
import logging.config
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from typing import Any

OURS = Path(__file__).resolve().parents[1]
FOREIGN = (".venv", "site-packages", "node_modules")
MOST = 12  # errors in a chain, and places of one error
PLAIN = "%(asctime)s %(levelname)s %(name)s %(message)s"
# What Celery says of a task that may be logged; the rest are arguments, results and errors' texts.
TASK = frozenset({"id", "name", "hostname", "runtime", "description", "internal", "task_id"})

# Settings of a database role or server: of an error it logs nothing, since the driver puts values
# into statements, and the database puts rows into its details.
QUIET_DATABASE = {
    "log_min_messages": "log",  # above "error"; what concerns the server itself is still told
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def _place(file: str, line: int) -> str:
    """Where in our code, from the root of the repository; "" for everybody else's."""
    try:
        inside = Path(file).resolve().relative_to(OURS)
    except ValueError:
        return ""
    return "" if inside.parts and inside.parts[0] in FOREIGN else f"{inside}:{line}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen and len(seen) < MOST:
        seen.add(id(at))
        yield at
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)


def kind_of(error: BaseException) -> str:
    """What an error is, without a word of its text: its class; of the database's errors also the
    code and the constraint."""
    told = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    code, diag = getattr(error, "pgcode", None), getattr(error, "diag", None)
    rule = getattr(diag, "constraint_name", None)
    return " ".join([told, *(str(part) for part in (code, rule) if part)])


def told(error: BaseException) -> str:
    """An error with its causes: kinds, and places in our code, the innermost last."""
    lines = []
    for each in _chain(error):
        places = [_place(f.f_code.co_filename, n) for f, n in walk_tb(each.__traceback__)]
        ours = [place for place in places if place][-MOST:]
        lines.append(f"{kind_of(each)} at {' < '.join(reversed(ours)) or 'no place of ours'}")
    return "\n  because of ".join(lines)


def _address(record: logging.LogRecord) -> str | None:
    """The pattern of the address that a record of a request is about, instead of the address."""
    request = getattr(record, "request", None)
    if request is None:
        return None
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match is not None else "an address that is none of ours"


# How gunicorn says that a worker ended, and of what: numbers and names of signals, filled in or not.
OF_WORKERS = re.compile(
    r"(WORKER TIMEOUT|Worker) \(pid:(%s|\d+)\)"
    r"( (was sent|exited with code) (%s|\w+)[.!]?( Perhaps out of memory\?)?)?"
)


class Discreet(logging.Formatter):
    """Writes a record without the text of any error."""

    def __init__(self, fmt: str | None = PLAIN, *args: Any, **kwargs: Any) -> None:
        super().__init__(fmt, *args, **kwargs)

    def format(self, record: logging.LogRecord) -> str:
        """One record as text. The record itself stays as it was, for other handlers."""
        shown = logging.makeLogRecord(record.__dict__)
        shown.msg, shown.args = _message(record), None
        shown.exc_text, shown.stack_info = None, None
        return super().format(shown)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        """Kinds and places only."""
        return told(ei[1]) if ei and ei[1] is not None else ""


def _message(record: logging.LogRecord) -> str:
    if isinstance(record.msg, BaseException):
        return kind_of(record.msg)
    if (route := _address(record)) is not None:
        method = getattr(record.request, "method", "")  # type: ignore[attr-defined]
        status = getattr(record, "status_code", "")
        return f"{status} {method} {route}".strip()
    if record.name == "gunicorn.error" and record.levelno >= logging.WARNING:
        if OF_WORKERS.fullmatch(str(record.msg)):
            return _filled(str(record.msg), record.args or ())
        # Its other sentences hold addresses and headers, filled in already or not.
        return str(record.msg).partition(":")[0].replace("%s", "…")
    if record.name.startswith("django.security"):
        return record.name.rpartition(".")[2]  # what was sent is not repeated
    text, args = str(record.msg), record.args
    if isinstance(args, dict):
        known = {name: value if name in TASK else "…" for name, value in args.items()}
        if record.exc_info and record.name.startswith("celery"):
            return f"task {args.get('name')} {args.get('description', 'failed')}"
        return _filled(text, known)
    if record.name.startswith(("celery.worker", "celery.app", "kombu")) and isinstance(args, tuple):
        # Its sentences about messages hold them whole.
        return _filled(
            text, tuple(_quiet(v) if isinstance(v, BaseException) else "…" for v in args)
        )
    if isinstance(args, tuple) and args:
        return _filled(text, tuple(_quiet(value) for value in args))
    return text


def _quiet(value: Any) -> Any:
    return kind_of(value) if isinstance(value, BaseException) else value


def _filled(text: str, args: Any) -> str:
    try:
        return text % args
    except (TypeError, ValueError, KeyError):
        return text  # its places are for something else; the values are not shown


def _uncaught(kind: type[BaseException], error: BaseException, place: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("portal.uncaught").critical("not caught", exc_info=(kind, error, place))


def watch() -> None:
    """From here on what nobody catches, in this process and its threads, is logged like the rest
    and not printed with its text."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda given: _uncaught(
        given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback
    )


def configured(level: str = "WARNING") -> dict[str, Any]:
    """The setting LOGGING: everything to the standard error output, discreetly."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"discreet": {"()": "portal.logs.Discreet"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers mail whole requests to administrators.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Number and hash of every checkpoint are noted outside of the database
            # (docs/audit-trail.md).
            "portal.events.tasks": {"level": "INFO"},
        },
    }


def set_up_worker(**given: Any) -> None:
    """For Celery's signal `setup_logging`: workers log as the web does."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    watch()
