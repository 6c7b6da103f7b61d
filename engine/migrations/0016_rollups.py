"""Ended runs are counted as they end; reports read the counts."""

from django.db import migrations, models

from common.governed import Govern

# A duration's class: four to every doubling of a second, so a class is 19 % wide.
_FUNCTIONS = """
CREATE FUNCTION engine_span(duration interval) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
    SELECT floor(4 * ln(greatest(extract(epoch FROM duration)::float8, 0.001)) / ln(2.0::float8))
        ::smallint
$$;
CREATE FUNCTION engine_tallies_of(started timestamptz, ended timestamptz)
RETURNS TABLE (grain varchar, since timestamptz, span smallint) LANGUAGE sql IMMUTABLE AS $$
    VALUES
        ('QUARTER'::varchar, date_bin('15 minutes', started, '2000-01-01 00:00:00Z'), 0::smallint),
        ('DAY'::varchar, date_bin('1 day', started, '2000-01-01 00:00:00Z'),
            engine_span(ended - started))
$$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION engine_tallies_of(timestamptz, timestamptz);
DROP FUNCTION engine_span(interval);
"""
# By the database and not by our code: while an upgrade goes on, workers of the release before end
# runs too. The conditions are tested without a call, so a step that ends no run pays nothing.
_TRIGGERS = """
CREATE FUNCTION engine_note_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO engine_endedrun
        (instance_id, unit_id, process_id, deployment_id, outcome, started_at, ended_at)
    VALUES (NEW.id, NEW.unit_id, NEW.process_id, NEW.deployment_id, NEW.state, NEW.started_at,
        NEW.ended_at) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER note_ended AFTER UPDATE OF ended_at ON engine_instance FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION engine_note_ended();
CREATE TRIGGER note_ended_at_once AFTER INSERT ON engine_instance FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION engine_note_ended();
"""
_NO_TRIGGERS = """
DROP TRIGGER note_ended_at_once ON engine_instance;
DROP TRIGGER note_ended ON engine_instance;
DROP FUNCTION engine_note_ended();
"""
# The owner of the tables is under row-level security like everybody; for once it must see all. A
# run that ends before the triggers are there waits for the lock that they take, or is seen here.
_COUNT = """
LOCK TABLE engine_instance IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE engine_instance NO FORCE ROW LEVEL SECURITY;
ALTER TABLE engine_runtally NO FORCE ROW LEVEL SECURITY;
INSERT INTO engine_runtally (unit_id, grain, since, process_id, deployment_id, outcome, span, runs)
SELECT i.unit_id, t.grain, t.since, i.process_id, i.deployment_id, i.state, t.span, count(*)
FROM engine_instance i, engine_tallies_of(i.started_at, i.ended_at) t
WHERE i.ended_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7;
ALTER TABLE engine_runtally FORCE ROW LEVEL SECURITY;
ALTER TABLE engine_instance FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("engine", "0015_runs_tell_schemas")]

    operations = [
        migrations.CreateModel(
            name="EndedRun",
            fields=[
                ("instance_id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("process_id", models.UUIDField()),
                ("deployment_id", models.UUIDField()),
                ("outcome", models.CharField(max_length=16)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RunTally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit_id",
                        "grain",
                        "since",
                        "process_id",
                        "deployment_id",
                        "outcome",
                        "span",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("unit_id", models.UUIDField()),
                (
                    "grain",
                    models.CharField(
                        choices=[("QUARTER", "Quarter"), ("DAY", "Day")], max_length=8
                    ),
                ),
                ("since", models.DateTimeField()),
                ("process_id", models.UUIDField()),
                ("deployment_id", models.UUIDField()),
                ("outcome", models.CharField(max_length=16)),
                ("span", models.SmallIntegerField()),
                ("runs", models.BigIntegerField()),
            ],
        ),
        # Ids, times and counts alone: the sweeper folds them before it knows of whom.
        Govern(
            "engine_endedrun",
            app="SELECT, INSERT",
            engine="SELECT, INSERT, UPDATE, DELETE",
            across=("engine",),
        ),
        Govern(
            "engine_runtally",
            app="SELECT",
            engine="SELECT, INSERT, UPDATE, DELETE",
            across=("engine",),
        ),
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        migrations.RunSQL(_COUNT, migrations.RunSQL.noop),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
    ]
