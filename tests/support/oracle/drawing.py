"""A block as a BPMN process. The names of the nodes are those the interpreter counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.bpmn.elements import (
    BoundaryEvent,
    CallActivity,
    ComplexGateway,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    Gateway,
    InclusiveGateway,
    IntermediateCatchEvent,
    IoMapping,
    MultiInstance,
    ParallelGateway,
    ScriptTask,
    ServiceTask,
    StandardLoop,
    SubProcessKind,
    UserTask,
)
from engine.bpmn.events import (
    CancelDefinition,
    CompensationDefinition,
    ErrorDefinition,
    LinkDefinition,
    MessageDefinition,
    TimerDefinition,
)
from engine.bpmn.process import Process
from tests.support.oracle.blocks import (
    MODULUS,
    Again,
    Assign,
    Attempt,
    Block,
    Called,
    Choice,
    Collect,
    Deadline,
    Each,
    Fork,
    Group,
    Hear,
    Jump,
    Mix,
    Over,
    Race,
    Remind,
    Repeat,
    Sequence,
    Several,
    Undo,
    Wait,
    Work,
    parts_of,
)
from tests.support.processes import ProcessBuilder, a_process


def process_of(block: Block) -> Process:
    """Return the process of this block between a start and an end event."""
    pen = Pen(a_process())
    pen.draw(block)
    return pen.builder.end()


def processes_of(block: Block) -> dict[str, Process]:
    """Return the process of this block, as "", and those that it calls, by their ids."""
    found, open_blocks = {"": process_of(block)}, [block]
    while open_blocks:
        inner = open_blocks.pop()
        open_blocks += parts_of(inner)
        if isinstance(inner, Called):
            found[inner.id] = process_of(inner.body)
    return found


def feel(mix: Mix) -> str:
    """Return the text of a value."""
    return f"modulo({mix.left} + {mix.right}, {MODULUS})"


def over(condition: Over) -> str:
    """Return the text of a condition."""
    return f"{condition.variable} > {condition.limit}"


class Pen:
    """Draws block after block, in the sub-process it has gone into last."""

    def __init__(self, builder: ProcessBuilder) -> None:
        self.builder = builder

    def draw(self, block: Block) -> None:
        """Draw a block after what was drawn last."""
        _DRAWN[type(block)](self, block)

    def node(self, kind: type[FlowNode], name: str, /, **fields: Any) -> None:
        """Draw a node after the last one."""
        self.builder.node(kind(name, **fields))

    def group(self, name: str, inside: Callable[[], None], **fields: Any) -> None:
        """Draw a sub-process that ends at its end event; what follows stands after it."""
        self.builder.sub(name, **fields)
        inside()
        self.builder.stop(f"{name}.end").out()


def _assign(pen: Pen, block: Assign) -> None:
    pen.node(ScriptTask, block.id, **_written(block))


def _written(block: Assign | Again) -> dict[str, Any]:
    return {"expression": feel(block.value), "result_variable": block.target}


def _work(pen: Pen, block: Work) -> None:
    if block.by_person:
        pen.node(UserTask, block.id)
    else:
        pen.node(ServiceTask, block.id, job_type="test:1")


def _wait(pen: Pen, block: Wait) -> None:
    _timer(pen, block.id, block.minutes)


def _timer(pen: Pen, name: str, minutes: int) -> None:
    pen.builder.catch(name, _after(minutes))


def _after(minutes: int) -> TimerDefinition:
    return TimerDefinition(duration=f"PT{minutes}M")


def _sequence(pen: Pen, block: Sequence) -> None:
    for part in block.parts:
        pen.draw(part)


def _choice(pen: Pen, block: Choice) -> None:
    pen.node(ExclusiveGateway, f"{block.id}.split")
    _branches(pen, block, ExclusiveGateway, block.conditions)


def _fork(pen: Pen, block: Fork) -> None:
    pen.node(ParallelGateway, f"{block.id}.split")
    if block.join == "complex":
        condition = f"activationCount = {len(block.parts)}"
        _branches(pen, block, ComplexGateway, activation_condition=condition)
        pen.builder.when("waitingForStart")
    else:
        _branches(pen, block, ParallelGateway if block.join == "parallel" else InclusiveGateway)


def _several(pen: Pen, block: Several) -> None:
    pen.node(InclusiveGateway, f"{block.id}.split")
    _branches(pen, block, InclusiveGateway, block.conditions)


def _branches(
    pen: Pen,
    block: Choice | Fork | Several,
    join: type[Gateway],
    conditions: tuple[Over, ...] = (),
    **fields: Any,
) -> None:
    """Draw the parts from the split to the join; of conditional ones the last is the default."""
    for number, part in enumerate(block.parts):
        pen.builder.at(f"{block.id}.split")
        if number < len(conditions):
            pen.builder.when(over(conditions[number]))
        elif conditions:
            pen.builder.otherwise()
        pen.draw(part)
        _meet(pen, join, f"{block.id}.join", number, **fields)
    pen.builder.at(f"{block.id}.join")


def _meet(pen: Pen, join: type[Gateway], name: str, number: int, **fields: Any) -> None:
    """Lead a branch to where all meet; the first one draws it."""
    if number:
        pen.builder.to(name)
    else:
        pen.node(join, name, **fields)


def _repeat(pen: Pen, block: Repeat) -> None:
    def rounds() -> None:
        counter = block.counter
        counted = {"expression": f"{counter} + 1", "result_variable": counter}
        pen.node(ExclusiveGateway, f"{block.id}.merge")
        pen.draw(block.body)
        pen.node(ScriptTask, f"{block.id}.count", **counted)
        pen.node(ExclusiveGateway, f"{block.id}.more")
        pen.builder.when(f"{counter} < {block.times}").to(f"{block.id}.merge").otherwise()

    pen.group(block.id, rounds, inputs=(IoMapping("0", block.counter),))


def _again(pen: Pen, block: Again) -> None:
    loop = StandardLoop(over(block.condition), block.test_before, block.maximum)
    pen.node(ScriptTask, block.id, loop=loop, **_written(block))


def _group(pen: Pen, block: Group) -> None:
    pen.group(block.id, lambda: pen.draw(block.body))


def _each(pen: Pen, block: Each) -> None:
    pen.group(block.id, lambda: pen.draw(block.body), loop=_multi_instance(block))


def _collect(pen: Pen, block: Collect) -> None:
    written = {"expression": feel(block.value), "result_variable": block.element}
    pen.node(ScriptTask, block.id, loop=_multi_instance(block), **written)


def _multi_instance(block: Each | Collect) -> MultiInstance:
    return MultiInstance(
        sequential=block.sequential,
        collection=f"[{', '.join(map(str, block.items))}]",
        element_variable=block.element,
        output_collection=block.output,
        output_element=block.element if block.output else None,
    )


def _attempt(pen: Pen, block: Attempt) -> None:
    name, error = block.id, ErrorDefinition("E")

    def inside() -> None:
        pen.draw(block.body)
        _check(pen, name, block.fails)
        pen.builder.stop(f"{name}.error", error)
        if block.inside:
            _handler(pen, block, error)
        pen.builder.at(f"{name}.check").otherwise()

    pen.group(name, inside)
    if not block.inside:
        pen.node(ExclusiveGateway, f"{name}.merge")
        pen.builder.boundary(f"{name}.caught", name, error)
        pen.draw(block.mend)
        pen.builder.to(f"{name}.merge").at(f"{name}.merge")


def _check(pen: Pen, name: str, fails: Over) -> None:
    """Draw the gateway before success and failure, and begin the way to failure."""
    pen.node(ExclusiveGateway, f"{name}.check")
    pen.builder.when(over(fails))


def _handler(pen: Pen, block: Attempt, error: ErrorDefinition) -> None:
    """Draw the event sub-process that catches the error in its own sub-process."""
    pen.builder.esub(f"{block.id}.handler", error)
    pen.draw(block.mend)
    pen.builder.stop(f"{block.id}.mended").out()


def _undo(pen: Pen, block: Undo) -> None:
    name = block.id

    def inside() -> None:
        for step in block.steps:
            pen.draw(step)
        _check(pen, name, block.fails)
        if block.transaction:
            pen.builder.stop(f"{name}.cancel", CancelDefinition())
        else:
            pen.builder.throw(f"{name}.thrown", _ALL)
            pen.builder.stop(f"{name}.undone")
        for step, handler in zip(block.steps, block.handlers, strict=True):
            _compensated(pen, step, handler)
        pen.builder.at(f"{name}.check").otherwise()

    if not block.transaction:
        pen.group(name, inside)
        return
    pen.group(name, inside, kind=SubProcessKind.TRANSACTION)
    pen.node(ExclusiveGateway, f"{name}.merge")
    pen.builder.boundary(f"{name}.cancelled", name, CancelDefinition())
    pen.builder.to(f"{name}.merge").at(f"{name}.merge")


def _compensated(pen: Pen, step: Assign, handler: Assign) -> None:
    """Draw what undoes a step."""
    fields = {"definitions": (_ALL,), "attached_to": step.id, "handler": handler.id}
    pen.node(BoundaryEvent, f"{handler.id}.undoes", **fields)
    pen.builder.alone(ScriptTask(handler.id, for_compensation=True, **_written(handler)))


def _race(pen: Pen, block: Race) -> None:
    pen.node(EventBasedGateway, block.id)
    for number, (minutes, part) in enumerate(zip(block.minutes, block.parts, strict=True)):
        pen.builder.at(block.id)
        _timer(pen, f"{block.id}.{number}", minutes)
        pen.draw(part)
        _meet(pen, ExclusiveGateway, f"{block.id}.merge", number)
    pen.builder.at(f"{block.id}.merge")


def _jump(pen: Pen, block: Jump) -> None:
    link = LinkDefinition(block.id)
    pen.builder.throw(f"{block.id}.throw", link)
    pen.builder.alone(IntermediateCatchEvent(f"{block.id}.catch", definitions=(link,)))


def _deadline(pen: Pen, block: Deadline) -> None:
    name = block.id
    pen.builder.sub(name)
    _lasting(pen, name, block.minutes)
    limit = _after(block.limit)
    pen.builder.boundary(f"{name}.late", f"{name}.work", limit, interrupting=block.interrupting)
    pen.draw(block.late)
    pen.builder.stop(f"{name}.aside").out()


def _lasting(pen: Pen, name: str, minutes: int) -> None:
    """Draw work that takes its time, up to the end event behind it."""
    pen.group(f"{name}.work", lambda: _timer(pen, f"{name}.wait", minutes))
    pen.builder.stop(f"{name}.done")


def _hear(pen: Pen, block: Hear) -> None:
    pen.builder.catch(block.id, MessageDefinition(block.id))


def _called(pen: Pen, block: Called) -> None:
    outputs = tuple(IoMapping(name, name) for name in block.gives)
    pen.node(CallActivity, block.id, called=block.id, outputs=outputs, propagate_all_out=False)


def _remind(pen: Pen, block: Remind) -> None:
    name = block.id
    pen.builder.sub(name)
    # Half a round later than the last one, so that the two never come due together.
    _lasting(pen, name, block.every * block.rounds + block.every // 2)
    cycle = TimerDefinition(cycle=f"R{block.times}/PT{block.every}M")
    pen.builder.boundary(f"{name}.due", f"{name}.work", cycle, interrupting=False)
    pen.builder.stop(f"{name}.aside").out()


_ALL = CompensationDefinition()
_DRAWN: Mapping[type[Any], Callable[[Pen, Any], None]] = {
    Assign: _assign,
    Work: _work,
    Wait: _wait,
    Sequence: _sequence,
    Choice: _choice,
    Fork: _fork,
    Several: _several,
    Repeat: _repeat,
    Again: _again,
    Group: _group,
    Each: _each,
    Collect: _collect,
    Attempt: _attempt,
    Undo: _undo,
    Race: _race,
    Jump: _jump,
    Deadline: _deadline,
    Hear: _hear,
    Called: _called,
    Remind: _remind,
}
