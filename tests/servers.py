"""Real servers for the tests: one PostgreSQL and one broker a run, a database per worker.

A plugin (`-p tests.servers`) and no conftest: it must run before Django reads its settings.
"""

import atexit
import os
import shutil

from portal.local.servers import Broker, Postgres, scratch_dir

# Before Django reads its settings; workers of xdist inherit the servers of the main process.
if "TILGANG_TEST_SCRATCH" not in os.environ:
    _scratch = scratch_dir("tilgang-test-")
    os.environ["TILGANG_TEST_SCRATCH"] = str(_scratch)
    _servers = []
    if "DATABASE_URL" not in os.environ:
        _postgres = Postgres(_scratch / "postgres", fast=True)
        _postgres.start()
        _postgres.create_database("tilgang")
        os.environ["TILGANG_TEST_SOCKET"] = str(_postgres.socket)
        _servers.append(_postgres)
    if "REDIS_URL" not in os.environ:
        _broker = Broker(_scratch / "broker")
        _broker.start()
        os.environ["REDIS_URL"] = _broker.url
        _servers.append(_broker)

    def _end() -> None:
        for server in reversed(_servers):
            server.stop()
        shutil.rmtree(_scratch, ignore_errors=True)

    atexit.register(_end)
