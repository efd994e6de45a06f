"""Security.md, attack 3: whoever may post somewhere gains nothing by posting more.

Each form is sent twice from the same beginning, once as it asks and once with more fields: it must
be reached, change what it is for, and change exactly the same both times.
"""

from datetime import datetime

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse

from institutions import moves
from institutions.models import Institution, InstitutionApproval, Membership
from portal import clock
from portal.accounts.models import StaffRole
from tests.integration.applications.conftest import made
from tests.people import institution, member, person, sign_in

APPS = ("accounts", "account", "institutions", "applications", "decisions")
# What differs between any two runs and is nobody's right.
RANDOM = {"password", "link_digest", "digest", "session_key", "key", "last_login"}


def stored():
    """(model, key) -> columns, of every row of the portal but events and sessions."""
    rows = {}
    for model in apps.get_models():
        if model._meta.app_label in APPS and "Session" not in model.__name__:
            for row in model._default_manager.values():
                key = row.pop(model._meta.pk.attname)
                rows[model.__name__, key] = {
                    name: bool(value) if isinstance(value, datetime) else str(value)
                    for name, value in row.items()
                    if name not in RANDOM
                }
    return rows


def changes(before, after):
    """(what, value) of each column that changed; "+Model" of a new row with all its columns."""
    new = {str(key) for _model, key in after.keys() - before.keys()}
    found = [(f"-{model}", str(key)) for model, key in before.keys() - after.keys()]
    for (model, key), row in after.items():
        if (model, key) not in before:
            row = {n: "new" if v in new else v for n, v in row.items()}
            found.append((f"+{model}", str(sorted(row.items()))))
            continue
        found += [
            (f"{model}.{name}", f"{key}: {'new' if value in new else value}")
            for name, value in row.items()
            if before[model, key][name] != value
        ]
    return sorted(found)


def signed_in(who):
    """A client of `who` that has just confirmed who it is, to allauth's own pages too."""
    client = sign_in(Client(), who, fresh=True)
    session = client.session
    session["account_authentication_methods_user"] = str(who.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": clock.now().timestamp(), "reauthenticated": True}
    ]
    session.save()
    return client


def posted(who, address, data):
    """The answer and what it changed; afterwards nothing has happened."""
    with transaction.atomic():
        client = signed_in(who) if who else Client()
        before = stored()
        answer = client.post(address, data)
        found = changes(before, stored())
        transaction.set_rollback(True)
    return answer, found


@pytest.fixture
def world(transactional_db):
    return made()


