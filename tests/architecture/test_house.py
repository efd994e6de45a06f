"""The house's own rules: imports, lock files, settings of production."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]

PRODUCTION = {
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "portal.example",
    "BASE_URL": "https://portal.example",
    "DATABASE_URL": "postgresql://app:pw@database/tilgang",
    "REDIS_URL": "redis://:pw@broker/0",
    "S3_BUCKET": "objects",
    "S3_ENDPOINT_URL": "https://objects.example",
    "S3_ACCESS_KEY": "a",
    "S3_SECRET_KEY": "b",
    "CLAMD": "antivirus:3310",
    "EMAIL_URL": "smtp+tls://u:p@mail.example:587",
    "DEFAULT_FROM_EMAIL": "no-reply@portal.example",
    "TILGANG_SIGNING": "/keys/signing.toml",
}


def in_production(arguments, tmp_path, **changed):
    key = tmp_path / "events.pem"
    key.touch(mode=0o600)
    wanted = PRODUCTION | {"EVENTS_KEY_FILE": str(key)} | changed
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    environment = {k: v for k, v in (kept | wanted).items() if v}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings.production"
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_run_one_way():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_database_driver_is_psycopg2():
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert is_psycopg3 is False
    assert connection.vendor == "postgresql"


def test_lock_files_name_no_address():
    assert "://" not in (ROOT / "requirements.lock").read_text()
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


@pytest.mark.parametrize("name", [*PRODUCTION, "EVENTS_KEY_FILE"])
def test_production_refuses_to_start_without(name, tmp_path):
    done = in_production(["-c", "import django; django.setup()"], tmp_path, **{name: ""})
    assert done.returncode != 0
    assert name in done.stderr


def test_production_has_no_demo_pages(tmp_path):
    code = (
        "import django; django.setup()\n"
        "from django.urls import resolve, Resolver404\n"
        "from django.conf import settings\n"
        "assert not settings.DEMO and 'portal.local' not in settings.INSTALLED_APPS\n"
        "try:\n    resolve('/demo/people/')\nexcept Resolver404:\n    print('refused')\n"
    )
    done = in_production(["-c", code], tmp_path)
    assert done.stdout.strip() == "refused", done.stderr[-2000:]


def test_production_passes_djangos_deployment_check(tmp_path):
    done = in_production(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
