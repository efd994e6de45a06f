"""Steps of an agency's sequence that a person recorded: a meeting held, a review finished."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application
from applications.models.casework import Submission
from applications.models.specification import Specification

USER = settings.AUTH_USER_MODEL
LONGEST_STEP = 5_000


class StepRecord(models.Model):
    """One step, and what came of it. Never changed: the database refuses it.

    Whether it still counts stands in `Application.passed`: a later submission or specification can
    ask for the step anew. `submission` and `specification` are those that it was about.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    step = models.TextField(help_text="id in the agency's sequence")
    day = models.DateField(help_text="when it was done, as the person says")
    text = models.TextField(help_text="what came of it")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    specification = models.ForeignKey(
        Specification, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(step=""), name="step_says_what")
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.day}"
