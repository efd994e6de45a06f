"""Which month's cases an agency handles now, as its administrators say: added to, never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON applications_agencynotice
    FOR EACH STATEMENT EXECUTE FUNCTION applications_append_only();
"""
DROP = "DROP TRIGGER append_only ON applications_agencynotice;"


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0010_specifications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgencyNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.TextField()),
                ("sequence", models.PositiveIntegerField()),
                (
                    "handling_from",
                    models.DateField(blank=True, help_text="the first of a month", null=True),
                ),
                ("texts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "sequence"), name="agency_notice_one_after_another"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handling_from__isnull", True),
                            ("handling_from__day", 1),
                            _connector="OR",
                        ),
                        name="agency_notice_is_of_a_month",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
