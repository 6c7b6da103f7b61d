"""Scopes know who holds them open, and rows of a run are found by the visit they belong to."""

import django.db.models.deletion
from django.db import migrations, models

# The owner of the tables is under row-level security like everybody; for once it must see all.
_OWNERS = """
ALTER TABLE engine_scope NO FORCE ROW LEVEL SECURITY;
ALTER TABLE engine_token NO FORCE ROW LEVEL SECURITY;
UPDATE engine_scope s SET owner_id = t.id FROM engine_token t WHERE t.activity = s.id;
ALTER TABLE engine_token FORCE ROW LEVEL SECURITY;
ALTER TABLE engine_scope FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0009_runs_alive"),
        ("governance", "0006_engine_reads_no_passwords"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="queueentry",
            name="queue_of_run",
        ),
        migrations.AddField(
            model_name="scope",
            name="owner_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="messagesubscription",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="subscriptions",
                to="engine.instance",
            ),
        ),
        migrations.AlterField(
            model_name="timer",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="timers",
                to="engine.instance",
            ),
        ),
        migrations.AlterField(
            model_name="token",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="tokens",
                to="engine.instance",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("resolution", "")),
                fields=["instance", "token"],
                name="incident_of_token",
            ),
        ),
        migrations.AddIndex(
            model_name="messagesubscription",
            index=models.Index(fields=["instance", "activity"], name="awaited_by_visit"),
        ),
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(fields=["instance_id", "kind"], name="queue_kinds_of_run"),
        ),
        migrations.AddIndex(
            model_name="timer",
            index=models.Index(fields=["instance", "activity"], name="timer_of_visit"),
        ),
        migrations.AddIndex(
            model_name="token",
            index=models.Index(fields=["instance", "scope_id"], name="token_of_scope"),
        ),
        migrations.RunSQL(_OWNERS, migrations.RunSQL.noop),
    ]
