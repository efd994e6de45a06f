"""What tests of pages share: addresses, texts, hidden fields."""

import re

from django.urls import reverse

HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name, decision, *more):
    return reverse(f"decisions:{name}", args=[decision.pk, *more])


def text(response):
    return response.content.decode()


def field(response, name):
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text(response))
    assert found, f"no field {name}"
    return found[1]
