"""An expression tried while it is written: its value, or what is wrong with it and where."""

from __future__ import annotations

from engine.expressions.trying import attempt


def test_a_value_is_told_as_text_with_its_type() -> None:
    trial = attempt('if impact > 2 then "board" else "peer"', {"impact": 3})

    assert (trial.value, trial.kind, trial.mistake) == ('"board"', "string", None)


def test_a_mistake_has_its_place() -> None:
    trial = attempt("impact +", {"impact": 3})

    assert trial.mistake is not None
    assert (trial.mistake.line, trial.mistake.column) == (1, 9)
    assert trial.value is None


def test_names_that_the_sample_lacks_are_told() -> None:
    trial = attempt("impact * urgency", {"impact": 3})

    assert (trial.unknown, trial.value) == (("urgency",), "null")
    assert trial.warnings


def test_a_name_with_spaces_is_one_of_the_sample() -> None:
    assert attempt("change window + 1", {"change window": 1}).value == "2"


def test_what_costs_too_much_is_stopped_and_said() -> None:
    trial = attempt("count(for a in 1..1000, b in 1..1000 return a)", {})

    assert trial.mistake is not None
    assert "limit" in trial.mistake.sentence


def test_a_long_answer_is_cut() -> None:
    trial = attempt('string join(for a in 1..900 return "long", "-")', {})

    assert len(trial.value or "") == 2_001
