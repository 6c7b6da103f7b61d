"""Random expressions of FEEL: printed and read again, and held against a slow plain evaluator."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expressions import FeelBudgetExceeded, FeelSyntaxError, parse, parse_unary_tests, tree
from engine.expressions.lattice import (
    ANY,
    NUMBER,
    STRING,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Type,
)
from engine.expressions.printer import printed
from tests.support.feel import value_of

NAMES = ["a", "b", "x", "item", "first name", "loan-to-value", "score 2"]
KEYS = ["a", "b", "first name", "a b", "k"]
often = settings(derandomize=True, deadline=None, max_examples=150)

names = st.sampled_from(NAMES)
numbers = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(0, 10**6),
    st.integers(0, 4),
)
leaves = st.one_of(
    st.builds(tree.Literal, numbers | st.text(max_size=5) | st.booleans() | st.none()),
    st.builds(tree.Name, names),
)
SIGNS = ["=", "!=", "<", "<=", ">", ">="]


def iterators(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[Any]:
    one = st.builds(tree.Iterator, st.sampled_from(["x", "y"]), inner)
    return st.lists(one, min_size=1, max_size=2).map(tuple)


def entries(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(KEYS), inner, max_size=3).map(
        lambda found: tuple(found.items())
    )


def sums(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    return st.one_of(
        *(
            st.builds(
                tree.Arithmetic,
                inner,
                st.lists(st.tuples(st.sampled_from(signs), inner), min_size=1, max_size=3).map(
                    tuple
                ),
            )
            for signs in (["+", "-"], ["*", "/"], ["**"])
        )
    )


def core(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    """Return what the slow evaluator knows as well."""
    some = st.lists(inner, max_size=3).map(tuple)
    steps = st.builds(tree.Get, st.sampled_from(KEYS)) | st.builds(tree.Where, inner)
    return st.one_of(
        st.builds(tree.ListOf, some),
        st.builds(tree.ContextOf, entries(inner)),
        sums(inner),
        st.builds(tree.Negation, inner),
        st.builds(
            tree.Logic,
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=3).map(tuple),
        ),
        st.builds(tree.Comparison, st.sampled_from(SIGNS), inner, inner),
        st.builds(tree.Between, inner, inner, inner),
        st.builds(tree.If, inner, inner, inner),
        st.builds(tree.For, iterators(inner), inner),
        st.builds(tree.Quantified, st.booleans(), iterators(inner), inner),
        st.builds(tree.Chain, inner, st.lists(steps, min_size=1, max_size=2).map(tuple)),
    )


types: st.SearchStrategy[Type] = st.recursive(
    st.sampled_from([ANY, NUMBER, STRING]),
    lambda inner: st.one_of(
        st.builds(ListType, inner),
        st.builds(RangeType, inner),
        st.builds(ContextType, entries(inner)),
        st.builds(FunctionType, st.lists(inner, max_size=2).map(tuple), inner),
    ),
    max_leaves=4,
)


def whole(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    """Return all there is."""
    tests = st.builds(tree.Test, st.sampled_from(["in", *SIGNS]), inner)
    named = st.dictionaries(st.sampled_from(["a", "b"]), inner, min_size=1).map(
        lambda found: tuple(found.items())
    )
    calls = st.builds(tree.Invoke, st.lists(inner, max_size=2).map(tuple)) | st.builds(
        tree.Invoke, st.just(()), named
    )
    parameters = st.lists(
        st.tuples(st.sampled_from(["x", "y"]), types), max_size=2, unique_by=lambda one: one[0]
    )
    return st.one_of(
        core(inner),
        st.builds(tree.Temporal, st.sampled_from(["2030-01-31", "PT1H", "10:00:00Z", "what"])),
        st.builds(tree.RangeOf, inner, inner, st.booleans(), st.booleans()),
        st.builds(tree.UnaryRange, st.sampled_from(SIGNS), inner),
        st.builds(tree.In, inner, st.lists(tests, min_size=1, max_size=2).map(tuple)),
        st.builds(tree.InstanceOf, inner, types),
        st.builds(tree.FunctionOf, parameters.map(tuple), inner),
        st.builds(tree.Chain, inner, st.tuples(calls)),
        st.builds(
            tree.Chain,
            st.sampled_from([tree.BuiltIn("sum"), tree.BuiltIn("date and time")]),
            st.tuples(calls),
        ),
    )


programs = st.recursive(leaves, core, max_leaves=8)
texts = st.recursive(leaves, whole, max_leaves=8)
plain = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=6,
)


@often
@given(texts)
def test_what_is_printed_reads_as_the_same_tree(node: tree.Node) -> None:
    text = printed(node)
    assert parse(text, names=(*NAMES, *KEYS)).tree == node, text


@often
@given(
    st.lists(st.builds(tree.Test, st.sampled_from(["in", *SIGNS]), texts), max_size=3),
    st.booleans(),
)
def test_unary_tests_are_printed_and_read_again(
    tests: list[tree.Test],
    negated: bool,  # noqa: FBT001
) -> None:
    cell = tree.UnaryTests(tuple(tests), negated=negated and bool(tests))
    text = printed(cell)
    assert parse_unary_tests(text, names=(*NAMES, *KEYS)).tree == cell, text


@settings(often, max_examples=300)
@given(programs, st.fixed_dictionaries(dict.fromkeys(NAMES, plain)))
def test_closures_agree_with_a_plain_walk_over_the_tree(
    node: tree.Node, variables: dict[str, Any]
) -> None:
    text = printed(node)
    with contextlib.suppress(FeelBudgetExceeded):
        got = parse(text, names=(*NAMES, *KEYS)).evaluate(variables).value
        assert got == value_of(node, variables), text


@often
@given(texts, st.fixed_dictionaries(dict.fromkeys(NAMES, plain)))
def test_nothing_but_the_budget_stops_an_expression(
    node: tree.Node, variables: dict[str, Any]
) -> None:
    expression = parse(printed(node), names=(*NAMES, *KEYS))
    with contextlib.suppress(FeelBudgetExceeded):
        assert expression.evaluate(variables).value is not NotImplemented


@often
@given(st.text(max_size=60), plain)
def test_any_cell_is_read_or_refused(text: str, value: object) -> None:
    with contextlib.suppress(FeelSyntaxError, FeelBudgetExceeded):
        assert parse_unary_tests(text).holds(value, {}).value in (True, False, None)
