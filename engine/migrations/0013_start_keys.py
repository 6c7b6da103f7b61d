"""The keys of messages that began runs: one active run each."""

import django.db.models.deletion
from django.db import migrations, models

from common.governed import Govern

_ALL = "SELECT, INSERT, UPDATE, DELETE"


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0012_journal_by_month"),
        ("governance", "0007_unit_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="StartKey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                ("holder", models.UUIDField(db_index=True)),
                (
                    "process",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="governance.process",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("process", "key"), name="start_key_once")
                ],
            },
        ),
        Govern("engine_startkey", app=_ALL, engine=_ALL),
    ]
