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


class OutOfTime(Exception):
    """A piece of work took longer than it may."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`OutOfTime` in what is done here once it has taken so many seconds of processor time.

    >>> with time_limit(0.01):
    ...     while True:
    ...         pass
    Traceback (most recent call last):
    ...
    pipeline.time_limit.OutOfTime: no end after 0.01 s of processor time: see ZHENGWEN_MAXIMUM_SECONDS

    It is the processor's time and not the clock's: a machine that is busy with other things, a process that was stopped
    for a night, or a clock that jumps changes nothing. Python's own loops and regular expressions are interrupted; a
    library written in C is when it returns. Where there is no such alarm (Windows, a thread that is not the first one)
    or another program in the process uses it, nothing is limited.
    """
    is_first = threading.current_thread() is threading.main_thread()
    if not is_first or not hasattr(signal, "setitimer") or signal.getsignal(signal.SIGPROF) is not signal.SIG_DFL:
        yield
        return

    def interrupt(*_: object) -> None:
        message = f"no end after {seconds:g} s of processor time: see ZHENGWEN_MAXIMUM_SECONDS"
        raise OutOfTime(message)

    signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
