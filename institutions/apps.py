from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "institutions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from institutions import moving, my_page
        from institutions.approvals import waiting as approvals
        from institutions.exporting import PART
        from institutions.lists import waiting
        from portal.accounts import exporting

        my_page.connect()
        moving.connect()
        exporting.register("institutions", PART)
        waiting.connect()
        approvals.connect()
