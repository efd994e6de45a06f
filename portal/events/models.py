"""The event log and the outbox. No foreign keys: an event outlives what it speaks of.

Triggers (migration 0001) refuse UPDATE, DELETE and TRUNCATE on events and checkpoints, and every
change of a personal payload except its erasure.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Event(models.Model):
    """One fact that cannot be changed. Written by `portal.events.log.record` only."""

    id = models.BigAutoField(primary_key=True)
    stream = models.TextField(db_collation="C", help_text="What it is about: application:<uuid>")
    sequence = models.IntegerField(help_text="1, 2, 3 … in its stream")
    type = models.TextField(help_text="application.submitted")
    actor = models.TextField(help_text="user:<uuid> or system:<name>")
    at = models.DateTimeField()
    data = models.JSONField(help_text="Facts without personal data")
    personal_digest = models.TextField(null=True, help_text="Salted digest of the EventPayload")
    previous_hash = models.TextField()
    hash = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="event_once_in_stream"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="event_sequence_from_one"),
            models.CheckConstraint(
                condition=Q(hash__regex="^[0-9a-f]{64}$", previous_hash__regex="^[0-9a-f]{64}$"),
                name="event_hashes_are_sha256",
            ),
        ]
        indexes = [models.Index(fields=["actor", "id"], name="event_by_actor")]

    def __str__(self) -> str:
        return f"{self.stream} {self.sequence} {self.type}"


class EventPayload(models.Model):
    """Personal facts of an event. Body and salt can be erased; the chain still verifies."""

    event_id = models.BigIntegerField(primary_key=True)
    salt = models.TextField()
    body = models.JSONField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, body__isnull=False)
                | Q(erased_at__isnull=False, body__isnull=True, salt=""),
                name="payload_whole_or_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"payload of event {self.event_id}"


class Checkpoint(models.Model):
    """A signed statement: at this moment the streams ended so. Numbered 1, 2, 3 …"""

    number = models.IntegerField(primary_key=True)
    at = models.DateTimeField()
    last_id = models.BigIntegerField(help_text="Every event up to this id is covered")
    heads = models.IntegerField(help_text="How many streams grew since the checkpoint before")
    root = models.TextField(help_text="Root of the Merkle tree over these streams' last events")
    previous_hash = models.TextField()
    hash = models.TextField()
    public_key = models.TextField(help_text="Ed25519, 32 bytes, hex")
    signature = models.TextField(help_text="Ed25519 over chain.signed_text(hash), hex")

    def __str__(self) -> str:
        return f"checkpoint {self.number}"


class CheckpointHead(models.Model):
    """The last event of one stream at a checkpoint."""

    id = models.BigAutoField(primary_key=True)
    checkpoint = models.IntegerField()
    stream = models.TextField(db_collation="C")
    sequence = models.IntegerField()
    hash = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "stream"], name="head_once_a_checkpoint"),
            models.UniqueConstraint(fields=["stream", "sequence"], name="head_once_an_event"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.sequence}"


class OutboxEntry(models.Model):
    """Something to do after commit: waiting, running (leased), done or dead."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    payload = models.JSONField()
    key = models.TextField(help_text="The same key of a kind is done once")
    lane = models.TextField(db_default="mail", help_text="portal.events.lanes.Lane")
    created_at = models.DateTimeField()
    wanted_at = models.DateTimeField(db_default=Now(), help_text="When it was due at first")
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0, help_text="Grows at each claim: the fencing token")
    allowed = models.IntegerField(default=12, help_text="Dead after so many attempts")
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    killed = models.IntegerField(db_default=0, help_text="Tries that were ended from outside")
    holder = models.TextField(db_default="", help_text="The message whose worker has it")
    last_error = models.TextField(default="", help_text="Kind of error and place, never its text")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="outbox_key_once_a_kind"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dead_at__isnull=True),
                name="outbox_done_or_dead",
            ),
        ]
        indexes = [
            models.Index(
                F("due_at"),
                name="outbox_waiting",
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
            ),
            models.Index(
                F("lane"),
                F("due_at"),
                name="outbox_waiting_in_lane",
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
            ),
            models.Index(F("dead_at"), name="outbox_dead", condition=Q(dead_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class LaneWorker(models.Model):
    """A worker that listens to a lane, as it said itself when it last looked for what is due."""

    worker = models.TextField(help_text="Name and host: heavy@machine")
    lane = models.TextField(help_text="portal.events.lanes.Lane")
    version = models.TextField(help_text="Digest of the code that it runs")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="Its last round; the database's clock")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "lane"], name="worker_once_a_lane"),
        ]

    def __str__(self) -> str:
        return f"{self.worker} {self.lane}"


class Reading(models.Model):
    """What a worker has seen and the web cannot: `certificate:SSB:decision`, `scanner`."""

    name = models.TextField(primary_key=True)
    value = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
