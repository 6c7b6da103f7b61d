"""Edits that met somebody else's are kept beside the states that were saved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("designer", "0007_threads"),
    ]

    operations = [
        migrations.AddField(
            model_name="draftstate",
            name="is_aside",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveConstraint(model_name="draftstate", name="draft_revision_once"),
        migrations.AddConstraint(
            model_name="draftstate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_aside", False)),
                fields=("draft", "revision"),
                name="draft_revision_once",
            ),
        ),
    ]
