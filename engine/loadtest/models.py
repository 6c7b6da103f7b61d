"""The models of the load test: what each does is all that is in it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from engine.loadtest.at_once import AtOnce

_FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="urn:load">
<process id="load" name="Load" isExecutable="true">{body}</process></definitions>"""
#: The team whose members do the user tasks.
TEAM = "load"
_TEAM = f'<zeebe:assignmentDefinition candidateGroups="{TEAM}"/>'


def jobs_in_a_row(count: int) -> bytes:
    """Return so many service tasks, each of which is a job."""
    step = f'<zeebe:taskDefinition type="{AtOnce.job_type}"/>'
    return _line((f"step{n}", _node("serviceTask", f"step{n}", step)) for n in range(count))


def work() -> bytes:
    """Return one user task."""
    return _line([("work", _node("userTask", "work", _TEAM))])


def work_side_by_side(count: int) -> bytes:
    """Return a user task for so many people at once."""
    several = (
        "<multiInstanceLoopCharacteristics>"
        f"<loopCardinality>{count}</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    return _line([("work", _node("userTask", "work", _TEAM, several))])


def again_and_again(count: int, *, then_work: bool = False) -> bytes:
    """Return a script that runs so often, and then, where that is asked for, a user task."""
    script = '<zeebe:script expression="=loopCounter" resultVariable="rounds"/>'
    loop = f'<standardLoopCharacteristics loopMaximum="{count}"/>'
    nodes = [("script", _node("scriptTask", "script", script, loop))]
    return _line([*nodes, ("work", _node("userTask", "work", _TEAM))] if then_work else nodes)


def a_wait(duration: str) -> bytes:
    """Return a timer in the flow (ISO 8601)."""
    timer = (
        '<intermediateCatchEvent id="wait" name="Wait"><timerEventDefinition>'
        f"<timeDuration>{duration}</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    )
    return _line([("wait", timer)])


def _node(kind: str, name: str, details: str, more: str = "") -> str:
    return (
        f'<{kind} id="{name}" name="{name.title()}">'
        f"<extensionElements>{details}</extensionElements>{more}</{kind}>"
    )


def _line(nodes: Iterable[tuple[str, str]]) -> bytes:
    """Return nodes (id and element) from a start to an end, one after the other."""
    known = dict(nodes)
    flows = "".join(
        f'<sequenceFlow id="to_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in pairwise(["start", *known, "end"])
    )
    body = f'<startEvent id="start"/>{"".join(known.values())}<endEvent id="end"/>{flows}'
    return _FRAME.format(body=body).encode()
