"""Every address of the portal, but /health/ (portal.health). Foreign and absent objects are both a 404."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("portal.ui.urls")),
    path("guide/", include("applications.urls_guide")),
    path("rules/", include("applications.urls_rules")),
    path("accounts/", include("portal.accounts.urls_sign_in")),
    path("me/", include("portal.accounts.urls")),
    path("jobs/", include("portal.jobs.urls")),
    path("institutions/", include("institutions.urls")),
    path("applications/", include("applications.urls")),
    path("projects/", include("applications.urls_projects")),
    path("catalogue/", include("catalogue.urls")),
    path("cases/", include("applications.urls_cases")),
    path("decisions/", include("decisions.urls")),
    path("letters/verify/", include("decisions.urls_public")),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("portal.local.urls"))]

handler400 = "portal.ui.views.errors.bad_request"
handler403 = "portal.ui.views.errors.forbidden"
handler404 = "portal.ui.views.errors.not_found"
handler500 = "portal.ui.views.errors.server_error"
