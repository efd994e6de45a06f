"""What goes into an image, and who gets which secret: the Dockerfile, .dockerignore, compose file."""

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
IGNORE = (ROOT / ".dockerignore").read_text().splitlines()
SOURCES = [
    source
    for line in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.M)
    for source in line.split()[:-1]
]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = {name for name, service in SERVICES.items() if "build" in service}
WORKERS = {name for name in OURS if name.startswith("worker")}


def in_context(path: str) -> bool:
    """Whether Docker gets to see `path`: the last pattern that fits decides."""
    taken = True
    for pattern in (line.strip() for line in IGNORE):
        if not pattern or pattern.startswith("#"):
            continue
        wanted, bare = pattern.startswith("!"), pattern.lstrip("!")
        parts = path.split("/")
        beginnings = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        ends = bare.removeprefix("**/")
        if any(
            fnmatch(each, bare) for each in beginnings if each.count("/") == bare.count("/")
        ) or (bare != ends and any(fnmatch(part, ends) for part in parts)):
            taken = wanted
    return taken


def in_image(path: str) -> bool:
    """Whether a COPY of the Dockerfile takes `path`."""
    copied = any(path == source or path.startswith(f"{source}/") for source in SOURCES)
    return copied and in_context(path)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "portal.env",
        "portal/.env",
        "portal/settings/.env.production",
        "keys/signing.toml",
        "keys/events.pem",
        "config/sign-in.toml",
        "portal/events.pem",
        "decisions/letters/ssb.p12",
        "tests/conftest.py",
        "var/demo/secret-key",
        ".git/config",
        ".venv/pyvenv.cfg",
        "node_modules/esbuild/package.json",
        "portal/local/launcher.py",
        "docs/operations.md",
        "requirements-dev.lock",
        "something-new",
    ],
)
def test_it_does_not_go_into_the_image(path) -> None:
    assert not in_image(path)


def test_what_the_portal_runs_with_goes_into_the_image() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    for folder in ("applications", "catalogue", "decisions", "institutions", "portal", "templates"):
        needed = [
            p for p in listed if p.startswith(f"{folder}/") and not p.startswith("portal/local/")
        ]
        assert needed
        assert [path for path in needed if not in_image(path)] == []
    for path in ("manage.py", "requirements.lock", "locale/nb/LC_MESSAGES/django.po"):
        assert in_image(path)


def test_every_copy_names_a_folder_or_file_that_is_there_and_no_copy_takes_all() -> None:
    assert SOURCES
    for source in SOURCES:
        assert source not in (".", "./", "*", "/")
        assert (ROOT / source).exists(), source
        assert in_context(source), source


def test_the_image_serves_as_the_portal_says_and_installs_what_runs_only() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert 'CMD ["gunicorn", "-c", "python:portal.gunicorn"]' in text
    assert "access-log" not in text
    assert "requirements-dev" not in text
    assert "--require-hashes -r requirements.lock" in text


def test_keys_are_for_workers_alone() -> None:
    assert WORKERS
    for name, service in SERVICES.items():
        mounted = {
            volume["source"] for volume in service.get("volumes", []) if isinstance(volume, dict)
        }
        assert ("./keys" in mounted) == (name in WORKERS), name
        assert ".env" not in service.get("env_file", []), name


def test_every_part_connects_as_its_own_role_and_knows_no_other_password() -> None:
    expected = {
        "web": "tilgang_app",
        "beat": "tilgang_app",
        "migrate": "tilgang_owner",
        "roles": "postgres",
    }
    expected |= dict.fromkeys(WORKERS, "tilgang_worker")
    for name in OURS:
        environment = SERVICES[name]["environment"]
        role = re.match(r"postgresql://(\w+):", environment.get("DATABASE_URL", ""))
        assert (role and role[1]) == expected.get(name), name
        known = set(re.findall(r"\$\{(DATABASE_\w+|POSTGRES_PASSWORD)", str(SERVICES[name])))
        assert len(known) == (4 if name == "roles" else 1 if name in expected else 0), name
    parts = {name: SERVICES[name]["environment"]["TILGANG_PART"] for name in OURS}
    assert parts == dict.fromkeys(WORKERS, "worker") | {
        "web": "web", "beat": "beat", "migrate": "migrate", "roles": "migrate", "bucket": "bucket",
    }  # fmt: skip


def test_what_is_not_kept_up_is_not_used_and_versions_are_named() -> None:
    for name, service in SERVICES.items():
        if name in OURS:
            continue
        image, _, version = service["image"].partition(":")
        assert image.split("/")[0] not in ("minio", "redis"), name
        assert version not in ("", "latest"), name
    waits = SERVICES["web"]["depends_on"]
    assert waits["bucket"]["condition"] == "service_completed_successfully"
    assert waits["migrate"]["condition"] == "service_completed_successfully"
