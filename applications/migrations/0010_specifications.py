"""What the agency says that it will do and for about how much; its state waits for the applicant.

A version is never changed or deleted, and answered once: the database sees to it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE FUNCTION applications_specification_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.answer = '' AND NEW.answer <> ''
        AND (to_jsonb(NEW) - 'answer' - 'answered_by_id' - 'answered_at' - 'objection')
          = (to_jsonb(OLD) - 'answer' - 'answered_by_id' - 'answered_at' - 'objection') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a specification is never changed, and answered once: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER specification_guard BEFORE UPDATE OR DELETE ON applications_specification
    FOR EACH ROW EXECUTE FUNCTION applications_specification_guard();
"""
DROP = """
DROP TRIGGER specification_guard ON applications_specification;
DROP FUNCTION applications_specification_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0009_severity_changes"),
        ("institutions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Specification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("price_from", models.PositiveBigIntegerField()),
                ("price_to", models.PositiveBigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("hours_from", models.PositiveIntegerField(blank=True, null=True)),
                ("hours_to", models.PositiveIntegerField(blank=True, null=True)),
                ("delivery", models.TextField(blank=True)),
                (
                    "digest",
                    models.CharField(help_text="SHA-256 of the canonical JSON", max_length=64),
                ),
                ("sent_at", models.DateTimeField()),
                (
                    "case_due_at",
                    models.DateTimeField(help_text="when the case was due before it was sent"),
                ),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("objection", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="application",
            name="application_state_known",
        ),
        migrations.RemoveIndex(
            model_name="application",
            name="app_open_due",
        ),
        migrations.RemoveIndex(
            model_name="application",
            name="app_open_assignee",
        ),
        migrations.RemoveIndex(
            model_name="application",
            name="app_unassigned",
        ),
        migrations.RemoveIndex(
            model_name="application",
            name="app_with_applicant",
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "submitted",
                            "returned",
                            "assessment",
                            "specification",
                            "approval",
                            "signing",
                            "acceptance",
                        ],
                    )
                ),
                fields=["agency", "due_at", "id"],
                name="app_open_due",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "submitted",
                            "returned",
                            "assessment",
                            "specification",
                            "approval",
                            "signing",
                            "acceptance",
                        ],
                    )
                ),
                fields=["agency", "assignee", "due_at", "id"],
                name="app_open_assignee",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "submitted",
                            "returned",
                            "assessment",
                            "specification",
                            "approval",
                            "signing",
                            "acceptance",
                        ],
                    ),
                    ("assignee__isnull", True),
                ),
                fields=["agency", "due_at", "id"],
                name="app_unassigned",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("state__in", ["returned", "specification", "acceptance"])),
                fields=["agency", "due_at", "id"],
                name="app_with_applicant",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "submitted",
                            "returned",
                            "assessment",
                            "specification",
                            "approval",
                            "signing",
                            "acceptance",
                            "accepted",
                            "granted",
                            "refused",
                            "dismissed",
                            "withdrawn",
                            "closed",
                        ],
                    )
                ),
                name="application_state_known",
            ),
        ),
        migrations.AddField(
            model_name="specification",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="specification",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="specifications",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="specification",
            name="sent_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="specification",
            constraint=models.UniqueConstraint(
                fields=("application", "number"), name="specification_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="specification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answer", "")),
                fields=("application",),
                name="one_specification_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="specification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True), ("price_from__lte", models.F("price_to"))
                ),
                name="specification_says_what_and_how_much",
            ),
        ),
        migrations.AddConstraint(
            model_name="specification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hours_from__isnull", True), ("hours_to__isnull", True)),
                    ("hours_from__lte", models.F("hours_to")),
                    _connector="OR",
                ),
                name="specification_hours_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="specification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)
                    ),
                    models.Q(
                        ("answer__in", ("confirmed", "questioned", "recalled", "replaced")),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="specification_answered_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="specification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "questioned"), models.Q(("objection", ""), _negated=True)),
                    models.Q(models.Q(("answer", "questioned"), _negated=True), ("objection", "")),
                    _connector="OR",
                ),
                name="specification_objection_says_why",
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
