"""Forms of decisions."""

from decisions.forms.accepting import AcceptanceForm
from decisions.forms.drafting import ConditionForm, DraftForm
from decisions.forms.verifying import VerifyForm

__all__ = ["AcceptanceForm", "ConditionForm", "DraftForm", "VerifyForm"]
