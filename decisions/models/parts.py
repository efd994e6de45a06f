"""What a decision says of each variable and each condition, while it is drafted."""

from django.db import models
from django.db.models import Q

from decisions.models.decision import Decision
from decisions.rows import Kind


class DecisionVariable(models.Model):
    """One row that was applied for, as it was submitted, and what is decided on it.

    `granted` is None until a person decides, and what is undecided is not granted: a draft with
    such a row is not sent, unless it dismisses the application (migration 0006). `kind`: a list
    that came as a file is decided on as one. In a change `earlier` is what the decision in force
    says of the same row (`earlier_same`), or of one by the same name with other years, for one.
    Columns beside `data` are copies for lists.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="variables")
    position = models.PositiveIntegerField(help_text="0, 1, 2 … as submitted")
    data = models.JSONField()
    source = models.TextField(blank=True)
    name = models.TextField(blank=True)
    kind = models.TextField(default=Kind.ROW)
    years = models.TextField(blank=True)
    granted = models.BooleanField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # The database refuses to lose it; PROTECT would read every row of a draft that is renewed.
    earlier = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.DO_NOTHING, related_name="+"
    )
    earlier_same = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "position"], name="one_decision_per_variable"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(k) for k in Kind]), name="decision_variable_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"


class DecisionCondition(models.Model):
    """One condition of a decision: from the catalogue, or in the officer's own words.

    The catalogue's text has {placeholders}; `values` has what the officer wrote into them, by id.
    A dropped one stays as a row, with the reason; it does not stand in the letter.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="conditions")
    number = models.PositiveIntegerField(help_text="order in the letter")
    catalogue_id = models.TextField(blank=True, help_text="such as SSB-CND-12; empty: own words")
    text = models.TextField(help_text="in the language of the letter")
    values = models.JSONField(default=dict, blank=True)
    added = models.BooleanField(default=False, help_text="by the officer, not by the rule")
    dropped = models.BooleanField(default=False)
    reason = models.TextField(blank=True, help_text="why added or dropped; for the agency only")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "number"],
                name="condition_number",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["decision", "catalogue_id"],
                condition=~Q(catalogue_id=""),
                name="condition_once",
            ),
            models.CheckConstraint(
                condition=Q(added=False, dropped=False) | ~Q(reason=""),
                name="condition_changed_with_reason",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="condition_says_something"),
        ]

    def __str__(self) -> str:
        return self.catalogue_id or self.text[:40]
