"""What governance refuses."""

from __future__ import annotations

from common.errors import Conflict, Forbidden, Invalid, Transient


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


class AlreadyExists(Conflict):
    """The key or address is taken."""

    code = "governance.already_exists"
    title = "{what} exists already. Choose another one, or use the one there is."


class BadAddress(Invalid):
    """An e-mail address that cannot be one."""

    code = "governance.bad_address"
    title = "“{email}” is no e-mail address. Write one like ana.ruiz@example.org."


class BadTimeZone(Invalid):
    """No such time zone."""

    code = "governance.bad_time_zone"
    title = "“{zone}” is no time zone. Write one like Europe/Madrid."


class WeakPassword(Invalid):
    """The password is too easy to guess."""

    code = "governance.weak_password"
    title = "This password is too weak. {reason}"


class DemoRefused(Forbidden):
    """A demo account where there must be none."""

    code = "governance.demo_refused"
    title = "Demo accounts are refused on this server. Create an account of your own."


class BadQuorum(Invalid):
    """A board that nobody would have to agree on."""

    code = "governance.bad_quorum"
    title = "A quorum of {quorum} cannot decide. Write 1 or more."


class UnknownRight(Invalid):
    """No such right on a process."""

    code = "governance.unknown_right"
    title = "There is no right “{right}”. The rights are {rights}."


class LimitOutOfRange(Invalid):
    """A number that a limit of a unit cannot be; `errors` names each."""

    code = "governance.limit_out_of_range"
    title = "Some limits cannot be so. Correct those that are named, or leave them empty."


class BadBaseUrl(Invalid):
    """A connection's address that cannot be one, or that holds a password."""

    code = "governance.bad_base_url"
    title = (
        "This is no address of a system. Write one like https://itsm.example.org/api, "
        "without a name and password in it."
    )


class BadDestination(Invalid):
    """A host or port that cannot be one."""

    code = "governance.bad_destination"
    title = (
        "“{host}” with this port is no destination. "
        "Write a host like itsm.example.org and a port from 1 to 65535."
    )


class WrongCredentials(Forbidden):
    """The address and the password do not belong together; which of them is wrong stays ours."""

    code = "governance.wrong_credentials"
    title = "Address and password do not match. Check both and try again."


class WrongPassword(Invalid):
    """Who changes their password wrote another one than theirs."""

    code = "governance.wrong_password"
    title = "This is not your password. Write the one you signed in with."


class TooManyAttempts(Transient):
    """Too many failed sign-ins for one account, or from one source."""

    code = "governance.too_many_attempts"
    title = (
        "Too many failed attempts. Wait {minutes} min, or use a browser in which you have signed "
        "in before."
    )
    status = 429
