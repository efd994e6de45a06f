"""Reads of applications."""

from applications.selectors.document import (
    attachment_facts,
    document,
    findings,
    frozen_json,
    known_facts,
    live_attachments,
    scheme_of,
)
from applications.selectors.reader import Seen, as_sent, get, of_side, seen
from applications.selectors.tree import copy, pick, put

__all__ = [
    "Seen",
    "as_sent",
    "attachment_facts",
    "copy",
    "document",
    "findings",
    "frozen_json",
    "get",
    "known_facts",
    "live_attachments",
    "of_side",
    "pick",
    "put",
    "scheme_of",
    "seen",
]
