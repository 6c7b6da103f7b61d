"""How much of what: a sample for every run of the tests, and the full figures for the proof."""

from __future__ import annotations

from collections.abc import Mapping

from engine.leases import LEASE
from tests.harness.play import Trial
from tests.harness.probes import SCENES

SAMPLE = (
    Trial("what must be refused", instances=0, probes=tuple(SCENES)),
    Trial(
        "kills and doorbells",
        instances=30,
        kills=3,
        random_kills=5,
        celery_kills=2,
        flushes=2,
        bells=2,
        deploys=3,
        cancels=0.05,
        late=1.0,
        drawn=12,
    ),
    Trial("the web dies", instances=20, kills=1, chance=0.1, random_kills=3, webs=2, drawn=0),
    Trial("pauses beyond the lease, clocks that jump", instances=12, pauses=5, jumps=0.05, drawn=6),
    Trial("unknown commits", instances=12, cuts=12, chance=0.1, drawn=6),
    Trial(
        "a database that stops, a bad outside, poison",
        instances=30,
        stops=1,
        bad=0.2,
        poison=2,
        drawn=6,
    ),
)
FULL = (
    Trial("what must be refused", instances=0, probes=tuple(SCENES)),
    Trial(
        "kills and doorbells",
        instances=5_000,
        kills=220,
        chance=0.03,
        random_kills=300,
        celery_kills=220,
        flushes=100,
        bells=2,
        deploys=60,
        cancels=0.02,
        drawn=40,
    ),
    Trial(
        "the web dies", instances=1_000, kills=50, chance=0.05, random_kills=100, webs=2, drawn=0
    ),
    Trial(
        "late doorbells",
        instances=300,
        bells=2,
        late=600.0,
        workers=0,
        drawn=20,
        cancels=0.02,
        calm=60.0,
    ),
    Trial("clocks that jump", instances=300, jumps=0.02, drawn=20),
    Trial(
        "going on after a death",
        instances=100,
        # One of two children dies at a time, so that the other one is there to go on.
        deaths=42,
        chance=0.03,
        workers=0,
        only="crowd",
        lease=LEASE.total_seconds(),
        calm=30.0,
    ),
    Trial("pauses beyond the lease", instances=400, pauses=100, drawn=30),
    Trial("unknown commits", instances=1_500, cuts=2_000, chance=0.2, drawn=30),
    # A run that met the full disk itself is put back for a minute.
    Trial("a full disk", instances=300, fills=20, drawn=30, calm=75),
    Trial("a database that stops", instances=500, stops=10, drawn=30),
    Trial("a bad outside and poison", instances=500, bad=0.4, poison=20, drawn=30),
)
PROFILES: Mapping[str, tuple[Trial, ...]] = {"sample": SAMPLE, "full": FULL}
