"""Work on one document ends, be it in a loop without end: after so many seconds of the processor's time.

Here belongs how that is done in the process that works. A process that hangs without working, or where no exception
can be raised, is ended by who waits for it, in :mod:`pipeline.engines.processes`.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


NO_END = "no end after {} s of processor time (see ZHENGWEN_MAXIMUM_SECONDS)"
KILLED = "the process that cleaned it was killed, more than once: it may have run out of memory, or it hung"
ENDED = (NO_END.partition("{}")[0], KILLED.partition(":")[0])
"""How the detail of a `step_failed` begins where no step made a mistake: the document took more than it is given.

What is published of a detail ends at its first colon."""


class OutOfTime(Exception):
    """A piece of work took longer than it may."""


AGAIN = 1.0
"""After so many more seconds it is said again, where whoever heard it first went on: code that is to end in no case,
such as a destructor's, swallows what is raised in it."""

_in_force: list[float] = []
"""The limit that holds; an alarm that comes when there is none does nothing."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`OutOfTime` in what is done here once it has taken so many seconds of processor time.

    >>> with time_limit(0.01):
    ...     while True:
    ...         pass
    Traceback (most recent call last):
    ...
    pipeline.time_limit.OutOfTime: no end after 0.01 s of processor time (see ZHENGWEN_MAXIMUM_SECONDS)

    It is the processor's time and not the clock's: a machine that is busy with other things, a process that was stopped
    for a night, or a clock that jumps changes nothing. Python's own loops and regular expressions are interrupted; a
    library written in C is when it returns. Where there is no such alarm (Windows, a thread that is not the first one)
    or another program in the process uses it, nothing is limited.
    """
    if not _can_be_limited():
        yield
        return
    signal.signal(signal.SIGPROF, _interrupt)
    try:
        _in_force.append(seconds)
        signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
        try:
            yield
        finally:
            _in_force.clear()
    finally:  # twice, since the alarm may ring at the very first clearing, and then not again before this is through
        _in_force.clear()
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _can_be_limited() -> bool:
    is_first = threading.current_thread() is threading.main_thread()
    return is_first and hasattr(signal, "setitimer") and signal.getsignal(signal.SIGPROF) is signal.SIG_DFL


def _interrupt(*_: object) -> None:
    if _in_force:
        raise OutOfTime(NO_END.format(f"{_in_force[0]:g}"))
