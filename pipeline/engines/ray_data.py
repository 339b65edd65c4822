"""Batches on Ray Data: over the cores of this machine, or over the machines of a cluster.

Here belongs how a function is run over batches there, and nothing of what it does. Ray is an extra of the package
(`pip install 'zhengwen[ray]'`), and this module is imported by who asks for it.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
import warnings
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

# Nothing is sent home; both are read when Ray starts, and what somebody has set himself holds.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_task_oom_retries", "2")  # without end as Ray has it: a batch too large would come for ever

import pyarrow as pa
import ray
import ray.data
import ray.exceptions

import pipeline
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

Batch = TypeVar("Batch")
Result = TypeVar("Result")

RETRIES = 1
"""So often a batch is begun again whose process was killed, or whose machine is gone."""

BATCHES_A_CORE = 32
"""So many batches a core are handed to Ray in one go, and the last of them waited for: what waits there is a list of
inputs, some 64 KB a batch, and a core is idle for half a batch of 32."""

SECONDS_TO_ANSWER = 10
"""So long a cluster may take to answer."""

_LOST = (
    ray.exceptions.WorkerCrashedError,
    ray.exceptions.OutOfMemoryError,
    ray.exceptions.NodeDiedError,
    ray.exceptions.ObjectLostError,
)
"""What Ray raises where a process or a machine is gone: none of the function's own errors."""


class BatchLost(Exception):
    """A batch ends every process that does it, and nothing in it does so alone."""


def run(
    function: Callable[[Batch], Result],
    batches: Iterable[Batch],
    *,
    address: str = "",
    workers: int = 0,
    rescue: Callable[[Batch, Callable[[Batch], bool]], Batch] | None = None,
) -> Generator[Result]:
    """The results of `function` for each batch, in the order of the batches, as they come.

    Function, batches and results are pickled. Each batch is a task of one core, on any machine of the cluster at
    `address`; without one, on this machine, in a Ray of so many `workers` (0: one for each core) that is started for
    this process and ends with it. What the
    function reads and writes has to be seen from every machine: nothing goes through this process but batches and
    results.

    An error in `function` is raised here. A batch whose process is killed, or whose machine is lost, is begun again
    once, by Ray. Should that not help, `rescue` is given the batch and a function that tries part of it in a process
    of its own, one at a time; what it returns is done in its place. Raises :class:`BatchLost` where that is lost, too,
    and where there is no `rescue`, and :class:`pipeline.sources.files.BadInput` where there is no cluster at `address`.
    """
    _start(address, workers)
    sent = ray.put(function)
    numbered = enumerate(batches)
    in_one_go = BATCHES_A_CORE * max(1, int(ray.cluster_resources().get("CPU", 1)))
    while go := list(islice(numbered, in_one_go)):
        done: dict[int, Result] = {}
        following = go[0][0]
        for number, result in _results(sent, go):
            done[number] = result
            while following in done:
                yield done.pop(following)
                following += 1
        for number, batch in go[following - go[0][0] :]:
            yield done.pop(number) if number in done else _rescued(sent, batch, rescue)


def _results(sent: Any, go: Sequence[tuple[int, Batch]]) -> Iterator[tuple[int, Any]]:  # noqa: ANN401  Ray's references have no type here
    """Numbers and results, as they come; those that were lost are not among them."""
    with _settings():
        rows = [{"number": number, "batch": pickle.dumps(batch)} for number, batch in go]
        with warnings.catch_warnings():
            # `max_retries` goes away with Ray 2.64, which pyproject.toml keeps out: nothing stands for it yet.
            warnings.simplefilter("ignore", DeprecationWarning)
            dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
                _done_in_table,
                batch_size=None,
                batch_format="pyarrow",
                fn_kwargs={"sent": sent},
                num_cpus=1,
                max_retries=RETRIES,
            )
        for row in dataset.iter_rows():
            yield row["number"], _unpacked(row["result"])


def _done_in_table(table: pa.Table, sent: Any) -> pa.Table:  # noqa: ANN401
    """One batch in a task of Ray Data, whose table has one row."""
    (row,) = table.to_pylist()
    return pa.table({"number": [row["number"]], "result": pa.array([_done(sent, row["batch"])], pa.large_binary())})


def _done(sent: Any, batch: Any) -> bytes:  # noqa: ANN401
    """The result, or the error, of one batch; an error that Ray would see, it would take for a lost block."""
    pa.set_cpu_count(1)  # the other cores have batches of their own
    try:
        function = ray.get(sent) if isinstance(sent, ray.ObjectRef) else sent
        result = (True, function(pickle.loads(batch)))  # noqa: S301  this very program has written it
    except Exception as error:  # noqa: BLE001  it is raised where the results are taken
        result = (False, error)
    try:
        return pickle.dumps(result)
    except Exception:  # noqa: BLE001  some errors hold what cannot be sent
        return pickle.dumps((False, RuntimeError(f"{type(result[1]).__name__}: {result[1]}")))


def _unpacked(packed: bytes) -> Any:  # noqa: ANN401
    is_good, result = pickle.loads(packed)  # noqa: S301  this very program has written it
    if not is_good:
        raise result
    return result


def _rescued(sent: Any, batch: Batch, rescue: Callable[[Batch, Callable[[Batch], bool]], Batch] | None) -> Any:  # noqa: ANN401
    """The result of what is left of a batch that was lost."""
    message = "a batch ended its process each time, and nothing in it does so alone: give each process more memory"
    if rescue is None:
        raise BatchLost(message)
    alone = ray.remote(num_cpus=1, max_retries=RETRIES)(_done)

    def survives(one: Batch) -> bool:
        try:
            ray.get(alone.remote(sent, pickle.dumps(one)))
        except _LOST:
            return False
        return True

    try:
        return _unpacked(ray.get(alone.remote(sent, pickle.dumps(rescue(batch, survives)))))
    except _LOST as error:
        raise BatchLost(message) from error


def _start(address: str, workers: int) -> None:
    """Connect to the cluster, or start one on this machine; a connection that is there, be it another's, is used."""
    if ray.is_initialized():
        return
    quiet: dict[str, Any] = {} if address else {"include_dashboard": False, "num_cpus": workers or None}
    if address:
        # The code goes along, so that it is the same everywhere; what it needs is installed on the machines.
        quiet["runtime_env"] = {"py_modules": [str(Path(pipeline.__file__).parent)]}
    host, _, port = address.rpartition(":")
    try:
        if port.isdecimal():  # Ray itself asks for minutes
            socket.create_connection((host, int(port)), SECONDS_TO_ANSWER).close()
        ray.init(address or "local", log_to_driver=False, logging_level=logging.ERROR, **quiet)
    except (OSError, RuntimeError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        message = f"no Ray cluster answers at {address or 'this machine'!r} ({said}): see --ray-address"
        raise BadInput(message) from error
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # what failed is said here, in one line


@contextmanager
def _settings() -> Iterator[None]:
    """Ray Data without bars and logs, which goes on where a block is lost; afterwards as it was."""
    context = ray.data.DataContext.get_current()
    wanted = {"enable_progress_bars": False, "print_on_execution_start": False, "max_errored_blocks": -1}
    before = {name: getattr(context, name) for name in wanted}
    for name, value in wanted.items():
        setattr(context, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(context, name, value)
