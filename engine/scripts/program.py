"""The script runner: a program of its own, in which strangers' Starlark is evaluated.

`engine.scripts.runner` starts it with an empty environment, as `python -I program.py LIMITS`. It
imports nothing of Interlock and opens nothing. It gives up what it can, and then forks one child
per script (a zygote: the language is loaded once, and a fork takes a millisecond). Each child has
limits that it cannot raise, talks through one socket, and ends with its script. A script that is
too hungry or too deep kills its child and nobody else.

Standard input is a socket. Every message on it brings the socket of one script, over which the
request comes (JSON, up to the end of the stream) and the answer goes back (JSON; when the child was
killed, NUL and the signal's number). Closing that socket ends the script; closing standard input
ends the program.
"""

from __future__ import annotations

import ast
import contextlib
import ctypes
import json
import os
import re
import resource
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import starlark

#: The user and group that root becomes: in no range that systems give to accounts or services.
_NOBODYS_ID = 60_600
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x1000_0000, 0x4000_0000, 0x0800_0000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITY_VERSION_3 = 0x2008_0522
_RESULT = "result"
_LONGEST_CAUSE = 300
_DEEPEST = 100
"""Levels of a result, as in an expression's values."""
_OUT_OF_MEMORY = b"\0%d" % signal.SIGABRT
_UNFIT = (
    "The result is nothing that JSON can say, or nested too deeply. "
    "Give texts, numbers, lists and dicts."
)
_LONG_NUMBER = "The result holds a whole number of more than 4300 digits. Give a shorter one."
_SAID = re.compile(r"^error: (.*)$", re.MULTILINE)
_AT = re.compile(r"^ *--> script:(\d+):(\d+)$", re.MULTILINE)

_libc = ctypes.CDLL(None, use_errno=True)


class _Unfit(Exception):
    """The script has no result that can be told; the arguments are the code and a sentence."""


@dataclass(frozen=True)
class _Child:
    """A script under way."""

    pid: int
    pidfd: int
    channel: socket.socket


# Giving up


def _confine() -> dict[str, bool]:
    """Give up the network, the files and the user, and return which of them are gone.

    Where the kernel does not permit one of them the others still hold, and so do the limits: a
    child may open no file and no socket, whatever it can see.
    """
    is_root = os.geteuid() == 0
    spaces = _CLONE_NEWNET | _CLONE_NEWIPC | (0 if is_root else _CLONE_NEWUSER)
    has_no_network = _libc.unshare(spaces) == 0
    has_no_files = _leave_files()
    if is_root:
        os.setgroups([])
        os.setresgid(_NOBODYS_ID, _NOBODYS_ID, _NOBODYS_ID)
        os.setresuid(_NOBODYS_ID, _NOBODYS_ID, _NOBODYS_ID)
    _drop_capabilities()
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return {"network": has_no_network, "files": has_no_files, "user": is_root}


def _leave_files() -> bool:
    """Make a folder the root that is removed already: in it nothing is found, nothing is made."""
    try:
        folder = tempfile.mkdtemp()
        os.chdir(folder)
        os.rmdir(folder)  # noqa: PTH106
        os.chroot(".")
    except OSError:
        return False
    return True


