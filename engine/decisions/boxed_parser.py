"""Boxed expressions and decision tables as the file writes them. DMN 1.5, 8 and 10.2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypedDict

from lxml import etree

from common.phrases import Phrase
from engine.decisions import vocabulary
from engine.decisions.elements import (
    Aggregation,
    Binding,
    BoxedContext,
    BoxedList,
    Conditional,
    ContextEntry,
    DecisionTable,
    Expression,
    Filter,
    For,
    FunctionDefinition,
    HitPolicy,
    InformationItem,
    InputClause,
    Invocation,
    LiteralExpression,
    OutputClause,
    Quantified,
    Relation,
    Rule,
    Text,
    TypeName,
)
from engine.decisions.problems import DecisionProblem, problem


class _Common(TypedDict):
    id: str | None
    type: TypeName | None


def name_of(element: etree._Element) -> str:
    """Return the name of an element, its white space as FEEL reads it."""
    return " ".join(element.get("name", "").split())


class BoxedReader:
    """Reads the expressions of a file; `enter` says to which node the next ones belong."""

    def __init__(self, tag: str, language: str, problems: list[DecisionProblem]) -> None:
        self._tag = tag
        self._language = language
        self._problems = problems
        self._node: str | None = None
        self._name = ""
        self._readers: Mapping[str, Callable[[etree._Element], Expression | None]] = {
            "literalExpression": self._literal,
            "context": self._context,
            "list": self._list,
            "relation": self._relation,
            "invocation": self._invocation,
            "functionDefinition": self.function,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
            "decisionTable": self._table,
        }

    def enter(self, node: str, name: str) -> None:
        """Begin with the expressions of another node."""
        self._node, self._name = node, name

    def tell(self, code: str, element: etree._Element | None = None, **fields: Any) -> None:
        """Add a problem of the node that is being read."""
        identity = None if element is None else element.get("id")
        self._problems.append(
            problem(code, identity or self._node, self._name, node=self._node, **fields)
        )

    def missing(self, what: str) -> None:
        """Say that an expression has been left out."""
        self.tell("logic_missing", what=what if isinstance(what, Phrase) else Phrase(what))

    # -- names, texts and types ------------------------------------------------------------

    def type_name(self, element: etree._Element, written: str | None) -> TypeName | None:
        """Return a type as written, with the namespace of its prefix."""
        text = " ".join((written or "").split())
        prefix, colon, local = text.partition(":")
        if colon and prefix in element.nsmap:
            return TypeName(local, element.nsmap[prefix])
        return TypeName(text) if text else None

    def _type(self, element: etree._Element) -> TypeName | None:
        return self.type_name(element, element.get("typeRef"))

    def information_item(self, element: etree._Element) -> InformationItem:
        """Return a name and its type."""
        return InformationItem(name_of(element), self._type(element))

    def text(self, element: etree._Element | None) -> Text | None:
        """Return the FEEL of an element, None where there is none."""
        if element is None:
            return None
        self._check_language(element)
        inner = element.find(self._tag + "text")
        written = "" if inner is None else "".join(inner.itertext()).strip()
        return Text(element.get("id"), written) if written else None

    def _check_language(self, element: etree._Element) -> None:
        language = element.get("expressionLanguage") or self._language
        if not vocabulary.is_feel(language):
            self.tell("dmn_language", element, language=language[:60])

    # -- expressions -----------------------------------------------------------------------

    def expression(self, holder: etree._Element | None, what: str) -> Expression | None:
        """Return the expression that an element holds; `what` names it where there is none."""
        found = () if holder is None else self._all(holder)
        if not found:
            self.missing(what)
        return found[0] if found else None

    def _all(self, holder: etree._Element) -> tuple[Expression | None, ...]:
        found = []
        for child in holder.iterchildren(self._tag + "*"):
            local = etree.QName(child).localname
            if local in self._readers:
                found.append(self._readers[local](child))
            elif local not in vocabulary.BESIDE_LOGIC:
                self.tell("boxed_unknown", child, kind=local[:60])
        return tuple(found)

    def _inner(self, element: etree._Element, local: str, what: str) -> Expression | None:
        return self.expression(element.find(self._tag + local), what)

    def _children(self, element: etree._Element, local: str) -> Iterator[etree._Element]:
        return element.iterchildren(self._tag + local)

    def _common(self, element: etree._Element) -> _Common:
        return {"id": element.get("id"), "type": self._type(element)}

    def _literal(self, element: etree._Element) -> Expression | None:
        text = self.text(element)
        if text is None:
            self.missing("expression")
            return None
        return LiteralExpression(**self._common(element), text=text.text)

    def _context(self, element: etree._Element) -> BoxedContext:
        entries = tuple(self._entry(one) for one in self._children(element, "contextEntry"))
        names = Counter(entry.variable.name if entry.variable else "" for entry in entries)
        for name, count in names.items():
            if count > 1:
                self.tell("entry_twice", element, entry=name)
        return BoxedContext(**self._common(element), entries=entries)

    def _entry(self, element: etree._Element) -> ContextEntry:
        variable = element.find(self._tag + "variable")
        item = None if variable is None else self.information_item(variable)
        what = Phrase("result of the context")
        if item:
            what = Phrase("expression for the entry “{name}”", name=item.name)
        return ContextEntry(
            variable=item if item and item.name else None,
            expression=self.expression(element, what),
        )

    def _list(self, element: etree._Element) -> BoxedList:
        return BoxedList(**self._common(element), items=self._all(element))

    def _relation(self, element: etree._Element) -> Relation:
        columns = tuple(self.information_item(one) for one in self._children(element, "column"))
        rows = tuple(self._all(one) for one in self._children(element, "row"))
        for number, row in enumerate(rows, 1):
            self.count_cells(element, number, "", len(row), len(columns))
        return Relation(**self._common(element), columns=columns, rows=rows)

    def count_cells(
        self, element: etree._Element, row: int, what: str, found: int, expected: int
    ) -> None:
        """Say so when a row does not have one cell per column."""
        if found != expected:
            self.tell("cell_count", element, row=row, what=what, found=found, expected=expected)

    def _invocation(self, element: etree._Element) -> Invocation:
        return Invocation(
            **self._common(element),
            called=self.expression(element, "function to call"),
            bindings=tuple(self._binding(one) for one in self._children(element, "binding")),
        )

    def _binding(self, element: etree._Element) -> Binding:
        parameter = element.find(self._tag + "parameter")
        name = "" if parameter is None else name_of(parameter)
        value = self.expression(element, Phrase("value for the parameter “{name}”", name=name))
        return Binding(parameter=name, expression=value)

    def function(self, element: etree._Element) -> FunctionDefinition:
        """Return a function definition, or the encapsulated logic of a knowledge model."""
        kind = element.get("kind") or "FEEL"
        if kind != "FEEL":
            self.tell("function_kind", element, language=kind[:60])
        parameters = self._children(element, "formalParameter")
        return FunctionDefinition(
            **self._common(element),
            kind=kind,
            parameters=tuple(self.information_item(one) for one in parameters),
            body=self.expression(element, "body of the function"),
        )

    def _conditional(self, element: etree._Element) -> Conditional:
        return Conditional(
            **self._common(element),
            condition=self._inner(element, "if", "condition"),
            then=self._inner(element, "then", "`then` branch"),
            otherwise=self._inner(element, "else", "`else` branch"),
        )

    def _filter(self, element: etree._Element) -> Filter:
        return Filter(
            **self._common(element),
            source=self._inner(element, "in", "list to filter"),
            match=self._inner(element, "match", "condition of the filter"),
        )

    def _for(self, element: etree._Element) -> For:
        return For(
            **self._common(element),
            variable=_iterator(element),
            source=self._inner(element, "in", "list to go through"),
            result=self._inner(element, "return", "result of each turn"),
        )

    def _quantified(self, element: etree._Element) -> Quantified:
        return Quantified(
            **self._common(element),
            every=etree.QName(element).localname == "every",
            variable=_iterator(element),
            source=self._inner(element, "in", "list to go through"),
            condition=self._inner(element, "satisfies", "condition"),
        )

    # -- decision tables -------------------------------------------------------------------

    def _table(self, element: etree._Element) -> DecisionTable:
        self._check_language(element)
        inputs = tuple(self._input(one) for one in self._children(element, "input"))
        outputs = tuple(self._output(one) for one in self._children(element, "output"))
        rules = tuple(self._rule(one) for one in self._children(element, "rule"))
        for row, rule in enumerate(rules, 1):
            self.count_cells(element, row, "input ", len(rule.inputs), len(inputs))
            self.count_cells(element, row, "output ", len(rule.outputs), len(outputs))
        policy, aggregation = self._policy(element)
        return DecisionTable(
            **self._common(element),
            hit_policy=policy,
            aggregation=aggregation,
            inputs=inputs,
            outputs=outputs,
            annotations=tuple(name_of(one) for one in self._children(element, "annotation")),
            rules=rules,
        )

    def _policy(self, element: etree._Element) -> tuple[HitPolicy, Aggregation | None]:
        written = element.get("hitPolicy") or HitPolicy.UNIQUE.value
        policy = _POLICIES.get(written)
        if policy is None:
            self.tell("hit_policy_unknown", element, policy=written[:60])
        wanted = element.get("aggregation")
        aggregation = _AGGREGATIONS.get(wanted or "")
        if wanted and aggregation is None:
            self.tell("aggregation_unknown", element, aggregation=wanted[:60])
        return policy or HitPolicy.UNIQUE, aggregation

    def _input(self, element: etree._Element) -> InputClause:
        expression = element.find(self._tag + "inputExpression")
        return InputClause(
            id=element.get("id"),
            label=" ".join(element.get("label", "").split()),
            expression=self.text(expression),
            type=None if expression is None else self._type(expression),
            values=self.text(element.find(self._tag + "inputValues")),
        )

    def _output(self, element: etree._Element) -> OutputClause:
        return OutputClause(
            id=element.get("id"),
            name=name_of(element),
            label=" ".join(element.get("label", "").split()),
            type=self._type(element),
            values=self.text(element.find(self._tag + "outputValues")),
            default=self.text(element.find(self._tag + "defaultOutputEntry")),
        )

    def _rule(self, element: etree._Element) -> Rule:
        return Rule(
            id=element.get("id"),
            inputs=self._cells(element, "inputEntry"),
            outputs=self._cells(element, "outputEntry"),
            annotations=tuple(cell.text for cell in self._cells(element, "annotationEntry")),
        )

    def _cells(self, element: etree._Element, local: str) -> tuple[Text, ...]:
        """Return the cells of a rule; an empty one stays in its column."""
        return tuple(
            self.text(one) or Text(one.get("id"), "") for one in self._children(element, local)
        )


def _iterator(element: etree._Element) -> str:
    return " ".join(element.get("iteratorVariable", "").split())


_POLICIES: Final = {policy.value: policy for policy in HitPolicy}
_AGGREGATIONS: Final = {aggregation.value: aggregation for aggregation in Aggregation}
