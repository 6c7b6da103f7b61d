"""What happens in an installation on three days, for tests of a restore: `python -m ... DAY`.

On the first day three runs begin: one waits to call a system, one for a person, one for a person
whose answer never comes. On the second, which the backup does not know, the first two go on and a
fourth begins. On the third somebody looks. Each day prints what it saw as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django


def main(day: str) -> None:
    """Live one day."""
    django.setup()
    from common import context, tenancy  # noqa: PLC0415  (Django is set up above)
    from governance.models.units import Unit  # noqa: PLC0415

    unit = Unit.objects.filter(key="shared-it").first()
    if unit is None:
        print(json.dumps(_first()))  # noqa: T201
        return
    scene = context.Scene(request_id="day", unit_id=unit.pk)
    with context.scene(scene), tenancy.units_in_scope([unit.pk]):
        print(json.dumps({"second": _second, "third": _third}[day]()))  # noqa: T201


def _first() -> dict[str, Any]:
    from tests.support.drawings import line  # noqa: PLC0415
    from tests.support.floor import a_floor, call, user_task  # noqa: PLC0415
    from tests.support.office import an_office  # noqa: PLC0415

    with an_office().open() as office:
        floor = a_floor(office)
        floor.deploy(line(call()))
        calls = floor.start(title="calls")
        floor.deploy(line(user_task(), user_task("more")))
        return {
            run.title: str(run.pk)
            for run in (calls, floor.start(title="moves"), floor.start(title="rests"))
        }


def _second() -> dict[str, Any]:
    from engine.actions import instances  # noqa: PLC0415
    from engine.models.instances import Instance  # noqa: PLC0415

    key = _key()
    calls, moves = (Instance.objects.get(title=title) for title in ("calls", "moves"))
    for run in (calls, moves):
        instances.pause_instance(actor=_ben(), instance_id=run.pk, reason="after the backup")
    begun = instances.start_instance(actor=_ben(), process_id=calls.process_id, title="begins")
    return {"key": key, "begins": str(begun.pk)}


def _third() -> dict[str, Any]:
    from engine.actions import holds  # noqa: PLC0415
    from engine.models.holds import Hold  # noqa: PLC0415
    from engine.models.instances import Instance  # noqa: PLC0415

    held = sorted(str(hold.pk) for hold in Hold.objects.filter(released_at=None))
    key_while_held = _key()
    calls = Instance.objects.get(title="calls")
    holds.release_run(actor=_ben(), instance_id=calls.pk, reason="No ticket was made")
    return {
        "held": held,
        "key_while_held": key_while_held,
        "key": _key(),
        "runs": sorted(Instance.objects.values_list("title", flat=True)),
    }


def _key() -> str | None:
    """Return the idempotency key of the call that a worker would make now."""
    from engine import leases  # noqa: PLC0415
    from engine.actions import jobs  # noqa: PLC0415
    from engine.leases import JOBS, Wanted  # noqa: PLC0415

    claims = leases.claim(Wanted(JOBS, limit=1))
    work = jobs.begin_job(lease=claims[0].lease) if claims else None
    return work.key if work else None


def _ben() -> Any:
    from governance.models.people import Person  # noqa: PLC0415
    from tests.support.office import actor_of  # noqa: PLC0415

    return actor_of(Person.objects.get(name="Ben Carter"))


if __name__ == "__main__":
    main(sys.argv[1])
