"""Catalogues: /catalogue/…"""

from django.urls import path

from catalogue.views import importing, public

app_name = "catalogue"
urlpatterns = [
    path("", public.agency_list, name="agencies"),
    path("<str:agency>/", public.search, name="search"),
    path("<str:agency>/suggestions/", public.suggestions, name="suggestions"),
    path("<str:agency>/editions/", public.editions, name="editions"),
    path("<str:agency>/import/", importing.take_in, name="import"),
    path("<str:agency>/registers/<uuid:pk>/", public.register, name="register"),
    path("<str:agency>/variables/<uuid:pk>/", public.variable, name="variable"),
]
