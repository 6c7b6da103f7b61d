"""What reports count of ended runs is what a scan of all runs gives."""

from __future__ import annotations

import random  # noqa: TID251  (a fixed seed)
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from common import tenancy
from common.context import automation
from engine.actions import recovery, rollups
from engine.models.deployments import Deployment
from engine.models.instances import ENDED, Instance, RunState
from engine.models.rollups import EndedRun, RunTally
from engine.queries import usage
from engine.queries.rollups import by_state, miscounts
from engine.workers.sweeper import Sweeper
from governance.models.processes import Process
from tests.integration.engine.test_recovery import alter, lose, told
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, user_task
from tests.support.office import Office, an_office
from tests.support.sign_ins import signed_in_as

ACTOR = automation("rebuild")
NOW = datetime(2026, 11, 19, 14, 8, 31, 4711, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)
KOLKATA = ZoneInfo("Asia/Kolkata")


def a_version(process: Process, number: int) -> Deployment:
    return Deployment.objects.create(
        unit_id=process.unit_id,
        process=process,
        number=number,
        digest=str(number) * 64,
        xml=b"",
        released_at=NOW,
    )


def runs_of_all_kinds(versions: list[Deployment], count: int, dice: random.Random) -> None:
    """Write runs of all states: some older than the time that is asked for, some at its edge."""
    rows = []
    first = Instance.objects.count()
    for number in range(first, first + count):
        version = dice.choice(versions)
        state = dice.choice(list(RunState))
        ago = dice.choice((timedelta(days=30), timedelta(days=29, hours=23, minutes=53)))
        started_at = NOW - dice.choice((ago, timedelta(seconds=dice.uniform(0, 33 * 86_400))))
        took = timedelta(seconds=2 ** dice.uniform(-12, 20))
        rows.append(
            Instance(
                unit_id=version.unit_id,
                process_id=version.process_id,
                deployment=version,
                number=number,
                title="A run",
                status=state,
                state=state,
                seq=1,
                head_hash="0" * 64,
                started_at=started_at,
                ended_at=started_at + took if state in ENDED else None,
                last_activity_at=started_at,
            )
        )
    Instance.objects.bulk_create(rows)


def end_some(unit_id: UUID, dice: random.Random) -> None:
    for run in Instance.objects.filter(unit_id=unit_id, ended_at=None):
        if dice.random() < 0.5:
            run.state, run.ended_at = RunState.COMPLETED, run.started_at + timedelta(minutes=9)
            run.save()


def scanned(unit_id: UUID) -> dict[str, tuple[object, ...]]:
    """Count by looking at every run."""
    found: dict[str, tuple[object, ...]] = {}
    for process in Process.objects.filter(unit_id=unit_id):
        all_runs = Instance.objects.filter(process=process).select_related("deployment")
        runs = [run for run in all_runs if run.started_at >= SINCE]
        states = Counter(run.state for run in runs)
        found[process.key] = (
            len(runs),
            sum(run.ended_at is None for run in runs),
            states[RunState.COMPLETED],
            states[RunState.FAILED],
            states[RunState.CANCELLED],
            max((run.started_at for run in runs), default=None),
            frozenset(run.deployment.digest for run in runs),
        )
    return found


def counted(unit_id: UUID) -> dict[str, tuple[object, ...]]:
    return {
        one.process_key: (
            one.runs,
            one.open,
            one.completed,
            one.failed,
            one.cancelled,
            one.last_at,
            one.digests,
        )
        for one in usage.list_usage(unit_id, SINCE)
    }


def scanned_days(unit_id: UUID, zone: ZoneInfo) -> dict[date, int]:
    today = NOW.astimezone(zone).date()
    days = Counter(
        run.started_at.astimezone(zone).date() for run in Instance.objects.filter(unit_id=unit_id)
    )
    return {day: days[day] for day in (today - timedelta(days=n) for n in range(29, -1, -1))}


def same(unit_id: UUID) -> None:
    assert counted(unit_id) == scanned(unit_id)
    of_all = Instance.objects.filter(unit_id=unit_id)
    of_one = of_all.filter(process__key="change")
    for key, runs in (("", of_all), ("change", of_one)):
        assert by_state(unit_id, key) == Counter(runs.values_list("state", flat=True))
    for zone in (ZoneInfo("UTC"), KOLKATA, ZoneInfo("America/St_Johns")):
        with timezone.override(zone):
            assert usage.count_by_day(unit_id, NOW, 30) == scanned_days(unit_id, zone)


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office().open() as office:
        yield office


