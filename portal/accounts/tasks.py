"""Housekeeping of sign-in."""

from celery import shared_task
from django.core.management import call_command


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
