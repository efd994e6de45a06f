"""Everybody reads an agency's rules before they begin; its administrators change how severe they are."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from applications import schemes
from applications.commands.severities import change_severity
from applications.models import SeverityChange
from applications.selectors import rules
from portal.local.demo_people import ensure_people
from tests.integration.applications.conftest import World
from tests.people import sign_in

RULE = "SSB-CHK-29"  # INFO by the scheme


@pytest.fixture
def world(db):
    return World(ensure_people())


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def admin(client, world):
    return sign_in(client, world["agency_admin"], fresh=True)


def change(world, rule_id, severity, seen=0, reason="The director asks."):
    by = world.actor("agency_admin", fresh=True)
    return change_severity(by, "SSB", rule_id, severity, reason, seen)


def item(html, rule_id):
    """The part of the page that tells of one rule."""
    found = re.search(rf'<li class="finding"[^>]* id="{rule_id}">.*?</li>', html, re.S)
    assert found, rule_id
    return found.group(0)


def ids(html):
    return re.findall(r'<li class="finding"[^>]* id="([A-Z]+-[A-Z]+-\d\d)">', html)


# -- for everybody ----------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", schemes.all_current(), ids=lambda scheme: scheme.agency)
def test_an_agencys_page_has_each_of_its_rules_once_with_message_and_source(db, client, scheme):
    html = client.get(rules.address(scheme.agency)).content.decode()
    assert sorted(ids(html)) == sorted(scheme.rules)
    for rule in rules.told(scheme, "en"):
        told = item(html, rule.id)
        assert f'data-severity="{rule.severity}"' in told
        assert rule.words in told
        assert escape(rule.message) in told
        assert escape(rule.source) in told
        # The common rules also speak of a table that not every agency has.
        assert rule.about or rule.group == "common", "it says what it is about in the form"


@pytest.mark.parametrize("scheme", schemes.all_current(), ids=lambda scheme: scheme.agency)
def test_the_page_says_what_the_marks_of_sources_stand_for(db, client, scheme):
    html = client.get(rules.address(scheme.agency)).content.decode()
    marks = set(re.findall(r"\b00\d\b", " ".join(r.source for r in scheme.rules.values())))
    assert marks
    for mark in marks:
        assert f"<dt>{mark}</dt>" in html
        assert escape(scheme.config["sources"][mark]) in html


def test_a_rule_says_in_the_readers_language_what_it_is_about(db, client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "sv"
    html = client.get(rules.address("SOS")).content.decode()
    told = item(html, "SOS-FLD-04")
    scheme = schemes.current("SOS")
    assert scheme.message("SOS-FLD-04", "sv") in told
    assert scheme.field("project.title").label("sv") in told
    assert "Source" not in html


def test_labels_in_another_language_than_the_page_say_so(db, client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "sv"
    told = item(client.get(rules.address("SSB")).content.decode(), "SSB-FLD-01")
    assert '<span lang="en">' in told


def test_the_page_asks_the_database_once_however_many_rules_there_are(client, world):
    for rule_id in list(schemes.current("SSB").rules)[:12]:
        severity = "INFO" if schemes.current("SSB").rules[rule_id].severity != "INFO" else "FLAG"
        change(world, rule_id, severity)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(rules.address("SSB")).status_code == 200
    assert len(asked) == 1, [q["sql"] for q in asked]


def test_a_changed_severity_is_marked_with_its_day_until_it_is_set_back(client, world):
    change(world, RULE, "FLAG")
    told = item(client.get(rules.address("SSB")).content.decode(), RULE)
    assert 'data-severity="FLAG"' in told
    assert "Changed by the agency on" in told
    assert "The director asks." not in told
    change(world, RULE, "INFO", seen=1)
    told = item(client.get(rules.address("SSB")).content.decode(), RULE)
    assert 'data-severity="INFO"' in told
    assert "Changed by the agency" not in told


def test_words_and_severity_narrow_the_page_without_a_script(db, client):
    page = rules.address("SSB")
    assert ids(client.get(page, {"q": "ssb-att-11"}).content.decode()) == ["SSB-ATT-11"]
    infos = ids(client.get(page, {"severity": "INFO"}).content.decode())
    rule = schemes.current("SSB").rules
    assert set(infos) == {i for i in rule if rule[i].severity == "INFO"}
    both = client.get(page, {"q": "StatBank", "severity": "INFO"}).content.decode()
    assert ids(both) == [RULE]
    assert 'value="StatBank"' in both
    nothing = client.get(page, {"q": "no such words"}).content.decode()
    assert ids(nothing) == []
    assert "No rule fits" in nothing
    assert len(ids(client.get(page, {"severity": "MAYBE"}).content.decode())) == len(rule)


def test_the_first_page_leads_to_every_agency_and_others_are_absent(db, client):
    html = client.get(reverse("rules:start")).content.decode()
    for scheme in schemes.all_current():
        assert f'href="{rules.address(scheme.agency)}"' in html
    assert client.get("/rules/nowhere/").status_code == 404
    assert f'href="{rules.address("SSB")}"' in client.get("/").content.decode()


def test_an_application_and_each_of_its_findings_lead_to_the_rules(client, world):
    case = world.draft()
    sign_in(client, world["applicant"])
    overview = client.get(reverse("applications:overview", args=[case.pk])).content.decode()
    assert f'href="{rules.address("SSB")}"' in overview
    missing = client.get(reverse("applications:missing", args=[case.pk])).content.decode()
    assert f'href="{rules.address("SSB", "SSB-FLD-01")}"' in missing


# -- for administrators -----------------------------------------------------------------------


def rule_page(rule_id=RULE):
    return reverse("cases:rule", args=["SSB", rule_id])


def test_an_administrator_changes_a_rule_and_reads_the_history(admin, world):
    listed = admin.get(reverse("cases:rules", args=["SSB"])).content.decode()
    assert f'href="{rule_page()}"' in listed
    assert "Nobody has changed it" in admin.get(rule_page()).content.decode()
    values = {"severity": "FLAG", "reason": "Asked for by the board.", "seen": "0"}
    after = admin.post(rule_page(), values, follow=True)
    assert after.redirect_chain == [(rule_page(), 302)]
    html = after.content.decode()
    assert "Asked for by the board." in html
    assert "changed it from “Information” to “Noticed, and the case officer sees it”" in html
    assert world["agency_admin"].name in html
    assert 'name="seen" value="1"' in html
    listed = admin.get(reverse("cases:rules", args=["SSB"])).content.decode()
    assert "by the scheme: Information" in listed


def test_what_is_wrong_is_said_beside_the_questions_and_nothing_typed_is_lost(admin):
    answer = admin.post(rule_page(), {"severity": "INFO", "reason": "Kept.", "seen": "0"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "The rule is that already" in html
    assert "Kept." in html
    long = admin.post(rule_page(), {"severity": "FLAG", "reason": "x" * 501, "seen": "0"})
    assert long.status_code == 422
    assert "At most 500 characters." in long.content.decode()
    empty = admin.post(rule_page(), {"seen": "0"}).content.decode()
    assert "Choose one of the three." in empty
    assert "Say why" in empty
    assert not SeverityChange.objects.exists()


def test_a_change_in_between_is_told_and_can_be_followed_by_ones_own(admin, world):
    change(world, RULE, "BLOCK", reason="Theirs.")
    answer = admin.post(rule_page(), {"severity": "FLAG", "reason": "Mine.", "seen": "0"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Theirs." in html
    assert "Mine." in html
    assert 'name="seen" value="1"' in html
    again = admin.post(rule_page(), {"severity": "FLAG", "reason": "Mine.", "seen": "1"})
    assert again.status_code == 302
    assert rules.in_force("SSB") == {RULE: "FLAG"}


@pytest.mark.parametrize(
    ("seen", "status"), [("", 409), ("99", 409), ("x", 400), ("-1", 400), ("²", 400)]
)
def test_a_form_that_does_not_say_what_was_seen_changes_nothing(admin, seen, status):
    answer = admin.post(rule_page(), {"severity": "FLAG", "reason": "x", "seen": seen})
    assert answer.status_code == status
    assert not SeverityChange.objects.exists()


def test_a_sign_in_that_is_not_fresh_is_asked_for_again(client, world):
    sign_in(client, world["agency_admin"])
    answer = client.post(rule_page(), {"severity": "FLAG", "reason": "x", "seen": "0"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not SeverityChange.objects.exists()


def test_other_staff_may_not_and_others_find_nothing(client, world):
    pages = (rule_page(), reverse("cases:rules", args=["SSB"]))
    for who, status in (("case_officer", 403), ("dst_case_officer", 404), ("applicant", 404)):
        sign_in(client, world[who], fresh=True)
        for page in pages:
            assert client.get(page).status_code == status, who
        answer = client.post(rule_page(), {"severity": "FLAG", "reason": "x", "seen": "0"})
        assert answer.status_code == status, who
    assert not SeverityChange.objects.exists()


def test_a_rule_that_the_agency_has_not_is_absent(admin):
    assert admin.get(rule_page("DST-CHK-01")).status_code == 404


def test_the_header_leads_administrators_to_the_rules_of_their_agencies(client, world):
    sign_in(client, world["agency_admin"])
    address = f'href="{reverse("cases:rules", args=["SSB"])}"'
    assert address in client.get("/about/").content.decode()
    sign_in(client, world["case_officer"])
    assert address not in client.get("/about/").content.decode()
