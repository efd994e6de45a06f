"""How gunicorn serves the portal: `gunicorn -c python:portal.gunicorn`.

BIND, WEB_CONCURRENCY (processes) and WEB_THREADS come from the environment. No access log: an
address may hold a search for a name; the proxy in front counts requests (docs/operations.md).
"""

import os
from pathlib import Path
from typing import Any

wsgi_app = "portal.wsgi:application"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loaded once and shared: less memory, and what is wrong with the settings is said once.
preload_app = True
timeout = 60
graceful_timeout = 10
max_requests = 5000
max_requests_jitter = 500
loglevel = "warning"
logger_class = "portal.gunicorn_log.Log"
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Nobody uploads yet: what lies there was left by a process that was killed."""
    from portal import uploads

    uploads.clear()


def when_ready(server: Any) -> None:
    """What the public page of letters needs takes seconds to load: once, before anybody waits."""
    from decisions.letters import examination  # noqa: F401


if Path("/dev/shm").is_dir():  # noqa: S108 - heartbeats must not wait for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108
