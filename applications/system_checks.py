"""`manage.py check` says what is wrong with the agencies' schemes."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from applications import schemes
from applications.selectors import facts


@register()
def schemes_are_sound(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error for each thing that is wrong with any version of any scheme that is served."""
    return [Error(text, id="applications.E001") for text in schemes.errors()]


@register()
def facts_are_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error for each fact that a scheme refers to and nobody knows."""
    found: list[CheckMessage] = []
    for scheme in _sound():
        references = [(path, name, False) for path, name in scheme.known.items() if ":" in name]
        for path, field in scheme.by_path.items():
            named = (field.choices_from, field.names_from, field.offered_from)
            references += [(path, name, True) for name in named if name]
        for path, name, is_list in references:
            if why := facts.wrong(name, is_list):
                found.append(Error(f"{scheme.agency}: {path}: {why}", id="applications.E002"))
    return found


def _sound() -> list[schemes.Scheme]:
    """The newest schemes without those that cannot be loaded: the other check tells of them."""
    found = []
    for agency in schemes.chosen():
        try:
            found.append(schemes.current(agency))
        except (KeyError, schemes.BadScheme):
            continue
    return found
