from django.db import migrations, models

# What waits keeps its kind; only where it runs is new.
LANES = """
    UPDATE events_outboxentry SET lane = CASE
        WHEN kind = 'checks.run' THEN 'checks'
        WHEN kind IN ('attachment.check', 'authority.check') THEN 'scans'
        WHEN kind IN ('submission.render', 'letter.make', 'acceptance.sign') THEN 'letters'
        WHEN kind IN ('list.print', 'catalogue.changed') THEN 'heavy'
        ELSE 'mail' END
    WHERE done_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_event_by_actor"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxentry",
            name="lane",
            field=models.TextField(db_default="mail", help_text="portal.events.lanes.Lane"),
        ),
        migrations.RunSQL(LANES, migrations.RunSQL.noop),
    ]
