"""A model and its imports, compiled once: the logic of every node, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from engine.decisions import requirements
from engine.decisions.boxed import Compiler
from engine.decisions.elements import (
    BoxedContext,
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    DrgElement,
    Expression,
    InformationItem,
    ItemDefinition,
    Model,
    Reference,
    Relation,
)
from engine.decisions.library import Library
from engine.decisions.problems import DecisionProblem, errors, problem
from engine.decisions.scope import Logic
from engine.decisions.texts import Texts
from engine.decisions.types import DeclaredType, Types

_PLAIN_NAME: Final = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A node with its logic: the value of a decision, the function of a knowledge model."""

    node: DrgElement
    type: DeclaredType | None
    logic: Logic | None


def _ordered(told: Iterable[DecisionProblem]) -> tuple[DecisionProblem, ...]:
    # A type that several places name is looked up at each of them.
    return tuple(sorted(dict.fromkeys(told), key=lambda one: one.severity != "error"))


class Program:
    """All nodes of a model and of those it imports, by where references lead."""

    def __init__(self, model: Model, imported: Sequence[Model] = ()) -> None:
        self.library = Library(model, imported)
        self._nodes: dict[Reference, Compiled] = {}
        self._problems: dict[str, list[DecisionProblem]] = {}
        for reached in self.library.reached():
            self._compile(reached)

    @property
    def problems(self) -> tuple[DecisionProblem, ...]:
        """What is wrong with the model and its imports, errors first."""
        return _ordered(one for problems in self._problems.values() for one in problems)

    @property
    def own_problems(self) -> tuple[DecisionProblem, ...]:
        """What is wrong with the model itself, errors first."""
        return _ordered(self._problems[self.library.main.namespace])

    def compiled(self, reference: Reference) -> Compiled:
        """Return a node that a sound model refers to."""
        return self._nodes[reference]

    def errors_below(self, start: Reference) -> list[DecisionProblem]:
        """Return what keeps a node from running: its own problems and those it stands on."""
        found, seen, pending = [], {start}, [start]
        namespaces = set[str]()
        while pending:
            reference = pending.pop()
            namespaces.add(reference.namespace)
            node = self.library.element(reference)
            of_model = errors(self._problems.get(reference.namespace, ()))
            found += [one for one in of_model if one.node == reference.id]
            for following, _, _ in requirements.links(node) if node else ():
                if following not in seen:
                    seen.add(following)
                    pending.append(following)
        for namespace in namespaces:
            of_model = errors(self._problems.get(namespace, ()))
            found += [one for one in of_model if one.node is None]
        return found

    # -- compiling -------------------------------------------------------------------------

    def _compile(self, model: Model) -> None:
        problems: list[DecisionProblem] = [*model.problems, *self._missing_imports(model)]
        self._problems[model.namespace] = problems
        types = Types(model, self.library, problems)
        shapes, keys = types.shapes(), frozenset(self._keys(model))
        problems.extend(requirements.problems(self.library, model))
        for node in model.elements.values():
            texts = Texts(node, keys, shapes, problems)
            compiler = Compiler(texts, types)
            declared = compiler.declared(node.variable.type)
            logic = self._logic(model, node, compiler)
            self._nodes[Reference(model.namespace, node.id)] = Compiled(node, declared, logic)

    def _missing_imports(self, model: Model) -> Iterator[DecisionProblem]:
        for one in model.imports:
            if self.library.model(one.namespace) is None:
                yield problem("import_missing", namespace=one.namespace[:100])

    def _logic(self, model: Model, node: DrgElement, compiler: Compiler) -> Logic | None:
        if isinstance(node, Decision):
            return self._decision(model, node, compiler)
        if isinstance(node, BusinessKnowledgeModel) and node.function is not None:
            names = self._names(model, node) | {node.variable.name}
            return compiler.function(node.function, names, node.variable)
        return None

    def _decision(self, model: Model, node: Decision, compiler: Compiler) -> Logic:
        return compiler.bound(node.expression, node.variable, self._names(model, node))

    def _names(self, model: Model, node: DrgElement) -> frozenset[str]:
        """Return the names that a node's logic reads: what it requires, and nothing else."""
        return frozenset(
            self.library.qualifier(model, reference.namespace) or found.variable.name
            for reference, _, _ in requirements.links(node)
            if (found := self.library.element(reference)) is not None
        )

    def _keys(self, model: Model) -> Iterator[str]:
        """Yield the names that occur in values and that FEEL could take for operations."""
        for name in self._all_keys(model):
            if not _PLAIN_NAME.fullmatch(name):
                yield name

    def _all_keys(self, model: Model) -> Iterator[str]:
        for _, reached in self.library.named(model):
            for item in reached.items:
                yield from _component_names(item)
        for _, other in self.library.imports(model):
            yield from (node.variable.name for node in other.elements.values())
        for node in model.elements.values():
            if isinstance(node, Decision):
                yield from _entry_names(node.expression)
            elif isinstance(node, BusinessKnowledgeModel):
                yield from _entry_names(node.function)


def _component_names(item: ItemDefinition) -> Iterator[str]:
    for component in item.components:
        yield component.name
        yield from _component_names(component)


def _entry_names(expression: Expression | None) -> Iterator[str]:
    """Yield the keys of the contexts that an expression makes."""
    pending = [expression]
    while pending:
        one = pending.pop()
        if one is None:
            continue
        pending.extend(one.parts)
        yield from (item.name for item in _named(one))


def _named(expression: Expression) -> Iterator[InformationItem]:
    match expression:
        case BoxedContext(entries=entries):
            yield from (entry.variable for entry in entries if entry.variable)
        case Relation(columns=columns):
            yield from columns
        case DecisionTable(outputs=outputs):
            yield from (InformationItem(output.name) for output in outputs)
        case _:
            return
