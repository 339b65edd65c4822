"""How a run of the command line ends: its exit code, its last words on standard error, the last line of its log.

Here belongs what each code means. Which of them a command ends with is decided where it is run.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.options import BadOption
from pipeline.publish import edition
from pipeline.sources.files import BadInput
from pipeline.visible import visible, visible_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import ParamSpec

    from pipeline.run_log import RunLog

    Given = ParamSpec("Given")

GOOD, BLOCKED, BAD_USAGE, WITHHELD = 0, 1, 2, 3
DEFECT = 70
"""The exit code of an error that is the pipeline's own, as sysexits.h has it."""

STOPPED = 130
BROKEN_PIPE = 141
TERMINATED = 143
UNTOUCHED = "stopped; what was published before is untouched"
_CODES = {
    GOOD: "done",
    BLOCKED: "refused",
    BAD_USAGE: "bad usage or input",
    WITHHELD: "withheld",
    DEFECT: "defect",
    STOPPED: "stopped",
    TERMINATED: "stopped",
    BROKEN_PIPE: "broken pipe",
}
"""What the exit codes mean, in a word or two."""

CODES_SAID = """Exit codes: 0 done; for build and judge, published. 1 a check failed, nothing was left to publish, or
the document of clean was set aside. 2 bad usage or input, or a place that cannot be read or written (a full disk,
another run at work). 3 personal data is withheld. 70 a defect of the pipeline. 130 stopped by Ctrl-C. 137 ended by
SIGKILL. 141 nobody reads the output. 143 stopped by SIGTERM. However a build ends, what is published is whole, and the
next build goes on from there."""


def complain(message: str, code: int) -> int:
    """Say on one line what is wrong; the code that was given."""
    print(f"pipeline: {visible(message)}", file=sys.stderr)
    return code


def defect(message: str) -> int:
    """Say what is wrong with the pipeline itself; its exit code."""
    return complain(
        f"this should not happen: {message} (ZHENGWEN_DEBUG=1 shows the details; please report them)", DEFECT
    )


def stoppable(command: Callable[Given, int]) -> Callable[Given, int]:
    """A command that ends with a line, and the exit code of the signal, when it is stopped by Ctrl-C or SIGTERM."""

    @functools.wraps(command)
    def until_stopped(*given: Given.args, **named: Given.kwargs) -> int:
        with _signals() as stopped_by:
            try:
                return command(*given, **named)
            except BaseException as error:
                if not was_stopped(error):
                    raise
                return complain(UNTOUCHED, stopped_by())

    return until_stopped


def was_stopped(error: BaseException | None) -> bool:
    """Whether an error came of Ctrl-C: Python makes a RuntimeError of whatever is raised while it makes a class.

    >>> was_stopped(KeyboardInterrupt()), was_stopped(RuntimeError())
    (True, False)
    """
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def logged(command: str, log: RunLog, run: Callable[[], int], *, output: Path) -> int:
    """The exit code of a run that publishes in `output`, whose log begins and ends here, however it ends."""
    started, code, before = time.monotonic(), DEFECT, edition(output)
    log.write("begin", f"{command} {__version__}")
    try:
        with _signals() as stopped_by:
            try:
                code = run()
            except BaseException as error:
                if not was_stopped(error):
                    raise
                code = stopped_by()
                report = f"write its report with python -m pipeline report {visible_path(output)}"
                published = f"stopped after the dataset was published; {report}"
                return complain(UNTOUCHED if edition(output) == before else published, code)
    except (BadInput, BadOption):
        code = BAD_USAGE
        raise
    finally:
        seconds, published_now = round(time.monotonic() - started, 3), edition(output) != before
        log.write("end", _CODES[code], exit_code=code, published=published_now, seconds=seconds)
    return code


@contextlib.contextmanager
def _signals() -> Iterator[Callable[[], int]]:
    """What tells by the exit code which signal has stopped what is done in the meantime.

    SIGTERM raises what Ctrl-C raises: Dagster makes the same of both, where it runs, and leaves it so.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield lambda: STOPPED  # nobody sends another one there, or hears it
        return
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    former = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    ends_at_once = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if ends_at_once:
        signal.signal(signal.SIGTERM, signal.default_int_handler)

    def stopped_by() -> int:
        with contextlib.suppress(BlockingIOError):
            return TERMINATED if signal.SIGTERM in os.read(reading, 1 << 16) else STOPPED
        return STOPPED

    try:
        yield stopped_by
    finally:
        if ends_at_once:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.set_wakeup_fd(former)
        os.close(reading)
        os.close(writing)
