"""A job: something that a person asked for and that the worker does."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal import clock


class State(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OVER = (State.DONE, State.FAILED)


class Job(models.Model):
    """Belongs to one person, or to whoever holds its secret. Gone once it has expired."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.TextField(help_text="What is done: a name in portal.jobs.kinds")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    secret_digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the secret of somebody without an account"
    )
    key = models.TextField(blank=True, help_text="What is the same for the same wish")
    language = models.CharField(max_length=2)
    payload = models.JSONField(help_text="What the work needs")
    source_digest = models.CharField(
        max_length=64, blank=True, help_text="Object in the store that the work reads"
    )
    state = models.TextField(choices=State.choices, default=State.WAITING)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0, help_text="0: not known")
    code = models.TextField(blank=True, help_text="Why it failed; worded by its kind")
    result = models.JSONField(default=dict, help_text="What the kind's own template shows")
    digest = models.CharField(max_length=64, blank=True, help_text="The file, in the store")
    filename = models.TextField(blank=True)
    content_type = models.TextField(blank=True)
    size = models.BigIntegerField(default=0, help_text="Bytes of the file")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    # The secret itself, only on the object that `begin` gives back.
    secret = ""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(owner__isnull=False) & Q(secret_digest=""))
                | (Q(owner__isnull=True) & ~Q(secret_digest="")),
                name="job_of_a_person_or_a_secret",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=OVER) & Q(finished_at__isnull=False))
                | (Q(state__in=(State.WAITING, State.RUNNING)) & Q(finished_at__isnull=True)),
                name="job_over_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(digest="") | (Q(state=State.DONE) & ~Q(filename="")),
                name="job_file_when_done",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "kind", "key"], name="job_by_wish"),
            models.Index(fields=["expires_at"], name="job_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def change(self, **values: Any) -> None:
        """Writes these columns, here and in the database; a job that is gone stays gone."""
        for name, value in values.items():
            setattr(self, name, value)
        Job.objects.filter(pk=self.pk).update(**values)
