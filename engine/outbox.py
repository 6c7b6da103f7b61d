"""What a run says to others: written with its cause, and due at once.

Each thing said is a delivery with an entry of the queue under the same id. Nothing of another run
is read or locked here; `engine.actions.deliveries` carries it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from common.ids import new_id
from engine import agenda, codec, statements
from engine.errors import ValueDamaged
from engine.held import Advance
from engine.models.deliveries import DeliveryKind
from engine.models.queue import ENGINE, Kind
from engine.semantics import events
from engine.semantics.errors import told
from engine.semantics.events import Event
from engine.semantics.state import Awaited
from engine.semantics.variables import MAX_NAME
from engine.statements import Page

_CALL_CANCELLED = "The called run was cancelled before its end. Retry to call it again."


def note(page: Page, advance: Advance) -> None:
    """Write what an advance says to others, and that what was said to it has arrived."""
    if advance.delivery is not None:
        page.put(statements.DROP_DELIVERY, advance.delivery)
        page.put(statements.DROP_ENTRY, advance.delivery)
    for event in advance.happened:
        _say(page, advance, event)
        if isinstance(event, events.MessageAwaited):
            _wake(page, advance, event)
    if advance.held.caller is not None:
        _answer(page, advance)


def _say(page: Page, advance: Advance, event: Event) -> None:
    match event:
        case events.SignalThrown():
            _write(page, advance, DeliveryKind.SIGNAL, name=event.name, values=event.variables)
        case events.MessageThrown():
            message: dict[str, Any] = {
                "name": event.name,
                "key": event.key,
                "values": event.variables,
            }
            _write(page, advance, DeliveryKind.MESSAGE, **message)
        case events.CallStarted():
            _call(page, advance, event)
        case events.CallCancelled():
            _write(page, advance, DeliveryKind.CANCELLED, target=UUID(event.child))
        case _:
            return


def _call(page: Page, advance: Advance, event: events.CallStarted) -> None:
    _write(
        page,
        advance,
        DeliveryKind.CALL,
        target=UUID(event.child),
        activity=UUID(event.activity),
        name=event.called,
        binding=event.binding,
        version_tag=event.version_tag,
        values=event.variables,
    )


def _answer(page: Page, advance: Advance) -> None:
    """Tell the run that called this one what became of it."""
    caller = advance.held.caller
    if caller is None:
        return
    to: dict[str, Any] = {"target": caller.instance_id, "activity": caller.activity}
    failed = False
    for event in advance.happened:
        match event:
            case events.EscalationEscaped():
                said: dict[str, Any] = {"name": event.code, "values": event.variables}
                _write(page, advance, DeliveryKind.ESCALATED, **to, **said)
            case events.ErrorEscaped():
                failed = True
                said = {"name": event.code, "text": event.message, "values": event.variables}
                _write(page, advance, DeliveryKind.FAILED, **to, **said)
            case events.InstanceCompleted():
                _hand_over(page, advance, to)
            case events.InstanceCancelled() if not failed:
                _write(page, advance, DeliveryKind.REFUSED, **to, text=_CALL_CANCELLED)
            case _:
                continue


def _hand_over(page: Page, advance: Advance, to: Mapping[str, Any]) -> None:
    """Give the caller what a run ended with; where that cannot be read any more, say so."""
    state = advance.held.state
    try:
        results = dict(state.scopes[state.instance].variables)
    except ValueDamaged as error:
        _write(page, advance, DeliveryKind.REFUSED, **to, text=told(error))
    else:
        _write(page, advance, DeliveryKind.COMPLETED, **to, values=results)


def _wake(page: Page, advance: Advance, event: events.MessageAwaited) -> None:
    """Let messages that were kept for somebody look again."""
    awaited = advance.held.state.subscriptions.get(event.subscription)
    if awaited is not None and awaited.kind is Awaited.MESSAGE:
        page.put(statements.AWAIT_MESSAGE, advance.held.home.unit_id, awaited.name)
        page.put(statements.WAKE_MESSAGES, advance.held.home.unit_id, awaited.name)


def _write(  # noqa: PLR0913  (the columns of one row, most of them empty)
    page: Page,
    advance: Advance,
    kind: DeliveryKind,
    *,
    target: UUID | None = None,
    activity: UUID | None = None,
    name: str = "",
    key: str | None = None,
    binding: str = "",
    version_tag: str = "",
    text: str = "",
    values: Mapping[str, Any] | None = None,
) -> None:
    held, identity = advance.held, new_id()
    unit = held.home.unit_id
    shard = agenda.shard_of(target or identity)
    page.put(
        statements.DELIVERY,
        identity,
        unit,
        kind.value,
        held.id,
        target,
        activity,
        held.home.process_id,
        "",
        name[:MAX_NAME],
        key,
        binding,
        version_tag,
        text,
        codec.canonical(dict(values or {})),
        held.at,
    )
    # Its own id stands for the run: neither a pause nor the end of a run holds up what was said.
    page.put(
        statements.QUEUE, identity, unit, identity, Kind.DELIVER.value, shard, ENGINE, 0, held.at
    )
