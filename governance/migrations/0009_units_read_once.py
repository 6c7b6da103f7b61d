"""Let policies read the list of units once for a statement instead of once for a row."""

from django.db import migrations

_EACH_ROW = (
    "(string_to_array(NULLIF(current_setting('interlock.units'::text, true), ''::text),"
    " ','::text))::uuid[]"
)
_ONCE = f"((SELECT {_EACH_ROW}))::uuid[]"


def _rewritten(old: str, new: str):
    def rewrite(_apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename, policyname, qual, with_check FROM pg_policies"
                " WHERE schemaname = current_schema() AND strpos(qual, %s) > 0"
                " AND strpos(qual, 'SELECT (string_to_array') = 0",
                [old],
            )
            found = cursor.fetchall()
        for table, policy, *conditions in found:
            using, check = (each and each.replace(old, new) for each in conditions)
            then = f" WITH CHECK ({check})" if check else ""
            schema_editor.execute(f'ALTER POLICY "{policy}" ON "{table}" USING ({using}){then}')

    return rewrite


class Migration(migrations.Migration):
    dependencies = [("governance", "0008_limits_described")]

    operations = [
        migrations.RunPython(_rewritten(_EACH_ROW, _ONCE), migrations.RunPython.noop),
    ]
