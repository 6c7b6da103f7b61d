"""The requirement graph: what each node requires, and that it never requires itself. 6.3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from common.phrases import Phrase
from engine.decisions.elements import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    DrgElement,
    InputData,
    Model,
    Reference,
)
from engine.decisions.library import Library
from engine.decisions.problems import DecisionProblem, problem
from engine.problems import shown

MAX_CHAIN = 100
"""The longest row of requirements, each standing on the next."""

_KNOWLEDGE = (BusinessKnowledgeModel, DecisionService)


def problems(library: Library, model: Model) -> Iterator[DecisionProblem]:
    """Yield what is wrong with the requirements of a model's nodes."""
    for node in model.elements.values():
        yield from _wrong_links(library, model, node)
        yield from _same_names(library, model, node)
    yield from _circles(library, model)


def links(node: DrgElement) -> Iterator[tuple[Reference, str, tuple[type, ...]]]:
    """Yield what a node requires, as what, and which kinds of node that may be."""
    if isinstance(node, Decision):
        yield from ((one, "input data", (InputData,)) for one in node.inputs)
        yield from ((one, "a decision", (Decision,)) for one in node.decisions)
    if isinstance(node, Decision | BusinessKnowledgeModel):
        yield from ((one, "knowledge", _KNOWLEDGE) for one in node.knowledge)
    if isinstance(node, DecisionService):
        decisions = (*node.outputs, *node.encapsulated, *node.input_decisions)
        yield from ((one, "a decision", (Decision,)) for one in decisions)
        yield from ((one, "input data", (InputData,)) for one in node.inputs)


def inner_decisions(library: Library, service: DecisionService) -> Iterator[Decision]:
    """Yield the decisions a service evaluates: those its outputs stand on, down to its inputs."""
    seen = set(service.input_decisions)
    pending = list(service.outputs)
    while pending:
        reference = pending.pop()
        node = library.element(reference)
        if reference not in seen and isinstance(node, Decision):
            seen.add(reference)
            pending.extend(node.decisions)
            yield node


def _wrong_links(library: Library, model: Model, node: DrgElement) -> Iterator[DecisionProblem]:
    for reference, kind, allowed in links(node):
        found = library.element(reference)
        place = {"element": node.id, "name": node.name, "node": node.id}
        if found is None or library.qualifier(model, reference.namespace) is None:
            yield problem("requirement_missing", **place, target=reference.id[:80])
        elif not isinstance(found, allowed):
            target = shown(found.id, found.name)
            yield problem("requirement_kind", **place, target=target, wanted=Phrase(kind))


def _same_names(library: Library, model: Model, node: DrgElement) -> Iterator[DecisionProblem]:
    """Yield the names by which a node would read two different things."""
    if isinstance(node, DecisionService | InputData):
        return
    names = Counter(
        (library.qualifier(model, reference.namespace), found.variable.name)
        for reference in dict.fromkeys(reference for reference, _, _ in links(node))
        if (found := library.element(reference)) is not None
    )
    for (_, name), count in names.items():
        if count > 1:
            yield problem("requirement_ambiguous", node.id, node.name, node=node.id, variable=name)


def _circles(library: Library, model: Model) -> Iterator[DecisionProblem]:
    """Yield the nodes that require themselves, or stand on too long a row of others."""
    walk = _Walk(library)
    for identity in model.elements:
        for code, reference, fields in walk.down_from(Reference(model.namespace, identity)):
            node = model.elements.get(reference.id)
            # What is wrong in an imported model is told of that model.
            if node is not None and reference.namespace == model.namespace:
                yield problem(code, node.id, node.name, node=node.id, **fields)


class _Walk:
    """Goes through the graph depth first, with a stack of its own: its depth is the file's."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._heights: dict[Reference, int] = {}
        self._path: dict[Reference, Iterator[Reference]] = {}

    def down_from(self, start: Reference) -> Iterator[tuple[str, Reference, dict[str, object]]]:
        """Yield the code, the node and the details of what is found below a node."""
        self._enter(start)
        while self._path:
            reference, pending = next(reversed(self._path.items()))
            following = next(pending, None)
            if following is None:
                self._path.pop(reference)
                below = _required(self._library, reference)
                height = 1 + max((self._heights.get(one, 0) for one in below), default=0)
                self._heights[reference] = height
                if height > MAX_CHAIN:
                    yield "decision_too_deep", reference, {"limit": MAX_CHAIN}
            elif following in self._path:
                yield "decision_cycle", following, {"path": self._circle(following)}
            else:
                self._enter(following)

    def _enter(self, reference: Reference) -> None:
        if reference not in self._heights:
            self._path[reference] = _required(self._library, reference)

    def _circle(self, start: Reference) -> str:
        under_way = list(self._path)
        members = under_way[under_way.index(start) + 1 :]
        return " → ".join(_named(self._library, one) for one in (*members, start))


def _required(library: Library, reference: Reference) -> Iterator[Reference]:
    """Yield what must be there before a node has a value.

    A knowledge model may call itself. A service stands on the functions that its decisions call;
    those decisions have circles of their own, which are told there.
    """
    node = library.element(reference)
    if isinstance(node, DecisionService):
        for decision in inner_decisions(library, node):
            yield from decision.knowledge
    elif node is not None:
        recursive = isinstance(node, BusinessKnowledgeModel)
        yield from (one for one, _, _ in links(node) if not (recursive and one == reference))


def _named(library: Library, reference: Reference) -> str:
    node = library.element(reference)
    return (node.name or node.id) if node else reference.id
