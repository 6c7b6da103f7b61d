"""What the sign-in throttle counts."""

import common.ids
from common.governed import grant_in_migration
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0002_governed"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["key", "at"], name="failed_sign_in_by_key")],
            },
        ),
        migrations.RunPython(
            grant_in_migration("governance_failedsignin", app="SELECT, INSERT, DELETE"),
            migrations.RunPython.noop,
        ),
    ]
