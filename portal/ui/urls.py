"""Pages that belong to no application. Included at the root by portal.urls."""

from django.urls import path

from portal.ui.views import language, pages

app_name = "ui"

urlpatterns = [
    path("", pages.front, name="front"),
    path("about/", pages.about, name="about"),
    path("help/", pages.help_page, name="help"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("language/", language.set_language, name="set_language"),
    path("theme/<slug:digest>.css", pages.theme, name="theme"),
]
