"""Signing in at a real OpenID Connect provider: npm oidc-provider, on this machine."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from portal.accounts.oidc.config import Level, Provider, SignIn
from portal.events.models import Event, OutboxEntry
from portal.links import absolute
from tests.people import give, person

pytestmark = pytest.mark.django_db(transaction=True)
LEVELS = {"low": Level.LOW, "substantial": Level.SUBSTANTIAL, "high": Level.HIGH}


@pytest.fixture
def provider(live_server: Any, settings: Any) -> Iterator[Provider]:
    """The provider, listening, and the portal told of it."""
    cache.clear()
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    node = shutil.which("node") or "node"
    settings.BASE_URL = live_server.url
    told = {
        "PORT": str(port),
        "REDIRECT_URI": absolute("socialaccount_provider_callback", "own"),
        "AFTER_LOGOUT": live_server.url + "/",
    }
    found = Provider(
        "own", {"en": "Test provider"}, f"http://localhost:{port}", "tilgang", "only-for-tests",
        scopes=("openid", "profile", "email"),
        levels={f"urn:test:{name}": level for name, level in LEVELS.items()},
        ask={level: {"acr_values": f"urn:test:{name}"} for name, level in LEVELS.items()},
    )  # fmt: skip
    settings.SIGN_IN = SignIn((found,))
    process = subprocess.Popen(
        [node, "tests/browser/provider.mjs"],
        cwd=settings.BASE_DIR, env={**os.environ, **told},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield found
    finally:
        process.terminate()
        process.wait(10)
        cache.clear()


def at_provider(page: Page, who: str, level: str) -> None:
    """Fills in the provider's own page."""
    expect(page.get_by_role("heading", name="Test provider")).to_be_visible()
    page.get_by_label("Who").fill(who)
    page.get_by_label(f"urn:test:{level}", exact=True).check()
    page.get_by_role("button", name="Sign in").click()


def begins(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with Test provider").click()


def link_in_mail() -> str:
    body = OutboxEntry.objects.filter(kind="mail.send").latest("id").payload["body"]
    return re.search(r"http://localhost:\d+/\S+", body)[0]  # type: ignore[index]


def test_somebody_new_makes_an_account_at_the_provider_and_signs_out_of_both(
    page: Page, provider: Provider, live_server: Any
) -> None:
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security" in m.text else None)
    begins(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("You broke off the sign-in")
    page.get_by_role("button", name="Begin again").click()
    at_provider(page, "kari", "substantial")
    expect(page.get_by_label("Your name")).to_have_value("kari Nordmann")
    expect(page.get_by_label("E-mail address at work")).to_have_value("kari@example.no")
    page.get_by_role("button", name="Make an account").click()
    expect(page).to_have_url(re.compile("/accounts/confirm-email/$"))
    page.goto("/me/")
    expect(page).to_have_url(re.compile("/accounts/login/"))  # not before the address is shown
    page.goto(link_in_mail())
    page.get_by_role("button", name="Confirm").click()
    page.goto("/me/sign-in/")
    expect(page.get_by_text("Linked: you can sign in with it.")).to_be_visible()
    expect(page.get_by_role("button", name="Unlink")).to_have_count(0)  # the last way stays
    kari = User.objects.get(email="kari@example.no")
    assert not kari.has_usable_password()
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page).to_have_url(live_server.url + "/")
    begins(page)
    expect(page.get_by_role("heading", name="Test provider")).to_be_visible()
    assert refused == []


def test_a_decision_maker_links_the_provider_and_needs_a_strong_and_fresh_sign_in_there(
    page: Page, provider: Provider, as_person: Callable[..., None]
) -> None:
    boss = person("Berit Berg", "berit@agency.example")
    give(boss, "decision_maker")
    as_person(boss, fresh=True)
    page.goto("/me/sign-in/")
    page.get_by_role("button", name="Link Test provider").click()
    at_provider(page, "berit", "substantial")
    expect(page.get_by_text("Test provider is linked to your account.")).to_be_visible()
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()

    # Too weak a sign-in (which the provider remembers) gives no rights of staff, and says so.
    begins(page)
    expect(page).to_have_url(re.compile("/me/$"))
    notice = page.get_by_text("Your sign-in is too weak for your work at the agency.")
    expect(notice).to_be_visible()
    assert page.goto("/cases/SSB/").status == 404  # type: ignore[union-attr]
    page.get_by_role("link", name="Sign in at a higher level").click()
    expect(page.get_by_text("SSB: decision maker")).to_be_visible()
    page.get_by_role("link", name="Sign in again with Test provider").click()
    page.get_by_role("button", name="Sign in again with Test provider").click()
    expect(page.locator("#asked")).to_have_text("asked: urn:test:high")
    at_provider(page, "berit", "substantial")
    expect(page.get_by_text("level high is needed")).to_be_visible()
    page.get_by_role("button", name="Begin again").click()
    at_provider(page, "ola", "high")
    expect(page.get_by_role("alert")).to_contain_text("not one that is linked to your account")
    page.get_by_role("button", name="Begin again").click()
    at_provider(page, "berit", "high")
    expect(page).to_have_url(re.compile("/cases/SSB/$"))
    expect(notice).to_have_count(0)
    assert page.goto("/cases/SSB/").status == 200  # type: ignore[union-attr]

    # What binds asks for a fresh sign-in at the provider, though it remembers the person.
    age_of_confirmation(page, settings.FRESH_SIGN_IN + 1)
    page.goto("/me/")
    page.get_by_role("button", name="End my other sessions").click()
    page.get_by_role("button", name="Sign in again with Test provider").click()
    at_provider(page, "berit", "high")
    expect(page.get_by_text("All your other sessions are ended.")).to_be_visible()
    done = Event.objects.filter(stream=f"user:{boss.pk}").values_list("type", flat=True)
    assert {"user.way_linked", "user.confirmed", "user.sessions_ended"} <= set(done)


def age_of_confirmation(page: Page, seconds: int) -> None:
    """Makes the last confirmation of this browser's session older."""
    from django.contrib.sessions.backends.db import SessionStore

    from portal.accounts import sessions

    jar = {c["name"]: c["value"] for c in page.context.cookies()}
    held = SessionStore(jar[settings.SESSION_COOKIE_NAME])
    held[sessions.KEY]["fresh"] -= seconds
    held.save()
