"""Where an institution is, whom its invoices go to, and who answers for data protection."""

from django.db import models
from django.db.models import Q

from institutions.models.common import PERSON
from institutions.models.institution import Institution
from portal import clock


class InstitutionDetails(models.Model):
    """Details of an institution that its administrators keep. None before the first was saved.

    `version` grows with every change of the institution's details, names and identity: a form that
    was open meanwhile is told.
    """

    institution = models.OneToOneField(
        Institution, primary_key=True, on_delete=models.PROTECT, related_name="details"
    )
    postal_address = models.TextField(blank=True, default="")
    visiting_address = models.TextField(blank=True, default="")
    invoice_address = models.TextField(blank=True, default="")
    invoice_gln = models.CharField(
        max_length=13, blank=True, default="", help_text="Global Location Number, 13 digits"
    )
    invoice_peppol = models.CharField(
        max_length=60, blank=True, default="", help_text="PEPPOL id: scheme, colon, number"
    )
    invoice_reference = models.CharField(max_length=200, blank=True, default="")
    invoice_mail = models.EmailField(blank=True, default="")
    protection_name = models.CharField(
        max_length=200, blank=True, default="", help_text="Data protection officer"
    )
    protection_mail = models.EmailField(blank=True, default="")
    protection_phone = models.CharField(max_length=30, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(invoice_gln="") | Q(invoice_gln__regex="^[0-9]{13}$"),
                name="details_gln_of_13_digits",
            ),
            models.CheckConstraint(
                condition=Q(invoice_peppol="")
                | Q(invoice_peppol__regex="^[0-9]{4}:[^[:space:]]+$"),
                name="details_peppol_scheme_and_number",
            ),
        ]

    def __str__(self) -> str:
        return f"details of {self.institution_id}"