def _drop_capabilities() -> None:
    """Drop what a user namespace gave."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _libc.capset(header, (ctypes.c_uint32 * 6)())


def _limit(limits: Mapping[str, int]) -> None:
    """Set the limits of a child. It can open, write, start and dump nothing from here on."""
    for kind, value in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(kind, (value, value))


# The zygote


class _Zygote:
    """Forks a child for every socket that comes, until nobody can send one any more."""

    def __init__(self, control: socket.socket, limits: Mapping[str, int]) -> None:
        self._control = control
        self._limits = limits
        #: Under both descriptors by which it is heard of.
        self._children: dict[int, _Child] = {}
        self._waiting = select.poll()
        self._waiting.register(control, select.POLLIN)

    def serve(self) -> None:
        while True:
            # Standard input is told of first, so a descriptor that is freed in a round is not
            # another child's before the round is over.
            for descriptor, _event in self._waiting.poll():
                if descriptor == self._control.fileno():
                    channel = _next(self._control)
                    if channel is None:
                        return
                    self._bear(channel)
                elif descriptor in self._children:
                    self._hear(descriptor, self._children[descriptor])

    def _bear(self, channel: socket.socket) -> None:
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            _live(zygote, channel, self._limits)
        child = _Child(pid, os.pidfd_open(pid), channel)
        self._children |= {child.pidfd: child, channel.fileno(): child}
        self._waiting.register(child.pidfd, select.POLLIN)
        # Nothing but the end of the connection: what is said on it is for the child.
        self._waiting.register(channel, 0)

    def _hear(self, descriptor: int, child: _Child) -> None:
        if descriptor == child.pidfd:
            self._bury(child)
        else:
            self._waiting.unregister(child.channel)
            os.kill(child.pid, signal.SIGKILL)

    def _bury(self, child: _Child) -> None:
        """Say how a child ended, where it could not say so itself."""
        for descriptor in (child.pidfd, child.channel.fileno()):
            del self._children[descriptor]
            with contextlib.suppress(KeyError):
                self._waiting.unregister(descriptor)
        os.close(child.pidfd)
        _pid, status = os.waitpid(child.pid, 0)
        if os.WIFSIGNALED(status):
            with contextlib.suppress(OSError):
                child.channel.settimeout(0)
                child.channel.sendall(b"\0%d" % os.WTERMSIG(status))
        child.channel.close()


def _next(control: socket.socket) -> socket.socket | None:
    message, descriptors, _flags, _address = socket.recv_fds(control, 1, 1)
    return socket.socket(fileno=descriptors[0]) if message and descriptors else None


# The child


def _live(zygote: int, channel: socket.socket, limits: Mapping[str, int]) -> NoReturn:
    """Evaluate one script and end."""
    try:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != zygote:
            os._exit(1)
        # Sockets of other scripts are no business of this one.
        os.dup2(channel.fileno(), 0)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        _limit(limits)
        own = socket.socket(fileno=0)
        own.sendall(_answer(_read(own), limits["size"]))
    finally:
        os._exit(0)


def _read(channel: socket.socket) -> bytes:
    """Return the request. Its size was looked at by the one who sent it."""
    with channel.makefile("rb") as stream:
        return stream.read()


def _answer(request: bytes, size: int) -> bytes:
    """Return what is told of a script: its value, or why it has none."""
    try:
        asked = json.loads(request)
        return _told(_value(asked["source"], asked["context"]), size)
    except _Unfit as error:
        return _refusal(*error.args)
    except MemoryError:
        return _OUT_OF_MEMORY
    except Exception:  # noqa: BLE001  (without an answer it would be run again, for ever)
        return _refusal("script_ended", "The script could not be evaluated. Write it another way.")
    except BaseException:  # noqa: BLE001  (a panic of Rust's: there was no memory to be had)
        return _OUT_OF_MEMORY


def _refusal(code: str, sentence: str) -> bytes:
    return json.dumps({"code": code, "sentence": sentence}).encode()


def _told(value: Any, size: int) -> bytes:
    """Return a result as JSON.

    Raises:
        _Unfit: it is of a kind that JSON has not, too deep, or too large.
    """
    if not _is_flat(value, _DEEPEST):
        sentence = f"The result is nested deeper than {_DEEPEST} levels. Make it flatter."
        raise _Unfit("script_depth", sentence)
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, TypeError):
        raise _Unfit("script_result_unfit", _UNFIT) from None
    if len(text) > size:
        raise _Unfit("script_result_large", f"The result is larger than {size // 1024} KiB.")
    return b'{"value": %s}' % text


def _is_flat(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_flat(one, levels - 1) for one in inner)


def _value(source: str, context: Mapping[str, Any]) -> Any:
    """Return the global `result` where there is one, else the value of the last statement.

    Raises:
        _Unfit: the script cannot be read, fails, or ends with something that has no value.
    """
    module = _module(context)
    script = _parsed(source)
    last = _last(source)
    try:
        value = starlark.eval(module, script, _GLOBALS)
        return module[last] if last else value
    except TypeError:  # A dict whose keys are lists.
        raise _Unfit("script_result_unfit", _UNFIT) from None
    except starlark.StarlarkError as error:
        if _SAID.search(str(error)) is None:  # It ran; what it gave is of no kind that JSON has.
            raise _Unfit("script_result_unfit", _UNFIT) from None
        raise _Unfit("script_failed", f"The script failed: {_cause(error)}") from None
    except ValueError:  # Python's own limit: what it does not read, nobody would write.
        raise _Unfit("script_result_unfit", _LONG_NUMBER) from None


def _module(context: Mapping[str, Any]) -> starlark.Module:
    """Return the globals that a script starts with."""
    module = starlark.Module()
    try:
        for name, given in context.items():
            module[name] = given
    except starlark.StarlarkError:
        sentence = "The context holds a text that is no Unicode, or values nested too deeply."
        raise _Unfit("script_input_unfit", sentence) from None
    return module


def _parsed(source: str) -> starlark.AstModule:
    try:
        return starlark.parse("script", source, _DIALECT)
    except starlark.StarlarkError as error:
        raise _Unfit("script_unreadable", f"The script cannot be read: {_cause(error)}") from None


def _last(source: str) -> str:
    """Return the name that holds the result, or "" when the last statement is an expression.

    Python's own parser tells: what Starlark accepts is Python to look at.
    """
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError):
        raise _Unfit("script_unreadable", "The script cannot be read.") from None
    named = [name for statement in statements for name in _assigned(statement)]
    if _RESULT in named:
        return _RESULT
    if statements and isinstance(statements[-1], ast.Expr):
        return ""
    found = _assigned(statements[-1]) if statements else []
    if len(found) != 1:
        sentence = "The script has no result. End it with an expression, or assign to `result`."
        raise _Unfit("script_without_result", sentence)
    return found[0]


def _assigned(statement: ast.stmt) -> list[str]:
    """Return the names that a statement assigns to, also within its branches and loops."""
    match statement:
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AugAssign(target=ast.Name(id=name)):
            return [name]
        case ast.If(body=body, orelse=other) | ast.For(body=body, orelse=other):
            return [name for inner in (*body, *other) for name in _assigned(inner)]
        case _:
            return []


def _cause(error: Exception) -> str:
    """Return what Starlark says as a sentence: where first, and without its drawing."""
    said, at = _SAID.search(str(error)), _AT.search(str(error))
    told = said[1] if said else ""
    told = told.removeprefix("Parse error: ").partition(" here, expected one of")[0]
    # The script chose these words: nothing in them may steer a terminal or break a database.
    told = "".join(char if char.isprintable() else "\ufffd" for char in told)
    where = f"line {at[1]}, column {at[2]}: " if at else ""
    return f"{where}{told[:_LONGEST_CAUSE].rstrip('.')}."


def _dialect() -> starlark.Dialect:
    """Return the language: the standard, statements at the top, and no `load`."""
    dialect = starlark.Dialect.standard()
    dialect.enable_load = False
    dialect.enable_top_level_stmt = True
    dialect.enable_lambda = True
    dialect.enable_f_strings = True
    dialect.enable_keyword_only_arguments = True
    return dialect


_DIALECT = _dialect()
_GLOBALS = starlark.Globals.extended_by(
    [
        starlark.LibraryExtension.Json,
        starlark.LibraryExtension.Map,
        starlark.LibraryExtension.Filter,
        starlark.LibraryExtension.StructType,
        starlark.LibraryExtension.Print,
    ]
)


def main() -> None:
    """Give up everything, say what is gone, and run scripts until nobody listens."""
    limits = json.loads(sys.argv[1])
    control = socket.socket(fileno=0)
    _answer(b'{"source": "1", "context": {}}', limits["size"])  # So that children find all loaded.
    gone = _confine()
    control.sendall(json.dumps(gone).encode())
    _Zygote(control, limits).serve()


if __name__ == "__main__":
    main()
