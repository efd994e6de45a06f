"""`manage.py check` says what is wrong with the agencies' schemes."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from applications import schemes


@register()
def schemes_are_sound(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error for each thing that is wrong with any version of any scheme that is served."""
    return [Error(text, id="applications.E001") for text in schemes.errors()]
