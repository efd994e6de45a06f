"""Who says that they may sign for an institution is decided apart, on a document. What was ticked on
registering and not decided yet gives no right any more: the person claims it on the page of the
institution, where title and grounds still stand."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.clock


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0006_details_and_merging"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuthorityClaim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("authority", models.TextField(help_text="What the authority to sign rests on")),
                ("authority_from", models.DateField()),
                (
                    "authority_until",
                    models.DateField(help_text="last day; without one it has no end", null=True),
                ),
                ("claimed_at", models.DateTimeField(default=portal.clock.now)),
                ("confirmed", models.BooleanField(null=True)),
                (
                    "reason",
                    models.TextField(blank=True, default="", help_text="Why it was declined"),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunSQL(
            "UPDATE institutions_membership SET roles = array_remove(roles, 'signatory')"
            " WHERE status = 'pending'",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;", migrations.RunSQL.noop
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "pending"), _negated=True),
                    models.Q(("roles__contains", ["signatory"]), _negated=True),
                    _connector="OR",
                ),
                name="membership_asked_without_signing",
            ),
        ),
        migrations.AddField(
            model_name="authorityclaim",
            name="claimed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="authorityclaim",
            name="document",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claim",
                to="institutions.authoritydocument",
            ),
        ),
        migrations.AddField(
            model_name="authorityclaim",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="authorityclaim",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authority_claims",
                to="institutions.membership",
            ),
        ),
        migrations.AddIndex(
            model_name="authorityclaim",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["claimed_at"],
                name="authority_claims_that_wait",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorityclaim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("membership",),
                name="authority_claim_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorityclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("authority_until__isnull", True),
                    ("authority_until__gte", models.F("authority_from")),
                    _connector="OR",
                ),
                name="authority_claim_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorityclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed__isnull", True),
                    models.Q(
                        ("ended_at__isnull", False),
                        models.Q(("ended_by", models.F("claimed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="authority_claim_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorityclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed__isnull", True),
                    ("confirmed", True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="authority_claim_declined_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorityclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="authority_claim_ended_who_and_when",
            ),
        ),
    ]
