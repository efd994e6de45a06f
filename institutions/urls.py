"""Institutions and memberships: /institutions/…"""

from django.urls import path

from institutions import (
    claims_views,
    details_views,
    invitations_views,
    members_views,
    merging_views,
    views,
)
from institutions.approvals import views as approvals
from institutions.lists import importing
from institutions.lists import views as lists

app_name = "institutions"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("join/", views.join, name="join"),
    path("register/", views.register, name="register"),
    path("registrations/", views.registrations, name="registrations"),
    path("lists/", lists.overview, name="lists"),
    path("lists/lines/<uuid:pk>/match/", lists.match, name="list_match"),
    path("lists/lines/<uuid:pk>/dropped/", lists.dropped, name="list_dropped"),
    path("lists/<str:agency>/<str:source>/", lists.one, name="list"),
    path("lists/<str:agency>/<str:source>/import/", importing.take_in, name="list_import"),
    path("approvals/", approvals.start, name="approvals_start"),
    path("approvals/<uuid:pk>/withdraw/", approvals.withdraw, name="withdraw_approval"),
    path("approvals/proposals/<uuid:pk>/", approvals.proposal, name="proposal"),
    path("approvals/<str:agency>/", approvals.overview, name="approvals"),
    path("<uuid:pk>/approvals/<str:agency>/", approvals.one, name="approval"),
    path("approved/<str:agency>/", lists.approved, name="approved"),
    path("approved/<str:agency>/list.<str:ext>", lists.approved_file, name="approved_file"),
    path("<uuid:pk>/", views.institution, name="institution"),
    path("<uuid:pk>/details/", details_views.details, name="details"),
    path("<uuid:pk>/identity/", details_views.identity, name="identity"),
    path("<uuid:pk>/merge/", merging_views.choose, name="merge"),
    path("<uuid:pk>/merge/<uuid:kept>/", merging_views.propose, name="merge_into"),
    path("merges/<uuid:pk>/", merging_views.proposal, name="merge_proposal"),
    path("merges/<uuid:pk>/drop/", merging_views.drop, name="merge_drop"),
    path("<uuid:pk>/ask/", views.ask, name="ask"),
    path("<uuid:pk>/confirm/", views.decide_institution, {"confirm": True}, name="confirm"),
    path("<uuid:pk>/decline/", views.decide_institution, {"confirm": False}, name="decline"),
    path("<uuid:pk>/domains/", views.add_domain, name="add_domain"),
    path("<uuid:pk>/domains/<int:domain>/verify/", views.verify_domain, name="verify_domain"),
    path("invitations/<str:secret>/", invitations_views.answer, name="invitation"),
    path("<uuid:pk>/invitations/", invitations_views.invite, name="invite"),
    path(
        "<uuid:pk>/invitations/<uuid:invitation>/revoke/",
        invitations_views.revoke,
        name="revoke_invitation",
    ),
    path("<uuid:pk>/databases/", members_views.name_manager, name="name_manager"),
    path("<uuid:pk>/databases/<int:manager>/end/", members_views.end_manager, name="end_manager"),
    path("<uuid:pk>/members/<uuid:member>/", members_views.edit_member, name="edit_member"),
    path("<uuid:pk>/members/<uuid:member>/last-day/", members_views.last_day, name="last_day"),
    path(
        "<uuid:pk>/members/<uuid:member>/authority/<uuid:document>.pdf",
        members_views.authority_document,
        name="authority_document",
    ),
    path("<uuid:pk>/authority/", claims_views.claim_authority, name="claim_authority"),
    path("<uuid:pk>/authority/<uuid:claim>/", claims_views.claim, name="claim"),
    path(
        "<uuid:pk>/members/<uuid:member>/approve/",
        views.decide,
        {"approve": True},
        name="approve_member",
    ),
    path(
        "<uuid:pk>/members/<uuid:member>/decline/",
        views.decide,
        {"approve": False},
        name="decline_member",
    ),
    path("<uuid:pk>/members/<uuid:member>/end/", views.end_member, name="end_member"),
]
