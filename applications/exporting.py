"""What the portal holds of a person in applications, for that person (portal.accounts.exporting).

What the person wrote as an applicant is told word by word. What staff write in a case is the case's
and not about them: it is counted.
"""

from applications.models import (
    AgencyNotice,
    Application,
    Attachment,
    ChecklistAnswer,
    CheckRun,
    Colleague,
    ColleagueInvitation,
    ColumnMeaning,
    ConfidentialityConfirmation,
    ConfidentialityLink,
    HandoffReference,
    Handover,
    Interest,
    Message,
    Note,
    Presence,
    Project,
    ProjectMember,
    RecordedCase,
    ReturnPoint,
    ReturnRound,
    Review,
    Row,
    SeverityChange,
    Specification,
    StepRecord,
    Submission,
)
from catalogue.models import Catalogue
from portal.accounts.exporting import Part, Told

HANDOVER = ("proposed_at", "application_id", "stays", "outcome", "ended_at")
INVITATION = (
    "created_at",
    "application_id",
    "role",
    "expires_at",
    "accepted",
    "answered_at",
    "revoked_at",
)

PART = Part(
    about={
        "cases": Told(
            Application,
            "owner",
            (
                "created_at",
                "id",
                "agency",
                "type",
                "number",
                "title",
                "state",
                "language",
                "institution__name",
                "updated_at",
                "submitted_at",
                "answers",
            ),
        ),
        "rows_of_cases": Told(
            Row, "application__owner", ("application_id", "list_path", "position", "data")
        ),
        "let_in": Told(
            Colleague,
            "user",
            (
                "added_at",
                "application_id",
                "application__agency",
                "application__number",
                "role",
                "basis",
                "ended_at",
            ),
        ),
        "submissions": Told(
            Submission,
            "submitted_by",
            ("submitted_at", "application_id", "sequence", "digest", "declaration"),
        ),
        "attachments": Told(
            Attachment,
            "uploaded_by",
            (
                "uploaded_at",
                "application_id",
                "kind",
                "filename",
                "size",
                "digest",
                "status",
                "refusal",
                "removed_at",
            ),
        ),
        "answers_to_returns": Told(
            ReturnPoint, "answered_by", ("answered_at", "round__application_id", "answer")
        ),
        "specifications_answered": Told(
            Specification,
            "answered_by",
            ("answered_at", "application_id", "number", "answer", "objection"),
        ),
        "messages": Told(Message, "author", ("sent_at", "application_id", "body")),
        "invitations_answered": Told(ColleagueInvitation, "answered_by", INVITATION),
        "handed_to_me": Told(Handover, "proposed_to", HANDOVER),
        "handed_over": Told(Handover, "proposed_by", HANDOVER),
        "confidentiality_confirmed": Told(
            ConfidentialityConfirmation,
            "person",
            (
                "confirmed_at",
                "application_id",
                "email",
                "language",
                "scheme_version",
                "text_digest",
            ),
        ),
        "projects": Told(
            Project,
            "owner",
            (
                "created_at",
                "id",
                "institution__name",
                "common",
                "nordman",
                "offices",
                "other_offices",
                "updated_at",
            ),
        ),
        "projects_shared": Told(
            ProjectMember, "user", ("added_at", "project_id", "role", "ended_at")
        ),
        "references_kept": Told(
            HandoffReference, "kept_by", ("kept_at", "application_id", "handoff", "reference")
        ),
        "columns_of_lists": Told(
            ColumnMeaning, "user", ("chosen_at", "agency", "list_path", "columns")
        ),
        "interests": Told(Interest, "user", ("declared_at", "application_id", "reason")),
        "open_now": Told(Presence, "user", ("seen_at", "application_id", "section")),
    },
    by_address={
        "invitations": Told(ColleagueInvitation, "email", ("created_at", "email", *INVITATION[1:])),
        "asked_for_confidentiality": Told(
            ConfidentialityLink,
            "email",
            ("sent_at", "application_id", "email", "expires_at", "times"),
        ),
    },
    acts={
        Application: ("assignee",),
        Colleague: ("added_by",),
        ColleagueInvitation: ("created_by",),
        Attachment: ("removed_by",),
        ProjectMember: ("added_by",),
        ReturnRound: ("returned_by",),
        Note: ("author",),
        CheckRun: ("requested_by",),
        ChecklistAnswer: ("answered_by",),
        Review: ("reviewer", "asked_by"),
        Specification: ("sent_by",),
        StepRecord: ("recorded_by",),
        AgencyNotice: ("by",),
        SeverityChange: ("by",),
        RecordedCase: ("recorded_by", "ended_by"),
        Catalogue: ("imported_by",),
    },
)
