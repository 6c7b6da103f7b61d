"""Until when a job may be tried again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0010_lines_outwards"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="deadline_at",
            field=models.DateTimeField(null=True),
        ),
    ]
