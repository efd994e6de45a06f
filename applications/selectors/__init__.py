"""Reads of applications."""

from applications.selectors.document import (
    attachment_facts,
    copy,
    document,
    findings,
    frozen_json,
    get,
    known_facts,
    live_attachments,
    pick,
    put,
    scheme_of,
)

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
