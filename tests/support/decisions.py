"""Decision files for tests, as editors for processes write them: inputs are named, not drawn."""

from __future__ import annotations

_FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="drg" name="Rules"
 namespace="http://camunda.org/schema/1.0/dmn">{content}</definitions>"""


def rules(decision: str = "route", *, low: str = '"desk"', high: str = '"board"') -> bytes:
    """Return a file with one table: up to 100 of `amount` gives one answer, more the other."""
    return _file(
        f"""<decision id="{decision}" name="Who decides"><decisionTable id="table_{decision}"
 hitPolicy="FIRST"><input id="in_{decision}"><inputExpression id="read_{decision}">
 <text>amount</text></inputExpression></input><output id="out_{decision}" name="team"/>
 {_rule("low", "&lt;= 100", low)}{_rule("high", "", high)}</decisionTable></decision>"""
    )


def chain() -> bytes:
    """Return a file with a decision that requires another, which it reads by its id."""
    return _file(
        """<decision id="level" name="How high"><literalExpression id="level_text">
 <text>if amount &gt; 100 then 2 else 1</text></literalExpression></decision>
 <decision id="answer" name="The answer"><informationRequirement id="needs">
 <requiredDecision href="#level"/></informationRequirement><literalExpression id="answer_text">
 <text>{level: level, by: asked_by}</text></literalExpression></decision>"""
    )


def asks(decision: str = "route", result: str = "team") -> str:
    """Return a business rule task that asks for a decision."""
    return (
        '<businessRuleTask id="ask" name="Ask"><extensionElements><zeebe:calledDecision '
        f'decisionId="{decision}" resultVariable="{result}"/></extensionElements>'
        "</businessRuleTask>"
    )


def _file(content: str) -> bytes:
    return _FRAME.format(content=content).encode()


def _rule(name: str, test: str, answer: str) -> str:
    return (
        f'<rule id="{name}"><inputEntry id="{name}_in"><text>{test}</text></inputEntry>'
        f'<outputEntry id="{name}_out"><text>{answer}</text></outputEntry></rule>'
    )
