"""What governance refuses."""

from __future__ import annotations

from common.errors import Conflict, Forbidden, Invalid


class NotAllowed(Forbidden):
    """No role, grant or relation of the actor covers the act."""

    code = "governance.not_allowed"
    title = "{who} may not {act}. {remedy}"


class OwnWork(Forbidden):
    """Rule 1: nobody approves what they wrote, changed, started or asked for."""

    code = "governance.own_work"
    title = "{who} cannot decide this: {because}. Ask another person who may decide."


class NotBuilt(Forbidden):
    """The act is in the table of who may do what, and this installation does not offer it yet."""

    code = "governance.not_built"
    title = "“{act}” is not offered yet. Nothing was changed."
    status = 501


class AlreadySetUp(Conflict):
    """The first administrator exists."""

    code = "governance.already_set_up"
    title = "There is an administrator already. Sign in, or ask them for an account."


class UnsafeDestination(Invalid):
    """A destination that this installation must not allow."""

    code = "governance.unsafe_destination"
    title = (
        "{host} is an address of this machine or its network's own services. Name a host elsewhere."
    )
