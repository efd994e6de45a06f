"""Nothing new comes to an institution that has been merged into another (institutions 0006)."""

from django.db import migrations

TABLES = ("application", "project", "recordedcase")
CREATE = "".join(
    f"""
CREATE TRIGGER {table}_nothing_more BEFORE INSERT OR UPDATE OF institution_id
    ON applications_{table} FOR EACH ROW EXECUTE FUNCTION institutions_nothing_more();
"""
    for table in TABLES
)
DROP = "".join(f"DROP TRIGGER {table}_nothing_more ON applications_{table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0013_barred_staff"),
        ("institutions", "0006_details_and_merging"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
