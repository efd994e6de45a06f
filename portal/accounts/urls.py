"""My page and the session: /me/…"""

from django.urls import path

from portal.accounts import views
from portal.accounts.oidc import views as oidc

app_name = "accounts"
urlpatterns = [
    path("", views.me, name="me"),
    path("details/", views.details, name="details"),
    path("notifications/", views.notifications, name="notifications"),
    path("everything.json", views.everything, name="everything"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("session/", views.session, name="session"),
    path("session/extend/", views.extend_session, name="extend_session"),
    path("session/end-others/", views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("sessions/", views.my_sessions, name="sessions"),
    path("sessions/<uuid:session_id>/end/", views.end_session, name="end_session"),
    path("resume/", views.resume, name="resume"),
    path("sign-in/", oidc.my_ways, name="ways"),
    path("sign-in/level/", oidc.level, name="level"),
    path("sign-in/link/<str:provider_id>/", oidc.link, name="link"),
    path("sign-in/unlink/<int:account_id>/", oidc.unlink, name="unlink"),
]
