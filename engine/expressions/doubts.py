"""What in an expression can be seen to be null before it runs: told to editors, not refused.

The standard makes a call of no function, or with the wrong arguments, null. Whoever writes a
condition would rather know at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from common.phrases import Phrase
from engine.expressions import tree
from engine.expressions.errors import Refusal
from engine.expressions.functions import FUNCTIONS
from engine.expressions.temporal import parse_temporal

_DOUBTFUL = frozenset({tree.Temporal, tree.Chain})


def doubts(nodes: Sequence[tree.Node], names: frozenset[str]) -> tuple[str, ...]:
    """Return a sentence for each node of a tree without meaning; `names` may hold functions."""
    doubtful = [node for node in nodes if type(node) in _DOUBTFUL]
    if not doubtful:
        return ()
    known = names.union(*map(_bound_by, nodes))
    return tuple(told for node in doubtful for told in _doubt(node, known))


def _bound_by(node: tree.Node) -> frozenset[str]:
    if isinstance(node, tree.ContextOf):
        return frozenset(key for key, _ in node.entries)
    if isinstance(node, tree.For | tree.Quantified):
        return frozenset(one.name for one in node.iterators)
    if isinstance(node, tree.FunctionOf):
        return frozenset(name for name, _ in node.parameters)
    return frozenset()


def _doubt(node: tree.Node, known: frozenset[str]) -> Iterator[str]:
    if isinstance(node, tree.Temporal):
        yield from _unreadable(node.text)
    if isinstance(node, tree.Chain) and isinstance(node.steps[0], tree.Invoke):
        yield from _miscalled(node.base, node.steps[0], known)


def _unreadable(text: str) -> Iterator[str]:
    try:
        parse_temporal(text)
    except Refusal as refusal:
        yield f"{refusal}."


def _miscalled(called: tree.Node, call: tree.Invoke, known: frozenset[str]) -> Iterator[str]:
    if isinstance(called, tree.Name) and called.name not in known:
        yield Phrase("There is no function named `{name}`.", name=called.name)
    if isinstance(called, tree.BuiltIn):
        function = FUNCTIONS[called.name]
        wrong = (
            function.misnamed([name for name, _ in call.named])
            if call.named
            else function.miscounted(len(call.positional))
        )
        if wrong:
            yield Phrase("There should be {wrong}.", wrong=wrong)
