"""A child process that does not outlive its parent, even one that was killed outright."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def dies_with_me(how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Return what a child does before it becomes its program: ask the kernel for that signal.

    Start such children from the main thread: the kernel watches the thread that forked.
    """
    parent = os.getpid()

    def prepare() -> None:
        # Runs after a change of user id, which would clear it. Should the parent have died in
        # between, the signal will never come, so look.
        _libc.prctl(_PR_SET_PDEATHSIG, int(how))
        if os.getppid() != parent:
            os._exit(1)

    return prepare
