"""Roles that two administrators give or take: a role names the proposal that it rests on, a
proposal may be to take a role, and the database takes no decision maker without a confirmed one."""

import django.db.models.deletion
from django.db import migrations, models

# Roles from before this migration are joined to the proposal that they came from; a decision maker
# from before without one keeps the role (docs/operations.md).
JOIN = """
UPDATE accounts_staffrole role SET proposal_id = found.id
FROM (
    SELECT DISTINCT ON (r.id) r.id AS role_id, p.id
    FROM accounts_staffrole r
    JOIN accounts_roleproposal p ON p.user_id = r.user_id AND p.agency = r.agency
        AND p.role = r.role AND p.confirmed_by_id IS NOT NULL
        AND p.proposed_by_id = r.granted_by_id AND p.ended_at <= r.granted_at
    WHERE NOT EXISTS (
        SELECT 1 FROM accounts_staffrole later WHERE later.user_id = r.user_id
            AND later.agency = r.agency AND later.role = r.role
            AND later.granted_at >= p.ended_at AND later.granted_at < r.granted_at)
    ORDER BY r.id, p.ended_at DESC
) found WHERE found.role_id = role.id;
"""

CREATE = """
CREATE FUNCTION accounts_role_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.revoked_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF NEW.proposal_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM accounts_roleproposal p
        WHERE p.id = NEW.proposal_id AND p.confirmed_by_id IS NOT NULL AND p.taking_id IS NULL
            AND p.user_id = NEW.user_id AND p.agency = NEW.agency AND p.role = NEW.role)
    THEN
        RAISE EXCEPTION 'a role rests on a confirmed proposal of the same person, agency and role'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.role = 'decision_maker' AND NEW.proposal_id IS NULL THEN
        RAISE EXCEPTION 'two administrators make a decision maker'
            USING ERRCODE = 'check_violation';
    END IF;
    -- An operator names administrators (given by themselves); an agency's first names the second.
    IF NEW.role = 'agency_admin' AND NEW.proposal_id IS NULL AND NEW.granted_by_id <> NEW.user_id
        AND EXISTS (
            SELECT 1 FROM accounts_staffrole r WHERE r.agency = NEW.agency
                AND r.role = 'agency_admin' AND r.id <> NEW.id
                AND r.user_id NOT IN (NEW.granted_by_id, NEW.user_id))
    THEN
        RAISE EXCEPTION 'two administrators make a further administrator'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER role_by_two
    BEFORE INSERT OR UPDATE OF user_id, agency, role, granted_by_id, proposal_id, revoked_at
    ON accounts_staffrole FOR EACH ROW EXECUTE FUNCTION accounts_role_by_two();

CREATE FUNCTION accounts_confirmed_by_untied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed_by_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM accounts_staffrole r
        WHERE r.agency = NEW.agency AND r.role = 'agency_admin'
            AND ((r.user_id = NEW.confirmed_by_id AND r.granted_by_id = NEW.proposed_by_id)
                OR (r.user_id = NEW.proposed_by_id AND r.granted_by_id = NEW.confirmed_by_id)))
    THEN
        RAISE EXCEPTION 'one of the two made the other an administrator'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER confirmed_by_untied
    BEFORE INSERT OR UPDATE OF confirmed_by_id, proposed_by_id
    ON accounts_roleproposal FOR EACH ROW EXECUTE FUNCTION accounts_confirmed_by_untied();
"""
DROP = """
DROP TRIGGER confirmed_by_untied ON accounts_roleproposal;
DROP FUNCTION accounts_confirmed_by_untied();
DROP TRIGGER role_by_two ON accounts_staffrole;
DROP FUNCTION accounts_role_by_two();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_open_sessions")]

    operations = [
        migrations.AddField(
            model_name="staffrole",
            name="proposal",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="given",
                to="accounts.roleproposal",
            ),
        ),
        migrations.AddField(
            model_name="roleproposal",
            name="taking",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals_to_take",
                to="accounts.staffrole",
            ),
        ),
        migrations.RunSQL(JOIN, migrations.RunSQL.noop),
        # What the update has queued (deferred foreign keys) is done before the tables change.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;", ""),
        migrations.RunSQL(CREATE, DROP),
    ]
