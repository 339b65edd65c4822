"""Batches over the cores of this machine, or in this process, one after another.

Here belongs how a function is run over batches, and nothing of what it does. Every engine has this one function, so
that one can stand in for another. The processes are those of :mod:`pipeline.engines.processes`.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pipeline.engines.processes import Pool, Task, WorkerDied

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from concurrent.futures import Future
    from typing import Any

Batch = TypeVar("Batch")
Result = TypeVar("Result")

Rescue: TypeAlias = "Callable[[Batch, Callable[[Batch], bool]], Batch]"
"""What is left of a batch that kills the process that does it; the function given says whether another one does not."""

BATCHES_A_WORKER = 2
"""So many batches a worker are begun and not yet handed over: what waits for its turn stays small."""


def cores() -> int:
    """How many cores this process may use.

    >>> cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    function: Callable[[Batch], Result],
    batches: Iterable[Batch],
    *,
    workers: int = 1,
    apart: bool = False,
    rescue: Rescue[Batch] | None = None,
    seconds: Callable[[Batch], float] | None = None,
) -> Generator[Result]:
    """The results of `function` for each batch, in the order of the batches, as they come.

    >>> list(run(len, [["a", "b"], ["c"]]))
    [2, 1]

    A batch is anything, and so is a result: with more than one of `workers`, both are pickled, and so is the function,
    which has to be one that another process can import. 0 is one for each of the :func:`cores`; 1 is this process, or
    another one where the work is to be done `apart`: whatever ends that one, this one goes on.
    Processes take about a second to start and are kept for the next call, for a minute: few batches of little work are
    done sooner in this process. A program that calls this with more than one has its main part behind
    ``if __name__ == "__main__"``, as :mod:`multiprocessing` asks for.

    No more than two batches a worker are begun and not yet handed over. An error in `function` is raised here, and what
    was begun behind it is ended at once; so it is where nobody takes the results any more: close the iterator, as with
    :func:`contextlib.closing`. A batch whose process is killed is begun again once, in a fresh one. If that is killed,
    too, `rescue` says what is to be done in its place, and :class:`~pipeline.engines.processes.WorkerDied` is raised
    where there is none, or where that does not help; :class:`~pipeline.engines.processes.CannotStart` where no process
    gets as far as to be given anything.

    `seconds` says how long a batch may take: a process that is at it for longer hangs, and is ended. It counts as
    killed then, but that the batch is not begun again as it is. What was rescued has no limit, nor has this process.
    """
    workers = workers or cores()
    if (workers == 1 and not apart) or multiprocessing.current_process().daemon:  # who is a helper may not have any
        for batch in batches:
            result = function(batch)
            del batch  # while the next one is made, this one's memory is free
            yield result
        return
    pool, limit = _pool(workers, os.getpid()), seconds or _unlimited
    begun: deque[tuple[Batch | None, Task, Future[Any]]] = deque()

    def handed_over() -> Result:
        batch, _, future = begun[0]
        try:
            result: Result = future.result()
        except WorkerDied:
            if rescue is None or batch is None:
                raise
            rescued = Task(function, rescue(batch, lambda one: _survives(pool, function, one, limit(one))))
            begun[0] = (batch, rescued, pool.begin(rescued))
            result = begun[0][2].result()
        begun.popleft()
        return result

    try:
        for batch in batches:
            task = Task(function, batch, seconds=limit(batch))
            begun.append((batch if rescue else None, task, pool.begin(task)))
            del batch  # while the next one is made, this one's memory is free
            while begun and (len(begun) >= workers * BATCHES_A_WORKER or begun[0][2].done()):
                yield handed_over()
        while begun:
            yield handed_over()
    finally:
        for _, task, future in begun:
            future.cancel()
            task.stop()


def _survives(pool: Pool, function: Callable[[Batch], object], batch: Batch, seconds: float | None) -> bool:
    task = Task(function, batch, tries=1, seconds=seconds)
    future = pool.begin(task)
    try:
        future.result()
    except WorkerDied:
        return False
    finally:
        task.stop()
    return True


def _unlimited(_: object) -> float | None:
    return None


@lru_cache
def _pool(size: int, process: int) -> Pool:
    """The one pool of this process, of that size; in a copy of the process it would have no threads."""
    del process
    return Pool(size)
