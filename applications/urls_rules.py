"""What an agency's checks ask, for everybody to read before they begin: /rules/…"""

from django.urls import path

from applications.views import rules

app_name = "rules"

urlpatterns = [
    path("", rules.start, name="start"),
    path("<slug:agency>/", rules.agency_rules, name="agency"),
]
