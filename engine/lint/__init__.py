"""Rules about what runs and is still not well drawn: names, gates, secrets, soundness, size.

The validator says what cannot run. These rules say what an organisation does not want to run; an
admin sets how much each of them weighs. Pure: what they must know of people comes as `Facts`.
"""

from engine.lint.facts import Facts
from engine.lint.judging import judged
from engine.lint.rules import BY_CODE, RULES, Group, Level, Limit, Rule, Setting
from engine.lint.texts import TEXTS

__all__ = [
    "BY_CODE",
    "RULES",
    "TEXTS",
    "Facts",
    "Group",
    "Level",
    "Limit",
    "Rule",
    "Setting",
    "judged",
]
