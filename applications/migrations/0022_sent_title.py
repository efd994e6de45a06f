"""The title that was sent last stands in a column of its own: the agency reads no other, and its
search looks through what was sent. What returned cases were found by is written anew."""

from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import Value

FILL = """
UPDATE applications_application AS a
SET sent_title = coalesce(
    (SELECT left(s.document #>> '{project,title}', 300) FROM applications_submission s
     WHERE s.application_id = a.id ORDER BY s.sequence DESC LIMIT 1), a.title)
WHERE a.submitted_at IS NOT NULL
"""
WRITTEN_ON = ("returned", "withdrawn")


def index_anew(apps, schema_editor):
    from applications import schemes

    cases = apps.get_model("applications", "Application")
    submissions = apps.get_model("applications", "Submission")
    found = cases.objects.filter(submitted_at__isnull=False, state__in=WRITTEN_ON)
    for case in found.select_related("institution", "owner").iterator():
        sent = submissions.objects.filter(application=case).order_by("-sequence").first()
        if sent is None:
            continue
        document = sent.document
        responsible = ((document.get("responsible") or {}).get("person") or {}).get("name")
        people = [
            p.get("name") for p in (document.get("persons") or [])[:200] if isinstance(p, dict)
        ]
        place = case.institution.name if case.institution else ""
        names = [case.number, case.sent_title, place, case.owner.name, responsible, *people]
        text = " ".join(dict.fromkeys(str(n) for n in names if n))
        try:
            config = schemes.get(case.agency, case.scheme_version).search_config
        except (KeyError, schemes.BadScheme):
            config = "simple"
        cases.objects.filter(pk=case.pk).update(
            search_text=text,
            search_names=text.lower(),
            search_vector=SearchVector(Value(text), config=config),
        )


class Migration(migrations.Migration):
    dependencies = [("applications", "0021_runs_of_before")]
    operations = [
        migrations.AddField(
            model_name="application",
            name="sent_title",
            field=models.TextField(
                blank=True,
                default="",
                help_text="`title` as it was sent last: the agency reads no other",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunPython(index_anew, migrations.RunPython.noop),
    ]
