"""A change knows the decision that it changes, and each of its rows what that one says of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("decisions", "0007_cases_that_are_over")]
    operations = [
        migrations.AddField(
            model_name="decision",
            name="changes",
            field=models.ForeignKey(
                blank=True,
                help_text="the decision in force that it changes, as it was when the rows were taken over",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changed_by",
                to="decisions.decision",
            ),
        ),
        migrations.AddField(
            model_name="decisionvariable",
            name="earlier",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="decisions.decisionvariable",
            ),
        ),
        migrations.AddField(
            model_name="decisionvariable",
            name="earlier_same",
            field=models.BooleanField(default=False),
        ),
    ]
