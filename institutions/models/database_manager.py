"""Who manages a project database: one to three people, named for each database."""

from django.db import models
from django.db.models import Q

from institutions.models.common import PERSON, pair
from institutions.models.institution import Institution
from institutions.models.membership import Membership
from portal import clock

MOST = 3


class DatabaseManager(models.Model):
    """A member who manages one project database, which its case number names.

    `slot` is 1 to 3 and held by one person at a time: two administrators at the same moment
    cannot make four managers of three.
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="database_managers"
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="database_managers"
    )
    reference = models.CharField(max_length=60, help_text="case number of the database")
    slot = models.PositiveSmallIntegerField()
    named_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=clock.now)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "reference", "slot"],
                condition=Q(ended_at__isnull=True),
                name="database_manager_one_per_slot",
            ),
            models.UniqueConstraint(
                fields=["membership", "reference"],
                condition=Q(ended_at__isnull=True),
                name="database_manager_once",
            ),
            models.CheckConstraint(
                condition=Q(slot__gte=1, slot__lte=MOST), name="database_manager_three_at_most"
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="database_manager_of_a_case"),
            pair("ended_by", "ended_at", "database_manager_ended_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"manager {self.slot} of {self.reference}"
