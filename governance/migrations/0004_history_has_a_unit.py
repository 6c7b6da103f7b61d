"""The kept past of a setting belongs to a unit as the setting does."""

from django.db import migrations

_TABLES = ("board", "process", "connection", "egressdestination")


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_failed_sign_ins")]

    operations = [
        migrations.RunSQL(
            [
                f"ALTER TABLE governance_historical{t} ALTER COLUMN unit_id SET NOT NULL"
                for t in _TABLES
            ],
            [
                f"ALTER TABLE governance_historical{t} ALTER COLUMN unit_id DROP NOT NULL"
                for t in _TABLES
            ],
        )
    ]
