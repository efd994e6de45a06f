"""A run of the checks is of one submission, and a row from when it is asked for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0019_sent_by_members"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="checkrun",
            name="check_run_latest",
        ),
        migrations.AddField(
            model_name="checkrun",
            name="inputs",
            field=models.CharField(
                blank=True, help_text="SHA-256 of all that went in", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="checkrun",
            name="requested_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="checkrun",
            name="requested_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="checkrun",
            name="submission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="check_runs",
                to="applications.submission",
            ),
        ),
        migrations.AlterField(
            model_name="checkrun",
            name="ran_at",
            field=models.DateTimeField(blank=True, help_text="when it was finished", null=True),
        ),
        migrations.AlterField(
            model_name="checkrun",
            name="reason",
            field=models.TextField(help_text="submission, attachment, person, draft, sending, …"),
        ),
        migrations.AlterField(
            model_name="checkrun",
            name="today",
            field=models.DateField(blank=True, help_text="the day the checks were told", null=True),
        ),
        migrations.AddIndex(
            model_name="checkrun",
            index=models.Index(fields=["application", "-requested_at"], name="check_run_latest"),
        ),
        migrations.AddIndex(
            model_name="checkrun",
            index=models.Index(
                fields=["submission", "-requested_at"], name="check_run_of_submission"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ran_at__isnull", True), ("today__isnull", True)),
                    models.Q(("ran_at__isnull", False), ("today__isnull", False)),
                    _connector="OR",
                ),
                name="check_run_finished_on_a_day",
            ),
        ),
    ]
