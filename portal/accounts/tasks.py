"""Housekeeping of sign-in."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.events.lanes import Lane
from portal.jobs.kinds import Made, Work, job


@shared_task
def clear_sessions() -> None:
    """Removes sessions that are over, with whatever text was kept in them."""
    from portal.accounts import listing

    call_command("clearsessions")
    listing.forget_old()


@shared_task(ignore_result=True)
def send_digests() -> None:
    """Every morning: what people want to be told of once a day."""
    from portal.accounts import notices

    notices.send_digests()


@job(
    "account.export",
    title=_("All that is stored about me"),
    allowed=lambda user, payload: user is not None and user.is_active,
    back=lambda payload: reverse("accounts:me"),
    keep=timedelta(hours=2),
    fresh=True,
    lane=Lane.HEAVY,
    seconds=600,
    megabytes=900,
)
def export_account(work: Work) -> Made:
    """All that is stored about a person, for that person."""
    from portal.accounts import exporting

    return Made(exporting.export(work.owner), "tilgang.json", "application/json")
