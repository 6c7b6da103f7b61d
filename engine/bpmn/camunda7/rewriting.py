"""The file under conversion: settings taken out of it, execution details put into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.bpmn.camunda7 import juel
from engine.bpmn.vocabulary import model

CAMUNDA: Final = "http://camunda.org/schema/1.0/bpmn"


def camunda(local: str) -> str:
    """Return the qualified name of a setting of Camunda 7."""
    return f"{{{CAMUNDA}}}{local}"


def said(written: str) -> str | None:
    """Return a text as Zeebe writes it, an expression after `=`; None where it cannot be said."""
    try:
        expression = juel.feel(written)
    except juel.Untranslatable:
        return None
    return written.strip() if expression is None else f"={expression}"


def expression(written: str) -> str | None:
    """Return a text that stands for itself, or an expression, as an expression after `=`."""
    found = said(written)
    if found is None or juel.has_expression(written):
        return found
    return f"={juel.quoted(found)}"


@dataclass(slots=True)
class Rewriting:
    """Counts what it changes: a file without changes stays the very bytes it was."""

    root: etree._Element
    changes: int = 0

    def take(self, element: etree._Element, name: str) -> str:
        """Take a setting off an element, "" where it has none."""
        written = element.attrib.pop(camunda(name), None)
        self.changes += written is not None
        return "" if written is None else str(written).strip()

    def take_said(self, element: etree._Element, name: str) -> str:
        """Take a setting whose expressions can be said here; another one stays."""
        found = said(element.get(camunda(name), ""))
        if found is None:
            return ""
        self.take(element, name)
        return found

    def replace(self, element: etree._Element, name: str, value: str) -> None:
        """Set an attribute of the standard's."""
        element.set(name, value)
        self.changes += 1

    def details(self, element: etree._Element, tag: str, **settings: str) -> etree._Element | None:
        """Put an execution detail on an element with those settings that say something."""
        given = {name: value for name, value in settings.items() if value}
        return self.put(element, tag, given) if given else None

    def put(
        self, element: etree._Element, tag: str, settings: dict[str, str] | None = None
    ) -> etree._Element:
        """Return the execution detail of an element; it is made where it is not there yet."""
        listed = element.find(model("extensionElements"))
        found = None if listed is None else listed.find(tag)
        found = self.add(element, tag) if found is None else found
        found.attrib.update(settings or {})
        return found

    def add(self, element: etree._Element, tag: str) -> etree._Element:
        """Return a new execution detail of an element."""
        listed = element.find(model("extensionElements"))
        if listed is None:
            listed = etree.Element(model("extensionElements"))
            documented = element.findall(model("documentation"))
            element.insert(len(documented), listed)
        self.changes += 1
        return etree.SubElement(listed, tag)

    def extensions(self, element: etree._Element, name: str) -> Iterator[etree._Element]:
        """Yield an element's extension elements of this name."""
        for listed in element.findall(model("extensionElements")):
            yield from listed.findall(camunda(name))

    def drop(self, node: etree._Element) -> None:
        """Remove an extension element."""
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
            self.changes += 1