@pytest.mark.django_db
def test_counts_are_those_of_a_scan_before_and_after_they_are_folded(office: Office) -> None:
    board = office.board()
    processes = [office.process(key, board=board) for key in ("change", "patch", "idle")]
    dice = random.Random(7)  # noqa: S311
    versions = [a_version(each, number) for each in processes[:2] for number in (1, 2)]
    runs_of_all_kinds(versions, 300, dice)
    unit_id = office.unit.pk
    same(unit_id)

    while rollups.fold():
        pass
    assert not EndedRun.objects.exists()
    same(unit_id)

    runs_of_all_kinds(versions, 100, dice)
    end_some(unit_id, dice)
    assert EndedRun.objects.exists()
    same(unit_id)
    rollups.fold()
    same(unit_id)
    assert RunTally.objects.exists()
    assert list(miscounts(unit_id)) == []


@pytest.mark.django_db
def test_half_of_the_runs_and_nearly_all_ended_within_what_is_told(office: Office) -> None:
    process = office.process(board=office.board())
    dice = random.Random(3)  # noqa: S311
    runs_of_all_kinds([a_version(process, 1)], 400, dice)
    rollups.fold()
    day = SINCE.replace(hour=0, minute=0, second=0, microsecond=0)
    took = sorted(
        (run.ended_at - run.started_at).total_seconds()
        for run in Instance.objects.filter(state=RunState.COMPLETED, started_at__gte=day)
        if run.ended_at
    )

    (told_of,) = usage.list_usage(office.unit.pk, SINCE)

    assert told_of.half_within == pytest.approx(took[(len(took) + 1) // 2 - 1], rel=0.1)
    assert told_of.most_within == pytest.approx(took[-(-len(took) * 95 // 100) - 1], rel=0.1)


@pytest.mark.django_db
def test_a_run_is_counted_by_the_step_that_ends_it_and_comes_back_with_it(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    run = floor.start()
    assert not EndedRun.objects.exists()

    floor.complete(floor.task(run))
    floor.deploy(line())
    at_once = floor.start()

    assert set(EndedRun.objects.values_list("instance_id", flat=True)) == {run.pk, at_once.pk}
    rollups.fold()
    assert list(miscounts(floor.office.unit.pk)) == []
    lose(run.pk)
    assert [(one.counted, one.true) for one in miscounts(floor.office.unit.pk)] == [(2, 1)]
    recovery.rebuild(actor=ACTOR, instance_id=run.pk)
    assert list(miscounts(floor.office.unit.pk)) == []
    alter("UPDATE engine_instance SET state = 'CANCELLED' WHERE id = %s", run.pk)
    recovery.rebuild(actor=ACTOR, instance_id=run.pk)
    assert list(miscounts(floor.office.unit.pk)) == []


@pytest.mark.django_db
def test_units_count_their_own_runs_and_one_sweeper_folds_them_all(office: Office) -> None:
    other = an_office("retail")
    dice = random.Random(11)  # noqa: S311
    for each in (office, other):
        with each.open():
            process = each.process(f"change-{each.unit.key}", board=each.board())
            runs_of_all_kinds([a_version(process, 1)], 40, dice)

    for folded in (False, True):
        if folded:
            with tenancy.units_in_scope([office.unit.pk, other.unit.pk]):
                rollups.fold()
        for each in (office, other):
            with each.open():
                same(each.unit.pk)
                foreign = next(one for one in (office, other) if one is not each)
                assert not any(one.runs for one in usage.list_usage(foreign.unit.pk, SINCE))
                assert not sum(usage.count_by_day(foreign.unit.pk, NOW, 30).values())


@pytest.mark.django_db(transaction=True)
def test_each_sign_in_does_its_part_and_lost_counts_are_named_and_made_anew() -> None:
    with an_office().open() as office:
        floor = a_floor(office)
        floor.deploy(line())
        with signed_in_as("app"), office.open():
            runs = [floor.start() for _ in range(3)]
            assert EndedRun.objects.count() == len(runs)
        with signed_in_as("engine"):
            Sweeper(ring=lambda _bells: None)._fold()
        with signed_in_as("app"), office.open():
            assert not EndedRun.objects.exists()
            assert counted(office.unit.pk)["production-change"][:3] == (3, 0, 3)
            with pytest.raises(Exception, match="permission denied"):
                RunTally.objects.update(runs=9)
        with signed_in_as("engine"):
            assert told("verify_history")[0] == 0
        alter("UPDATE engine_runtally SET runs = 2 WHERE grain = 'DAY'")
        alter("DELETE FROM engine_runtally WHERE grain = 'QUARTER'")
        with signed_in_as("engine"):
            status, said = told("verify_history")
        assert (status, "2 ended runs of process" in said, "of 3" in said) == (1, True, True)
        assert told("rebuild", "--all", "--dry-run")[0] == 0
        assert list(miscounts(office.unit.pk))
        assert told("rebuild", "--all")[0] == 0
        with signed_in_as("engine"):
            assert told("verify_history")[0] == 0
