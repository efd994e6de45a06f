from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "portal.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal import deployment  # noqa: F401  registers its checks
        from portal.celery import app
        from portal.events import attending, checks  # noqa: F401  registers the checks

        attending.attend(app)
