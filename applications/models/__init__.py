"""The data of applications and its constraints."""

from applications.models.application import (
    Application,
    CaseNumberCounter,
    Colleague,
    Interest,
    Presence,
    Receipt,
    Row,
)
from applications.models.attachment import Attachment
from applications.models.casework import (
    ChecklistAnswer,
    CheckRun,
    Finding,
    Message,
    Note,
    ReturnPoint,
    ReturnRound,
    Review,
    Submission,
)
from applications.models.handling import AgencyNotice
from applications.models.lists import ColumnMeaning
from applications.models.people import (
    ColleagueInvitation,
    ConfidentialityConfirmation,
    ConfidentialityLink,
    Handover,
)
from applications.models.project import HandoffReference, Project, ProjectLink, ProjectMember
from applications.models.recorded import RecordedCase
from applications.models.severity import SeverityChange
from applications.models.specification import Specification
from applications.models.step import StepRecord

__all__ = [
    "AgencyNotice",
    "Application",
    "Attachment",
    "CaseNumberCounter",
    "CheckRun",
    "ChecklistAnswer",
    "Colleague",
    "ColleagueInvitation",
    "ColumnMeaning",
    "ConfidentialityConfirmation",
    "ConfidentialityLink",
    "Finding",
    "HandoffReference",
    "Handover",
    "Interest",
    "Message",
    "Note",
    "Presence",
    "Project",
    "ProjectLink",
    "ProjectMember",
    "Receipt",
    "RecordedCase",
    "ReturnPoint",
    "ReturnRound",
    "Review",
    "Row",
    "SeverityChange",
    "Specification",
    "StepRecord",
    "Submission",
]
