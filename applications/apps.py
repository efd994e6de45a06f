from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the handlers of the gate and what waits for a person on their page."""
        from django.conf import settings

        from applications import (  # noqa: F401
            approval_lists,
            faces,
            my_page,
            panels,
            schemes,
            system_checks,
            waiting,
        )
        from applications.commands import (  # noqa: F401
            attaching,
            casework,
            checks,
            colleagues,
            confidentiality,
            editing,
            handoffs,
            handover,
            indexing,
            invitations,
            merging,
            sequence,
            specification,
            submitting,
            takeover,
            witnessing,
        )
        from applications.exporting import PART
        from applications.scanning import examine_file
        from applications.selectors.databases import of_institution
        from applications.selectors.handling import for_cards
        from applications.selectors.leaning import asking, leaning
        from applications.selectors.of_institution import active
        from applications.views import common_part, handling
        from applications.views import confidentiality as confirmations
        from applications.views import specification as specifying
        from applications.views import takeover as taking_over
        from institutions import at_stake, cases, databases, documents, sources
        from institutions.lists import kinds
        from portal.accounts import exporting
        from portal.ui import notices, themes

        schemes.choose(settings.SCHEMES)
        my_page.connect()
        exporting.register("applications", PART)

        panels.register("applicant", handling.panel)
        panels.register("applicant", specifying.applicant_panel)
        panels.register("staff", specifying.staff_panel)
        panels.register("applicant", common_part.panel)
        panels.register("applicant", taking_over.panel)
        panels.register("applicant", confirmations.panel)
        themes.register(faces.themes)
        sources.register(faces.approval_sources)
        databases.register(of_institution)
        at_stake.register(leaning, asking)
        cases.register(active)
        merging.connect()
        witnessing.connect()
        documents.register(examine_file)
        kinds.register(approval_lists.kinds)
        notices.register(for_cards)
