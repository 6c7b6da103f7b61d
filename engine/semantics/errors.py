"""What the machine refuses, and what stops a token.

A refusal (a Conflict, or an Invalid answer to a person) goes back to whoever asked. Anything
raised while a token moves becomes an incident, in `machine.py` and nowhere else.
"""

from __future__ import annotations

from common.errors import Conflict, DomainError, Invalid, Missing

_LONGEST_QUOTE = 100


class InvalidTransition(Conflict):
    """A token was asked to do what its status does not allow: a bug, never a user's mistake."""

    code = "engine.invalid_transition"
    title = "This step is not possible where the run stands now. Load the run again and look."


class RunFinished(Conflict):
    """Nothing can be asked of a run that has ended."""

    code = "engine.run_finished"
    title = "The run has already ended. Start a new run to do the work again."


class RunPaused(Conflict):
    """A paused run takes in results that would be lost otherwise, and nothing else."""

    code = "engine.run_paused"
    title = "The run is paused. Resume it, then try again."


class RunNotPaused(Conflict):
    """Only a paused run can be resumed."""

    code = "engine.run_not_paused"
    title = "The run is not paused. Load the run again and look."


class RunAlreadyStarted(Conflict):
    """An instance starts once."""

    code = "engine.run_already_started"
    title = "The run has already started. Load the run again and look."


class NoStartEvent(Invalid):
    """The process cannot begin where it was asked to."""

    code = "engine.no_start_event"
    title = "The process has no such start event. Add a none start event, or name one that exists."


class WorkGone(Missing):
    """The user task, job, timer, subscription or incident is no longer waiting."""

    code = "engine.work_gone"
    title = "This work is no longer waiting: it was done or cancelled. Load the run again and look."


class GenerationPassed(Conflict):
    """A result for an older generation of a job must not count."""

    code = "engine.generation_passed"
    title = "The result belongs to an earlier attempt at this work. Only the current one counts."


class TimerNotDue(Conflict):
    """A timer never fires early."""

    code = "engine.timer_not_due"
    title = "The timer is not due yet. Wait until its due time."


class AlreadyVoted(Conflict):
    """Each person has one vote at a gate."""

    code = "engine.already_voted"
    title = "You have already voted at this gate. Another person must cast the next vote."


class DecisionUnreadable(Invalid):
    """A gate takes approve or reject; another user task takes no decision at all."""

    code = "engine.decision_unreadable"
    title = "A gate is completed with the decision approve or reject, another task without one."


class DecisionReserved(Invalid):
    """Only the gate's own vote writes what a gate decided."""

    code = "engine.decision_reserved"
    title = (
        "Only the vote at a gate sets {name}. Leave it out, or send it under another name that the "
        "process reads."
    )


class PersonMissing(Invalid):
    """Work of people is completed by a person."""

    code = "engine.person_missing"
    title = "A user task is completed by a person. Sign in as a person and try again."


class JobFailed(Conflict):
    """What the incident of a job says; the cause is the connector's own words."""

    code = "engine.job_failed"
    title = "The work failed and is not tried again by itself. Correct what the cause names, retry."


class ValueTooLarge(Invalid):
    """A step would write more into one variable than a variable may hold."""

    code = "engine.value_too_large"
    title = (
        "{step} would write {size} bytes into {name}, more than the {limit} that a variable may "
        "hold. Let it keep less, or where the data lies; or raise VARIABLE_BYTES. Then retry."
    )


class NoOutgoingFlow(Invalid):
    """No condition holds and there is no default flow."""

    code = "engine.no_outgoing_flow"
    title = "No outgoing flow of {element} holds. Correct the variables, or give it a default flow."


class ConditionUnreadable(Invalid):
    """A condition must be true or false: guessing could send an approval the wrong way."""

    code = "engine.condition_unreadable"
    title = (
        "The condition on {flow} is neither true nor false. "
        "Correct the variables it reads, or its expression. {warnings}"
    )


class ValueUnusable(Invalid):
    """An expression gave a value that cannot be kept or used where it stands.

    The text names the kind of value and never the value: incidents are read by more people.
    """

    code = "engine.value_unusable"
    title = "{expression} gives {kind}, where {wanted} is needed. Correct it, or what it reads."


class TimerUnreadable(Invalid):
    """Neither ISO 8601 nor an expression that yields it."""

    code = "engine.timer_unreadable"
    title = (
        "The timer {text} cannot be read, or leads past the year 9998. Write an ISO 8601 date and "
        "time with its zone, a duration such as PT15M, or a cycle such as R3/PT1H."
    )

    def __init__(self, *, text: object) -> None:
        # It may come out of somebody's variables, as long as those may be.
        super().__init__(text=str(text)[:_LONGEST_QUOTE])


class ErrorUncaught(Invalid):
    """Nothing around the place where an error was thrown catches it."""

    code = "engine.error_uncaught"
    title = (
        "Nothing catches the error {error} of {element}. Correct its cause and retry, or publish "
        "a version that catches it. {message}"
    )


class CallUnanswered(Conflict):
    """What the incident of a call activity says; the cause tells why there is no run."""

    code = "engine.call_unanswered"
    title = "The called process could not run. Correct what the cause names, then retry."


class DecisionUnavailable(Invalid):
    """Whoever runs the process makes no decisions."""

    code = "engine.decision_unavailable"
    title = (
        "This version came without decision files, and {decision} is asked for. Publish a version "
        "with the file, and start again on that."
    )


class LinkMissing(Invalid):
    """A link event throws where nothing catches."""

    code = "engine.link_missing"
    title = "No link event catches {name}, which {element} throws. Publish a version with one."


class NodeUnsupported(Invalid):
    """The model was published with an element that this engine cannot run."""

    code = "engine.node_unsupported"
    title = "The engine cannot run {element} ({kind}). Publish a version without it."


class RunRunaway(Conflict):
    """The run goes on and on without anything from outside."""

    code = "engine.run_runaway"
    title = (
        "The run took {transitions} steps without a person, message, timer or answer in between. "
        "Correct the loop, then retry."
    )


class TooManyTokens(Conflict):
    """The run splits more often than it joins."""

    code = "engine.too_many_tokens"
    title = "The run would hold more than {limit} tokens at once. Join its branches, then retry."


class ScopeNotLoaded(Exception):
    """A step must read every token of a scope, and not all were loaded.

    No refusal and no incident: nothing of the command is kept. Load the scope whole, with all that
    is inside, and ask again.
    """

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


def told(error: DomainError) -> str:
    """Return what an error says, as the cause of an incident."""
    return error.title.format(**error.context).strip()
