"""Each address x each kind of visitor: nobody reaches another's case, and reading writes nothing.

A new address fails here until somebody has said below what it is.
"""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from applications.models import Application
from institutions.models import Institution, Membership
from portal.accounts import sessions
from portal.accounts.models import StaffRole, User
from tests.integration.applications.conftest import made
from tests.integration.objects import address, every_address, furnish, values
from tests.people import institution

# What everybody may read, signed in or not.
PUBLIC = {
    "ui:front", "ui:about", "ui:help", "ui:accessibility", "ui:privacy", "ui:set_language",
    "ui:theme", "guide:start", "guide:agency", "letters:verify", "catalogue:agencies",
    "catalogue:search", "catalogue:suggestions", "catalogue:editions", "catalogue:register",
    "catalogue:variable",
    "rules:start", "rules:agency",
}  # fmt: skip
# Foreign libraries answer for their own addresses; ours are tested in tests/integration/accounts.
SIGN_IN = ("account_", "mfa_", "socialaccount_", "accounts:", "demo:")
# A signed-in person's own things, without anybody's key in the address.
OWN = {
    "applications:mine", "applications:new", "applications:import_file", "decisions:waiting",
    "projects:mine", "projects:new", "applications:left_alone",
}  # fmt: skip
KEYED = ("applications:", "cases:", "decisions:", "projects:", "catalogue:import", "jobs:")
LINKS = ("applications:confirm_confidentiality", "applications:invitation")
OTHERS_NAMESPACES = ("institutions:",)


def is_sign_in(name):
    return name.startswith(SIGN_IN)


def keyed():
    return [
        (name, converters)
        for name, converters in every_address()
        if name.startswith(KEYED) and name not in OWN
    ]


def test_every_address_is_classified():
    known = PUBLIC | OWN
    unknown = [
        name
        for name, _converters in every_address()
        if name not in known
        and not is_sign_in(name)
        and not name.startswith((*KEYED, *OTHERS_NAMESPACES))
        and not name.startswith("health")
    ]
    assert unknown == []


@pytest.fixture
def foreign_case(transactional_db):
    """A case with all that a case has, and people who have nothing to do with it."""
    world = made()
    case = furnish(world, world.submitted())
    stranger = User.objects.create_user("stranger@x.example", "x", name="Stranger", language="en")
    return world, case, stranger


def signed_in(user):
    client = Client()
    client.force_login(user)
    session = client.session
    session[sessions.KEY] = sessions.new(user, second_factor=True)
    session.save()
    return client


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reaches_anothers_case(foreign_case, method):
    world, case, stranger = foreign_case
    visitors = {
        "a visitor": Client(),
        "another researcher": signed_in(stranger),
        "an officer of another agency": signed_in(world["dst_case_officer"]),
    }
    reached, told = [], values(case)
    for name, converters in keyed():
        for who, client in visitors.items():
            response = getattr(client, method)(address(name, converters, told))
            turned_away = response.status_code == 404 or (
                response.status_code == 302 and "/accounts/" in response["Location"]
            )
            # A link for somebody else says that it is, and nothing of the case.
            elsewhere = name in LINKS and response.status_code == 403
            turned_away |= elsewhere and case.number not in response.content.decode()
            wrong_method = response.status_code == 405
            if not turned_away and not wrong_method:
                reached.append((who, name, response.status_code))
    assert reached == []


def test_a_project_is_absent_for_the_officers_of_its_cases(foreign_case):
    world, case, _stranger = foreign_case
    client, told = signed_in(world["case_officer"]), values(case)
    for name, converters in keyed():
        if name.startswith("projects:"):
            for method in (client.get, client.post):
                assert method(address(name, converters, told)).status_code in (404, 405)


def counted():
    tables = connection.introspection.table_names()
    # A long test is a long session: when somebody was last seen is kept beside what they do.
    left_out = {"django_session", "django_migrations", "accounts_opensession"}
    with connection.cursor() as cursor:
        counts = {}
        for table in tables:
            if table not in left_out:
                cursor.execute(f'SELECT count(*), max(xmin::text::bigint) FROM "{table}"')
                counts[table] = cursor.fetchone()
    return counts


def test_reading_writes_nothing(foreign_case):
    world, case, _stranger = foreign_case
    clients = [signed_in(world[key]) for key in ("applicant", "case_officer")]
    told = values(case)
    before = counted()
    for client in clients:
        for name, converters in [*keyed(), *((n, {}) for n in OWN)]:
            client.get(address(name, converters, told))
    assert counted() == before


def protected(case):
    """What no form may change by a field that it does not ask for."""
    return {
        "people": sorted(User.objects.values_list("pk", "email", "is_active")),
        "roles": sorted(StaffRole.objects.values_list("user_id", "agency", "role", "revoked_at")),
        "members": sorted(Membership.objects.values_list("user_id", "roles", "status")),
        "institutions": sorted(Institution.objects.values_list("pk", "org_number", "status")),
        "case": Application.objects.values_list(
            "agency", "institution_id", "owner_id", "number"
        ).get(pk=case.pk),
    }


def test_fields_that_a_form_does_not_ask_for_change_nothing(foreign_case):
    """Security.md, attack 3, at every address of a case; what each form takes when all that it asks
    for is there: `test_more_fields_than_asked`."""
    world, case, stranger = foreign_case
    elsewhere = institution("Annet institutt")
    smuggled = {
        "role": "agency_admin", "roles": "signatory", "is_staff": "on", "is_superuser": "on",
        "is_active": "", "state": "granted", "status": "confirmed", "agency": "DST",
        "institution": str(elsewhere.pk), "institution_id": str(elsewhere.pk),
        "owner": str(stranger.pk), "owner_id": str(stranger.pk), "number": "SSB-2020-00001",
        "user": str(stranger.pk), "org_number": "974760673", "email": "evil@x.example",
        "approved_by": str(stranger.pk), "valid_until": "2099-01-01",
    }  # fmt: skip
    at = case.institution_id
    others = [
        reverse(f"institutions:{name}", args=[at])
        for name in ("institution", "confirm", "decline", "details", "identity")
    ]
    told = values(case)
    before = protected(case)
    for key in ("applicant", "case_officer", "agency_admin"):
        client = signed_in(world[key])
        addresses = [address(name, converters, told) for name, converters in keyed()]
        for place in [*addresses, *others, "/me/details/", "/me/notifications/"]:
            client.post(place, smuggled)
    assert protected(case) == before
