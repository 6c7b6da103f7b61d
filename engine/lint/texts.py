"""The words for what the rules find, by code; docs/problems.md says more of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.problems import Text

TEXTS: Final[Mapping[str, Text]] = {
    "address_written": Text(
        "The {what} of {it} holds the address {found}.",
        "Read it from a variable or a connection, so that it can change without a new version.",
    ),
    "backup_owner_missing": Text(
        "The process has no backup owner, so nobody answers for it while its owner is away.",
        "Name a backup owner in the entry of the process.",
    ),
    "choice_unlabelled": Text(
        "{it} leaves {gateway} without saying when it is taken.",
        "Give it a short name, such as “yes” or “too late”.",
    ),
    "control_flow_complex": Text(
        "{it} has a control-flow complexity of {count}; at most {limit} is wanted.",
        "Put a part of it into a sub-process, or decide by a decision table.",
    ),
    "deadlock": Text(
        "A run can get stuck at {it}: it waits for {missing}, where nothing can come any more.",
        "Join the paths the way they were split, or lead the one that comes past the join.",
    ),
    "end_never_reached": Text(
        "Once a run has come to {it}, it can never end.",
        "Draw a way out of the loop, or an event that ends it.",
    ),
    "exception_path_missing": Text(
        "{it} calls outside, and nothing says what happens when that fails for good.",
        "Draw an error event at its edge, and the way to go then.",
    ),
    "gate_escalation_missing": Text(
        "{it} waits for a decision as long as it takes, and nobody is told.",
        "Draw a time limit at its edge that tells somebody; it must not approve.",
    ),
    "gate_quorum_unreachable": Text(
        "{it} needs {quorum} approvals, and only {count} of those it is offered to could give one.",
        "Lower the quorum, or offer it to more people. Whoever wrote the process does not count.",
    ),
    "gate_timeout_approves": Text(
        "When {it} happens at {gate}, the run goes on as if it had been approved.",
        "Lead it to where a rejection leads, or tell somebody and go on waiting.",
    ),
    "host_written": Text(
        "The {what} of {it} holds the host {found}.",
        "Name a connection instead, such as connection.itsm: an admin allows and changes it.",
    ),
    "name_too_long": Text(
        "The name of {it} is {count} characters long; at most {limit} are wanted.",
        "Say it in a few words, and the rest in its documentation.",
    ),
    "name_twice": Text(
        "{it} is called like {count} other steps beside it.",
        "Say what is different about each.",
    ),
    "nested_deep": Text(
        "{it} has steps inside of {count} splits; at most {limit} are wanted.",
        "Put what is inside into a sub-process, or join the paths earlier.",
    ),
    "owner_gone": Text(
        "{names} answers for the process and is not active in this unit any more.",
        "Name somebody else in the entry of the process.",
    ),
    "secret_written": Text(
        "The {what} of {it} holds what looks like a secret ({kind_found}).",
        "Take it out and change it where it is used: whoever could read the model has seen it.",
    ),
    "soundness_unsettled": Text(
        "{it} has more than {limit:,} states; whether a run can get stuck was not settled.",
        "Put parallel parts into sub-processes: each is looked at by itself.",
    ),
    "step_never_reached": Text(
        "A path leads to {it}, and no run ever comes there.",
        "Look at what is before it, or remove it.",
    ),
    "step_unnamed": Text(
        "{it} does not say what it is for.",
        "Give it a name: a verb and what it is done to, or the question that is decided.",
    ),
    "synchronisation_missing": Text(
        "Two tokens can come to {it} side by side: what follows is done twice.",
        "Wait for both: join the paths with the kind of gateway that split them.",
    ),
    "tags_missing": Text(
        "The process has no tag by which it would be found.",
        "Give it a tag in its entry.",
    ),
    "too_many_steps": Text(
        "{it} shows {count} steps, events and gateways; at most {limit} are wanted.",
        "Put a part with one way in and one way out into a sub-process.",
    ),
}
