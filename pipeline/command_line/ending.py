"""How a run of the command line ends: its exit code, its last words on standard error, the last line of its log.

Here belongs what each code means. Which of them a command ends with is decided where it is run.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.options import BadOption
from pipeline.sources.files import BadInput
from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.run_log import RunLog

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
another run at work). 3 personal data is withheld. 70 a defect of the pipeline. 130 stopped by Ctrl-C. 141 nobody reads
the output. 143 ended by SIGTERM, 137 by SIGKILL. However a build ends, what is published is whole, and the next build
goes on from there."""


def complain(message: str, code: int) -> int:
    """Say on one line what is wrong; the code that was given."""
    print(f"pipeline: {visible(message)}", file=sys.stderr)
    return code


def defect(message: str) -> int:
    """Say what is wrong with the pipeline itself; its exit code."""
    return complain(
        f"this should not happen: {message} (ZHENGWEN_DEBUG=1 shows the details; please report them)", DEFECT
    )


def logged(command: str, log: RunLog, run: Callable[[], int]) -> int:
    """The exit code of a run, whose log begins and ends here, however it ends."""
    started, code = time.monotonic(), DEFECT
    log.write("begin", f"{command} {__version__}")
    try:
        with _signals() as received:
            try:
                code = run()
            except KeyboardInterrupt:
                code = TERMINATED if signal.SIGTERM in received() else STOPPED
                return complain(UNTOUCHED, code)
    except (BadInput, BadOption):
        code = BAD_USAGE
        raise
    finally:
        log.write("end", _CODES[code], exit_code=code, seconds=round(time.monotonic() - started, 3))
    return code


@contextlib.contextmanager
def _signals() -> Iterator[Callable[[], bytes]]:
    """What tells which signals have arrived in the meantime: Dagster makes of SIGTERM what it makes of Ctrl-C."""
    if sys.platform == "win32":  # nobody sends it there
        yield lambda: b""
        return
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    former = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def received() -> bytes:
        with contextlib.suppress(BlockingIOError):
            return os.read(reading, 1 << 16)
        return b""

    try:
        yield received
    finally:
        signal.set_wakeup_fd(former)
        os.close(reading)
        os.close(writing)
