"""Runs that are held after a restore."""

from django.db import migrations, models

from common.governed import Govern


class Migration(migrations.Migration):
    dependencies = [("engine", "0006_failures_told")]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("kept_seq", models.PositiveBigIntegerField()),
                ("lost_seq", models.PositiveBigIntegerField()),
                ("lost_at", models.DateTimeField()),
                ("held_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["held_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=["unit_id", "held_at"],
                        name="hold_in_unit",
                    )
                ],
            },
        ),
        # The owner alone holds, after a restore; people release.
        Govern("engine_hold", app="SELECT, UPDATE", engine="SELECT"),
    ]
