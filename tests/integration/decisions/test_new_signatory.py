"""Who may bind the institution only after the letter went out is told that it waits for them."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from applications.commands import Forbidden, NotFound
from institutions import commands as institutions
from institutions.models import Membership
from portal import clock
from portal.events import outbox
from portal.events.models import OutboxEntry
from tests import people


def appoint(office, user=None):
    """The institution's administrator gives a member the right to sign."""
    held = Membership.objects.get(user=user or office.owner)
    institutions.add_document(held, office.administrator, "a" * 64, "authority.pdf", 1)
    institutions.change(
        held, office.administrator, ["researcher", "signatory"], "Director", "Prokura"
    )
    outbox.run_due(kinds=["signatory.mail"])
    return held


def mails_about_waiting(user):
    mails = OutboxEntry.objects.filter(kind="mail.send", payload__to=user.email)
    return [m.payload for m in mails if "waits for somebody" in m.payload["body"]]


def test_a_new_signatory_is_told_of_the_letter_with_number_and_link_only(office):
    case = office.case()
    decision = office.delivered(case)
    assert not mails_about_waiting(office.owner)
    appoint(office)
    (mail,) = mails_about_waiting(office.owner)
    assert case.number in mail["subject"]
    assert f"/decisions/{decision.pk}/" in mail["body"]
    said = json.dumps(mail, ensure_ascii=False).lower()
    for secret in (case.title, "granted", office.decider.name, "Fjordheim institutt"):
        assert secret.lower() not in said


def test_nothing_is_told_of_refusals_accepted_letters_and_other_institutions(office):
    office.delivered(office.case(), "refused")
    office.accepted(office.case())
    office.approved(office.case())
    appoint(office)
    assert not mails_about_waiting(office.owner)


def test_changing_another_role_of_a_signatory_tells_nothing_again(office):
    office.delivered(office.case())
    held = appoint(office)
    institutions.change(held, office.administrator, ["signatory"], "Director", "Prokura")
    outbox.run_due(kinds=["signatory.mail"])
    assert len(mails_about_waiting(office.owner)) == 1


def test_who_lost_the_right_before_the_worker_came_is_not_told(office):
    office.delivered(office.case())
    held = Membership.objects.get(user=office.owner)
    institutions.add_document(held, office.administrator, "a" * 64, "authority.pdf", 1)
    for roles in (["signatory"], ["researcher"]):
        institutions.change(held, office.administrator, roles, "Director", "Prokura")
    outbox.run_due(kinds=["signatory.mail"])
    assert not mails_about_waiting(office.owner)


def test_whoever_loses_the_right_and_gets_it_again_is_told_again(office):
    office.delivered(office.case())
    held = appoint(office)
    institutions.change(held, office.administrator, ["researcher"])
    appoint(office)
    assert len(mails_about_waiting(office.owner)) == 2


def test_the_mail_is_in_the_language_of_its_reader(office):
    with translation.override("nb"):
        office.delivered(office.case())
        type(office.owner).objects.filter(pk=office.owner.pk).update(language="en")
        appoint(office)
    assert mails_about_waiting(office.owner)


def test_a_signatory_whose_authority_is_over_cannot_accept_and_one_day_earlier_could(office):
    case = office.case()
    decision = office.delivered(case)
    held = Membership.objects.get(user=office.signatory)
    today = clock.today("UTC")
    Membership.objects.filter(pk=held.pk).update(authority_until=today - timedelta(days=1))
    with pytest.raises((Forbidden, NotFound)):
        office.do(office.signatory, "accept", case, office.acceptance(decision))
    Membership.objects.filter(pk=held.pk).update(authority_until=today)
    office.do(office.signatory, "accept", case, office.acceptance(decision))


def test_a_session_of_a_signatory_does_not_outlive_the_authority(office):
    """Security.md, attack 4: the page that is open is of no use any more."""
    decision = office.delivered(office.case())
    client = people.sign_in(Client(), office.signatory, fresh=True)
    page = reverse("decisions:decision", args=[decision.pk])
    assert client.get(page).status_code == 200
    Membership.objects.filter(user=office.signatory).update(
        authority_until=clock.today("UTC") - timedelta(days=1)
    )
    assert client.get(page).status_code == 404
