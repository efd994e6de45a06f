"""No log tells what somebody wrote: of an error its kind and its places in our code, no more."""

import io
import logging

import psycopg2
import pytest

from portal.logs import Discreet

SECRET = "01019912345"


@pytest.fixture
def log():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Discreet())
    logger = logging.getLogger("tests.discreet")
    logger.propagate, logger.handlers = False, [handler]
    yield logger, out
    logger.handlers = []


def failing():
    local = SECRET
    try:
        raise KeyError(local)
    except KeyError as missing:
        raise ValueError(f"not {local}") from missing


def test_an_error_is_told_by_its_kind_its_causes_and_our_own_places(log):
    logger, out = log
    try:
        failing()
    except ValueError:
        logger.exception("it failed")
    told = out.getvalue()
    assert SECRET not in told
    assert "ValueError at tests/unit/portal/test_logs.py:" in told
    assert "because of KeyError at tests/unit/portal/test_logs.py:" in told


def test_the_text_of_an_error_is_not_written_however_it_is_logged(log):
    logger, out = log
    error = ValueError(SECRET)
    logger.error("wrong: %s", error)
    logger.error("wrong: %r", error)
    logger.error(error)
    logger.warning("two: %s and %s", "words", error)
    told = out.getvalue()
    assert SECRET not in told
    assert told.count("ValueError") == 4
    assert "two: words and ValueError" in told


def test_celerys_records_lose_arguments_results_and_errors(log):
    logger, out = log
    logger.name = "celery.app.trace"
    context = {
        "name": "portal.relay", "id": "7", "args": SECRET, "kwargs": SECRET, "exc": SECRET,
        "traceback": SECRET, "return_value": SECRET, "description": "raised unexpected",
    }  # fmt: skip
    logger.error("Task %(name)s[%(id)s] %(description)s: %(exc)s\n%(traceback)s", context)
    try:
        failing()
    except ValueError:
        logger.error("Task %(name)s %(exc)s", context, exc_info=True)
    logger.info("%(name)s gave %(return_value)s", context)
    logger.name = "tests.discreet"
    assert SECRET not in out.getvalue()
    assert "portal.relay" in out.getvalue()


def test_an_address_is_told_by_its_pattern(log, rf):
    logger, out = log
    request = rf.get(f"/applications/invitations/{SECRET}/?q={SECRET}")
    extra = {"request": request, "status_code": 500}
    logger.error("%s: %s", "Internal Server Error", request.path, extra=extra)
    assert SECRET not in out.getvalue()
    assert "500 GET" in out.getvalue()


def test_an_error_of_the_database_is_told_by_its_code(log):
    logger, out = log
    error = psycopg2.errors.UniqueViolation(f"Key (name)=({SECRET}) already exists")
    try:
        raise error
    except psycopg2.Error:
        logger.exception("the statement failed")
    assert SECRET not in out.getvalue()
    assert "UniqueViolation" in out.getvalue()


def test_what_gunicorn_says_of_a_killed_worker_is_said_and_what_it_says_of_a_request_is_not():
    def told(text, *args):
        record = logging.LogRecord("gunicorn.error", logging.ERROR, "", 0, text, args, None)
        return Discreet("%(message)s").format(record)

    killed = "Worker (pid:%s) was sent %s! Perhaps out of memory?"
    assert told(killed, 7, "SIGKILL") == killed % (7, "SIGKILL")
    assert told(killed % (7, "SIGKILL")) == killed % (7, "SIGKILL")
    assert told("WORKER TIMEOUT (pid:%s)", 7) == "WORKER TIMEOUT (pid:7)"
    assert SECRET not in told(f"Invalid request from ip=1: {SECRET}")
    assert SECRET not in told(f"Worker (pid:7) was sent a b {SECRET}!")
