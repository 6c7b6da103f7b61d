"""What the engine's API takes and answers: one plain shape per body, nothing that saves."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.serializers import StrictSerializer
from engine.forms.drawn import DrawnField, fields_of
from engine.models.attempts import Attempt
from engine.models.circuits import Circuit
from engine.models.incidents import Incident
from engine.models.instances import Instance
from engine.models.user_tasks import UserTask
from engine.queries.forms import here_and_now
from engine.queries.holds import HeldRun
from engine.queries.user_tasks import Ask
from engine.semantics import variables
from engine.steps import Step

SCHEMA = 1
Answer = dict[str, Any]

# --- bodies -----------------------------------------------------------------


class StartIn(StrictSerializer):
    """A new run; `process` is the key of a process of the unit in play."""

    process = serializers.CharField(max_length=60)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    business_key = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default=""
    )
    variables = serializers.DictField(required=False, default=dict)


class ReasonIn(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class CompleteIn(StrictSerializer):
    """What a person enters into a task, or decides at a gate."""

    variables = serializers.DictField(required=False, default=dict)
    decision = serializers.ChoiceField(choices=["approve", "reject"], required=False, default=None)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class MessageIn(StrictSerializer):
    """A message for one run of a process that waits for it."""

    process = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=200)
    correlation_key = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default=""
    )
    variables = serializers.DictField(required=False, default=dict)
    kept_for = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=30 * 24 * 3600,
        help_text="Seconds for which the message is kept where nobody waits for it yet.",
    )


# --- answers ----------------------------------------------------------------


class ProcessRefOut(serializers.Serializer[Any]):
    """A process by name."""

    key = serializers.CharField()
    name = serializers.CharField()


class RunRefOut(serializers.Serializer[Any]):
    """Where a run is."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    key = serializers.CharField()
    state = serializers.CharField()
    url = serializers.CharField()


class RunRowOut(RunRefOut):
    """One run of a list."""

    title = serializers.CharField()
    process = ProcessRefOut()
    version = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    started_by = serializers.CharField(allow_null=True)
    seq = serializers.IntegerField()


