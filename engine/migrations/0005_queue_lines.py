"""The queue in lines by kind of worker, unit and system; and what is leased, found quickly."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0004_complete_bpmn_governed"),
        ("governance", "0007_unit_limits"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="queueentry", name="queue_due"),
        migrations.AddField(
            model_name="queueentry",
            name="target",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(fields=["queue", "unit_id", "target", "due_at"], name="queue_line"),
        ),
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(
                condition=models.Q(("lease_until__isnull", False)),
                fields=["lease_until"],
                name="queue_leased",
            ),
        ),
    ]
