"""Which version of the product each worker runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engine", "0013_start_keys")]

    operations = [
        migrations.AddField(
            model_name="pulse",
            name="version",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
    ]
