"""Sessions: their key, their limits, their end, and that no text is lost with them."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.accounts import commands, kept, listing, sessions
from portal.accounts.models import User
from tests.people import PASSWORD, person, sign_in, staff

pytestmark = pytest.mark.django_db
ME = "/me/"
DETAILS = "/me/details/"


def log_in(client: Client, user):
    data = {"login": user.email, "password": PASSWORD}
    return client.post(reverse("account_login"), data)


def later(**how_long: float):
    return clock.frozen(clock.now() + timedelta(**how_long))


def test_the_key_changes_at_sign_in_and_dies_at_sign_out(client: Client) -> None:
    user = person()
    client.get(reverse("account_login"))
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    before = session.session_key
    log_in(client, user)
    key = client.session.session_key
    assert key != before
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get(ME).status_code == 302


def test_signing_out_by_a_link_of_somebody_else_is_not_possible(client: Client) -> None:
    sign_in(client, person())
    client.get(reverse("account_logout"))
    assert client.get(ME).status_code == 200


def test_an_applicant_is_signed_out_after_two_hours_without_a_sign(client: Client) -> None:
    sign_in(client, person())
    with later(hours=1, minutes=59):
        assert client.get(ME).status_code == 200
        with later(hours=1, minutes=59):
            assert client.get(ME).status_code == 200, "each visit counts"
            with later(hours=2, minutes=1):
                answer = client.get(ME)
                assert answer.url.startswith(reverse("account_login"))
                assert "sign_in" not in client.session


def test_staff_are_signed_out_after_half_an_hour_without_a_sign(client: Client) -> None:
    sign_in(client, staff("case_officer"))
    with later(minutes=29):
        assert client.get(ME).status_code == 200
        with later(minutes=31):
            assert client.get(ME).status_code == 302


def test_nobody_stays_signed_in_longer_than_twelve_hours(client: Client) -> None:
    sign_in(client, person())
    for hour in range(1, 12):
        with later(hours=hour):
            assert client.get(ME).status_code == 200
    with later(hours=12, minutes=1):
        assert client.get(ME).status_code == 302


def test_a_script_on_a_timer_keeps_nobody_signed_in(client: Client) -> None:
    sign_in(client, staff("case_officer"))
    with later(minutes=20):
        client.get(ME, headers={"X-Background": "1"})
        assert client.get(reverse("accounts:session")).json()["seconds"] == 600
    with later(minutes=31):
        answer = client.get(reverse("accounts:session"), headers={"Accept": "application/json"})
        assert answer.status_code == 401


def test_a_session_is_extended_by_its_person(client: Client) -> None:
    sign_in(client, staff("case_officer"))
    with later(minutes=28):
        left = client.post(
            reverse("accounts:extend_session"), headers={"Accept": "application/json"}
        )
        assert left.json() == {"seconds": 1800, "extendable": True}
        back = client.post(reverse("accounts:extend_session"), {"next": "//evil.example/"})
        assert back.url == ME
    with later(minutes=50):
        assert client.get(ME).status_code == 200


def test_the_absolute_limit_is_not_extended(client: Client) -> None:
    sign_in(client, person())
    session = client.session
    session["sign_in"]["at"] -= 12 * 3600 - 60
    session.save()
    left = client.post(reverse("accounts:extend_session"), headers={"Accept": "application/json"})
    assert left.json()["extendable"] is False
    assert left.json()["seconds"] <= 60


def test_what_was_sent_too_late_is_kept_for_its_sender(client: Client) -> None:
    user = person()
    sign_in(client, user)
    with later(hours=3):
        data = {"name": "Kari\nNy", "language": "nb"}
        answer = client.post(DETAILS, data)
        assert answer.url.startswith(reverse("account_login"))
        assert "resume" in answer.url
        user.refresh_from_db()
        assert user.name == "Kari Nordmann", "not taken while signed out"
        assert log_in(client, user).status_code == 302
        page = client.get(reverse("accounts:resume"))
        assert 'name="name" value="Kari\nNy"' in page.content.decode()
        assert "requestSubmit" not in page.content.decode()
        assert 'data-resume="ended"' in page.content.decode(), "sent only by the person's hand"


def test_what_one_signs_in_with_is_never_kept(client: Client) -> None:
    """A session that ended while somebody changed their password, signed in again from an old
    page, or wrote a code: nothing of it lies in the session, and nothing is shown."""
    user = person()
    new = "entirely new and secret"
    forms = {
        "account_change_password": {"oldpassword": PASSWORD, "password1": new, "password2": new},
        "account_login": {"login": user.email, "password": new},
        "account_reauthenticate": {"password": new},
        "mfa_reauthenticate": {"code": new},
        "mfa_activate_totp": {"code": new},
        "accounts:details": {"name": "x", "language": "nb", "password": new},
    }
    for name, data in forms.items():
        sign_in(client, user)
        with later(hours=3):
            client.post(reverse(name), data)
            assert new not in str(dict(client.session.items())), name
            log_in(client, user)
            page = client.get(reverse("accounts:resume"), follow=True).content.decode()
            assert new not in page, name


def test_what_was_kept_is_not_shown_to_another_person(client: Client) -> None:
    sign_in(client, person())
    other = person("Per", "per@example.no")
    with later(hours=3):
        client.post(DETAILS, {"name": "secret text", "language": "nb"})
        log_in(client, other)
        page = client.get(reverse("accounts:resume"), follow=True).content.decode()
        assert "secret text" not in page


def test_a_fragment_asked_for_too_late_sends_the_whole_page_to_sign_in(client: Client) -> None:
    sign_in(client, person())
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/me/details/"}
    with later(hours=3):
        answer = client.post(DETAILS, {"name": "x"}, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].endswith("next=%2Fme%2Fdetails%2F")
    answer = Client().get(ME, headers=headers)
    assert answer.headers["HX-Redirect"].startswith(reverse("account_login"))


def test_a_person_ends_their_other_sessions(client: Client) -> None:
    user = person()
    here, there = sign_in(client, user, fresh=True), sign_in(Client(), user)
    with later(minutes=1):
        here.post(reverse("accounts:sign_out_elsewhere"))
        assert here.get(ME).status_code == 200
        assert there.get(ME).status_code == 302


def test_a_sign_in_right_after_the_end_of_all_sessions_holds_and_one_right_before_ends(
    client: Client,
) -> None:
    user, moment = person(), datetime(2026, 3, 2, 9, 0, 0, 100, tzinfo=UTC)
    before, after = Client(), Client()
    with clock.frozen(moment):
        log_in(before, user)
    with clock.frozen(moment + timedelta(microseconds=1)):
        commands.end_sessions(user, "system:test")
    with clock.frozen(moment + timedelta(microseconds=2)):
        log_in(after, user)
        assert before.get(ME).status_code == 302
        assert after.get(ME).status_code == 200
        assert listing.of(User.objects.get(pk=user.pk)).count() == 1


def test_ending_the_others_does_not_make_ones_own_session_longer(client: Client) -> None:
    user = person()
    sign_in(client, user, fresh=True)
    began = client.session["sign_in"]["at"]
    client.post(reverse("accounts:sign_out_elsewhere"))
    assert client.get(ME).status_code == 200, "in the same second too"
    assert client.session["sign_in"]["at"] == began
    session = client.session
    session["sign_in"]["at"] -= 12 * 3600
    session.save()
    assert client.get(ME).status_code == 302


def test_an_operator_ends_a_persons_sessions_and_closes_and_opens_an_account(
    client: Client,
) -> None:
    user = person()
    sign_in(client, user)
    with later(minutes=1):
        call_command("account", user.email.upper(), "--end-sessions", stdout=StringIO())
        assert client.get(ME).status_code == 302
    with later(minutes=2):
        sign_in(client, user)
        call_command("account", user.email, "--close", stdout=StringIO())
        assert client.get(ME).status_code == 302
        log_in(client, user)
        assert client.get(ME).status_code == 302, "a closed account does not sign in"
        call_command("account", user.email, "--open", stdout=StringIO())
        log_in(client, user)
        assert client.get(ME).status_code == 200
    with pytest.raises(CommandError, match="nobody"):
        call_command("account", "nobody@example.no", "--close")


def test_a_changed_password_ends_the_sessions_elsewhere(client: Client) -> None:
    user = person()
    sign_in(client, user)
    user.set_password("another good password")
    user.save()
    assert client.get(ME).status_code == 302


def test_pages_of_who_is_signed_in_are_stored_nowhere(client: Client) -> None:
    sign_in(client, person())
    assert "no-store" in client.get(ME).headers["Cache-Control"]


def test_a_session_without_facts_gives_no_right(client: Client) -> None:
    officer = staff("case_officer")
    client.force_login(officer)
    assert client.get(ME).url.startswith(reverse("accounts:second_factor"))


def test_facts_of_another_person_do_not_count(client: Client) -> None:
    officer, thief = staff("case_officer"), person("Thief", "thief@example.no")
    client.force_login(officer)
    session = client.session
    session[sessions.KEY] = sessions.new(thief, second_factor=True)
    session.save()
    assert client.get(ME).url.startswith(reverse("accounts:second_factor"))


def test_too_long_a_form_is_not_kept(rf) -> None:
    user = person()
    request = rf.post("/me/details/", {"text": "x" * (kept.LARGEST + 1)})
    request.session = {}
    assert kept.keep(request, user, "ended") is False
    assert kept.KEY not in request.session
