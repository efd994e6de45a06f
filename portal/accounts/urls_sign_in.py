"""Sign-up, sign-in and second factors: allauth's views, each in one transaction, so that what it
writes and the event that tells it stand or fall together."""

from allauth.account import urls as account
from allauth.mfa import urls as second_factor
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from portal.accounts.oidc import views as oidc


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


# Names as allauth's own, so that the places where it leads there find them. The views of ours
# speak with the provider first and open their transaction after that.
by_provider = [
    path("<str:provider_id>/login/", oidc.sign_in, name="socialaccount_provider_login"),
    path("<str:provider_id>/callback/", oidc.callback, name="socialaccount_provider_callback"),
    path("<str:provider_id>/confirm/", oidc.confirm, name="socialaccount_provider_confirm"),
    path("signup/", transaction.atomic(oidc.sign_up), name="socialaccount_signup"),
    path("", RedirectView.as_view(pattern_name="accounts:ways"), name="socialaccount_connections"),
]

urlpatterns = [
    path("logout/", oidc.sign_out, name="account_logout"),
    path("providers/", include(by_provider)),
    path("", include(in_transaction(account.urlpatterns))),
    path("2fa/", include(in_transaction(second_factor.urlpatterns))),
]
