"""What is thrown changes nothing by itself: those who catch it do."""

from __future__ import annotations

from engine.semantics import events
from engine.semantics.appliers.registry import Appliers, unchanged

APPLIERS = Appliers()
for _kind in (
    events.SignalThrown,
    events.MessageThrown,
    events.ErrorThrown,
    events.EscalationThrown,
):
    APPLIERS[_kind] = unchanged
