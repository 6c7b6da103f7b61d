"""What repeats an activity: a standard loop, or one instance per item. BPMN 2.0.2, 10.3.8."""

from __future__ import annotations

from lxml import etree

from engine.bpmn import data, extensions
from engine.bpmn.data import Names
from engine.bpmn.elements import MultiInstance, StandardLoop
from engine.bpmn.extensions import Extensions
from engine.bpmn.vocabulary import model, zeebe

_DETAILS = zeebe("loopCharacteristics")
_SEVERAL = model("multiInstanceLoopCharacteristics")
_LOOP = model("standardLoopCharacteristics")


def of(element: etree._Element, known: Names) -> StandardLoop | MultiInstance | None:
    """Return how an activity is repeated, None where it is done once."""
    loop = next(element.iterchildren(_SEVERAL, _LOOP), None)
    if loop is None:
        return None
    return _standard(loop) if loop.tag == _LOOP else _multi_instance(element, loop, known)


def thrown_by(element: etree._Element) -> str:
    """Return after which instances a multi-instance activity throws an event, "" if after none.

    BPMN 2.0.2, table 10.30: `None` throws one for each, `One` for the first, `Complex` by
    conditions of its own; `All`, which is the default, throws none.
    """
    loop = next(element.iterchildren(_SEVERAL), None)
    behavior = "" if loop is None else (loop.get("behavior") or "").strip()
    return behavior[:20] if behavior not in {"", "All"} else ""


def _standard(loop: etree._Element) -> StandardLoop:
    written = (loop.get("loopMaximum") or "").strip()
    maximum = int(written) if written.isdecimal() and written.isascii() else written or None
    return StandardLoop(
        condition=extensions.child_expression(loop, "loopCondition"),
        test_before=extensions.is_true(loop, "testBefore"),
        maximum=maximum,
    )


def _multi_instance(activity: etree._Element, loop: etree._Element, known: Names) -> MultiInstance:
    """The execution details say it all where they are; OMG's data references do otherwise."""
    details = extensions.of(loop)
    detailed = details.first(_DETAILS) is not None
    item = extensions.child(loop, "inputDataItem")
    result = extensions.child(loop, "outputDataItem")
    return MultiInstance(
        sequential=extensions.is_true(loop, "isSequential"),
        cardinality=extensions.child_expression(loop, "loopCardinality"),
        collection=_detail(details, "inputCollection") or data.looped_over(activity, known),
        element_variable=details.attribute(_DETAILS, "inputElement")
        or ("" if item is None else known.of(item.get("id"))),
        output_collection=details.attribute(_DETAILS, "outputCollection")
        or ("" if detailed else data.collected_in(activity, known)),
        output_element=_detail(details, "outputElement")
        or (None if result is None else known.of(result.get("id"))),
        completion_condition=extensions.child_expression(loop, "completionCondition"),
    )


def _detail(details: Extensions, name: str) -> str | None:
    """Return a detail that is always an expression, written with its mark or without."""
    written = details.attribute(_DETAILS, name)
    return None if written is None else extensions.without_mark(written) or None
