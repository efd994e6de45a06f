"""What the portal holds of a person in jobs, for that person (portal.accounts.exporting)."""

from portal.accounts.exporting import Part, Told
from portal.jobs.models import Job

PART = Part(
    about={
        "jobs": Told(
            Job, "owner", ("created_at", "kind", "state", "finished_at", "filename", "expires_at")
        )
    },
    by_address={},
    acts={},
)
