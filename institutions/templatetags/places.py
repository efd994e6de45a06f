"""Words for where an institution is."""

from django import template

from institutions.lists import wording

register = template.Library()


@register.filter
def country_name(code: str) -> str:
    """The name of a country in the reader's language, for its two letters."""
    return wording.country(code)
