from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the handlers of the gate, parts of applications' pages, and what waits."""
        from decisions import commands, panels, system_checks, waiting  # noqa: F401
