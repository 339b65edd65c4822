"""What a build needs of the machine, by what is to be cleaned: room on the disk, and memory.

Here belongs the estimate, and what is said where the machine has less. The figures were measured on two collections of
news and policy papers (20 MB and 102 MB): the tables of the stages came to 2.6 times the raw bytes, a dataset to 3.4 to
4.0, the report to 2.1; while a dataset takes the place of another, both are there. Of 36 long documents with few
changes (4.6 MB), tables and dataset came to 1.3 times.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engines import local
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.sources.files import Input

ROOM = 12
"""So many times the bytes of the documents a build takes on the disk while it runs, as a rule."""

LEAST_ROOM = 0.25
"""With less than this there is no hope, be most of the files no documents."""

MB = 1_000_000
FOR_THE_BUILD = 400 * MB
"""What the process that runs a build takes; it checks the dataset as well."""

FOR_A_WORKER, TIMES_THE_BATCH, LARGEST_BATCH = 100 * MB, 20, 8 * MB
"""What another takes: for the code, and so many times the bytes of the batch that it is at."""

_CGROUPS = (
    ("memory.max", "memory.current", "memory.stat", ("inactive_file", "active_file")),
    (
        "memory/memory.limit_in_bytes",
        "memory/memory.usage_in_bytes",
        "memory/memory.stat",
        ("total_inactive_file", "total_active_file"),
    ),
)
"""Where Linux says how much memory the processes of a container may take, how much is taken, and of what (v2 and v1).

What is kept of files counts as taken there, and goes as soon as a process wants the room: a container that has read a
corpus looks full. It is active once it was read a second time, and goes all the same, as MemAvailable of a machine
has it.
"""


def check_needs(inputs: Sequence[Input], output: Path, *, workers: int) -> list[str]:
    """What is to be said before a build where the disk of `output` or the memory may not be enough; a line for each.

    >>> from pipeline.sources.files import Input
    >>> check_needs([Input("a.txt", Path("a.txt"), 2_000, "00")], Path(), workers=1)
    []

    Raises :class:`pipeline.sources.files.BadInput` where the disk is surely too small. `workers` is as in
    :func:`pipeline.engines.local.run`. Where the system does not say what it has, nothing is said here.
    """
    sizes = [found.bytes or 0 for found in inputs if found.reason is None]
    total, free = sum(sizes), shutil.disk_usage(output).free
    there = f"on the disk of {os.fspath(output)!r} {_shown(free)} are free, and a build of {_shown(total)} of documents"
    if free < LEAST_ROOM * total:
        message = f"{there} takes about {_shown(ROOM * total)}: free some space, or name another folder (--output DIR)"
        raise BadInput(message)
    said = []
    if free < ROOM * total:
        said.append(f"{there} may take {_shown(ROOM * total)}: where it is not enough, the build ends and can go on")
    available, needed = available_memory(), memory_for(sizes, workers=workers)
    if available is not None and available < needed:
        said.append(
            f"{_shown(available)} of memory are available, and this build may take {_shown(needed)}: "
            "give fewer --workers, or set large files aside (--maximum-bytes)"
        )
    return said


def memory_for(sizes: Sequence[int], *, workers: int) -> int:
    """How many bytes of memory a build may take, all its processes together, for documents of these sizes.

    >>> memory_for([2_000] * 100, workers=1) // MB, memory_for([2_000] * 9_000, workers=4) // MB
    (404, 1160)
    """
    total, largest = sum(sizes), max(sizes, default=0)
    workers = workers or local.cores()
    batch = min(total, LARGEST_BATCH)
    beside = 0 if workers == 1 else FOR_A_WORKER * workers
    batches = min(total, batch * workers) if largest <= LARGEST_BATCH else batch * (workers - 1) + largest
    return FOR_THE_BUILD + beside + TIMES_THE_BATCH * batches


def available_memory(machine: Path = Path("/proc/meminfo"), container: Path = Path("/sys/fs/cgroup")) -> int | None:
    """The bytes of memory that processes can have now, on the machine and in its container; None where nobody says."""
    found = [*_of_the_machine(machine), *_of_the_container(container)]
    return min(found, default=None)


def _of_the_machine(file: Path) -> Iterator[int]:
    try:
        lines = file.read_text("ascii").splitlines()
    except OSError:
        return
    for line in lines:
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            yield int(value.split()[0]) * 1024


def _of_the_container(folder: Path) -> Iterator[int]:
    for limit, usage, detailed, kept in _CGROUPS:
        try:
            most, taken, stat = ((folder / name).read_text("ascii").strip() for name in (limit, usage, detailed))
        except OSError:
            continue
        if most.isdecimal() and taken.isdecimal():
            amounts = dict(line.split(maxsplit=1) for line in stat.splitlines())
            of_files = sum(int(amounts.get(name, 0)) for name in kept)
            yield max(0, int(most) - max(0, int(taken) - of_files))


def _shown(size: float) -> str:
    return f"{size / 1000 / MB:,.1f} GB" if size >= 1000 * MB else f"{size / MB:,.0f} MB"
