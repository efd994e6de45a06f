"""Which files are taken, and why one is refused: what the portal knows of the inspection without
opening anything. `apart.inspect` has a file looked at."""

from portal.files.child.refusals import MOST_BYTES, OFFICE, TYPES, Refused

__all__ = ["MOST_BYTES", "OFFICE", "TYPES", "Refused"]
