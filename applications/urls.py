"""The applicant's side: /applications/…"""

from django.urls import path

from applications.views import (
    applicant,
    attachments,
    common_part,
    exchange,
    form,
    imports,
    lists,
    picking,
    rows,
    sending,
    specification,
    takeover,
)

app_name = "applications"

urlpatterns = [
    path("", applicant.mine, name="mine"),
    path("new/", applicant.new, name="new"),
    path("import/", exchange.import_file, name="import_file"),
    path("left/", takeover.left_alone, name="left_alone"),
    path("<uuid:pk>/take-over/", takeover.take_over, name="take_over"),
    path("<uuid:pk>/", applicant.overview, name="overview"),
    path("<uuid:pk>/project/", common_part.common_part, name="common_part"),
    path("<uuid:pk>/export/", exchange.export, name="export"),
    path("<uuid:pk>/export/application.<str:kind>", exchange.export_file, name="export_file"),
    path("<uuid:pk>/handoffs/<slug:handoff>/", exchange.handoff, name="handoff"),
    path(
        "<uuid:pk>/handoffs/<slug:handoff>/list.<str:kind>",
        exchange.handoff_list,
        name="handoff_list",
    ),
    path("<uuid:pk>/follow/<slug:type>/", applicant.follow, name="follow"),
    path("<uuid:pk>/form/<slug:section>/", form.section, name="section"),
    path("<uuid:pk>/rows/<str:path>/", rows.table, name="rows"),
    path("<uuid:pk>/rows/<str:path>/catalogue/", picking.pick, name="rows_pick"),
    path("<uuid:pk>/rows/<str:path>/add/", rows.add, name="row_add"),
    path("<uuid:pk>/rows/<str:path>/delete/", rows.delete, name="row_delete"),
    path("<uuid:pk>/rows/<str:path>/import/", imports.start, name="rows_import"),
    path("<uuid:pk>/rows/<str:path>/list.<str:kind>", lists.download, name="rows_list"),
    path("<uuid:pk>/rows/<str:path>/<int:row>/", rows.edit, name="row"),
    path("<uuid:pk>/attachments/", attachments.attachments, name="attachments"),
    path("<uuid:pk>/attachments/upload/", attachments.upload, name="upload"),
    path("<uuid:pk>/attachments/status/", attachments.status, name="attachments_status"),
    path("<uuid:pk>/attachments/<uuid:attachment>/", attachments.download, name="attachment"),
    path("<uuid:pk>/attachments/<uuid:attachment>/remove/", attachments.remove, name="detach"),
    path("<uuid:pk>/missing/", sending.missing, name="missing"),
    path("<uuid:pk>/review/", sending.review, name="review"),
    path("<uuid:pk>/receipt/", sending.receipt, name="receipt"),
    path("<uuid:pk>/copy/<int:sequence>.<str:kind>", sending.frozen_copy, name="frozen_copy"),
    path("<uuid:pk>/returned/", sending.returned, name="returned"),
    path("<uuid:pk>/specification/", specification.answer, name="specification"),
    path("<uuid:pk>/messages/", applicant.conversation, name="messages"),
    path("<uuid:pk>/conversation/<slug:way>/", applicant.turn, name="turn"),
    path("<uuid:pk>/history/", applicant.full_history, name="history"),
    path("<uuid:pk>/colleagues/", applicant.colleagues, name="colleagues"),
    path(
        "<uuid:pk>/colleagues/<int:colleague>/remove/",
        applicant.remove_colleague,
        name="remove_colleague",
    ),
    path("<uuid:pk>/withdraw/", applicant.withdraw, name="withdraw"),
]
