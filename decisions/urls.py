"""Decisions: /decisions/…"""

from django.urls import path

from decisions.views import approving, drafting, receiving, rowwise

app_name = "decisions"

urlpatterns = [
    path("", approving.waiting, name="waiting"),
    path("start/<uuid:application>/", drafting.start, name="start"),
    path("<uuid:pk>/", receiving.decision, name="decision"),
    path("<uuid:pk>/draft/", drafting.draft, name="draft"),
    path("<uuid:pk>/draft/refresh/", drafting.refresh, name="refresh"),
    path("<uuid:pk>/draft/variables/", rowwise.variables, name="variables"),
    path("<uuid:pk>/draft/conditions/", drafting.conditions, name="conditions"),
    path("<uuid:pk>/preview/", drafting.preview, name="preview"),
    path("<uuid:pk>/preview.pdf", drafting.preview_pdf, name="preview_pdf"),
    path("<uuid:pk>/recall/", drafting.recall, name="recall"),
    path("<uuid:pk>/approval/", approving.approval, name="approval"),
    path("<uuid:pk>/accept/", receiving.accept, name="accept"),
    path("<uuid:pk>/letter-<int:revision>.pdf", receiving.letter, name="letter"),
    path("<uuid:pk>/annex-<int:position>.pdf", receiving.annex, name="annex"),
    path("<uuid:pk>/receipt.pdf", receiving.receipt, name="receipt"),
]
