"""Addresses of the demo: /demo/…"""

from django.urls import path

from portal.local import people

app_name = "demo"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/sign-in/", people.sign_in, name="sign_in"),
    path("people/confirm/", people.confirm, name="confirm"),
    path("mail/", people.mail, name="mail"),
]
