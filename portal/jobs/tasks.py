"""Housekeeping of jobs."""

from celery import shared_task


@shared_task(name="portal.jobs.tasks.clean", ignore_result=True)
def clean() -> None:
    """Every hour: removes jobs that have expired."""
    from portal.jobs import commands

    commands.clean()
