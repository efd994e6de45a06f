"""Reads of applications."""

from applications.selectors.document import (
    attachment_facts,
    document,
    findings,
    frozen_json,
    get,
    known_facts,
    live_attachments,
    scheme_of,
)
from applications.selectors.tree import copy, pick, put

__all__ = [
    "attachment_facts",
    "copy",
    "document",
    "findings",
    "frozen_json",
    "get",
    "known_facts",
    "live_attachments",
    "pick",
    "put",
    "scheme_of",
]
