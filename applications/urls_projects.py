"""Projects: what several applications have in common."""

from django.urls import path

from applications.views import projects

app_name = "projects"

urlpatterns = [
    path("", projects.mine, name="mine"),
    path("new/", projects.new, name="new"),
    path("<uuid:pk>/", projects.project, name="project"),
    path("<uuid:pk>/edit/", projects.edit, name="edit"),
    path("<uuid:pk>/apply/<str:agency>/", projects.apply, name="apply"),
    path("<uuid:pk>/members/", projects.members, name="members"),
    path("<uuid:pk>/members/<int:member>/remove/", projects.remove_member, name="remove_member"),
]
