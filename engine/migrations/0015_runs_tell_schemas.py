"""With which schema the rows of a run were written last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engine", "0014_pulses_tell_versions")]

    operations = [
        migrations.AddField(
            model_name="instance",
            name="schema",
            field=models.PositiveSmallIntegerField(db_default=1),
        ),
    ]
