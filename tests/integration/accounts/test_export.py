"""What a person gets when they ask for all that is stored about them (GDPR art. 15)."""

import json
from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.db import models

from applications.models import ColleagueInvitation, Row
from institutions.models import Invitation
from portal import clock
from portal.accounts import commands, exporting
from portal.accounts.exporting import LEFT_OUT, parts
from portal.accounts.models import User
from tests.integration.applications.conftest import made
from tests.people import person

SECRETS = {"data", "link_digest", "session_key", "password", "key"}


def exported(user):
    return json.loads(exporting.export(user))


def named(part):
    """(model, column) of everything that the part tells or counts."""
    told = {(t.model, t.where.split("__")[0]) for t in part.about.values() if "__" not in t.where}
    return told | {(model, column) for model, columns in part.acts.items() for column in columns}


def test_every_relation_to_a_person_is_told_or_counted_once():
    found = [pair for part in parts().values() for pair in named(part)]
    there = {
        (f.related_model, f.field.name)
        for f in User._meta.get_fields(include_hidden=True)
        if f.auto_created and not f.concrete
    }
    assert len(found) == len(set(found))
    assert set(found) == there


def test_every_place_that_keeps_an_address_is_looked_in(db):
    there = {
        (model, field.name)
        for model in apps.get_models()
        if model is not User
        for field in model._meta.get_fields()
        if isinstance(field, models.EmailField)
    }
    looked_in = {(t.model, t.where) for p in parts().values() for t in p.by_address.values()}
    told = {
        (t.model, name) for p in parts().values() for t in p.about.values() for name in t.columns
    }
    assert there <= looked_in | told


def test_each_of_the_persons_own_columns_is_told_or_left_out_with_a_reason(db):
    own = {f.name for f in User._meta.get_fields() if f.concrete and not f.is_relation}
    assert own == set(exported(person())["person"]) | set(LEFT_OUT)


def test_nothing_that_opens_anything_is_in_the_file(db):
    user = person()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    told = exported(user)
    assert [f["type"] for f in told["account"]["second_factors"]] == ["totp"]
    for part in parts().values():
        for about in [*part.about.values(), *part.by_address.values()]:
            assert about.model is Row or not SECRETS & set(about.columns), about


def test_a_case_is_told_whole_to_its_owner_and_only_named_to_a_colleague(transactional_db):
    world = made()
    case = world.submitted()
    owners = exported(world["applicant"])["applications"]
    assert [c["id"] for c in owners["cases"]] == [str(case.pk)]
    assert owners["cases"][0]["answers"] == case.answers
    assert len(owners["rows_of_cases"]) == case.rows.count() > 0
    assert [s["application_id"] for s in owners["submissions"]] == [str(case.pk)]
    assert len(owners["attachments"]) == case.attachments.count() > 0
    world.do("invite_colleague", case, "applicant", {"user": world["colleague"], "role": "viewer"})
    told = exported(world["colleague"])["applications"]
    assert [c["application_id"] for c in told["let_in"]] == [str(case.pk)]
    assert told["cases"] == told["rows_of_cases"] == told["attachments"] == []


def test_what_staff_did_is_counted_and_each_act_is_among_the_events(transactional_db):
    world = made()
    case = world.submitted()
    world.do("assign", case, "case_officer", {"officer": world["case_officer"]})
    world.do("add_note", case, "case_officer", {"body": "Internt om saken."})
    told = exported(world["case_officer"])
    assert told["acts"]["applications.Note.author"] == 1
    assert told["acts"]["applications.Application.assignee"] == 1
    assert told["events"][-1]["type"] == "application.add_note"
    assert told["events"][-1]["stream"] == f"application:{case.pk}"
    assert "Internt om saken." not in json.dumps(told)


def test_what_waits_under_ones_address_is_told_before_it_is_answered(transactional_db):
    world = made()
    case, user = world.submitted(), person("Ny", "ny@x.example")
    later = clock.now() + timedelta(days=3)
    common = {"email": user.email, "link_digest": "a" * 64, "created_at": clock.now(),
              "expires_at": later, "created_by": world["applicant"]}  # fmt: skip
    ColleagueInvitation.objects.create(application=case, role="viewer", **common)
    Invitation.objects.create(institution=case.institution, roles=["researcher"], **common)
    told = exported(user)
    assert [i["application_id"] for i in told["applications"]["invitations"]] == [str(case.pk)]
    assert [i["roles"] for i in told["institutions"]["invitations"]] == [["researcher"]]
    assert "a" * 64 not in json.dumps(told)


def test_the_history_of_the_account_has_its_personal_part(db):
    user = person()
    commands.change_details(user, "Nytt Navn", "da")
    last = exported(user)["account_history"][-1]
    assert last["type"] == "user.details_changed"
    assert last["personal"] == {"name": "Nytt Navn", "language": "da"}


def test_another_persons_acts_and_rows_are_not_in_the_file(transactional_db):
    world = made()
    case = world.submitted()
    told = json.dumps(exported(person("Stranger", "stranger@x.example")))
    assert str(case.pk) not in told
    assert case.number not in told
