"""The states of a draft: everything it was in the last 30 days, and what changed from one on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.context import Actor
from designer.models.drafts import Draft, DraftState, Stage
from designer.queries import models
from governance import access

PAGE = 25
_MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One state in a list: the first sentences of what it changed, and how many more there are."""

    state: DraftState
    sentences: tuple[str, ...]
    more: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class StatesView:
    """One page of a draft's states, the newest first."""

    draft: Draft
    rows: list[Row]
    page: int
    has_older: bool


@dataclass(frozen=True, slots=True)
class StateView:
    """One state: what it changed, and what having it back would change of the draft as it is."""

    draft: Draft
    state: DraftState
    changes: list[dict[str, Any]]
    back: list[dict[str, Any]]
    is_current: bool
    may_restore: bool


def list_states(*, actor: Actor, draft_id: UUID, page: int = 1) -> StatesView:
    """Return a page of the states of a draft; pages count from 1.

    Raises:
        Draft.DoesNotExist, NotFound: there is none that the actor may see.
    """
    draft = _draft(actor, draft_id)
    first = (max(page, 1) - 1) * PAGE
    ordered = draft.states.select_related("saved_by").order_by("-saved_at", "-id")
    found = list(ordered[first : first + PAGE + 1])
    rows = [_row(draft, state, _before(draft, state)) for state in found[:PAGE]]
    return StatesView(draft, rows, max(page, 1), has_older=len(found) > PAGE)


def get_state(*, actor: Actor, draft_id: UUID, state_id: UUID) -> StateView:
    """Return one state of a draft.

    Raises:
        Draft.DoesNotExist, DraftState.DoesNotExist, NotFound: there is none the actor may see.
    """
    draft = _draft(actor, draft_id)
    state = draft.states.select_related("saved_by").get(pk=state_id)
    may = draft.stage != Stage.PUBLISHED
    return StateView(
        draft=draft,
        state=state,
        changes=_changes(_before(draft, state), state),
        back=models.changes_between(bytes(draft.xml), bytes(state.xml)),
        is_current=_is_current(draft, state),
        may_restore=may and access.may("draft.edit", actor=actor, subject=draft),
    )


def _draft(actor: Actor, draft_id: UUID) -> Draft:
    draft = Draft.objects.select_related("process").get(pk=draft_id)
    access.require("draft.view", actor=actor, subject=draft)
    return draft


def _is_current(draft: Draft, state: DraftState) -> bool:
    return state.revision == draft.revision and not state.is_aside


def _before(draft: Draft, state: DraftState) -> DraftState | None:
    """Return the state it came from: of one set aside the one its edits began from."""
    earlier = state.revision if state.is_aside else state.revision - 1
    return draft.states.filter(revision=earlier, is_aside=False).first()


def _row(draft: Draft, state: DraftState, before: DraftState | None) -> Row:
    told = [change["sentence"] for change in _told(_changes(before, state))]
    return Row(
        state=state,
        sentences=tuple(told[:_MOST_SENTENCES]),
        more=max(0, len(told) - _MOST_SENTENCES),
        is_current=_is_current(draft, state),
    )


def _changes(before: DraftState | None, state: DraftState) -> list[dict[str, Any]]:
    return models.changes_between(bytes(before.xml) if before else None, bytes(state.xml))


def _told(changes: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Return what was changed but where things lie; only that where there is nothing else."""
    return [change for change in changes if change["group"] != "layout"] or changes
