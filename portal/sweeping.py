"""Objects of the store that no row names: uploads that were broken off, letters that lost a race.

REFERRERS is the one list of who names an object. A test fails while a model has a field that holds
a digest and is neither here nor in OTHERS.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection

from portal import clock, store

log = logging.getLogger(__name__)

GRACE = timedelta(days=7)  # from putting an object to the row that names it; minutes would do
BATCH = 2000

# Fields that name objects of the store: (model, field), and for a list of JSON objects the key.
REFERRERS: tuple[tuple[str, str, str], ...] = (
    ("applications.Attachment", "digest", ""),
    ("applications.Submission", "pdf_digest", ""),
    ("applications.Submission", "attachments", "digest"),
    ("applications.Submission", "annexes", "sha256"),
    ("catalogue.Catalogue", "digest", ""),
    ("institutions.AuthorityDocument", "digest", ""),
    ("institutions.ListEdition", "digest", ""),
    ("decisions.LetterRevision", "sha256", ""),
    ("decisions.LetterRevision", "receipt_sha256", ""),
    ("decisions.LetterAnnex", "sha256", ""),
    ("decisions.Acceptance", "letter_sha256", ""),
    ("jobs.Job", "digest", ""),
    ("jobs.Job", "source_digest", ""),
)
# Fields that hold digests of something else.
OTHERS: frozenset[tuple[str, str]] = frozenset(
    {
        ("applications.CheckRun", "inputs"),
        ("applications.ColleagueInvitation", "link_digest"),
        ("applications.ColumnMeaning", "headings"),
        ("applications.ConfidentialityConfirmation", "text_digest"),
        ("applications.ConfidentialityLink", "link_digest"),
        ("applications.Specification", "digest"),
        ("applications.Submission", "digest"),
        ("decisions.Decision", "approved_digest"),
        ("decisions.Decision", "sent_digest"),
        ("decisions.SendBack", "digest"),
        ("events.Checkpoint", "hash"),
        ("events.Checkpoint", "previous_hash"),
        ("events.Checkpoint", "signature"),
        ("events.CheckpointHead", "hash"),
        ("events.Event", "hash"),
        ("events.Event", "personal_digest"),
        ("events.Event", "previous_hash"),
        ("events.LaneWorker", "version"),
        ("institutions.Invitation", "link_digest"),
        ("jobs.Job", "secret_digest"),
    }
)


def named(digests: set[str]) -> set[str]:
    """Those of `digests` that a row names."""
    found: set[str] = set()
    for label, field, key in REFERRERS:
        left = list(digests - found)
        if not left:
            break
        model = apps.get_model(label)
        if not key:
            rows = model._default_manager.filter(**{f"{field}__in": left})
            found.update(rows.values_list(field, flat=True))
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT DISTINCT each ->> %s FROM "{model._meta.db_table}",'  # noqa: S608
                f' jsonb_array_elements("{field}") each WHERE each ->> %s = ANY(%s)',
                [key, key, left],
            )
            found.update(row[0] for row in cursor.fetchall())
    return found


def objects() -> Iterator[str]:
    """The digests of all objects in the store."""
    try:
        folders, _ = default_storage.listdir("objects")
    except FileNotFoundError:  # nothing was ever stored
        return
    for folder in sorted(folders):
        _, names = default_storage.listdir(f"objects/{folder}")
        # A file that was being written beside another one has a name of its own.
        yield from (name for name in names if len(name) == 64)


def sweep(dry_run: bool = False) -> list[str]:
    """Removes (or with `dry_run` only lists) objects that nothing names and that were put more
    than seven days ago. Returns their digests."""
    gone: list[str] = []
    found = objects()
    while batch := set(islice(found, BATCH)):
        for digest in sorted(batch - named(batch)):
            if _remove(digest, dry_run):
                gone.append(digest)
    if gone and not dry_run:
        log.warning("%s stored objects that nothing named were removed", len(gone))
    return gone


def _remove(digest: str, dry_run: bool) -> bool:
    with store.held(digest):
        # Asked again under the lock: a row may have come meanwhile.
        try:
            moment = store.last_put(digest)
        except FileNotFoundError:
            return False
        if clock.now() - moment < GRACE or named({digest}):
            return False
        if not dry_run:
            store.remove(digest)
    return True
