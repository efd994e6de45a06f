"""A file with a list that is taken in after a preview: put into the store, signed for the next step,
read again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import signing

from portal import store
from portal.files import apart, reading
from portal.files.inspection import Refused
from portal.text import line

TAKEN = ("xlsx", "csv", "txt")
MOST_BYTES = 30 * 1024 * 1024
MOST_LINES = 100_000
HOURS = 24


@dataclass(frozen=True)
class Source:
    """A file that somebody gave."""

    ext: str
    digest: str
    filename: str

    def sign(self, salt: str) -> str:
        """As a token for the next step; only who has the same `salt` can use it."""
        parts = [self.ext, self.digest, self.filename]
        return signing.TimestampSigner(salt=salt).sign_object(parts)

    @classmethod
    def signed(cls, token: str, salt: str) -> "Source":
        """The source of a token. Raises signing.BadSignature."""
        signer = signing.TimestampSigner(salt=salt)
        return cls(*signer.unsign_object(token, max_age=HOURS * 3600))


def put(file: Any) -> Source:
    """An uploaded file, now in the store. Raises Refused, OSError, store.StoreFailed."""
    name = Path(file.name or "").name
    ext = Path(name).suffix.lower().lstrip(".")
    if ext not in TAKEN:
        raise Refused("kind")
    if not file.size:
        raise Refused("empty")
    if file.size > MOST_BYTES:
        raise Refused("large")
    return Source(ext, store.put_file(file), line(name)[-200:])


def table_of(ext: str, digest: str, score: reading.Score) -> reading.Table:
    """The cells of a stored file, opened by a child process. Of a workbook the sheet with the best
    `score`. Raises OSError, or Refused with a code of portal.files.inspection or reading.Unreadable, `kind`
    or `busy`."""
    try:
        with store.open_object(digest) as stored:
            return apart.table(stored, ext, score, MOST_LINES)
    except apart.Busy:
        raise Refused("busy") from None
    except reading.Unreadable as wrong:
        raise Refused(str(wrong)) from None
