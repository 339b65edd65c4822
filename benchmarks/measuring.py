"""What a whole process costs: seconds of the clock and of processors, and memory, with all that it starts.

Run as a program it is the parent of what it measures, so that what one command leaves behind is not counted with the
next: `python measuring.py CORES LOG COMMAND …` prints one line of JSON.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PR_SET_CHILD_SUBREAPER = 36
"""linux/prctl.h: processes that lose their parent become children of this one."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Spent(NamedTuple):
    """What a command cost. The memory is that of its largest process, not the sum."""

    wall_seconds: float
    cpu_seconds: float
    peak_mebibytes: float


class Failed(Exception):
    """A command that did not end well; the message names its log."""


def spent(command: Sequence[str | Path], *, cores: int, log: Path, environ: Mapping[str, str]) -> Spent:
    """Run a command on so many cores, and say what it cost; what it prints goes into `log`."""
    runner = [sys.executable, "-I", __file__, str(cores), str(log), *map(str, command)]
    done = subprocess.run(runner, check=True, stdout=subprocess.PIPE, text=True, env=dict(environ), cwd=log.parent)
    found = json.loads(done.stdout)
    if found.pop("code"):
        message = f"{' '.join(map(str, command[:4]))} … failed: see {log}"
        raise Failed(message)
    return Spent(**found)


def _run(cores: int, log: str, command: Sequence[str]) -> dict[str, float]:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    environ = os.environ | dict.fromkeys(_THREADS, str(cores))
    start = time.perf_counter()
    with Path(log).open("wb") as printed:
        code = subprocess.run(command, check=False, stdout=printed, stderr=subprocess.STDOUT, env=environ).returncode
    wall = time.perf_counter() - start
    # Helpers of a pool end when it does, and some of them have lost their parent by then.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return {
        "code": code,
        "wall_seconds": wall,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mebibytes": used.ru_maxrss / unit,
    }


if __name__ == "__main__":
    print(json.dumps(_run(int(sys.argv[1]), sys.argv[2], sys.argv[3:])))
