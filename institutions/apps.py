from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "institutions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from institutions import my_page
        from institutions.lists import waiting

        my_page.connect()
        waiting.connect()
