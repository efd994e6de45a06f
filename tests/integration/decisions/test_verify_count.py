"""How often an address may ask is counted for all processes together, as production is set up."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from decisions.views.verifying import MOST
from portal.events import checks
from tests import production
from tests.architecture.test_house import ROOT

ASK = """
import sys, django
django.setup()
from datetime import UTC, datetime
from django.test import RequestFactory
from decisions.views.verifying import allowed
from portal import clock
request = RequestFactory().get("/letters/verify/", HTTP_X_FORWARDED_FOR=sys.argv[1])
with clock.frozen(datetime(2026, 5, 4, 12, tzinfo=UTC)):
    print(sum(allowed(request) for _ in range(int(sys.argv[2]))))
"""


def of_cache() -> str:
    """The address of the run's broker as a cache of its own in it."""
    address = os.environ["REDIS_URL"].partition("?")[0].replace("redis+socket:", "unix:")
    return f"{address}?db=15" if address.startswith("unix:") else address


def asking(address: str, times: int, folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", ASK, address, str(times)],
        cwd=ROOT,
        env=production.environment(folder, CACHE_URL=of_cache()),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_of_production_count_one_address_together(tmp_path):
    address = f"2001:db8::{random.randrange(1, 0xFFFF):x}:{random.randrange(1, 0xFFFF):x}"
    both = [asking(address, MOST - 5, tmp_path) for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    let_through = [int(out) for out, _ in answers]
    assert sum(let_through) == MOST
    assert min(let_through) > 0


@pytest.mark.parametrize(
    ("backend", "found"),
    [
        ("locmem.LocMemCache", ["events.E5"]),
        ("dummy.DummyCache", ["events.E5"]),
        ("redis.RedisCache", []),
        ("memcached.PyMemcacheCache", []),
    ],
)
def test_the_deploy_check_refuses_counts_that_each_process_keeps_for_itself(
    settings, backend, found
):
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    assert [message.id for message in checks.counts_are_shared(None)] == found
