"""The model of a scenario, with a job for every element that the scenario answers for.

A send task, a script task or a message event without a job type is done by the engine itself,
unless the scenario wants to see and answer it. So is a business rule task where the scenario brings
decisions; else it is always answered for.
"""

from __future__ import annotations

from collections.abc import Collection

from lxml import etree

from engine import xml
from engine.bpmn.vocabulary import model, zeebe

_TYPE = "stub:1"
_THROWERS = frozenset({model(name) for name in ("sendTask", "intermediateThrowEvent", "endEvent")})
_DETAILS = model("extensionElements")


def with_jobs(data: bytes, names: Collection[str], *, decides: bool = False) -> bytes:
    """Return the file with a job type where these elements have none.

    Raises:
        UnreadableModel: the bytes are no XML that is safe to read.
    """
    root = xml.load(data)
    for element in list(root.iter(model("scriptTask"), *_THROWERS)):
        if element.get("id") in names and not _has_job(element):
            _give_job(element)
    for element in list(root.iter(model("businessRuleTask"))):
        if not (_has_job(element) or (decides and element.get("id") not in names)):
            _give_job(element)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _has_job(element: etree._Element) -> bool:
    return any(True for _ in element.iter(zeebe("taskDefinition")))


def _give_job(element: etree._Element) -> None:
    if element.tag == model("scriptTask"):
        element.tag = model("serviceTask")
        for script in (*element.iter(zeebe("script")), *element.iter(model("script"))):
            parent = script.getparent()
            if parent is not None:
                parent.remove(script)
    details = element.find(_DETAILS)
    if details is None:
        details = etree.Element(_DETAILS)
        element.insert(0, details)
    etree.SubElement(details, zeebe("taskDefinition"), {"type": _TYPE})
