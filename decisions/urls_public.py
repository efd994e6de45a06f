"""Is this letter genuine? /letters/verify/, for everybody."""

from django.urls import path

from decisions.views import verifying

app_name = "letters"

urlpatterns = [path("", verifying.verify, name="verify")]
