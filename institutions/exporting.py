"""What the portal holds of a person in institutions, for that person (portal.accounts.exporting)."""

from institutions.models import (
    ApprovalProposal,
    AuthorityClaim,
    AuthorityDocument,
    DatabaseManager,
    Institution,
    InstitutionApproval,
    InstitutionDetails,
    InstitutionMerge,
    Invitation,
    ListEdition,
    ListLine,
    MailDomain,
    Membership,
)
from portal.accounts.exporting import Part, Told

INVITATION = (
    "created_at",
    "institution__name",
    "roles",
    "valid_until",
    "expires_at",
    "used_at",
    "revoked_at",
)

PART = Part(
    about={
        "memberships": Told(
            Membership,
            "user",
            (
                "requested_at",
                "institution__name",
                "roles",
                "status",
                "basis",
                "title",
                "authority",
                "authority_from",
                "authority_until",
                "valid_until",
                "message",
                "decided_at",
                "started_at",
                "ended_at",
            ),
        ),
        "authority_documents": Told(
            AuthorityDocument,
            "membership__user",
            (
                "uploaded_at",
                "membership__institution__name",
                "filename",
                "size",
                "status",
                "refusal",
                "digest",
            ),
        ),
        "authority_claims": Told(
            AuthorityClaim,
            "claimed_by",
            (
                "claimed_at",
                "membership__institution__name",
                "title",
                "authority",
                "authority_from",
                "authority_until",
                "confirmed",
                "reason",
                "ended_at",
            ),
        ),
        "databases_managed": Told(
            DatabaseManager,
            "membership__user",
            ("named_at", "institution__name", "reference", "ended_at"),
        ),
        "invitations_used": Told(Invitation, "used_by", INVITATION),
    },
    by_address={
        "invitations": Told(Invitation, "email", ("created_at", "email", *INVITATION[1:])),
        "data_protection_officer_of": Told(
            InstitutionDetails,
            "protection_mail",
            ("institution__name", "protection_name", "protection_mail", "changed_at"),
        ),
        "invoices_sent_to_me_for": Told(
            InstitutionDetails, "invoice_mail", ("institution__name", "invoice_mail", "changed_at")
        ),
    },
    acts={
        Institution: ("registered_by", "decided_by"),
        InstitutionApproval: ("recorded_by", "confirmed_by", "withdrawn_by"),
        ApprovalProposal: ("proposed_by", "ended_by"),
        Membership: ("decided_by", "ended_by"),
        AuthorityDocument: ("uploaded_by",),
        AuthorityClaim: ("ended_by",),
        DatabaseManager: ("named_by", "ended_by"),
        InstitutionDetails: ("changed_by",),
        Invitation: ("created_by", "revoked_by"),
        ListEdition: ("imported_by",),
        ListLine: ("matched_by", "settled_by"),
        MailDomain: ("added_by", "verified_by"),
        InstitutionMerge: ("proposed_by", "ended_by"),
    },
)
