"""Beside the lists: what a person said of their columns, and lists printed by the worker."""

from django.conf import settings
from django.db import models

from applications.models.application import Application


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


class ListPrint(models.Model):
    """A long list as PDF, made by the worker. A list that is changed is another print."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    content = models.CharField(max_length=64, help_text="SHA-256 of what is printed")
    pdf_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "content"], name="list_print_once")
        ]

    def __str__(self) -> str:
        return self.content
