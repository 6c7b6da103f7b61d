"""What happened in a trial, and where it went another way than expected, in sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Row = dict[str, Any]

_SENTENCES: Final[Mapping[str, str | Promise]] = {
    "started": gettext_lazy("The run begins."),
    "ended": gettext_lazy("The run ends."),
    "cancelled": gettext_lazy("The run is cancelled."),
    "passed": gettext_lazy("{name} is passed."),
    "completed": gettext_lazy("{name} is done."),
    "interrupted": gettext_lazy("{name} is interrupted."),
    "set": gettext_lazy("Sets {what}."),
    "decided": gettext_lazy("{name} decides {decision}: {matched}."),
    "asked": gettext_lazy("{name} waits for {who}."),
    "voted": gettext_lazy("{person} decides: {decision}."),
    "handed_in": gettext_lazy("{person} hands in {name}."),
    "called": gettext_lazy("{name} asks the outside; a sample answers."),
    "attempt_failed": gettext_lazy("{name} fails, attempt {attempt} of {attempts}: {cause}"),
    "incident": gettext_lazy("{name} needs help: {cause}"),
    "incident_resolved": gettext_lazy("{name} is tried again."),
    "call_started": gettext_lazy("{name} starts the process {called}."),
    "call_failed": gettext_lazy("{name} cannot start its process: {cause}"),
    "timer_set": gettext_lazy("{name} is due at {due_at}."),
    "timer_fired": gettext_lazy("{name}: its time has come."),
    "message_awaited": gettext_lazy("{name} waits for the message {message}."),
    "message_received": gettext_lazy("{name} receives its message."),
    "signal_awaited": gettext_lazy("{name} waits for the signal {message}."),
    "signal_received": gettext_lazy("{name} hears its signal."),
    "message_thrown": gettext_lazy("{name} would send the message {message}. Nothing was sent."),
    "signal_thrown": gettext_lazy("{name} would send the signal {message}. Nothing was sent."),
    "error_thrown": gettext_lazy("{name} ends with the error {code}."),
    "error_escaped": gettext_lazy("The run ends with the error {code}."),
    "escalation_thrown": gettext_lazy("{name} escalates: {code}."),
    "compensating": gettext_lazy("{name}: what was done is undone."),
}
#: How a line looks: what went wrong, what waits, what is done.
_TONES: Final[Mapping[str, str]] = {
    "incident": "fail",
    "attempt_failed": "fail",
    "call_failed": "fail",
    "error_thrown": "fail",
    "error_escaped": "fail",
    "asked": "wait",
    "timer_set": "wait",
    "message_awaited": "wait",
    "signal_awaited": "wait",
    "completed": "done",
    "ended": "done",
    "handed_in": "done",
}
_STATES: Final[Mapping[str, str | Promise]] = {
    "completed": gettext_lazy("has ended"),
    "waiting": gettext_lazy("waits"),
    "failed": gettext_lazy("needs help"),
    "cancelled": gettext_lazy("is cancelled"),
    "refused": gettext_lazy("did not begin"),
}
_LONGEST = 120


def told(row: Row) -> Row:
    """Return a row of a story with its sentence; what it says of values stays beside it."""
    facts = row["facts"]
    kind = row["kind"]
    words = {name: _short(value) for name, value in facts.items()}
    words |= {"message": words.pop("name", ""), "name": row["name"], "who": _who(facts)}
    words["what"] = ", ".join(facts.get("values", ()))
    if kind == "decided":
        words["matched"] = _matched(facts["record"])
    sentence = str(_SENTENCES[kind]).format(**words)
    within = f"{row['run']}: " if row["run"] else ""
    next_at = facts.get("next_at")
    if next_at:
        sentence += " " + _("The next attempt is at {at}.").format(at=_moment(next_at))
    shown = {name: facts[name] for name in ("record", "variables", "values") if name in facts}
    return {
        "at": row["at"],
        "kind": kind,
        "element": row["element"] if not row["run"] else "",
        "words": within + sentence,
        "tone": _TONES.get(kind, "plain"),
        "facts": shown,
    }


def difference(row: Row, names: Mapping[str, str]) -> str:
    """Return where a trial went another way, in words; `names` are those of the elements."""
    part, expected, found = row["part"], row["expected"], row["found"]
    name = names.get(row["key"], row["key"])
    if part == "step":
        words = refusal(found)
        return _("Step {number} could not be done: {why}").format(
            number=found["step"] + 1, why=words
        )
    if part == "state":
        states = {"expected": _state(expected), "found": _state(found)}
        return _("The run {found} at the end; expected: it {expected}.").format(**states)
    if part == "waiting":
        lists = {"found": _list(found, names), "expected": _list(expected, names)}
        return _("Waiting at the end: {found}; expected: {expected}.").format(**lists)
    values = {"name": name, "found": _short(found), "expected": _short(expected)}
    if part == "visited":
        return _("“{name}” was done {found} times; expected: {expected}.").format(**values)
    return _("The variable {name} is {found}; expected: {expected}.").format(**values)


def refusal(found: Row) -> str:
    """Return why a step of a trial was refused."""
    fields = " ".join(str(row.get("message", "")) for row in found["fields"])
    return f"{_(found['title']).format(**found['context'])} {fields}".strip()


def _state(state: Any) -> str:
    return str(_STATES.get(str(state), state))


def _list(elements: Any, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(one, one) for one in elements or ()) or _("nothing")


def _who(facts: Row) -> str:
    people = [facts.get("assignee"), *facts.get("candidate_groups", ())]
    people += facts.get("candidate_users", ())
    return ", ".join(str(one) for one in people if one) or _("somebody")


def _matched(record: Row) -> str:
    tables = (record, *record.get("decisions", ()))
    rules = sorted({int(row["rule"]) for table in tables for row in table.get("rules", ())})
    if not rules:
        return _("no rule matched")
    words = ", ".join(str(rule) for rule in rules)
    return _("rule {rules} matched").format(rules=words)


def _short(value: Any) -> str:
    if isinstance(value, str):
        text = _moment(value) if _is_moment(value) else value
    else:
        text = _("nothing") if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _is_moment(text: str) -> bool:
    return len(text) >= len("2030-01-01T00:00:00") and text[4:5] == "-" and text[10:11] == "T"


def _moment(text: str) -> str:
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text
