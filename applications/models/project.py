"""What several applications have in common, and what is kept of other portals."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application

USER = settings.AUTH_USER_MODEL


class Project(models.Model):
    """One project with an application at each agency concerned. No agency sees it.

    `common`: title, purpose, category, start, end, population, and people, a list of rows with
    name, institution, country, email, role (applications.schemes.exchange). `version` grows with
    every write.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="projects_owned")
    institution = models.ForeignKey(
        "institutions.Institution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    common = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    nordman = models.BooleanField(default=False, help_text="part of the Nordic cooperation")
    offices = models.JSONField(default=list, help_text="codes of the agencies concerned")
    other_offices = models.TextField(blank=True, help_text="offices that are not in the portal")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner", "-updated_at"], name="project_owner")]

    def __str__(self) -> str:
        return str(self.common.get("title") or self.pk)


class ProjectMember(models.Model):
    """Somebody besides the owner who may see or change a project's common part."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=[("editor", "editor"), ("viewer", "viewer")])
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"],
                condition=Q(ended_at__isnull=True),
                name="project_member_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["user"], name="project_member_user", condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.project_id}"


class ProjectLink(models.Model):
    """An application belongs to a project.

    `settled` holds the common part as it was when the applicant last took it over or left it: what
    differs from it now is what the draft is told of.
    """

    application = models.OneToOneField(
        Application, primary_key=True, on_delete=models.CASCADE, related_name="project_link"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="links")
    settled = models.JSONField(default=dict)
    linked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id} of {self.project_id}"


class HandoffReference(models.Model):
    """The number that another portal or authority gave the same matter."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    handoff = models.TextField(help_text="id in the scheme's handoffs")
    reference = models.TextField()
    kept_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "handoff"], name="handoff_reference_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference
