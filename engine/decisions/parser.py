"""The parser: a DMN file to a `Model`, and what is wrong with the file as written.

Reading is tolerant: whatever can be placed is placed, and what cannot becomes a problem of the
node it stands in. What tools add in namespaces of their own is passed over. Only bytes that are no
DMN at all are refused outright.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from lxml import etree

from common.phrases import Phrase
from engine import xml
from engine.decisions import vocabulary
from engine.decisions.boxed_parser import BoxedReader, name_of
from engine.decisions.elements import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    DrgElement,
    FunctionItem,
    Import,
    InformationItem,
    InputData,
    ItemDefinition,
    Model,
    Reference,
)
from engine.decisions.problems import DecisionProblem, problem
from engine.xml import UnreadableModel

MAX_NODES: Final = 2_000
"""Decisions, inputs, functions, services, types and imports of one file."""
MAX_TEXT: Final = 1_000_000
"""Characters of FEEL in one file."""


def read(data: bytes) -> Model:
    """Return the model of a DMN file.

    Raises:
        UnreadableModel: when the bytes are no XML that is safe to read, or no DMN.
    """
    root = xml.load(data)
    found = etree.QName(root)
    if found.localname != "definitions" or found.namespace not in vocabulary.NAMESPACES:
        raise _not_dmn(found)
    return _ModelReader(root).read()


def _not_dmn(found: etree.QName) -> UnreadableModel:
    if found.localname == "definitions":
        return UnreadableModel(
            "The root is in the namespace {namespace}, which is not that of DMN 1.1 to 1.5.",
            "Export the model as DMN 1.5; its namespace is {wanted}.",
            namespace=(found.namespace or "none")[:100],
            wanted=vocabulary.DMN_15,
        )
    return UnreadableModel(
        "The file is XML, but its root is `{root}` and not DMN's `definitions`.",
        "Choose a .dmn file.",
        root=found.localname[:60],
    )


class _ModelReader:
    """Reads one file; collects problems on the way."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._tag = f"{{{etree.QName(root).namespace}}}"
        self._namespace = root.get("namespace", "")
        self._problems: list[DecisionProblem] = []
        self._imports, self._locations = self._read_imports()
        self._boxed = BoxedReader(self._tag, root.get("expressionLanguage", ""), self._problems)

    def read(self) -> Model:
        """Return the whole model."""
        self._check_size()
        self._check_ids()
        return Model(
            name_of(self._root),
            self._namespace,
            self._imports,
            tuple(self._item(one) for one in self._children(self._root, "itemDefinition")),
            {node.id: node for node in self._nodes()},
            tuple(self._problems),
        )

    def _children(self, element: etree._Element, local: str) -> Iterator[etree._Element]:
        return element.iterchildren(self._tag + local)

    def _child(self, element: etree._Element, local: str) -> etree._Element | None:
        return element.find(self._tag + local)

    def _check_size(self) -> None:
        """Refuse what would take too long to compile.

        Raises:
            UnreadableModel: when there are too many nodes, or too much FEEL.
        """
        texts = self._root.iter(self._tag + "text")
        sizes = {
            "nodes": (len(self._root), MAX_NODES),
            "characters of expressions": (sum(len(one.text or "") for one in texts), MAX_TEXT),
        }
        for what, (size, most) in sizes.items():
            if size > most:
                raise UnreadableModel(
                    "The model has {size:,} {what}; at most {most:,} are read.",
                    "Split the model, and import one part into the other.",
                    size=size,
                    what=Phrase(what),
                    most=most,
                )

    def _check_ids(self) -> None:
        ids = (one.get("id") for one in self._root.iterchildren("*"))
        for identity, count in Counter(one for one in ids if one is not None).items():
            if count > 1:
                self._problems.append(problem("dmn_duplicate_id", identity[:80], count=count))

    # -- imports ---------------------------------------------------------------------------

    def _read_imports(self) -> tuple[tuple[Import, ...], Mapping[str, str]]:
        imports, locations = [], {}
        for element in self._children(self._root, "import"):
            namespace, kind = element.get("namespace", ""), element.get("importType", "")
            if vocabulary.is_model_import(kind):
                imports.append(Import(name_of(element), namespace))
                locations[element.get("locationURI") or namespace] = namespace
            else:
                self._problems.append(
                    problem("import_kind", namespace=namespace[:100], type=kind[:100])
                )
        return tuple(imports), locations

    def _reference(self, href: str) -> Reference:
        """Return where an address leads; tools write the namespace, the file, or neither."""
        before, mark, identity = href.rpartition("#")
        if not mark:
            return Reference(self._namespace, href)
        return Reference(self._locations.get(before, before) or self._namespace, identity)

    def _references(
        self, element: etree._Element, local: str, inner: str | None = None
    ) -> tuple[Reference, ...]:
        path = self._tag + local + (f"/{self._tag}{inner}" if inner else "")
        return tuple(self._reference(one.get("href", "")) for one in element.iterfind(path))

    # -- the requirement graph -------------------------------------------------------------

    def _nodes(self) -> Iterator[DrgElement]:
        readers: Final[Mapping[str, Callable[[etree._Element], DrgElement]]] = {
            self._tag + "inputData": self._input_data,
            self._tag + "decision": self._decision,
            self._tag + "businessKnowledgeModel": self._knowledge_model,
            self._tag + "decisionService": self._service,
        }
        for element in self._root.iterchildren("*"):
            if read := readers.get(str(element.tag)):
                self._boxed.enter(_identity(element), name_of(element))
                yield read(element)

    def _variable(self, element: etree._Element) -> InformationItem:
        """Return the variable of a node; old files have none, and mean its name."""
        name = name_of(element) or _identity(element)
        variable = self._child(element, "variable")
        if variable is None:
            return InformationItem(name)
        read = self._boxed.information_item(variable)
        if read.name and read.name != name:
            self._problems.append(
                problem("variable_renamed", _identity(element), name, variable=read.name)
            )
        return InformationItem(read.name or name, read.type)

    def _input_data(self, element: etree._Element) -> InputData:
        return InputData(
            id=_identity(element), name=name_of(element), variable=self._variable(element)
        )

    def _decision(self, element: etree._Element) -> Decision:
        return Decision(
            id=_identity(element),
            name=name_of(element),
            variable=self._variable(element),
            expression=self._boxed.expression(element, "logic"),
            inputs=self._references(element, "informationRequirement", "requiredInput"),
            decisions=self._references(element, "informationRequirement", "requiredDecision"),
            knowledge=self._references(element, "knowledgeRequirement", "requiredKnowledge"),
        )

    def _knowledge_model(self, element: etree._Element) -> BusinessKnowledgeModel:
        logic = self._child(element, "encapsulatedLogic")
        if logic is None:
            self._boxed.missing("encapsulated logic")
        return BusinessKnowledgeModel(
            id=_identity(element),
            name=name_of(element),
            variable=self._variable(element),
            function=None if logic is None else self._boxed.function(logic),
            knowledge=self._references(element, "knowledgeRequirement", "requiredKnowledge"),
        )

    def _service(self, element: etree._Element) -> DecisionService:
        outputs = self._references(element, "outputDecision")
        if not outputs:
            identity, name = _identity(element), name_of(element)
            self._problems.append(problem("service_without_output", identity, name, node=identity))
        return DecisionService(
            id=_identity(element),
            name=name_of(element),
            variable=self._variable(element),
            outputs=outputs,
            encapsulated=self._references(element, "encapsulatedDecision"),
            input_decisions=self._references(element, "inputDecision"),
            inputs=self._references(element, "inputData"),
        )

    # -- types -----------------------------------------------------------------------------

    def _item(self, element: etree._Element) -> ItemDefinition:
        reference, function = self._child(element, "typeRef"), self._child(element, "functionItem")
        return ItemDefinition(
            id=element.get("id"),
            name=name_of(element),
            type=None if reference is None else self._boxed.type_name(reference, reference.text),
            components=tuple(self._item(one) for one in self._children(element, "itemComponent")),
            collection=element.get("isCollection") in {"true", "1"},
            allowed=self._boxed.text(self._child(element, "allowedValues")),
            constraint=self._boxed.text(self._child(element, "typeConstraint")),
            function=None if function is None else self._function_item(function),
        )

    def _function_item(self, element: etree._Element) -> FunctionItem:
        return FunctionItem(
            parameters=tuple(
                self._boxed.information_item(one) for one in self._children(element, "parameters")
            ),
            output=self._boxed.type_name(element, element.get("outputTypeRef")),
        )


def _identity(element: etree._Element) -> str:
    """Return the id of a node; a file that has none is told apart by names."""
    return element.get("id") or name_of(element)
