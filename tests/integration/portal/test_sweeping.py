"""Objects that nothing names are removed after seven days; what a row names is never touched."""

import io
import os
import re
import threading
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connections, models, transaction

from applications import tasks
from applications.models import Submission
from decisions.models import LetterRevision
from institutions.models import Membership
from portal import clock, store, sweeping
from tests.integration.decisions.conftest import make_office

OURS = ("accounts", "applications", "catalogue", "decisions", "events", "institutions", "jobs")


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def later(days: float = 8):
    return clock.frozen(clock.now() + timedelta(days=days))


def there(digest: str) -> bool:
    return default_storage.exists(store.name_of(digest))


@pytest.mark.django_db
def test_what_nothing_names_goes_after_seven_days_and_not_before():
    lost = store.put(b"an upload that was broken off")
    with later(6.9):
        assert sweeping.sweep() == []
        assert there(lost)
    with later(7.1):
        assert sweeping.sweep() == [lost]
    assert not there(lost)
    assert sweeping.sweep() == []


@pytest.mark.django_db
def test_an_empty_store_is_swept_without_a_word():
    assert sweeping.sweep() == []


@pytest.mark.django_db
def test_a_dry_run_lists_and_removes_nothing():
    lost = store.put(b"lost")
    told = io.StringIO()
    with later():
        call_command("sweep_objects", "--dry-run", stdout=told)
        assert told.getvalue() == f"{lost}\n1 objects would be removed\n"
        assert there(lost)
        tasks.sweep_objects()
    assert not there(lost)


def some_row(label: str, field: str, key: str, digest: str, office) -> None:
    """A row that names `digest` in this field, and in no other one."""
    case = office.case()
    value = [{"id": "1", key: digest}] if key else digest
    model = apps.get_model(label)
    if label == "applications.Submission":
        Submission.objects.filter(application=case).update(**{field: value})
    elif label == "catalogue.Catalogue":
        model.objects.create(
            agency="SSB", number=1, valid_from=clock.now().date(), **{field: digest}
        )
    elif label == "institutions.ListEdition":
        model.objects.create(
            agency="SSB",
            source="rcn",
            number=1,
            valid_from=clock.now().date(),
            imported_by=office.owner,
            **{field: digest},
        )
    elif label == "jobs.Job":
        model.objects.create(
            kind="list.print",
            owner=office.owner,
            payload={},
            state="done",
            filename="list.pdf",
            finished_at=clock.now(),
            expires_at=clock.now(),
            **{field: digest},
        )
    elif label == "institutions.AuthorityDocument":
        model.objects.create(
            membership=Membership.objects.get(user=office.signatory),
            filename="authority.pdf",
            size=1,
            uploaded_by=office.administrator,
            **{field: digest},
        )
    elif label == "applications.Attachment":
        model.objects.create(
            application=case,
            kind="other",
            filename="a.pdf",
            size=1,
            digest=digest,
            uploaded_by=office.owner,
            uploaded_at=clock.now(),
        )
    else:
        decision = office.draft(case)
        if label == "decisions.LetterRevision":
            facts = {"sha256": uuid.uuid4().hex * 2, field: digest}
            LetterRevision.objects.create(
                decision=decision, revision=1, size=1, issued_at=clock.now(), **facts
            )
        elif label == "decisions.LetterAnnex":
            model.objects.create(
                decision=decision,
                number=1,
                volumes=1,
                filename="annex.pdf",
                first=1,
                last=2,
                size=1,
                sha256=digest,
            )
        else:
            model.objects.create(
                decision=decision,
                user=office.owner,
                name="a",
                title="b",
                authority="c",
                institution="d",
                authorised=True,
                accepted_at=clock.now(),
                delivery_recipient="e",
                delivery_mobile="+4790000000",
                **{field: digest},
            )


@pytest.mark.django_db
@pytest.mark.parametrize(("label", "field", "key"), sweeping.REFERRERS)
def test_what_a_row_names_stays_whichever_field_names_it(label, field, key):
    kept, lost = store.put(b"named"), store.put(b"not named")
    some_row(label, field, key, kept, make_office())
    with later(400):
        assert sweeping.sweep() == [lost]
    assert store.read(kept) == b"named"


@pytest.mark.django_db
def test_handing_the_same_file_in_again_begins_its_grace_anew():
    digest = store.put(b"handed in twice")
    long_ago = (clock.now() - timedelta(days=30)).timestamp()
    os.utime(default_storage.path(store.name_of(digest)), (long_ago, long_ago))
    assert sweeping.sweep(dry_run=True) == [digest]
    assert store.put(b"handed in twice") == digest
    # The row that names it has not come yet.
    assert sweeping.sweep() == []
    with later():
        assert sweeping.sweep() == [digest]
    assert default_storage.listdir(f"again/{digest[:2]}") == ([], []), "no mark is left behind"


@pytest.mark.django_db(transaction=True)
def test_put_again_while_the_sweeper_decides_the_object_is_there_afterwards():
    digest = store.put(b"both at once")
    long_ago = (clock.now() - timedelta(days=30)).timestamp()
    os.utime(default_storage.path(store.name_of(digest)), (long_ago, long_ago))
    begun = threading.Event()

    def hand_in() -> None:
        begun.set()
        store.put(b"both at once")
        connections.close_all()

    with store.held(digest):  # the sweeper has looked, and is about to remove it
        other = threading.Thread(target=hand_in)
        other.start()
        begun.wait(5)
        other.join(0.2)
        store.remove(digest)
    other.join(20)
    assert store.read(digest) == b"both at once"


@pytest.mark.django_db
def test_a_row_that_came_between_looking_and_removing_saves_the_object(monkeypatch):
    digest = store.put(b"named at the last moment")
    office = make_office()
    real = store.last_put

    def and_a_row_comes(asked):
        with transaction.atomic():
            some_row("applications.Attachment", "digest", "", digest, office)
        return real(asked)

    monkeypatch.setattr(store, "last_put", and_a_row_comes)
    with later():
        assert sweeping.sweep() == []
    assert there(digest)


def looks_like_a_digest(field: models.Field) -> bool:
    words = f"{field.name} {field.help_text}"
    named = re.search(r"digest|sha-?256|hash|checksum|object in the store", words, re.I)
    return bool(named) or getattr(field, "max_length", None) == 64


def test_every_field_that_holds_a_digest_is_among_the_referrers_or_holds_something_else():
    known = {(label, field) for label, field, _ in sweeping.REFERRERS} | sweeping.OTHERS
    found = {
        (model._meta.label, field.name)
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if not field.is_relation and looks_like_a_digest(field)
    }
    assert found - known == set(), "say in portal/sweeping.py whether these name stored objects"
    assert known - found == set(), "portal/sweeping.py names fields that are not there"
