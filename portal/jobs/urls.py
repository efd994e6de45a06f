"""/jobs/<id>/: how far a job is, and what it made."""

from django.urls import path

from portal.jobs import views

app_name = "jobs"

urlpatterns = [
    path("<uuid:pk>/", views.show, name="job"),
    path("<uuid:pk>/state/", views.state, name="state"),
    path("<uuid:pk>/file/", views.file, name="file"),
]
