"""What is wrong with the settings of production is told at once, in words, and without a secret."""

from pathlib import Path

import pytest

from portal.settings import environment
from tests import production

SECRET = "hunter2-hunter2"


@pytest.fixture
def given(tmp_path):
    return lambda **changed: production.environment(tmp_path, **changed)


def told(given, **changed: str) -> list[str]:
    return environment.faults(given(**changed))


def test_what_can_be_is_taken(given) -> None:
    assert told(given) == []
    assert told(given, DATABASE_URL="postgresql://app@/tilgang?host=%2Frun") == []
    assert told(given, CLAMD="/run/clamd.sock", REDIS_URL="redis+socket:///run/broker") == []


@pytest.mark.parametrize("name", [*production.SETTINGS, *production.KEYS])
def test_what_is_missing_is_named_with_what_it_is(given, name) -> None:
    (line,) = told(given, **{name: ""})
    assert line == f"{name} is missing ({environment.REQUIRED[name]})"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("SECRET_KEY", SECRET, "too short"),
        ("BASE_URL", f"http://{SECRET}.example", "is no address"),
        ("BASE_URL", "https://", "is no address"),
        ("DATABASE_URL", SECRET, "is no address"),
        ("DATABASE_URL", f"mysql://app:{SECRET}@db/tilgang", "is no address"),
        ("DATABASE_URL", f"postgresql://app:{SECRET}@db:x/tilgang", "is no address"),
        ("DATABASE_URL", f"postgresql://app:{SECRET}@db", "names no database"),
        ("REDIS_URL", f"http://{SECRET}@broker", "is no address"),
        ("CACHE_URL", SECRET, "is no address"),
        ("S3_ENDPOINT_URL", SECRET, "is no address"),
        ("S3_ENDPOINT_URL", "s3://bucket", "is no address"),
        ("CLAMD", SECRET, "neither host:port nor"),
        ("CLAMD", "antivirus:99999", "neither host:port nor"),
        ("EMAIL_URL", f"mail://u:{SECRET}@mail", "is no address"),
        ("DEFAULT_FROM_EMAIL", SECRET, "is no mail address"),
        ("EVENTS_KEY_FILE", "/nowhere/events.pem", "cannot be read (No such file"),
        ("TILGANG_SIGNING", "/nowhere/signing.toml", "cannot be read (No such file"),
    ],
)
def test_what_cannot_be_is_named_and_not_repeated(given, name, value, why) -> None:
    (line,) = told(given, **{name: value})
    assert line.startswith(f"{name}: ")
    assert why in line
    assert SECRET not in line


def test_files_that_are_there_must_hold_what_they_should(given, tmp_path) -> None:
    other = tmp_path / "other"
    other.write_text("no key, no TOML =")
    assert told(given, EVENTS_KEY_FILE=str(other)) == [
        "EVENTS_KEY_FILE: the file holds no private key in PEM without a password"
    ]
    assert told(given, TILGANG_SIGNING=str(other)) == ["TILGANG_SIGNING: the file is no TOML"]
    other.write_text('[decision."*"]\npkcs12 = "/nowhere/key.p12"\n')
    assert "names no root certificates" in told(given, TILGANG_SIGNING=str(other))[0]
    other.write_text(
        f'roots = ["{other}", "/nowhere/root.pem"]\n'
        '[decision."*"]\npkcs11 = { module = "/nowhere/hsm.so", pin_file = "/nowhere/pin" }\n'
    )
    (line,) = told(given, TILGANG_SIGNING=str(other))
    for path in ("/nowhere/root.pem", "/nowhere/pin", "/nowhere/hsm.so"):
        assert path in line


def test_everything_is_told_at_once(given) -> None:
    lines = told(given, SECRET_KEY="short", CLAMD="", S3_ENDPOINT_URL="x", TILGANG_PART="")
    assert [line.split(" ")[0].strip(":") for line in lines] == [
        "CLAMD",
        "SECRET_KEY",
        "S3_ENDPOINT_URL",
    ]


def test_the_web_needs_no_key_and_must_not_have_one(given, tmp_path) -> None:
    roots = tmp_path / "roots.toml"
    whole = given()
    text = Path(whole["TILGANG_SIGNING"]).read_text()
    roots.write_text(text[: text.index('[decision."*"]')])
    web = {"TILGANG_PART": "web", "TILGANG_SIGNING": str(roots), "EVENTS_KEY_FILE": ""}
    assert told(given, **web) == []
    (line,) = told(given, TILGANG_PART="web", EVENTS_KEY_FILE="")
    assert "the keys are the workers'" in line
    (line,) = told(given, **(web | {"EVENTS_KEY_FILE": whole["EVENTS_KEY_FILE"]}))
    assert "only workers sign" in line
    assert told(given, TILGANG_PART="worker") == []
    assert told(given, TILGANG_PART="kitchen")[0].startswith("TILGANG_PART must be one of")


def test_who_migrates_or_makes_the_bucket_needs_no_keys(given) -> None:
    none = {"EVENTS_KEY_FILE": "", "TILGANG_SIGNING": ""}
    assert told(given, TILGANG_PART="migrate", **none) == []
    assert told(given, TILGANG_PART="bucket", DATABASE_URL="", **none) == []
    assert told(given, TILGANG_PART="beat", **none) == []
