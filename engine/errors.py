"""What the engine's shell refuses. What the machine refuses is in `engine.semantics.errors`."""

from __future__ import annotations

from common.errors import Conflict, Invalid, Transient


class NothingDeployed(Conflict):
    """The process has no version in the engine."""

    code = "engine.nothing_deployed"
    title = "No version of {process} has been published. Publish one, then start the run."


class NotDeployable(Invalid):
    """The file is no model that could run, or not the one that was approved."""

    code = "engine.not_deployable"
    title = "This version cannot be placed in the engine: {reason}"


class RequestDiffers(Invalid):
    """An Idempotency-Key was used before for another request."""

    code = "engine.request_differs"
    title = "This Idempotency-Key was used for another request. Choose a new one for a new request."


class FormIncomplete(Invalid):
    """What a form holds is not what its task asks for; `errors` names each field."""

    code = "engine.form_incomplete"
    title = "Some fields of the form are missing or wrong. Correct those that are named."


class ReasonMissing(Invalid):
    """An act that others will ask about needs its reason."""

    code = "engine.reason_missing"
    title = "Say why in a few words: others will read it."


class UserTaskTaken(Conflict):
    """Somebody else has claimed the work."""

    code = "engine.user_task_taken"
    title = "{who} has claimed this task. Ask them, or choose another one."


class NotClaimed(Conflict):
    """Only who has the work can give it back."""

    code = "engine.not_claimed"
    title = "You do not have this task. Load the page again and look who has."


class NobodyElse(Conflict):
    """Work given back would be offered to nobody, and wait for ever."""

    code = "engine.nobody_else"
    title = "This task was given to you alone. Complete it, or ask the owner of the process."


class GateShared(Conflict):
    """A gate is nobody's own: a claim would hide it from the others who may decide."""

    code = "engine.gate_shared"
    title = "A gate belongs to everybody who may decide. Vote instead of claiming it."


class MessageKeyTaken(Conflict):
    """Of one process and key, one run that a message began is active at a time."""

    code = "engine.message_key_taken"
    title = (
        "A run of {process} that a message with the key {key} began is still active. Wait until it "
        "ends, or send the message with a time for which it is kept."
    )


class MessageUnawaited(Conflict):
    """No run waits for the message."""

    code = "engine.message_unawaited"
    title = (
        "No run of {process} waits for the message “{name}” with this key. "
        "Look at its runs, then send it again."
    )


class CalledUnknown(Conflict):
    """A call activity names a process of which no version that it means is released."""

    code = "engine.called_unknown"
    title = (
        "No version of the process “{called}”{which} is released. Publish one, or correct the "
        "call activity, then retry."
    )


class TooManyStarts(Transient):
    """The unit has begun as many runs within a minute as its limits allow."""

    code = "engine.too_many_starts"
    title = (
        "{unit} has started {limit} runs within a minute, as many as it may. Try again in "
        "{retry_after} s, or ask an admin of the unit for more."
    )
    status = 429
    members = ("retry_after",)


class TooManyRuns(Transient):
    """The unit has as many runs alive as its limits allow."""

    code = "engine.too_many_runs"
    title = (
        "{unit} has {limit} runs that have not ended, as many as it may. Wait until one ends, or "
        "ask an admin of the unit for more."
    )
    status = 429
    members = ("retry_after",)


class PayloadTooLarge(Invalid):
    """What is to come into a run at once is larger than the unit's limits allow."""

    code = "engine.payload_too_large"
    title = (
        "These values are {size} bytes as JSON, more than the {limit} that may come into a run at "
        "once. Send less, or a reference to where it lies."
    )
    status = 413


class ValueDamaged(Conflict):
    """A value that is kept apart from its row is gone, or is another."""

    code = "engine.value_damaged"
    title = (
        "A value of {size} bytes that the run keeps is missing or was altered. Take it from a "
        "backup, then retry."
    )


class AnswerTooLarge(Invalid):
    """What a connector or a script brings back is larger than a step's answer may be."""

    code = "engine.answer_too_large"
    title = (
        "The step was answered with {size} bytes as JSON, more than the {limit} that it may bring "
        "back. Ask for less, or for where the data lies; or raise ANSWER_BYTES. Then retry."
    )


class CallTooDeep(Conflict):
    """Calls within calls have gone as deep as they may: most likely a process calls itself."""

    code = "engine.call_too_deep"
    title = "Calls are nested {depth} deep, the most that is allowed. End the circle of calls."


class LeaseLost(Conflict):
    """The worker's lease has ended, so another one may be at the work: its result does not count.

    The idempotency key makes both of them one effect.
    """

    code = "engine.lease_lost"
    title = "Another worker has taken over this work. Nothing was changed."


class WorkerLost(Conflict):
    """Every worker that took the job died while it was at it."""

    code = "engine.worker_lost"
    title = (
        "The worker ended {starts} times during this work. Look at its log and correct the cause, "
        "then retry."
    )


class CircuitClosed(Conflict):
    """There is nothing to close."""

    code = "engine.circuit_closed"
    title = "The circuit of {target} is closed already: calls go through. Load the page again."


class RunBusy(Transient):
    """Another step of the run takes longer than we wait."""

    code = "engine.run_busy"
    title = "The run is busy with another step. Try again in a moment."


class RunHeld(Transient):
    """A restore lost part of the run's journal; what is for it waits until it is released."""

    code = "engine.run_held"
    title = (
        "The run is held: a backup was restored, and the run had gone on after it. Compare it with "
        "the target systems, then release it or cancel it."
    )


class RunNotHeld(Conflict):
    """Somebody else has released it, or it was never held."""

    code = "engine.run_not_held"
    title = "The run is not held any more. Load the page again."


class NewerJournal(Transient):
    """Another release of the product wrote this; whoever knows it must go on."""

    code = "engine.newer_journal"
    title = "A newer release of Interlock wrote “{type}” (schema {schema}). Update this one."


class RunUnreadable(Conflict):
    """What is stored cannot be run on."""

    code = "engine.run_unreadable"
    title = "The run cannot go on: {reason} Ask whoever runs this installation."


class CrashRefused(Conflict):
    """Crash points are armed, in production."""

    code = "engine.crash_refused"
    title = (
        "Workers are killed on purpose in fault tests only, which production refuses. "
        "Run them where DJANGO_SETTINGS_MODULE is not config.settings.production."
    )


class UnknownBeginning(Conflict):
    """A journal of an early release, and no row of its run: nothing says how the run began."""

    code = "engine.unknown_beginning"
    title = (
        "The journal of run {run} was begun by a release that did not write down its version and "
        "number, and its row is gone. Restore the row from a backup, then rebuild."
    )


class JournalBroken(Conflict):
    """Rows of a journal are missing or were altered: what it gives is not what happened."""

    code = "engine.journal_broken"
    title = (
        "Nothing can be rebuilt from the journal of run {run}: {detail} "
        "Take the journal from a backup."
    )


class RehearsalRefused(Conflict):
    """Scenarios are played on the real tables, in production."""

    code = "engine.rehearsal_refused"
    title = (
        "Scenarios stop the engine's clock, which production refuses. "
        "Play them where DJANGO_SETTINGS_MODULE is not config.settings.production."
    )


class ClockShifted(Conflict):
    """Simulation where there must be none."""

    code = "engine.clock_shifted"
    title = (
        "The database's clock is shifted for a simulation, which production refuses. "
        "Remove interlock.clock_shift from the settings of the database and its roles."
    )
