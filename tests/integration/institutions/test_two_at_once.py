"""Two at the same moment: the rules hold."""

import threading
from unittest import mock

import pytest
from django.db import connection

from applications.commands import Actor, Invalid, create
from applications.models import Application
from institutions import commands, moves, selectors
from institutions.models import Institution, InstitutionMerge, Membership
from tests.people import institution, member, person, staff

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts) -> list[str]:
    """Runs all in threads that start together; what each came to."""
    gate, found = threading.Barrier(len(acts)), []

    def run(act) -> None:
        gate.wait()
        try:
            act()
            found.append("done")
        except commands.Refused:
            found.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_of_two_administrators_who_leave_at_once_one_stays() -> None:
    home = institution()
    people = [person(f"Boss {n}", f"boss{n}@example.no") for n in (1, 2)]
    held = [member(p, home, "administrator") for p in people]
    acts = [lambda m=m, p=p: commands.end(m, p) for m, p in zip(held, people, strict=True)]
    assert at_once(*acts) == ["done", "refused"]
    assert selectors.administrators(home).count() == 1


def test_a_request_decided_twice_at_once_is_decided_once() -> None:
    home = institution()
    boss, other = person("Boss", "boss@example.no"), person("Other", "other@example.no")
    member(boss, home, "administrator")
    member(other, home, "administrator")
    asked = commands.ask(person("Ola", "ola@example.no"), home, "")
    acts = [
        lambda: commands.decide(asked, boss, approve=True),
        lambda: commands.decide(asked, other, approve=False),
    ]
    assert at_once(*acts) == ["done", "refused"]


def test_asking_twice_at_once_is_asking_once() -> None:
    home, ola = institution(), person("Ola", "ola@example.no")
    assert at_once(*[lambda: commands.ask(ola, home, "")] * 3) == ["done", "refused", "refused"]
    assert Membership.objects.filter(user=ola).count() == 1


def test_a_number_registered_twice_at_once_is_registered_once() -> None:
    people = [person(f"P{n}", f"p{n}@example.no") for n in (1, 2)]
    acts = [
        lambda p=p: commands.register(p, "Nytt", "NO", "research_institution", "899999118")
        for p in people
    ]
    assert at_once(*acts) == ["done", "refused"]


def test_an_invitation_used_twice_at_once_is_used_once() -> None:
    home, new = institution(), person("New", "new@example.no")
    boss = person("Boss", "boss@example.no")
    member(boss, home, "administrator")
    with mock.patch("institutions.commands.invitations.token_urlsafe", return_value="secret"):
        commands.invite(home, boss, new.email, ["researcher"])

    def accept() -> None:
        try:
            commands.accept("secret", new)
        except commands.NoSuchInvitation as gone:
            raise commands.Refused from gone

    assert at_once(*[accept] * 3) == ["done", "refused", "refused"]
    assert Membership.objects.filter(user=new).count() == 1


def test_five_managers_named_at_once_are_three(monkeypatch) -> None:
    monkeypatch.setattr("institutions.databases.of", lambda at: [("26/1", "Births")])
    home, boss = institution(), person("Boss", "boss@example.no")
    member(boss, home, "administrator")
    held = [member(person(f"M {n}", f"m{n}@example.no"), home) for n in range(5)]
    acts = [lambda m=m: commands.name_manager(home, boss, m, "26/1") for m in held]
    assert at_once(*acts) == ["done"] * 3 + ["refused"] * 2


def proposed(kept, gone) -> InstitutionMerge:
    one = staff("agency_admin", "SOS")
    return commands.propose_merge(kept, gone, one, "The same", moves.digest(kept, gone))


def test_a_merge_confirmed_twice_at_once_is_done_once() -> None:
    kept, gone = institution(), institution("Annet")
    held = proposed(kept, gone)
    seen = moves.digest(kept, gone)
    people = [staff("agency_admin", "SSB"), staff("agency_admin", "DST")]
    acts = [lambda p=p: commands.confirm_merge(held, p, seen) for p in people]
    assert at_once(*acts) == ["done", "refused"]
    assert InstitutionMerge.objects.filter(done=True).count() == 1


def test_of_two_merges_that_cross_one_is_proposed() -> None:
    one, other = institution(), institution("Annet")
    people = [staff("agency_admin", "SSB"), staff("agency_admin", "DST")]
    acts = [
        lambda a=a, b=b, p=p: commands.propose_merge(a, b, p, "x", moves.digest(a, b))
        for a, b, p in [(one, other, people[0]), (other, one, people[1])]
    ]
    assert at_once(*acts) == ["done", "refused"]
    assert InstitutionMerge.objects.count() == 1


def test_what_is_begun_while_institutions_are_merged_is_not_left_behind() -> None:
    """Somebody joins, and somebody begins an application, at the very moment."""
    kept, gone = institution(), institution("Annet")
    held, writer = proposed(kept, gone), person("Writer", "writer@example.no")
    member(writer, gone)
    seen, by = moves.digest(kept, gone), staff("agency_admin", "DST")

    def begin() -> None:
        try:
            create(Actor(user=writer), "SSB", "nb", gone.pk)
        except Invalid as merged:
            raise commands.Refused from merged

    found = at_once(
        lambda: commands.confirm_merge(held, by, seen),
        begin,
        lambda: commands.ask(person("Ola", "ola@example.no"), gone, ""),
    )
    assert len(found) == 3
    if Institution.objects.get(pk=gone.pk).status == "merged":
        assert not Application.objects.filter(institution=gone).exists()
        assert not Membership.objects.filter(institution=gone).exists()
