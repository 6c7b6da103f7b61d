"""Twenty ways in which the engine could be wrong, and what is expected to notice each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.harness.play import Trial
from tests.mutants import patches


@dataclass(frozen=True, slots=True)
class Mutant:
    """One patch, and the trial in which it is caught."""

    patch: Callable[[], None]
    trial: Trial

    @property
    def name(self) -> str:
        """Return the name it is told by."""
        return self.patch.__name__.replace("_", " ")


def _scene(name: str) -> Trial:
    return Trial(name.replace("_", " "), instances=0, probes=(name,))


_KILLS = Trial("kills", instances=25, kills=6, chance=0.15, sweepers=1, drawn=8, calm=5.0)
_TIMERS = replace(_KILLS, name="killed at timers", only="waiting", drawn=1, chance=0.25)
_CROWD = Trial("many branches at one join", instances=8, sweepers=1, drawn=1, only="crowd", calm=5)
_CANCELS = Trial("cancelled runs", instances=25, sweepers=1, drawn=6, cancels=0.5, calm=5)
_DEPLOYS = Trial(
    "new versions", instances=40, sweepers=1, drawn=3, deploys=16, only="drawn", calm=5
)

MUTANTS = (
    Mutant(patches.no_fence, _scene("late_report")),
    Mutant(patches.lease_too_short, _scene("long_call")),
    Mutant(patches.key_per_attempt, _KILLS),
    Mutant(patches.ack_first, _KILLS),
    Mutant(patches.split_commit, _KILLS),
    Mutant(patches.publish_before_commit, _scene("rolled_back")),
    Mutant(patches.no_sweeper, _scene("swept")),
    Mutant(patches.sweep_without_skip_locked, _scene("claim_beside_lock")),
    Mutant(patches.join_without_lock, _CROWD),
    Mutant(patches.timer_delete_before_fire, _TIMERS),
    Mutant(patches.fire_twice_on_jump, _scene("caught_up")),
    Mutant(patches.journal_after_commit, _KILLS),
    Mutant(patches.audit_outside_transaction, _scene("killed_act")),
    Mutant(patches.retry_on_permanent, _scene("permanent_failure")),
    Mutant(patches.cancel_ignored, _CANCELS),
    Mutant(patches.boundary_not_cancelled, _scene("oracle")),
    Mutant(patches.loop_counter_not_reset, _scene("loop_again")),
    Mutant(patches.latest_version_binding, _DEPLOYS),
    Mutant(patches.approval_not_bound, _scene("other_digest")),
    Mutant(patches.doorbell_trusted, _scene("doubled_bell")),
)
