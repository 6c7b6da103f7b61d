"""Who is acting, and on which request: known everywhere below a request, a message or a job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a machine that acts.

    `person_id` is what rule 1 counts; `account_id` is the sign-in that was used. An automation
    has neither and is named after the part of the product it is.
    """

    name: str
    kind: str = "HUMAN"
    person_id: UUID | None = None
    account_id: UUID | None = None

    @property
    def is_human(self) -> bool:
        """Tell whether a person stands behind the act."""
        return self.kind == "HUMAN"

    @property
    def person(self) -> UUID:
        """Return the person who acts, for acts that only a person can do.

        Raises:
            PermissionError: a part of the product tried one.
        """
        if self.person_id is None:
            raise PermissionError(f"{self.name} is no person")
        return self.person_id


def automation(name: str) -> Actor:
    """Return the actor for a part of the product that acts by itself, such as `sweeper`."""
    return Actor(name=name, kind="AUTOMATION")


@dataclass(frozen=True, slots=True)
class Scene:
    """What every log line and audit entry below carries."""

    request_id: str = ""
    actor: Actor | None = None
    unit_id: UUID | None = None
    instance_id: UUID | None = None
    job_id: UUID | None = None


_scene: ContextVar[Scene] = ContextVar("scene", default=Scene())  # noqa: B039  (frozen)


def current() -> Scene:
    """Return the scene in which the caller runs."""
    return _scene.get()


@contextmanager
def scene(value: Scene) -> Iterator[Scene]:
    """Run the block in the given scene and restore the one before."""
    token = _scene.set(value)
    try:
        yield value
    finally:
        _scene.reset(token)