def table(world, case, at, elsewhere):
    """(who, address, what the form asks for, what it changes)."""
    applicant, boss, admin = world["applicant"], world["institution_admin"], world["agency_admin"]
    officer = world["case_officer"]
    held = Membership.objects.get(user=world["colleague"], institution=at)
    asking = Membership.objects.get(user__email="asks@x.example")
    waiting = Institution.objects.get(name="Ventende institutt")
    approval = InstitutionApproval.objects.filter(agency="SSB", withdrawn_at=None).first()
    role = StaffRole.objects.get(user=officer)

    def here(name, *more):
        return reverse(f"institutions:{name}", args=[at.pk, *more])

    def there(name, *more):
        return reverse(f"institutions:{name}", args=[elsewhere.pk, *more])

    def cases(name, *more):
        return reverse(f"cases:{name}", args=["SSB", *more])

    days = {"authority_from": "", "authority_until": "", "title": "", "authority": ""}
    identity = {
        "seen": "0", "name": "Et annet navn", "country": "NO", "kind": elsewhere.kind,
        "org_number": "974760673",
    }  # fmt: skip
    return [
        (None, reverse("account_signup"),
         {"name": "Ola", "email": "ola@x.example", "password1": "six rainy days in bergen"},
         {"+User", "+EmailAddress"}),
        (applicant, reverse("account_email"), {"action_add": "", "email": "new@x.example"},
         {"+EmailAddress"}),
        (applicant, reverse("accounts:details"), {"name": "Inga", "language": "en"},
         {"User.name", "User.language"}),
        (applicant, reverse("accounts:notifications"), {"case": "daily", "institution": "at_once"},
         {"+NotificationChoice"}),
        (applicant, there("ask"), {"message": "Hi"}, {"+Membership"}),
        (applicant, reverse("institutions:register"),
         {"name": "Qvist Zoo", "country": "IS", "kind": "research_institution",
          "org_number": "", "signs": ""},
         {"+Institution", "+Membership"}),
        (boss, here("details"), {"seen": "0", "postal_address": "Gata 1"}, {"+InstitutionDetails"}),
        (boss, here("add_domain"), {"domain": "fjord2.example"}, {"+MailDomain"}),
        (boss, here("invite"),
         {"email": "in@x.example", "roles": "researcher", "valid_until": ""}, {"+Invitation"}),
        (boss, here("edit_member", held.pk), {"roles": ["researcher", "administrator"], **days},
         {"Membership.roles"}),
        (boss, here("last_day", held.pk), {"last_day": "2099-05-05"}, {"Membership.valid_until"}),
        (boss, here("approve_member", asking.pk), {},
         {"Membership.status", "Membership.started_at", "Membership.decided_at",
          "Membership.decided_by_id"}),
        (admin, there("identity"), identity, {"Institution.name", "Institution.org_number"}),
        (admin, reverse("institutions:confirm", args=[waiting.pk]), {},
         {"Institution.status", "Institution.decided_at", "Institution.decided_by_id"}),
        (admin, there("approval", "SSB"),
         {"source": approval.source, "number": "1", "valid_from": "2026-01-01", "valid_until": "",
          "grounds": "Letter 1"}, {"+ApprovalProposal"}),
        (admin, reverse("institutions:withdraw_approval", args=[approval.pk]), {"reason": "Over"},
         {"InstitutionApproval.withdrawn_at", "InstitutionApproval.withdrawn_by_id",
          "InstitutionApproval.withdrawal_reason"}),
        (admin, reverse("institutions:merge_into", args=[waiting.pk, elsewhere.pk]),
         {"seen": moves.digest(elsewhere, waiting), "reason": "Same"}, {"+InstitutionMerge"}),
        (admin, cases("staff"), {"email": applicant.email, "role": "case_officer"}, {"+StaffRole"}),
        (admin, cases("staff_role", "take", role.pk), {},
         {"StaffRole.revoked_at", "StaffRole.revoked_by_id"}),
        (officer, cases("absence"),
         {"first_day": "2099-01-01", "last_day": "2099-01-02", "stand_in": ""}, {"+Absence"}),
        (officer, cases("assign", case.pk), {"officer": "me"}, {"Application.assignee_id"}),
        (officer, cases("note", case.pk), {"body": "Noted"}, {"+Note"}),
        (officer, cases("message", case.pk), {"message-body": "Hello"}, {"+Message"}),
    ]  # fmt: skip


def test_a_form_changes_the_same_whatever_more_is_posted_with_it(world):
    case = world.submitted()
    at = case.institution
    elsewhere = institution("Annet institutt")
    institution("Ventende institutt", status="pending", decided_by=None, decided_at=None)
    asking = member(person("Asks", "asks@x.example"), at)
    Membership.objects.filter(pk=asking.pk).update(
        status="pending", started_at=None, decided_by=None, decided_at=None
    )
    stranger = person("Stranger", "stranger@x.example")
    more = {
        "is_staff": "on", "is_superuser": "on", "is_active": "", "role": "agency_admin",
        "roles": "signatory", "state": "granted", "status": "confirmed", "agency": "DST",
        "institution": str(elsewhere.pk), "institution_id": str(elsewhere.pk),
        "owner": str(stranger.pk), "owner_id": str(stranger.pk), "user": str(stranger.pk),
        "user_id": str(stranger.pk), "id": str(stranger.pk), "pk": str(stranger.pk),
        "assignee": str(stranger.pk), "assignee_id": str(stranger.pk), "officer": str(stranger.pk),
        "number": "SSB-2020-00001", "org_number": "974760673", "email": "evil@x.example",
        "verified": "on", "primary": "on", "verified_by": str(stranger.pk), "basis": "invitation",
        "approved_by": str(stranger.pk), "decided_by": str(stranger.pk), "kind": "agency",
        "valid_until": "2099-01-01", "title": "Director", "authority": "All", "orcid": "0000-0002-1825-0097",
        "granted_by": str(stranger.pk), "revoked_at": "2026-01-01", "confirmed_by": "x",
    }  # fmt: skip
    wrong = []
    for who, address, data, changed in table(world, case, at, elsewhere):
        answer, asked = posted(who, address, data)
        if not changed or not {what for what, _value in asked} >= changed:
            wrong.append(
                (address, "not reached", answer.status_code, answer.get("Location"), asked)
            )
        _answer, smuggled = posted(who, address, {**more, **data})
        if smuggled != asked:
            wrong.append((address, "took more", [c for c in smuggled if c not in asked]))
    assert not wrong, "\n".join(map(str, wrong))
