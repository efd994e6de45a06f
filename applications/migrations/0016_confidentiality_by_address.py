"""A confirmation of confidentiality belongs to the address in the list: who stands there with
another address later is asked, and confirms, anew."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applications", "0015_barred_moves")]
    operations = [
        migrations.RemoveConstraint(
            model_name="confidentialityconfirmation", name="confidentiality_once_a_person"
        )
    ]
