from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the handlers of the gate, parts of applications' pages, and what waits."""
        from applications import earlier
        from applications.scanning import ISSUED
        from applications.selectors.operations import BELONGS
        from decisions import commands, panels, selectors, system_checks, waiting  # noqa: F401
        from decisions.exporting import PART
        from portal.accounts import exporting

        exporting.register("decisions", PART)
        BELONGS["decision"] = selectors.cases_of
        if selectors.is_issued not in ISSUED:
            ISSUED.append(selectors.is_issued)
        earlier.register(selectors.in_force)
        commands.witnessing.connect()
