"""Mail domains of institutions."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from institutions.models.common import PERSON, pair
from institutions.models.institution import Institution
from portal import clock


class MailDomain(models.Model):
    """A mail domain of an institution. A verified one, when equal, is a hint and no right."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="domains")
    domain = models.CharField(max_length=253, help_text="ASCII (IDNA), small letters")
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    verified_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "domain"], name="mail_domain_once_per_institution"
            ),
            models.UniqueConstraint(
                fields=["domain"],
                condition=Q(verified_at__isnull=False),
                name="mail_domain_verified_for_one",
            ),
            models.CheckConstraint(
                condition=Q(domain=Lower("domain"))
                & Q(domain__regex=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"),
                name="mail_domain_plain",
            ),
            pair("verified_by", "verified_at", "mail_domain_verified_who_and_when"),
        ]

    def __str__(self) -> str:
        return self.domain
