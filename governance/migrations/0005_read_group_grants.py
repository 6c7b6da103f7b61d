"""django-guardian asks for grants of groups beside those of accounts; there are none, ever."""

from django.db import migrations

from common.governed import grant


def let_them_look(_apps, schema_editor):
    for table in ("guardian_userobjectpermission", "guardian_groupobjectpermission"):
        grant(schema_editor, table, app="SELECT", engine="SELECT")


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0004_history_has_a_unit"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
    ]

    operations = [migrations.RunPython(let_them_look, migrations.RunPython.noop)]
