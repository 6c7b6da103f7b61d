"""A draft is played with samples, injected failures and a clock of its own."""

from __future__ import annotations

from typing import Any

import pytest

from engine.conformance.errors import ScenarioUnreadable
from engine.sandbox import samples, trial
from tests.unit.engine.sandbox.models import GIVEN, SAMPLE, a_scenario, parts

Row = dict[str, Any]


def play(most_jobs: int | None = None, **changed: Any) -> Row:
    return trial.play(a_scenario(**changed), parts(), GIVEN, most_jobs)


def kinds(report: Row, element: str) -> list[str]:
    return [row["kind"] for row in report["story"] if row["element"] == element]


def failing(kind: str, **more: Any) -> list[Row]:
    return [{"fails": {"kind": kind, "cause": "It answers 503."}, **more}, SAMPLE]


def test_a_form_a_decision_and_a_sample_lead_to_the_end() -> None:
    report = play()

    assert report["refused"] is None
    assert report["state"] == "completed"
    assert report["variables"]["urgency"] == "high"
    assert report["variables"]["number"] == "INC-7"
    assert report["variables"]["mend"] == "Restart"
    assert report["visited"]["done"] == 1
    [decided] = [row for row in report["story"] if row["kind"] == "decided"]
    [urgency] = decided["facts"]["record"]["decisions"]
    assert [rule["rule"] for rule in urgency["rules"]] == [2]


def test_the_same_scenario_gives_the_same_report() -> None:
    assert play() == play()


def test_what_a_form_asks_for_is_asked_for_here() -> None:
    at_start = play(variables={})
    at_gate = play(steps=[{"complete": "gate", "variables": {"other": "x"}}])

    assert (at_start["state"], at_start["refused"]["step"]) == ("refused", -1)
    assert [row["field"] for row in at_start["refused"]["fields"]] == ["minutes"]
    assert at_gate["refused"]["step"] == 0
    assert {row["field"] for row in at_gate["refused"]["fields"]} == {"mend", "other"}
    assert [task["element"] for task in at_gate["tasks"]] == ["gate"]


def test_a_transient_failure_is_tried_again_when_time_passes() -> None:
    once = play(jobs={"ticket": failing("TRANSIENT")}, steps=[])
    assert once["visited"].get("ticket", 0) == 0
    assert once["next_at"] is not None
    assert once["incidents"] == []

    later = play(jobs={"ticket": failing("TRANSIENT")}, steps=[{"advance": "PT10M"}])
    assert kinds(later, "ticket").count("attempt_failed") == 1
    assert later["visited"]["ticket"] == 1


def test_as_many_failures_as_there_are_attempts_ask_for_an_operator() -> None:
    jobs = {"ticket": failing("TRANSIENT", times=3)}
    report = play(jobs=jobs, steps=[{"advance": "PT1H"}])

    assert report["state"] == "failed"
    assert [row["cause"] for row in report["incidents"]] == ["It answers 503."]
    mended = play(jobs=jobs, steps=[{"advance": "PT1H"}, {"retry": "ticket"}])
    assert (mended["incidents"], mended["visited"]["ticket"]) == ([], 1)


def test_a_permanent_failure_asks_for_an_operator_at_once() -> None:
    assert play(jobs={"ticket": failing("PERMANENT")}, steps=[])["state"] == "failed"


def test_an_environmental_failure_uses_up_no_attempt() -> None:
    report = play(jobs={"ticket": failing("ENVIRONMENTAL")}, steps=[])

    [row] = [row for row in report["story"] if row["kind"] == "attempt_failed"]
    assert row["facts"]["attempt"] == 0


def test_an_error_goes_where_the_model_has_drawn() -> None:
    report = play(jobs={"ticket": {"throws": {"error": "GONE"}}}, steps=[])

    assert report["state"] == "completed"
    assert report["visited"]["lost"] == 1


def test_the_clock_moves_to_the_deadline() -> None:
    waiting = play(steps=[])
    assert waiting["next_at"] == "2031-05-05T20:00:00+00:00"

    report = play(steps=[{"advance": "PT12H"}])
    assert report["visited"]["timed_out"] == 1
    assert report["now"] == "2031-05-05T20:00:00+00:00"


def test_calls_are_answered_one_at_a_time_where_that_is_asked() -> None:
    held = play(most_jobs=0, steps=[])

    assert held["visited"].get("ticket", 0) == 0
    assert held["next_job"]["inputs"] == {"method": "POST", "url": "https://itsm.example/api"}
    assert play(most_jobs=1, steps=[])["next_job"] is None


def test_what_was_expected_is_compared() -> None:
    went = play()
    expect = {name: went[name] for name in ("state", "waiting", "visited", "variables")}
    assert play(expect=expect)["differences"] == []

    other = play(expect=expect, jobs={"ticket": {"throws": {"error": "GONE"}}})
    assert [row["part"] for row in other["differences"]] == ["step"]
    late = play(expect=expect, steps=[{"advance": "PT12H"}])
    assert {(row["part"], row["key"]) for row in late["differences"]} == {
        ("visited", "gate"),
        ("visited", "done"),
        ("visited", "late"),
        ("visited", "timed_out"),
        ("variables", "mend"),
    }


def test_what_is_no_scenario_is_refused_in_words() -> None:
    unfit: list[Row] = [{"steps": [{"dance": 1}]}, {"at": "soon"}, {"jobs": []}]
    for wrong in (*unfit, {"steps": [{}] * 300}):
        with pytest.raises(ScenarioUnreadable):
            play(**wrong)


def test_a_sample_has_what_the_step_reads() -> None:
    [one] = samples.asked_of(parts()[trial.DRAFT].process)

    assert (one.key, one.job_type, one.errors) == ("ticket", "http:1", ("GONE",))
    assert one.sample["response"]["body"] == {"number": "sample"}
