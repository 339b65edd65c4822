"""Processes of this machine that do tasks, one at a time each, and what holds when one of them is killed.

Here belongs how a process is started, given a task, and ended. In which order results come, and how many tasks there
are at once, is decided in :mod:`pipeline.engines.local`.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.collecting import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from multiprocessing.connection import Connection

TRIES = 2
"""So often a task is given to a process that has none behind it, before it is said that it kills whoever does it."""

SECONDS_IDLE = 60.0
"""A process that has nothing to do for so long ends, so that a notebook does not keep it until it is closed."""

SECONDS_TO_END = 1.0
"""A process whose end of the pipe is closed has gone within so long; by how it went is seen whether it was killed."""

PRELOADED = "pipeline.stages"
"""What the server has imported from which processes are forked: each has it at once, and all share its memory."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_ROOT = Path(__file__).parents[2]


class WorkerDied(Exception):
    """A process was killed at a task, and so was the one that was given it again."""

    def __init__(self) -> None:
        super().__init__(
            "a process was killed twice at the same work, most likely for want of memory: give fewer --workers"
        )


class TookTooLong(WorkerDied):
    """A process was still at its task when the time for it had passed, and was ended."""

    def __init__(self, seconds: float) -> None:
        Exception.__init__(self, f"a process was ended that had done one piece of work for {seconds:.0f} s: it hangs")


class CannotStart(Exception):
    """A process ended before it was given anything."""

    def __init__(self) -> None:
        super().__init__(
            "no process could be started: the main part of a program stands behind `if __name__ == '__main__':`, "
            "in a file of its own; or work with one worker"
        )


class Stopped(Exception):
    """Nobody waits for the task any more."""


class Task:
    """A function and what it is called with, on its way through a process, and how long that may take."""

    def __init__(
        self,
        function: Callable[[Any], Any],
        batch: Any,  # noqa: ANN401  whatever the function takes
        *,
        tries: int = TRIES,
        seconds: float | None = None,
    ) -> None:
        self.content = bytes(ForkingPickler.dumps((function, batch)))
        self.tries, self.seconds = tries, seconds
        self._lock = threading.Lock()
        self._is_stopped = False
        self._worker: _Worker | None = None

    def stop(self) -> None:
        """End the process that does the task, at once; the task is not begun again."""
        with self._lock:
            self._is_stopped = True
            if self._worker is not None:
                self._worker.process.kill()

    def given_to(self, worker: _Worker | None) -> None:
        """Note who does the task; raises :class:`Stopped` where nobody shall."""
        with self._lock:
            if self._is_stopped:
                raise Stopped
            self._worker = worker


class Pool:
    """So many processes, each started when there is work for it.

    A thread of this process waits for each: it sleeps as long as its process is at work.
    """

    def __init__(self, size: int) -> None:
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="zhengwen")
        self._free: list[_Worker] = []
        self._lock = threading.Lock()

    def begin(self, task: Task) -> Future[Any]:
        """What will come of a task: what its function returned, or its error, or :class:`WorkerDied`.

        A process that takes too long is ended, and its task is not begun again.
        """
        return self._threads.submit(self._through, task)

    def _through(self, task: Task) -> Any:  # noqa: ANN401  whatever the function returns
        tries = 0
        while tries < task.tries:
            task.given_to(None)
            worker = self._worker()
            try:
                task.given_to(worker)
                worker.wait_until_ready()
                is_good, result = worker.does(task.content, seconds=task.seconds)
                task.given_to(None)
            except (EOFError, OSError):  # nobody is at the other end
                tries += not worker.has_ended_idle()
                worker.end()
                continue
            except BaseException:
                worker.end()
                raise
            worker.is_new = False
            with self._lock:
                self._free.append(worker)
            if not is_good:
                raise result
            return result
        raise WorkerDied

    def _worker(self) -> _Worker:
        with self._lock:
            while self._free:
                worker = self._free.pop()
                if worker.process.is_alive():
                    return worker
                worker.end()
            return _Worker()


def prepare() -> None:
    """Have the server begin to import what processes are forked from, while this one does something else.

    Nothing waits for it, and it ends with this process. Where there is no such server, nothing is done.
    """
    with _as_started():
        _context()


