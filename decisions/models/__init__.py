"""The data of decisions and its constraints. Triggers stand in migration 0002."""

from decisions.models.decision import Contributor, Decision, SendBack
from decisions.models.letter import Acceptance, LetterAnnex, LetterRevision
from decisions.models.parts import DecisionCondition, DecisionVariable

__all__ = [
    "Acceptance",
    "Contributor",
    "Decision",
    "DecisionCondition",
    "DecisionVariable",
    "LetterAnnex",
    "LetterRevision",
    "SendBack",
]
