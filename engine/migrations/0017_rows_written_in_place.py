"""Leave room beside rows that change with every step, and check no run and unit at each job."""

import django.db.models.deletion
from django.db import migrations, models

_CHANGING = ("engine_instance", "engine_job", "engine_token")


class Migration(migrations.Migration):
    dependencies = [("engine", "0016_rollups")]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jobs",
                to="engine.instance",
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.unit",
            ),
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} SET (fillfactor = 70)",
                f"ALTER TABLE {table} RESET (fillfactor)",
            )
            for table in _CHANGING
        ),
    ]
