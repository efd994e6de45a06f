"""The guide "Do I need to apply?": /guide/…"""

from django.urls import path

from applications.views import guide

app_name = "guide"

urlpatterns = [
    path("", guide.start, name="start"),
    path("<slug:agency>/", guide.agency_guide, name="agency"),
]
