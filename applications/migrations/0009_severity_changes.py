"""How severe an agency's administrators have made its rules: added to, never changed."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE FUNCTION applications_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON applications_severitychange
    FOR EACH STATEMENT EXECUTE FUNCTION applications_append_only();
"""
DROP = """
DROP TRIGGER append_only ON applications_severitychange;
DROP FUNCTION applications_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0008_more_states"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SeverityChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.TextField()),
                ("rule_id", models.TextField()),
                ("sequence", models.PositiveIntegerField()),
                ("severity", models.TextField()),
                ("reason", models.TextField()),
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
                        fields=("agency", "rule_id", "sequence"),
                        name="severity_change_one_after_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["BLOCK", "FLAG", "INFO"])),
                        name="severity_change_severity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.functions.text.Length("reason"), 500
                            ),
                        ),
                        name="severity_change_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sequence__gte", 1)),
                        name="severity_change_counts_from_one",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
