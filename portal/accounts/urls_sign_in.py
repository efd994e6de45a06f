"""Sign-up, sign-in and second factors: allauth's views, each in one transaction, so that what it
writes and the event that tells it stand or fall together."""

from allauth.account import urls as account
from allauth.mfa import urls as second_factor
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path


def in_transaction(patterns: list) -> list:
    """The same addresses and names, each view within one transaction."""
    wrapped: list[URLPattern | URLResolver] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            wrapped.append(
                URLResolver(
                    pattern.pattern,
                    in_transaction(pattern.url_patterns),
                    pattern.default_kwargs,
                    pattern.app_name,
                    pattern.namespace,
                )
            )
        else:
            view = transaction.atomic(pattern.callback)
            wrapped.append(URLPattern(pattern.pattern, view, pattern.default_args, pattern.name))
    return wrapped


urlpatterns = [
    path("", include(in_transaction(account.urlpatterns))),
    path("2fa/", include(in_transaction(second_factor.urlpatterns))),
]
