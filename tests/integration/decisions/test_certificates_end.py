"""Who can renew a signing certificate is told 60, 30 and 7 days before it ends, once each."""

from datetime import UTC, datetime, timedelta

import pytest

from decisions import expiry, system_checks, tasks
from decisions.letters.authority import demo_authority
from portal import clock
from portal.events.models import OutboxEntry
from tests.people import staff

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIFE = timedelta(days=100)


@pytest.fixture
def administrators(db, settings, tmp_path):
    with clock.frozen(BEGAN):
        settings.TILGANG_SIGNING = {"demo": str(demo_authority(tmp_path / "keys", LIFE))}
    staff("case_officer", agency="SSB")
    return staff("agency_admin", agency="SSB"), staff("agency_admin", agency="DST")


def told(user) -> list[str]:
    mails = OutboxEntry.objects.filter(kind="mail.send", payload__to=user.email).order_by("pk")
    return [mail.payload["body"] for mail in mails]


def at(days_before: float):
    return clock.frozen(BEGAN + LIFE - timedelta(days=days_before))


def test_mails_go_out_60_30_and_7_days_before_and_once_each(administrators):
    first, second = administrators
    for days, mails in ((61, 0), (60, 2), (59.5, 2), (31, 2), (30, 4), (8, 4), (7, 6), (1, 6)):
        with at(days):
            tasks.warn_of_certificates()
            tasks.warn_of_certificates()
        for user in (first, second):
            assert len(told(user)) == mails, f"{days} days before"
    assert OutboxEntry.objects.filter(kind="mail.send").count() == 12, "administrators only"
    decisions, acceptances = sorted(told(first)[:2], key=lambda body: "acceptances" in body)
    assert "signs the decisions of Statistics Norway" in decisions
    assert "seals acceptances for Statistics Norway" in acceptances
    assert "9 June 2026" in decisions
    assert "Statistics Denmark" in told(second)[0]


def test_a_portal_that_was_down_at_the_day_tells_it_later_and_the_nearest_only(administrators):
    with at(20):
        assert expiry.warn() == 4
    with at(-1):
        assert {end.stage for end in expiry.ending()} == {7}


def test_a_renewed_certificate_is_another_one_and_is_told_in_its_own_time(
    administrators, settings, tmp_path
):
    with at(60):
        assert expiry.warn() == 4
        settings.TILGANG_SIGNING = {"demo": str(demo_authority(tmp_path / "new", LIFE))}
        assert expiry.warn() == 0
    with clock.frozen(BEGAN + LIFE - timedelta(days=60) + timedelta(days=41)):
        assert expiry.warn() == 4


def test_a_key_that_is_not_there_does_not_stop_the_others_from_being_told(administrators, settings):
    from decisions.letters.signing import signing_config

    config = signing_config()
    settings.TILGANG_SIGNING = {**config, "acceptance": {"DST": config["acceptance"]["*"]}}
    with at(30):
        assert {(end.agency, end.purpose) for end in expiry.ending()} >= {
            ("SSB", "decision"),
            ("DST", "acceptance"),
        }
        assert ("SSB", "acceptance") not in {(e.agency, e.purpose) for e in expiry.ending()}


def test_the_deploy_check_warns_and_then_refuses(administrators):
    for days, level in ((61, None), (45, "W1"), (-1, "E1")):
        with at(days):
            ids = {message.id for message in system_checks.signing_certificates_last(None)}
        assert ids == ({f"decisions.{level}"} if level else set())
