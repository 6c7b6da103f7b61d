"""A draft keeps what it was imported from, and what was assumed of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("designer", "0004_step_templates")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="origin",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
    ]
