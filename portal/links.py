"""Absolute addresses for mails and letters."""

from typing import Any

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args: Any) -> str:
    """The full address of the page `name`, from settings.BASE_URL (no slash at its end)."""
    return settings.BASE_URL + reverse(name, args=args)
