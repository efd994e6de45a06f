"""What every answer tells the browser: no foreign script, no frame, no guessing, nothing kept."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from tests import production
from tests.integration.test_every_address import OWN, PUBLIC
from tests.people import person, sign_in

ROOT = Path(__file__).resolve().parents[3]
ONE_OF_EACH = {
    "guide:agency": {"agency": "ssb"},
    "rules:agency": {"agency": "ssb"},
}


def addresses(names: set[str]) -> list[str]:
    """Of the pages that need nothing of anybody's: those of a catalogue's rows are left out."""
    keyed = {"catalogue:search", "catalogue:suggestions", "catalogue:editions"}
    keyed |= {"catalogue:register", "catalogue:variable", "ui:set_language", "ui:theme"}
    return [reverse(name, kwargs=ONE_OF_EACH.get(name)) for name in sorted(names - keyed)]


def complaints(response) -> list[str]:
    """What is missing in the headers of `response`."""
    policy = {
        words.split(" ")[0]: words.split(" ")[1:]
        for words in response.headers.get("Content-Security-Policy", "").split("; ")
    }
    wrong = []
    for directive in ("script-src", "style-src"):
        if policy.get(directive) != ["'self'"]:
            wrong.append(f"{directive} is {policy.get(directive)}")
    for directive in ("frame-ancestors", "object-src", "base-uri"):
        if policy.get(directive) != ["'none'"]:
            wrong.append(f"{directive} is {policy.get(directive)}")
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        wrong.append("may be taken for another type")
    if response.headers.get("X-Frame-Options") != "DENY":
        wrong.append("may be put into a frame")
    if response.headers.get("Referrer-Policy") != "same-origin":
        wrong.append("tells other hosts where somebody came from")
    return wrong


@pytest.mark.django_db
def test_no_page_lets_a_foreign_script_or_a_frame_in_errors_among_them(client, settings) -> None:
    client.raise_request_exception = False
    asked = [
        *addresses(PUBLIC),
        "/accounts/login/",
        "/accounts/signup/",
        "/nothing-here/",
        "/a\x01",
    ]
    told = {path: complaints(client.get(path)) for path in asked}
    client.force_login(person())
    told["forbidden"] = complaints(client.post("/letters/verify/"))
    assert {path: wrong for path, wrong in told.items() if wrong} == {}


@pytest.mark.django_db
def test_nothing_of_who_is_signed_in_is_kept_by_a_browser_or_a_proxy(client) -> None:
    sign_in(client, person())
    for path in addresses(OWN):
        answer = client.get(path)
        assert complaints(answer) == [], path
        assert "no-store" in answer.headers["Cache-Control"], path


IN_PRODUCTION = """
import django
from django.conf import settings
settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
django.setup()
from django.test import Client
visitor = Client(HTTP_HOST="portal.example")
plain = visitor.get("/")
assert plain.status_code == 301 and plain["Location"].startswith("https://"), plain
page = visitor.get("/about/", secure=True)
assert page.status_code == 200, page
seconds, *rest = page["Strict-Transport-Security"].split("; ")
assert int(seconds.removeprefix("max-age=")) >= 31_536_000 and "includeSubDomains" in rest
chosen = visitor.post("/language/", {"language": "sv", "next": "/"}, secure=True)
assert page.cookies and chosen.cookies, (page.cookies, chosen.cookies)
for cookie in [*page.cookies.values(), *chosen.cookies.values()]:
    assert cookie.key.startswith("__Host-"), cookie
    assert cookie["secure"] and cookie["httponly"] and cookie["path"] == "/", cookie
    assert not cookie["domain"] and cookie["samesite"] in ("Lax", "Strict"), cookie
assert settings.SESSION_COOKIE_NAME.startswith("__Host-") and settings.SESSION_COOKIE_SECURE
assert settings.SESSION_COOKIE_HTTPONLY and settings.SESSION_COOKIE_PATH == "/"
assert not settings.SESSION_COOKIE_DOMAIN
print("held")
"""


def test_in_production_pages_come_over_tls_alone_and_cookies_from_this_host_alone(tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_PRODUCTION],
        cwd=ROOT,
        env=production.environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "held", done.stderr[-2000:]
