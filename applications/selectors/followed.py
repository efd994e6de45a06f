"""What an application that began as a copy of an earlier case asks to have different."""

from typing import Any

from applications.models import Application
from applications.schemes import Section
from applications.selectors.document import live_attachments
from applications.selectors.review import differences


def changes(
    application: Application, document: dict, sections: list[Section], language: str
) -> dict[str, Any]:
    """The differences between the case as it was sent and `document`, per field, row and file.

    A file that was carried over is the same by its digest and purpose.
    """
    earlier = application.follows
    sent = earlier.submissions.order_by("-sequence").first() if earlier else None
    if sent is None:
        return {}
    asked = {f.path for s in sections for f in s.fields if f.asked}
    found = differences(sections, sent.document, document, language)
    was = {(a["kind"], a["digest"]): a["filename"] for a in sent.attachments}
    now = {(a.kind, a.digest): a.filename for a in live_attachments(application)}
    files = [{"what": "added", "filename": name} for key, name in now.items() if key not in was]
    files += [{"what": "removed", "filename": name} for key, name in was.items() if key not in now]
    return {"fields": [f for f in found if f["path"] in asked], "attachments": files}
