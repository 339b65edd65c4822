"""What a build needs of the machine, by what is to be cleaned: room on the disk, and memory.

Here belongs the estimate, and what is said where the machine has less. The figures of the disk were measured on two
collections of news and policy papers (20 MB and 102 MB): the tables of the stages came to 2.6 times the raw bytes, a
dataset to 3.4 to 4.0, the report to 2.1; while a dataset takes the place of another, both are there. Of 36 long
documents with few changes (4.6 MB), tables and dataset came to 1.3 times. Of small ones, the most that was taken at any
moment is in :data:`ROOM_FOR_ANY` and :data:`ROOM_FOR_AN_INPUT`. Of memory, the most that each process took was
measured on 1 to 12,000 files of 184 bytes to 15 MB in all; what processes share was divided among them.
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

MB = 1_000_000
ROOM_FOR_ANY = 8 * MB
"""What a build takes beside, whatever its documents are: of one of 184 bytes, 6.4 MB, most of it pages of the Data Docs
while they are written (2.5 MB stay); of the 34 files of the samples (47 kB), 6.8 MB."""

ROOM_FOR_AN_INPUT = 2_000
"""What each input takes beside, for its rows and its place in the report: 3,000 of 157 bytes took 14.6 MB in all."""

LEAST_ROOM = 0.25
"""With less than this there is no hope, be most of the files no documents."""

FOR_THE_BUILD = 550 * MB
"""What the process that runs a build takes, which checks the dataset as well (380 to 520 MB), and the server that
workers come from (70 MB)."""

FOR_A_WORKER, TIMES_THE_BATCH, LARGEST_BATCH = 100 * MB, 20, 8 * MB
"""What a process takes that cleans: for the code, and so many times the bytes of the batch that it is at."""

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
    room, free = room_for(inputs), shutil.disk_usage(output).free
    there = f"on the disk of {os.fspath(output)!r} {_shown(free)} are free, and this build"
    if free < LEAST_ROOM * sum(sizes):
        message = f"{there} takes about {_shown(room)}: free some space, or name another folder (--output DIR)"
        raise BadInput(message)
    said = []
    if free < room:
        said.append(f"{there} may take {_shown(room)}: where it is not enough, the build ends and can go on")
    available, needed = available_memory(), memory_for(sizes, workers=workers)
    if available is not None and available < needed:
        said.append(
            f"{_shown(available)} of memory are available, and this build may take {_shown(needed)}: "
            "give fewer --workers, or set large files aside (--maximum-bytes)"
        )
    return said


def room_for(inputs: Sequence[Input]) -> int:
    """How many bytes of the disk a build may take while it runs, for these inputs.

    >>> from pipeline.sources.files import Input
    >>> room_for([Input("a.txt", Path("a.txt"), 2_000, "00")] * 1_000) // MB
    34
    """
    documents = sum(found.bytes or 0 for found in inputs if found.reason is None)
    return ROOM_FOR_ANY + ROOM_FOR_AN_INPUT * len(inputs) + ROOM * documents


def memory_for(sizes: Sequence[int], *, workers: int) -> int:
    """How many bytes of memory a build may take, all its processes together, for documents of these sizes.

    >>> memory_for([2_000] * 100, workers=1) // MB, memory_for([2_000] * 9_000, workers=4) // MB
    (654, 1310)
    """
    total, largest = sum(sizes), max(sizes, default=0)
    workers = workers or local.cores()
    batch = min(total, LARGEST_BATCH)
    batches = min(total, batch * workers) if largest <= LARGEST_BATCH else batch * (workers - 1) + largest
    return FOR_THE_BUILD + FOR_A_WORKER * workers + TIMES_THE_BATCH * batches


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
