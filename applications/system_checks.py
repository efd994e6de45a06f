"""`manage.py check` says what is wrong with the installed schemes."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from applications import schemes


@register()
def schemes_are_sound(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every installed scheme loads: known paths, texts, ids, commands."""
    try:
        schemes.all_current()
    except schemes.BadScheme as wrong:
        return [Error(text, obj=str(wrong).split(":")[0], id="applications.E1") for text in wrong.errors]
    return []
