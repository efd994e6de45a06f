"""What `manage.py check --deploy` says about the keys of letters."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register

from portal import clock


@register(Tags.security, deploy=True)
def signing_certificates_last(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A warning for each signing certificate that ends within 60 days, an error for one that has."""
    from decisions.expiry import ending

    return [
        Error(str(end), id="decisions.E1")
        if end.expires_at <= clock.now()
        else Warning(str(end), id="decisions.W1")
        for end in ending()
    ]