def _context() -> Any:  # noqa: ANN401  which class it is depends on the system
    """By what processes are started now; the server runs where there is one.

    Its socket needs a place among the system's temporary files. Where it can have none there, as a path of more than
    107 bytes is none, and some disks have no sockets, processes start from nothing, which takes each a second more.
    """
    if _START_METHOD == "forkserver":
        from multiprocessing import forkserver  # noqa: PLC0415  it cannot be imported where there is none

        context = multiprocessing.get_context(_START_METHOD)
        context.set_forkserver_preload([PRELOADED])
        with suppress(OSError):
            forkserver.ensure_running()
            return context
    return multiprocessing.get_context("spawn")


class _Worker:
    """One process, and this process's end of the pipe between them."""

    def __init__(self) -> None:
        self._is_ready = False
        self.is_new = True
        self._pipe: Connection[Any, Any]
        with _as_started():
            context = _context()
            self._pipe, theirs = context.Pipe()
            self.process = context.Process(target=_serve, args=(theirs,), name="zhengwen", daemon=True)
            self.process.start()
        theirs.close()

    def wait_until_ready(self) -> None:
        """Wait until the process has begun to serve; :class:`CannotStart` where it never does."""
        if not self._is_ready:
            try:
                self._pipe.recv_bytes()
            except (EOFError, OSError):
                self.process.join(SECONDS_TO_END)
                if (self.process.exitcode or 0) < 0:  # it was killed before it could begin: another one may not be
                    raise
                raise CannotStart from None
            self._is_ready = True

    def does(self, content: bytes, *, seconds: float | None = None) -> tuple[bool, Any]:
        """What came of a task; EOFError or OSError where the process died, TookTooLong where there is no answer."""
        self._pipe.send_bytes(content)
        if seconds is not None and not self._pipe.poll(seconds):
            raise TookTooLong(seconds)
        done: tuple[bool, Any] = pickle.loads(self._pipe.recv_bytes())  # noqa: S301  it comes from our own process
        return done

    def has_ended_idle(self) -> bool:
        """Whether the process, at which nobody is, had waited for long enough just when it was given something."""
        self.process.join(SECONDS_TO_END)
        return not self.is_new and self.process.exitcode == 0

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self._pipe.close()


_START_METHOD = "forkserver" if sys.platform == "linux" else "spawn"
"""Never fork: Dagster and Arrow have threads, and a copy of a process without its threads may wait for one forever."""


@contextmanager
def _as_started() -> Iterator[None]:
    """The environment that a process is started with: libraries take one thread each, and the code is the same as here.

    Where the server imports what is preloaded, the folder that it was started in does not come first. Ctrl-C reaches
    all processes of a terminal, and is for the first one: a server that it hit at its imports would say so at length.
    """
    path = os.pathsep.join(filter(None, (os.fspath(_ROOT), os.environ.get("PYTHONPATH"))))
    wanted = {**dict.fromkeys(_THREADS, "1"), "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
    former = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    masked = None
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker  # noqa: PLC0415  it cannot be imported everywhere

        resource_tracker.ensure_running()  # beginning to run, it would let Ctrl-C through again
        masked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        if masked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        for name, value in former.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


# ------------------------------------------------------------------------------------------------ in the process
def _serve(pipe: Connection[Any, Any]) -> None:
    """Do one task after another, until there is none for a while, or nobody who gives them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the first process alone, which ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    collect_seldom()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    try:
        pipe.send_bytes(b"ready")
        while pipe.poll(SECONDS_IDLE):
            pipe.send_bytes(_done(pipe.recv_bytes()))
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _done(content: bytes) -> bytes:
    """Whether a task was done, and its result or its error, pickled."""
    try:
        function, batch = pickle.loads(content)  # noqa: S301  it comes from our own process
        return bytes(ForkingPickler.dumps((True, function(batch))))
    except Exception as error:  # noqa: BLE001  whatever it is, it is raised where the result is waited for
        error.add_note("".join(traceback.format_exception(error)))
        try:
            content = bytes(ForkingPickler.dumps((False, error)))
            pickle.loads(content)  # noqa: S301  an error may be pickled and yet not come back
        except Exception:  # noqa: BLE001  some cannot be carried to another process
            return bytes(ForkingPickler.dumps((False, RuntimeError(f"{type(error).__name__}: {error}"))))
        return content
