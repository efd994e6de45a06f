"""Nothing is granted or refused while a file of the submission is not found clean."""

import pytest

from applications.commands import Invalid
from applications.enums import ScanStatus
from applications.models import Attachment, Submission
from portal import clock


def file_of(office, case, status, refusal=""):
    """One file of what was sent."""
    made = Attachment.objects.create(
        application=case,
        kind="dpia",
        filename="dpia.pdf",
        ext="pdf",
        size=7,
        digest="0" * 64,
        status=status,
        refusal=refusal,
        uploaded_by=office.owner,
        uploaded_at=clock.now(),
    )
    listed = [{"id": str(made.pk), "kind": "dpia", "filename": "dpia.pdf", "size": 7}]
    Submission.objects.filter(application=case).update(attachments=listed)
    return made


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (ScanStatus.WAITING, ""),
        (ScanStatus.UNSCANNED, ""),
        (ScanStatus.REFUSED, "malware"),
    ],
)
def test_a_draft_is_not_sent_before_every_file_is_clean(office, status, refusal):
    case = office.case()
    file = file_of(office, case, status, refusal)
    office.draft(case)
    with pytest.raises(Invalid) as refused:
        office.do(office.officer, "send_for_approval", case)
    assert "dpia.pdf" in str(refused.value.errors)
    Attachment.objects.filter(pk=file.pk).update(status=ScanStatus.CLEAN, refusal="")
    office.do(office.officer, "send_for_approval", case)


def test_what_cannot_be_read_may_be_dismissed(office):
    case = office.case()
    file_of(office, case, ScanStatus.REFUSED, "malware")
    office.draft(case, "dismissed")
    office.do(office.officer, "send_for_approval", case)
