"""What tests of sign-in share."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from portal.events.models import OutboxEntry
from tests import production


@pytest.fixture(autouse=True)
def _no_counts_left() -> Iterator[None]:
    """Counts of failures do not reach from one test into the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def mails(db: Any) -> Callable[[], list[dict]]:
    """The mails that are queued, oldest first."""

    def queued() -> list[dict]:
        return [e.payload for e in OutboxEntry.objects.filter(kind="mail.send").order_by("id")]

    return queued


@pytest.fixture
def link(mails: Callable[[], list[dict]]) -> Callable[[], str]:
    """The path of the link in the newest mail."""

    def found() -> str:
        match = re.search(r"http://localhost:8000(/\S+)", mails()[-1]["body"])
        assert match, mails()[-1]["body"]
        return match.group(1)

    return found


@pytest.fixture
def visitor() -> Callable[[str], Client]:
    """Another browser at the given network address."""

    def opened(address: str = "192.0.2.1") -> Client:
        return Client(REMOTE_ADDR=address)

    return opened


@pytest.fixture
def production_environment(tmp_path) -> dict[str, str]:
    """An environment in which the settings of production load."""
    more = {"PYTHONPATH": str(settings.BASE_DIR)}
    return production.environment(tmp_path, **more)
