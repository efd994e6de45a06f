"""The approval of the institution that a decision and its acceptance lean on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0008_changes"),
        ("institutions", "0006_details_and_merging"),
    ]

    operations = [
        migrations.AddField(
            model_name="acceptance",
            name="approval",
            field=models.ForeignKey(
                blank=True,
                help_text="of the institution, that held when it accepted",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="institutions.institutionapproval",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="approval",
            field=models.ForeignKey(
                blank=True,
                help_text="of the institution, that held when it was sent, and then when it was approved",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="institutions.institutionapproval",
            ),
        ),
    ]
