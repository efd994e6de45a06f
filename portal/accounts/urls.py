"""My page and the session: /me/…"""

from django.urls import path

from portal.accounts import views

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
    path("resume/", views.resume, name="resume"),
]
