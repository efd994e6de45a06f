"""An application is sent while its files are still looked at; who sent it sees what becomes of them."""

from django.urls import reverse

from applications.commands import execute, worker
from applications.enums import ScanStatus
from applications.models import Attachment
from portal.events.models import OutboxEntry
from portal.local import seeding
from tests.people import sign_in


def look(case, attachment, status, refusal=""):
    """What the worker found out about the file."""
    found = {"attachment": attachment.pk, "status": status, "refusal": refusal}
    execute("attachment_checked", case.pk, worker(), found)


def test_files_that_wait_are_sent_marked_and_a_refused_one_is_told_to_both_sides(world, client):
    case = world.complete()
    file = Attachment.objects.filter(application=case).order_by("pk").first()
    Attachment.objects.filter(pk=file.pk).update(status=ScanStatus.WAITING)
    client.cookies["django_language"] = "en"
    sign_in(client, world["applicant"])
    review = client.get(reverse("applications:review", args=[case.pk])).content.decode()
    assert "A file is still to be checked for malware" in review
    assert "You can send the application now" in review
    seeding.send(case, world["applicant"], 0)
    Attachment.objects.filter(pk=file.pk).update(status=ScanStatus.UNSCANNED)
    page = reverse("applications:overview", args=[case.pk])
    receipt = client.get(reverse("applications:receipt", args=[case.pk])).content.decode()
    for told in (receipt, client.get(page).content.decode()):
        assert f"<strong>{file.filename}</strong>" in told
        assert "decides nothing before" in told
    before = OutboxEntry.objects.filter(kind="notice.mail").count()
    look(case, file, ScanStatus.REFUSED, "malware")
    assert OutboxEntry.objects.filter(kind="notice.mail").count() == before + 1
    look(case, file, ScanStatus.REFUSED, "malware")  # twice is told once
    assert OutboxEntry.objects.filter(kind="notice.mail").count() == before + 1
    assert "was refused after it came in" in client.get(page).content.decode()
    sign_in(client, world["case_officer"])
    officers = client.get(reverse("cases:case", args=["SSB", case.pk])).content.decode()
    assert "before another file is handed in. Send the application back" in officers


def test_clean_files_are_not_spoken_of(world, client):
    case = world.submitted()
    client.cookies["django_language"] = "en"
    sign_in(client, world["applicant"])
    told = client.get(reverse("applications:overview", args=[case.pk])).content.decode()
    assert "checked for malware" not in told
    assert "was refused" not in told
