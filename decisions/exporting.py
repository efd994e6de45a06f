"""What the portal holds of a person in decisions, for that person (portal.accounts.exporting)."""

from decisions.models import Acceptance, Contributor, Decision, SendBack
from portal.accounts.exporting import Part, Told

PART = Part(
    about={
        "acceptances": Told(
            Acceptance,
            "user",
            (
                "accepted_at",
                "decision__application_id",
                "name",
                "title",
                "authority",
                "institution",
                "authorised",
                "letter_sha256",
                "delivery_recipient",
                "delivery_mobile",
            ),
        ),
    },
    by_address={},
    acts={
        Decision: ("drafted_by", "sent_by", "approved_by"),
        Contributor: ("user",),
        SendBack: ("sent_by",),
    },
)
