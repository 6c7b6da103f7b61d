"""Whatever text or bytes come in, the language answers or refuses: no other error, no hang."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.diff import diff
from engine.bpmn.surroundings import Surroundings
from engine.bpmn.validation import problems
from engine.expressions import FeelBudgetExceeded, FeelSyntaxError, parse
from engine.expressions.functions import FUNCTIONS
from engine.forms import Form, FormUnreadable
from engine.xml import UnreadableModel
from tests.support.drawings import drawing, extended, line

MODEL = drawing(
    line(
        extended(
            "serviceTask",
            '<zeebe:taskDefinition type="http:1" retries="3"/><zeebe:ioMapping>'
            '<zeebe:input source="=a" target="url"/></zeebe:ioMapping>',
        ),
        '<intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>",
        '<scriptTask id="add"><script>a + [1, 2][item &gt; 1]</script></scriptTask>',
    )
)
WORDS = st.sampled_from(
    [
        *"()[]{}+-*/=<>.,:@?",
        *(
            "..",
            "**",
            "<=",
            "!=",
            '"a"',
            '@"PT1H"',
            '@"2030-01-01"',
            "1",
            "0.5",
            "1e9",
            "x",
            "item",
        ),
        *("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or"),
        *("between", "instance of", "number", "list<", "true", "null", "not", "function", "//"),
        *FUNCTIONS,
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
often = settings(derandomize=True, deadline=None, max_examples=100)


@contextlib.contextmanager
def soon() -> Iterator[None]:
    """Fail when the block takes longer than anybody would wait."""
    began = time.process_time()
    yield
    assert time.process_time() - began < 3


@often
@given(st.text(max_size=200) | st.lists(WORDS, max_size=40).map(" ".join), VALUES)
def test_any_text_is_an_expression_or_refused_as_one(text: str, value: object) -> None:
    with soon(), contextlib.suppress(FeelSyntaxError, FeelBudgetExceeded):
        expression = parse(text)
        variables = {"x": value}
        assert expression.evaluate(variables) == expression.evaluate(variables)


CALLS = st.builds(
    "{}({})".format,
    st.sampled_from(sorted(FUNCTIONS)),
    st.lists(
        st.sampled_from(["x", "y", "null", "-1", "2.5", '"a"', "[1, null]", "{a: 1}", '@"P1D"']),
        max_size=4,
    ).map(", ".join),
)


@settings(often, max_examples=300)
@given(CALLS, VALUES, VALUES)
def test_any_arguments_give_a_value_or_null(call: str, x: object, y: object) -> None:
    with soon(), contextlib.suppress(FeelSyntaxError, FeelBudgetExceeded):
        parse(call).evaluate({"x": x, "y": y})


@often
@given(st.integers(-(10**30), 10**30), st.integers(-(10**30), 10**30))
def test_arithmetic_keeps_its_laws(a: int, b: int) -> None:
    variables = {"a": a, "b": b}

    def holds(text: str) -> object:
        return parse(text).evaluate(variables).value

    assert holds("a + b = b + a") is True
    assert holds("a - b = -(b - a)") is True
    assert holds("(a < b) = (b > a)") is True
    assert holds("a in [a..a]") is True


@often
@given(st.data())
def test_a_damaged_model_is_judged_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(MODEL)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        length = data.draw(st.integers(0, 40))
        damaged[at : at + length] = data.draw(st.binary(max_size=20))
    with soon():
        told = problems(bytes(damaged), Surroundings(jobs={"http:1": ["url"]}))
        assert all(one.message and one.hint for one in told)
        with contextlib.suppress(UnreadableModel):
            diff(MODEL, bytes(damaged))


@often
@given(st.data())
def test_a_model_with_its_parts_swapped_is_judged(data: st.DataObject) -> None:
    pieces = MODEL.decode().split("<")
    for _ in range(data.draw(st.integers(1, 6))):
        a, b = (data.draw(st.integers(1, len(pieces) - 1)) for _ in range(2))
        pieces[a], pieces[b] = pieces[b], pieces[a]
    with soon():
        problems("<".join(pieces).encode())


@often
@given(st.text(max_size=300), VALUES)
def test_any_text_is_a_form_or_refused_as_one(text: str, value: object) -> None:
    with contextlib.suppress(FormUnreadable):
        Form.parse(text)
    form = Form.parse(
        '{"components": ['
        + ", ".join(
            f'{{"type": "{kind}", "key": "{kind}", "values": [{{"value": 1}}]}}'
            for kind in ("textfield", "number", "checkbox", "select", "datetime")
        )
        + "]}"
    )
    cleaned, errors = form.validate(
        dict.fromkeys(("textfield", "number", "checkbox", "select", "datetime", "other"), value)
    )
    assert set(cleaned) | set(errors) == {
        "textfield",
        "number",
        "checkbox",
        "select",
        "datetime",
        "other",
    }
