"""Invitations to a case by mail, handing a case over, and who has confirmed the duty of
confidentiality. Nobody confirms for another: the database knows whose address it is.
"""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

OWN = """
CREATE FUNCTION applications_own_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a confirmation stays as it was given'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM account_emailaddress
        WHERE user_id = NEW.person_id AND lower(email) = NEW.email AND verified
    ) THEN
        RAISE EXCEPTION 'nobody confirms for another: the address is not this person''s'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM applications_confidentialitylink
        WHERE application_id = NEW.application_id AND email = NEW.email
    ) THEN
        RAISE EXCEPTION 'this address was not asked'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER own_confirmation BEFORE INSERT OR UPDATE OR DELETE
    ON applications_confidentialityconfirmation
    FOR EACH ROW EXECUTE FUNCTION applications_own_confirmation();
"""
NOT_OWN = """
DROP TRIGGER own_confirmation ON applications_confidentialityconfirmation;
DROP FUNCTION applications_own_confirmation();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0001_initial"),
        ("applications", "0013_barred_staff"),
        ("applications", "0013_nothing_more_after_a_merge"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ColleagueInvitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        help_text="small letters; who answers has verified it", max_length=254
                    ),
                ),
                ("role", models.TextField()),
                ("link_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("accepted", models.BooleanField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ConfidentialityConfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        help_text="the row's, in small letters; the person's own", max_length=254
                    ),
                ),
                ("scheme_version", models.TextField()),
                ("language", models.TextField()),
                ("text_digest", models.CharField(max_length=64)),
                ("confirmed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ConfidentialityLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "email",
                    models.EmailField(help_text="small letters, from the list", max_length=254),
                ),
                ("link_digest", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("stays", models.BooleanField(help_text="who hands over goes on editing the case")),
                ("outcome", models.TextField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="colleague",
            name="basis",
            field=models.TextField(
                choices=[("member", "member"), ("invitation", "invitation")], default="member"
            ),
        ),
        migrations.AlterField(
            model_name="colleague",
            name="role",
            field=models.TextField(
                choices=[("viewer", "viewer"), ("editor", "editor"), ("submitter", "submitter")]
            ),
        ),
        migrations.AddConstraint(
            model_name="colleague",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["viewer", "editor", "submitter"])),
                name="colleague_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleague",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ["member", "invitation"])),
                name="colleague_basis_known",
            ),
        ),
        migrations.AddField(
            model_name="colleagueinvitation",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="colleagueinvitation",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="colleagueinvitation",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="confidentialityconfirmation",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="confidentiality_confirmations",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="confidentialityconfirmation",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="confidentialitylink",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="confidentiality_links",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="handovers",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="proposed_to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at__isnull", True), ("revoked_at__isnull", True)),
                fields=("application", "email"),
                name="colleague_invited_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="colleague_invitation_email_plain",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("link_digest__regex", "^[0-9a-f]{64}$")),
                name="colleague_invitation_digest_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["viewer", "editor", "submitter"])),
                name="colleague_invitation_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="colleague_invitation_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"
                ),
                name="colleague_invitation_answered_or_revoked",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_at__isnull", True),
                    ("answered_at__lt", models.F("expires_at")),
                    _connector="OR",
                ),
                name="colleague_invitation_answered_in_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_by__isnull", True),
                    models.Q(("answered_by", models.F("created_by")), _negated=True),
                    _connector="OR",
                ),
                name="colleague_invitation_answered_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                    _connector="OR",
                ),
                name="colleague_invitation_answered_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="colleagueinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted__isnull", True), ("answered_at__isnull", True)),
                    models.Q(("accepted__isnull", False), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="colleague_invitation_answered_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialityconfirmation",
            constraint=models.UniqueConstraint(
                fields=("application", "person"), name="confidentiality_once_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialityconfirmation",
            constraint=models.UniqueConstraint(
                fields=("application", "email"), name="confidentiality_once_an_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialityconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="confidentiality_email_plain",
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialityconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_digest__regex", "^[0-9a-f]{64}$")),
                name="confidentiality_text_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialitylink",
            constraint=models.UniqueConstraint(
                fields=("application", "email"), name="confidentiality_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="confidentiality_link_email_plain",
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("link_digest__regex", "^[0-9a-f]{64}$")),
                name="confidentiality_link_digest_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                name="confidentiality_link_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("application",),
                name="one_open_handover",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposed_to", models.F("proposed_by")), _negated=True),
                name="handover_to_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__isnull", True),
                    ("outcome__in", ["accepted", "declined", "withdrawn", "void"]),
                    _connector="OR",
                ),
                name="handover_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("outcome__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("outcome__isnull", False)),
                    _connector="OR",
                ),
                name="handover_outcome_and_when",
            ),
        ),
        migrations.RunSQL(OWN, NOT_OWN),
    ]
