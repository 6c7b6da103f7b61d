"""How much of what: a sample for every run of the tests, and the full figures for the proof."""

from __future__ import annotations

from collections.abc import Mapping

from tests.harness.probes import SCENES
from tests.harness.trial import Trial

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
        drawn=12,
    ),
    Trial("pauses beyond the lease", instances=12, pauses=5, drawn=6),
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
    Trial("pauses beyond the lease", instances=400, pauses=100, drawn=30),
    Trial("unknown commits", instances=1_500, cuts=2_000, chance=0.2, drawn=30),
    # A run that met the full disk itself is put back for a minute.
    Trial("a full disk", instances=300, fills=20, drawn=30, calm=75),
    Trial("a database that stops", instances=500, stops=10, drawn=30),
    Trial("a bad outside and poison", instances=500, bad=0.4, poison=20, drawn=30),
)
PROFILES: Mapping[str, tuple[Trial, ...]] = {"sample": SAMPLE, "full": FULL}