class RunListOut(serializers.Serializer[Any]):
    """One page of runs; `next` is the `before` of the page after."""

    schema = serializers.IntegerField()
    runs = RunRowOut(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    next = serializers.DateTimeField(allow_null=True)


class RunOut(RunRowOut):
    """One run with its story. Each step has seq, at and type; docs/api.md names the types."""

    model_url = serializers.CharField()
    steps = serializers.ListField(child=serializers.DictField())
    acts = serializers.ListField(child=serializers.CharField())


class UserTaskOut(serializers.Serializer[Any]):
    """One task of a person."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["gate", "task"])
    state = serializers.CharField()
    run = RunRefOut()
    since = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    quorum = serializers.IntegerField()


class AskOut(UserTaskOut):
    """One task with what it takes to do it."""

    fields_ = serializers.ListField(child=serializers.DictField(), source="fields")
    votes = serializers.ListField(child=serializers.DictField())
    why = serializers.CharField()
    refusal = serializers.CharField()


class InboxOut(serializers.Serializer[Any]):
    """What waits for a person, due first."""

    schema = serializers.IntegerField()
    user_tasks = UserTaskOut(many=True)


class IncidentOut(serializers.Serializer[Any]):
    """What keeps a run from going on."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    element = serializers.CharField()
    name = serializers.CharField()
    code = serializers.CharField()
    cause = serializers.CharField()
    raised_at = serializers.DateTimeField()
    run = RunRefOut()


class IncidentListOut(serializers.Serializer[Any]):
    """The open incidents of a unit."""

    schema = serializers.IntegerField()
    incidents = IncidentOut(many=True)


class CircuitOut(serializers.Serializer[Any]):
    """Whether a system is called: closed means that calls go through."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    job_type = serializers.CharField()
    target = serializers.CharField()
    state = serializers.ChoiceField(["closed", "open", "half_open"])
    since = serializers.DateTimeField()
    next_at = serializers.DateTimeField(allow_null=True)
    code = serializers.CharField()
    cause = serializers.CharField()
    failed_at = serializers.DateTimeField(allow_null=True)


class CircuitWaitedForOut(CircuitOut):
    """A circuit, with the number of jobs that wait for it."""

    waiting = serializers.IntegerField()


class CircuitListOut(serializers.Serializer[Any]):
    """The systems that failed runs of a unit."""

    schema = serializers.IntegerField()
    circuits = CircuitWaitedForOut(many=True)


class LineOut(serializers.Serializer[Any]):
    """What waits: ready now and since when, under a lease, later, or held by a circuit."""

    ready = serializers.IntegerField()
    oldest_seconds = serializers.FloatField()
    leased = serializers.IntegerField()
    later = serializers.IntegerField()
    held = serializers.IntegerField()


class DepthOut(LineOut):
    """One queue of work, whole and by kind."""

    zone = serializers.CharField()
    heard_seconds = serializers.FloatField(allow_null=True)
    kinds = serializers.DictField(child=LineOut())


class MetricsOut(serializers.Serializer[Any]):
    """How much waits in the installation, how late each part is, and who is at work."""

    schema = serializers.IntegerField()
    queues = serializers.DictField(child=DepthOut())
    runs = serializers.DictField(child=serializers.IntegerField())
    retries_waiting = serializers.IntegerField()
    held_by_circuits = serializers.IntegerField()
    circuits_open = serializers.IntegerField()
    lag_seconds = serializers.DictField(child=serializers.FloatField())
    sweepers = serializers.IntegerField()
    sealers = serializers.IntegerField()
    broker_reachable = serializers.BooleanField()


class AttemptOut(serializers.Serializer[Any]):
    """An attempt that brought no result; secrets are masked in request and answer."""

    id = serializers.UUIDField()
    element = serializers.CharField()
    attempt = serializers.IntegerField()
    at = serializers.DateTimeField()
    seconds = serializers.FloatField()
    worker = serializers.CharField()
    version = serializers.IntegerField()
    trace_id = serializers.CharField()
    job_type = serializers.CharField()
    target = serializers.CharField()
    kind = serializers.ChoiceField(["transient", "permanent", "environmental", "bpmn_error"])
    code = serializers.CharField()
    diagnosis = serializers.CharField()
    request = serializers.DictField()
    answer = serializers.DictField()


class AttemptListOut(serializers.Serializer[Any]):
    """The last attempts of a run, newest first."""

    schema = serializers.IntegerField()
    attempts = AttemptOut(many=True)


def circuit_row(circuit: Circuit) -> Answer:
    """Return a circuit."""
    names = ("job_type", "target", "since", "next_at", "code", "cause", "failed_at")
    values = {name: getattr(circuit, name) for name in names}
    return {"schema": SCHEMA, "id": circuit.pk, "state": circuit.state.lower(), **values}


def attempt_row(attempt: Attempt) -> Answer:
    """Return an attempt."""
    names = ("id", "element", "at", "worker", "version", "trace_id", "job_type", "target")
    said = ("code", "diagnosis", "request", "answer")
    return {
        **{name: getattr(attempt, name) for name in (*names, *said)},
        "attempt": attempt.number,
        "seconds": attempt.took / 1000,
        "kind": attempt.ending.lower(),
    }


def run_ref(run: Instance) -> Answer:
    """Return where a run is."""
    return {
        "schema": SCHEMA,
        "id": run.pk,
        "key": run.key,
        "state": run.state.lower(),
        "url": f"/runs/{run.pk}",
    }


def run_row(run: Instance) -> Answer:
    """Return a run as a list shows it."""
    return {
        **run_ref(run),
        "title": run.title,
        "process": {"key": run.process.key, "name": run.process.name},
        "version": run.deployment.number,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "started_by": run.started_by.name if run.started_by else None,
        "seq": run.seq,
    }


def run_answer(run: Instance, steps: list[Step], acts: list[str]) -> Answer:
    """Return a run with its story."""
    return {
        **run_row(run),
        "model_url": f"/api/v1/runs/{run.pk}/model",
        "steps": steps,
        "acts": [name.partition(".")[2] for name in acts],
    }


class HoldOut(serializers.Serializer[Any]):
    """A run that a restored backup has taken back; `run` is null where nothing of it is left."""

    id = serializers.UUIDField()
    run = RunRefOut(allow_null=True)
    events_kept = serializers.IntegerField()
    events_lost = serializers.IntegerField()
    last_seen_at = serializers.DateTimeField()


class HoldListOut(serializers.Serializer[Any]):
    """What is held."""

    schema = serializers.IntegerField()
    holds = HoldOut(many=True)


def hold_row(one: HeldRun) -> Answer:
    """Return a held run as a list shows it."""
    return {
        "id": one.hold.pk,
        "run": run_ref(one.run) if one.run else None,
        "events_kept": one.hold.kept_seq,
        "events_lost": one.hold.events_lost,
        "last_seen_at": one.hold.lost_at,
    }


def user_task_row(task: UserTask) -> Answer:
    """Return a task as a list shows it."""
    return {
        "schema": SCHEMA,
        "id": task.pk,
        "name": task.name,
        "kind": "gate" if task.is_gate else "task",
        "state": task.state.lower(),
        "run": run_ref(task.instance),
        "since": task.created_at,
        "due_at": task.due_at,
        "quorum": task.quorum,
    }


def ask_answer(ask: Ask) -> Answer:
    """Return a task with what it takes to do it."""
    return {
        **user_task_row(ask.task),
        "fields": [_field(one) for one in fields_of(ask.drawn(here_and_now()))],
        "votes": [
            {"person": vote.person, "verdict": vote.verdict, "at": vote.at} for vote in ask.votes
        ],
        "why": ask.why,
        "refusal": ask.refusal,
    }


def _field(one: DrawnField) -> Answer:
    field = one.part
    return {
        "key": one.key,
        "label": one.label,
        "type": field.type,
        "required": field.required,
        "readonly": one.is_shown_only,
        "value": variables.plain(one.raw, one.key),
        "choices": [{"value": each.value, "label": each.label} for each in one.choices],
    }


def incident_row(incident: Incident) -> Answer:
    """Return an incident."""
    return {
        "schema": SCHEMA,
        "id": incident.pk,
        "element": incident.element,
        "name": incident.name,
        "code": incident.code,
        "cause": incident.cause,
        "raised_at": incident.raised_at,
        "run": run_ref(incident.instance),
    }
