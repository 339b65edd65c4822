"""Parts that run at once, each in a process of its own, and their lines as they come.

Here belongs nothing of what they do: a part is a file of this folder with a function `attempts`.
"""

from __future__ import annotations

import importlib
import multiprocessing
import queue
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from attempts import Attempts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def side_by_side(parts: Sequence[str], *, long: bool, seed: int) -> Iterator[Attempts]:
    """The lines of all parts as they come, each part in a process of its own: much of their time is waiting."""
    context = multiprocessing.get_context("spawn")
    said: multiprocessing.Queue[Attempts | str] = context.Queue()
    running = {part: context.Process(target=_run, args=(part, long, seed, said), name=part) for part in parts}
    for process in running.values():
        process.start()
    while running:
        try:
            line = said.get(timeout=1)
        except queue.Empty:
            for part in [part for part, process in running.items() if not process.is_alive() and said.empty()]:
                # A part that ended without a word of its end has broken off.
                del running[part]
                yield Attempts(f"{part}: broke off", tried=1, survived=0)
            continue
        if isinstance(line, str):
            running.pop(line).join()
        else:
            yield line


def _run(part: str, long: bool, seed: int, said: multiprocessing.Queue[Attempts | str]) -> None:  # noqa: FBT001  arguments of a process
    """Say each line of a part, and then its name."""
    with tempfile.TemporaryDirectory(prefix="zhengwen-torture-", ignore_cleanup_errors=True) as scratch:
        for line in importlib.import_module(part).attempts(long=long, scratch=Path(scratch), seed=seed):
            said.put(line)
    said.put(part)
