"""What the tables of institutions share."""

from django.conf import settings
from django.db import models
from django.db.models import Q

PERSON = settings.AUTH_USER_MODEL


def pair(who: str, when: str, name: str) -> models.CheckConstraint:
    """Who and when are known together or not at all."""
    neither = Q(**{f"{who}__isnull": True, f"{when}__isnull": True})
    both = Q(**{f"{who}__isnull": False, f"{when}__isnull": False})
    return models.CheckConstraint(condition=neither | both, name=name)
