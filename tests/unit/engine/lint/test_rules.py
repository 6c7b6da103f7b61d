"""Each rule finds what it is for, leaves alone what is well, and weighs what was set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.bpmn import validation
from engine.lint import BY_CODE, RULES, TEXTS, Facts, Level, Setting, judged
from engine.problems import Problem
from tests.support.drawings import drawing, extended, line

ROOT = Path(__file__).resolve().parents[4]
WELL = Facts(
    tags=("change",),
    backup_owner=True,
    gone=(),
    groups={"cab": frozenset({"ana", "ben", "cy"}), "solo": frozenset({"ana"})},
    persons={"dan@example.org": "dan"},
    authors=frozenset({"cy"}),
)
ON = {rule.code: replace(Setting.usual(rule), level=Level.WARNING) for rule in RULES}


def found(
    body: str, facts: Facts = WELL, settings: dict[str, Setting] | None = None
) -> list[Problem]:
    data = drawing(body)
    return judged(data, facts, ON | (settings or {}), validation.problems(data))


def codes(body: str, facts: Facts = WELL, settings: dict[str, Setting] | None = None) -> set[str]:
    return {one.code for one in found(body, facts, settings)} & BY_CODE.keys()


def only(code: str, told: list[Problem]) -> Problem:
    (one,) = [one for one in told if one.code == code]
    return one


def called(source: str, target: str = "url") -> str:
    """Return a service task with one input, and a way to go when it fails."""
    mapping = (
        f"<zeebe:ioMapping><zeebe:input source='{source}' target='{target}'/></zeebe:ioMapping>"
    )
    task = extended("serviceTask", f'<zeebe:taskDefinition type="http:1"/>{mapping}')
    return line(task) + event("error", "<errorEventDefinition/>", "Failed")


def event(name: str, definition: str, words: str, attributes: str = "") -> str:
    return (
        f'<boundaryEvent id="{name}" name="{words}" attachedToRef="step" {attributes}>{definition}'
        f'</boundaryEvent><sequenceFlow id="{name}_end" sourceRef="{name}" targetRef="end"/>'
    )


HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def gate(quorum: int = 2, groups: str = "cab", outputs: str = "") -> str:
    return extended(
        "userTask",
        f'<zeebe:assignmentDefinition candidateGroups="{groups}"/>{outputs}'
        f'<interlock:gate quorum="{quorum}"/>',
    )


def decided(late: str, *, after: str = "", condition: str = 'decision = "approve"') -> str:
    """Return a gate, its decision and both ways; `late` is what its time limit leads to."""
    return (
        f'<startEvent id="start"/>{gate()}<exclusiveGateway id="d" name="Approved?" default="no"/>'
        '<userTask id="do" name="Do it"><extensionElements><zeebe:assignmentDefinition '
        'assignee="a"/></extensionElements></userTask>'
        f'<endEvent id="end"/><endEvent id="refused"/>{after}'
        '<sequenceFlow id="f1" sourceRef="start" targetRef="step"/>'
        '<sequenceFlow id="f2" sourceRef="step" targetRef="d"/>'
        f'<sequenceFlow id="yes" name="yes" sourceRef="d" targetRef="do"><conditionExpression>='
        f"{condition}</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="no" sourceRef="d" targetRef="refused"/>'
        '<sequenceFlow id="f3" sourceRef="do" targetRef="end"/>'
        f'<boundaryEvent id="late" name="Late" attachedToRef="step">{HOUR}</boundaryEvent>'
        f'<sequenceFlow id="f4" sourceRef="late" targetRef="{late}"/>'
    )


SPLIT = (
    '<startEvent id="start"/><{split} id="s" name="Which?"/><task id="a" name="A"/>'
    '<task id="b" name="B"/><{join} id="j"/><endEvent id="end"/>'
    '<sequenceFlow id="f1" sourceRef="start" targetRef="s"/>'
    '<sequenceFlow id="f2" name="a" sourceRef="s" targetRef="a"/>'
    '<sequenceFlow id="f3" name="b" sourceRef="s" targetRef="b"/>'
    '<sequenceFlow id="f4" sourceRef="a" targetRef="j"/>'
    '<sequenceFlow id="f5" sourceRef="b" targetRef="j"/>'
    '<sequenceFlow id="f6" sourceRef="j" targetRef="end"/>'
)
XOR, AND = "exclusiveGateway", "parallelGateway"
LOOP = (
    '<startEvent id="start"/><exclusiveGateway id="m"/><manualTask id="t" name="T"/>'
    '<sequenceFlow id="f1" sourceRef="start" targetRef="m"/>'
    '<sequenceFlow id="f2" sourceRef="m" targetRef="t"/>'
    '<sequenceFlow id="f3" sourceRef="t" targetRef="m"/>'
)
FAILING = (
    '<startEvent id="start"/><subProcess id="step" name="Try"><startEvent id="is"/><endEvent id='
    '"ie"><errorEventDefinition/></endEvent><sequenceFlow id="if" sourceRef="is" targetRef="ie"/>'
    '</subProcess><endEvent id="end"/><task id="after" name="After"/>'
    '<sequenceFlow id="f1" sourceRef="start" targetRef="step"/>'
    '<sequenceFlow id="f2" sourceRef="step" targetRef="after"/>'
    '<sequenceFlow id="f3" sourceRef="after" targetRef="end"/>'
) + event("error", "<errorEventDefinition/>", "Failed")
MANY = line(*(f'<task id="t{at}" name="T{at}"/>' for at in range(60)))
NESTED = "".join(
    f'<exclusiveGateway id="g{at}" name="Q{at}?"/>'
    f'<sequenceFlow id="on{at}" name="y" sourceRef="g{at}" targetRef="g{at + 1}"/>'
    f'<sequenceFlow id="off{at}" name="n" sourceRef="g{at}" targetRef="end"/>'
    for at in range(6)
)

CASES: dict[str, tuple[str, str]] = {
    "step_unnamed": (line('<task id="t"/>'), line('<task id="t" name="Pack"/>')),
    "name_too_long": (
        line(f'<task id="t" name="{"very " * 20}long"/>'),
        line('<task id="t" name="Short"/>'),
    ),
    "name_twice": (
        line('<task id="t" name="Pack"/>', '<task id="u" name="pack "/>'),
        line('<task id="t" name="Pack"/>', '<task id="u" name="Send"/>'),
    ),
    "choice_unlabelled": (
        SPLIT.replace(' name="a"', "").format(split=XOR, join=XOR),
        SPLIT.format(split=XOR, join=XOR),
    ),
    "gate_timeout_approves": (decided("do"), decided("refused")),
    "gate_quorum_unreachable": (line(gate(3)), line(gate(2))),
    "gate_escalation_missing": (
        line(gate()),
        line(gate()) + event("late", HOUR, "Late", 'cancelActivity="false"'),
    ),
    "exception_path_missing": (
        line(extended("serviceTask", '<zeebe:taskDefinition type="http:1"/>')),
        called('="x"', "body"),
    ),
    "secret_written": (called('="hunter22"', "password"), called("=secret.mail", "password")),
    "host_written": (
        called('="https://tickets.example.org/api"'),
        called('=connection.itsm + "/api"'),
    ),
    "address_written": (called('="10.1.2.3"', "target"), called("=host", "target")),
    "deadlock": (SPLIT.format(split=XOR, join=AND), SPLIT.format(split=AND, join=AND)),
    "synchronisation_missing": (
        SPLIT.format(split=AND, join=XOR),
        SPLIT.format(split=XOR, join=XOR),
    ),
    "end_never_reached": (LOOP, line('<task id="t" name="T"/>')),
    "step_never_reached": (
        FAILING,
        FAILING.replace("<errorEventDefinition/></endEvent>", "</endEvent>"),
    ),
    "unreachable": (
        line('<task id="t" name="T"/>') + '<task id="lost" name="Lost"/>',
        line('<task id="t" name="T"/>'),
    ),
    "too_many_steps": (MANY, line('<task id="t" name="T"/>')),
    "control_flow_complex": (
        SPLIT.format(split="inclusiveGateway", join="inclusiveGateway").replace(
            '<sequenceFlow id="f2"',
            "".join(
                f'<sequenceFlow id="x{at}" name="{at}" sourceRef="s" targetRef="a"/>'
                for at in range(4)
            )
            + '<sequenceFlow id="f2"',
        ),
        SPLIT.format(split="inclusiveGateway", join="inclusiveGateway"),
    ),
    "nested_deep": (
        '<startEvent id="start"/><sequenceFlow id="in" sourceRef="start" targetRef="g0"/>'
        + NESTED
        + '<task id="g6" name="Deep"/><endEvent id="end"/>',
        line('<task id="t" name="T"/>'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_rule_finds_what_it_is_for_and_leaves_alone_what_is_well(code: str) -> None:
    wrong, well = CASES[code]

    assert code in codes(wrong)
    assert code not in codes(well)


PEOPLE: dict[str, Facts] = {
    "tags_missing": replace(WELL, tags=()),
    "backup_owner_missing": replace(WELL, backup_owner=False),
    "owner_gone": replace(WELL, gone=("Ana Silva",)),
}


@pytest.mark.parametrize("code", sorted(PEOPLE))
def test_a_rule_about_people_asks_the_facts(code: str) -> None:
    well = line('<task id="t" name="T"/>')

    assert codes(well, PEOPLE[code]) == {code}
    assert codes(well) == set()


def test_every_rule_has_a_case_words_and_a_section_in_the_documentation() -> None:
    of_the_validator, of_the_bound = {"unreachable"}, {"soundness_unsettled"}
    assert set(CASES) | set(PEOPLE) | of_the_bound == set(BY_CODE)
    assert set(TEXTS) == set(BY_CODE) - of_the_validator
    page = (ROOT / "docs" / "problems.md").read_text()
    assert {f"## {code}" for code in BY_CODE} <= set(page.splitlines())


def test_a_rule_weighs_what_was_set_for_it() -> None:
    body = CASES["step_unnamed"][0]

    def severity(level: Level) -> list[str]:
        told = found(body, settings={"step_unnamed": Setting(level)})
        return [one.severity for one in told if one.code == "step_unnamed"]

    assert severity(Level.ERROR) == ["error"]
    assert severity(Level.HINT) == ["hint"]
    assert severity(Level.OFF) == []


def test_a_warning_of_the_validator_can_be_made_to_block_or_be_left_out() -> None:
    body = CASES["unreachable"][0]

    blocking = found(body, settings={"unreachable": Setting(Level.ERROR)})
    assert only("unreachable", blocking).severity == "error"
    assert "unreachable" not in codes(body, settings={"unreachable": Setting(Level.OFF)})


def test_no_setting_makes_a_model_run_that_cannot() -> None:
    unreadable = drawing(line('<scriptTask id="t" name="T"><script>1 +</script></scriptTask>'))
    off = {code: Setting(Level.OFF) for code in BY_CODE}

    told = judged(unreadable, WELL, off, validation.problems(unreadable))

    assert {one.severity for one in told if one.severity == "error"} == {"error"}


def test_a_limit_is_the_one_that_was_set() -> None:
    setting = {"too_many_steps": Setting(Level.WARNING, 100)}

    assert "too_many_steps" not in codes(MANY, settings=setting)
    assert "62" in only("too_many_steps", found(MANY)).message


# Gates


def test_a_quorum_counts_persons_once_and_never_who_wrote_the_process() -> None:
    told = only("gate_quorum_unreachable", found(line(gate(3, "cab, solo"))))

    assert told.severity == "warning"
    assert told.mend == {"do": "quorum", "to": "2"}
    named = gate(3).replace("candidateGroups=", 'candidateUsers="dan@example.org" candidateGroups=')
    assert "gate_quorum_unreachable" not in codes(line(named))


def test_whom_a_variable_names_is_not_known_before() -> None:
    assert "gate_quorum_unreachable" not in codes(line(gate(9, "=team")))


def test_a_time_out_that_joins_before_the_decision_is_judged_by_its_default() -> None:
    assert "gate_timeout_approves" not in codes(decided("d"))
    granted = decided("d", condition='decision = "reject"')
    assert "gate_timeout_approves" in codes(granted)


def test_a_time_out_that_writes_the_approval_approves() -> None:
    writes = (
        '<scriptTask id="w" name="Take it as granted"><extensionElements><zeebe:script '
        'expression="=&quot;approve&quot;" resultVariable="decision"/></extensionElements>'
        '</scriptTask><sequenceFlow id="f5" sourceRef="w" targetRef="d"/>'
    )

    assert "gate_timeout_approves" in codes(decided("w", after=writes))


def test_a_time_out_that_leads_to_another_gate_is_an_escalation() -> None:
    other = gate().replace('id="step"', 'id="boss"')
    other += '<sequenceFlow id="f5" sourceRef="boss" targetRef="do"/>'

    assert "gate_timeout_approves" not in codes(decided("boss", after=other))


def test_a_time_out_can_be_led_to_where_a_rejection_leads() -> None:
    told = only("gate_timeout_approves", found(decided("do")))

    assert told.element == "late"
    assert told.mend == {"do": "reconnect", "flow": "f4", "to": "refused"}


# Texts


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ('="ghp_' + "a1" * 18 + '"', "body"),
        ('={"Authorization": "Bearer abcdefghijklmnop0123"}', "headers"),
        ('={api_key: "s3cr3t-value"}', "body"),
        ('="https://ana:geheim@host/"', "url"),
        ('="eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz"', "body"),
        ('="AKIA' + "A1B2" * 4 + '"', "body"),
        ('="-----BEGIN RSA PRIVATE KEY-----"', "body"),
    ],
)
def test_a_secret_is_found_and_never_repeated(source: str, target: str) -> None:
    told = only("secret_written", found(called(source, target)))

    assert told.element == "step"
    written = source.strip('="{}').split(": ")[-1].strip('"')
    assert written not in told.message


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("=secret.itsm", "token"),
        ("={token: secret.itsm}", "body"),
        ('="The password was changed: tell the person"', "text"),
        ('={action: "reset_password", target: person}', "body"),
    ],
)
def test_what_only_speaks_of_a_secret_is_none(source: str, target: str) -> None:
    assert "secret_written" not in codes(called(source, target))


def test_what_an_admin_allows_may_be_written() -> None:
    body = called('="https://status.example.org/api"')
    allowed = {"host_written": Setting(Level.WARNING, allowed=("example.org",))}

    assert "host_written" not in codes(body, settings=allowed)
    other = called('="https://notexample.org/api"')
    assert "host_written" in codes(other, settings=allowed)


def test_a_version_is_no_address() -> None:
    assert "address_written" not in codes(called('="release 1.2.3 of 2026.11.21.4"', "body"))


# Soundness


def test_a_deadlock_is_shown_by_tokens_and_mended_by_another_join() -> None:
    told = only("deadlock", found(CASES["deadlock"][0]))

    assert told.element == "j"
    assert len(told.tokens) == 1
    assert told.path[0] == "start"
    assert told.mend == {"do": "gateway", "kind": "exclusive"}


def test_a_missing_join_is_mended_by_one_that_waits() -> None:
    told = only("synchronisation_missing", found(CASES["synchronisation_missing"][0]))

    assert told.tokens == ("f6", "f6")
    assert told.mend == {"do": "gateway", "kind": "parallel"}


def test_more_states_than_the_limit_are_said() -> None:
    few = {"soundness_unsettled": Setting(Level.HINT, 1)}

    told = only("soundness_unsettled", found(CASES["deadlock"][0], settings=few))

    assert "more than 1 states" in told.message


def test_a_large_level_can_be_extracted_from() -> None:
    assert only("too_many_steps", found(MANY)).mend == {"do": "extract", "level": ""}
