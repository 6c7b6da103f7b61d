"""Values too large for the rows they are in, once for each run."""

from django.db import migrations, models

from common.governed import Govern

_RIGHTS = "SELECT, INSERT"


class Migration(migrations.Migration):
    dependencies = [("engine", "0017_rows_written_in_place")]

    operations = [
        migrations.CreateModel(
            name="LargeValue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "instance_id",
                        "digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("instance_id", models.UUIDField()),
                ("digest", models.CharField(max_length=64)),
                ("unit_id", models.UUIDField()),
                ("size", models.PositiveBigIntegerField()),
                ("value", models.TextField()),
            ],
        ),
        # As the values of the journal: nobody changes or deletes one, whoever verifies reads all.
        Govern("engine_largevalue", app=_RIGHTS, engine=_RIGHTS, audit="SELECT", across=("audit",)),
    ]
