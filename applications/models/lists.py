"""Beside the lists: what a person said of their columns."""

from django.conf import settings
from django.db import models


class ColumnMeaning(models.Model):
    """What the columns of a person's lists mean, by the headings above them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    agency = models.TextField()
    list_path = models.TextField(help_text="the list that was taken in, such as variables")
    headings = models.CharField(max_length=64, help_text="SHA-256 of the line of headings")
    columns = models.JSONField(help_text="index of the column (as text) -> path of the column")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "list_path", "headings"], name="column_meaning_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.list_path}"
