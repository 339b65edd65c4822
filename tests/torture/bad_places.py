"""Disks that are full, files that cannot be read or change while they are, folders that vanish, a clock that jumps.

Here belongs what goes wrong around a run. In the short form the steps of a build are called one by one, without
Dagster and Great Expectations; in the long one the command is run.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING
from unittest import mock

from attempts import Attempts
from killed_builds import Build, Known, collection, digests, known, put, steps

from pipeline import columns
from pipeline.checksums import verify_checksums
from pipeline.sources import files, streams
from pipeline.sources.files import BadInput, find_inputs
from pipeline.stages import write_stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

ASSETS = tuple(columns.STAGE_TABLES)


def attempts(wanted: Mapping[str, Known], scratch: Path, *, long: bool) -> Iterator[Attempts]:
    """All of them; `wanted` is what undisturbed builds have left."""
    expected = wanted["b"].dataset
    put(scratch / "raw-b", collection("b"))
    yield _full_disks(expected, scratch, 12 if long else 3)
    if long:
        yield _builds_on_full_disks(wanted, scratch)
        yield _outputs_taken_away(wanted, scratch)
    yield _read_errors(scratch)
    yield _files_that_change(scratch, 60 if long else 6)
    yield _clocks(expected, scratch)


# ------------------------------------------------------------------------------------------------ disks
@contextlib.contextmanager
def _disk(folder: Path) -> Iterator[Callable[[int | None], None]]:
    """A file system of its own at a folder, and a function that leaves so many bytes of it free; None: enough.

    Who may not mount one has files of a limited length instead: a tenth of that.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def mount(*options: str) -> bool:
        if shutil.which("mount") is None:
            return False
        return subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False).returncode == 0

    def leave(free: int | None) -> None:
        status = os.statvfs(folder)
        used = (status.f_blocks - status.f_bfree) * status.f_frsize
        mount("-o", f"remount,size={_ENOUGH if free is None else used + free}")

    _, hard = limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def shorten(free: int | None) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits if free is None else (free // 10, hard))

    if mount("-t", "tmpfs", "-o", f"size={_ENOUGH}", "tmpfs"):
        try:
            yield leave
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
    else:
        try:
            yield shorten
        finally:
            shorten(None)


_ENOUGH = 64 << 20


def _full_disks(expected: Mapping[str, str], scratch: Path, times: int) -> Attempts:
    """A disk that is full somewhere between the first stage and the publication of other documents."""
    raws = {name: put(scratch / f"raw-{name}", collection(name)) for name in "ab"}
    held = full = lost = 0
    before = steps(raws["a"], scratch / "before")
    needed = sum(path.stat().st_size for path in (scratch / "before").rglob("*"))
    for number in range(times):
        output = scratch / "full" / "output"
        with _disk(output.parent) as leave:
            shutil.copytree(scratch / "before", output, dirs_exist_ok=True)
            leave(needed * (number + 1) // (times + 1))
            try:
                steps(raws["b"], output)
            except (OSError, BadInput):
                full += 1
            found = digests(output / "dataset")
            is_whole = found in (before, expected) and not verify_checksums(output / "dataset")
            leave(None)
            held += is_whole and steps(raws["b"], output) == expected
            lost += not is_whole
    return Attempts(f"full disks ({full} of them before the end)", times, held, lost)


def _builds_on_full_disks(wanted: Mapping[str, Known], scratch: Path, times: int = 5) -> Attempts:
    """The command on a disk that is full: one line, the former dataset; afterwards it goes on."""
    held, lost = 0, 0
    raw = put(scratch / "raw-b", collection("b"))
    for number in range(times):
        output = scratch / "full-build" / "output"
        with _disk(output.parent) as leave:
            shutil.copytree(scratch / "known-a", output, dirs_exist_ok=True)
            leave(40_000 * 3**number)
            build = Build(raw, output)
            code, said = build.ended(), build.said.read_text("utf-8", "replace").splitlines()
            is_whole = digests(output / "dataset") in [known.dataset for known in wanted.values()]
            leave(None)
            again = Build(raw, output)
            good = code in (0, 2) and again.ended() == 0 and known(output).dataset == wanted["b"].dataset
            if not (good and is_whole):
                sys.stderr.write(f"full disk {number}: exit code {code}: {said[-3:]}\n")
            held, lost = held + (good and is_whole), lost + (not is_whole)
    return Attempts("builds on full disks", times, held, lost)


def _outputs_taken_away(wanted: Mapping[str, Known], scratch: Path, times: int = 4) -> Attempts:
    """The output folder is removed while a build is at work in it: it ends, and the next one is as in a new folder."""
    held = 0
    raw, output = put(scratch / "raw-a", collection("a")), scratch / "taken" / "output"
    for number in range(times):
        output.parent.mkdir(exist_ok=True)
        build = Build(raw, output)
        time.sleep(wanted["a"].seconds * (number + 1) / (times + 1))
        shutil.rmtree(output, ignore_errors=True)
        code, said = build.ended(), build.said.read_text("utf-8", "replace").splitlines()
        again = Build(raw, output)
        good = code in (0, 2) and again.ended() == 0 and known(output).dataset == wanted["a"].dataset
        if not good:
            sys.stderr.write(f"output taken away {number}: exit code {code}: {said[-2:]}\n")
        held += good
        shutil.rmtree(output.parent)
    return Attempts("output folders taken away", times, held)


# ------------------------------------------------------------------------------------------------ raw files
class _Failing:
    """A reader of files, to which the disk gives an error after some bytes of those of one name."""

    def __init__(self, name: str, after: int) -> None:
        self.name, self.after, self.open = name, after, streams.opened

    def __call__(self, path: Path) -> object:
        """The file, which fails where it is meant."""
        file = self.open(path)
        if path.name != self.name:
            return file
        failing = mock.MagicMock(wraps=file)
        failing.__enter__.return_value = failing
        read = [0]

        def fail(*_: object) -> bytes:
            if read[0] >= self.after:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            read[0] += 1
            return file.read(1)

        failing.read.side_effect = failing.readinto.side_effect = fail
        return failing


def _read_errors(scratch: Path) -> Attempts:
    """A file that the disk does not give, when it is found or when it is read, is a row of its own; the others stay."""
    raw, held, tried = put(scratch / "raw-a", collection("a")), 0, 0
    whole = _tables(raw, scratch / "read")
    for name in ("1.txt", "encoded.txt"):
        for found_first in (True, False):
            inputs = find_inputs(raw)
            with mock.patch.object(files, "opened", _Failing(name, 0)):
                if not found_first:
                    inputs = find_inputs(raw)
                rows = _rows(inputs, scratch / "read")
            tried += 1
            held += rows.pop(name)[0] == "unreadable" and rows.items() <= whole.items() and len(rows) == len(whole) - 1
            held -= _tables(raw, scratch / "read") != whole
    return Attempts("read errors", tried, held)


def _tables(raw: Path, output: Path) -> dict[str, tuple[str | None, str | None]]:
    return _rows(find_inputs(raw), output)


def _rows(inputs: list[files.Input], output: Path) -> dict[str, tuple[str | None, str | None]]:
    """Of each input why it was set aside, or its text."""
    import pyarrow.parquet as pq  # noqa: PLC0415  heavy

    write_stages(inputs, output, assets=ASSETS, fresh=True)
    table = pq.read_table(output / "stages" / "split_documents", columns=["raw_path", "set_aside", "text"])
    return {row["raw_path"]: (row["set_aside"], row["text"]) for row in table.to_pylist()}


def _files_that_change(scratch: Path, times: int) -> Attempts:
    """Files change, vanish, become folders and links while they are found and read: each has a row, none another's."""
    chance = random.Random(5)  # noqa: S311  chance that can be repeated, and no secret
    held = 0
    for number in range(times):
        raw = put(scratch / "raw-c", collection("a"))
        good = _tables(raw, scratch / "changing")
        other = _tables(put(scratch / "raw-d", collection("b")), scratch / "changed")
        stop = threading.Event()
        thread = threading.Thread(target=_change, args=(raw, scratch / "raw-d", stop, chance))
        inputs = find_inputs(raw) if number % 2 else None
        thread.start()
        try:
            rows = _rows(inputs or find_inputs(raw), scratch / "changing")
        except BadInput:  # there was no file at this moment
            rows = {}
        finally:
            stop.set()
            thread.join()
        texts = {text for _, text in (*good.values(), *other.values())}
        held += all(reason is not None or text in texts for reason, text in rows.values())
    return Attempts("raw files that change while they are read", times, held)


def _change(raw: Path, other: Path, stop: threading.Event, chance: random.Random) -> None:
    """Change files at random until somebody says stop."""
    names = sorted(collection("a"))
    while not stop.is_set():
        path = raw / chance.choice(names)
        with contextlib.suppress(OSError):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
            what = chance.randrange(5)
            if what == 0:
                path.mkdir()
            elif what == 1:
                path.symlink_to(other / "1.txt")
            elif what == 2:
                os.mkfifo(path)
            elif what == 3:
                path.write_bytes(collection("b").get(path.name, b""))
        time.sleep(0.0005)


# ------------------------------------------------------------------------------------------------ clocks
def _clocks(expected: Mapping[str, str], scratch: Path) -> Attempts:
    """Clocks that go back, stand still and jump by years change no byte."""
    jumps = (lambda now: -now, lambda _: 0.0, lambda now: now + random.uniform(-1e9, 1e9), lambda now: now + 3e9)  # noqa: S311
    held = 0
    for jump in jumps:
        started = time.time()
        output = scratch / "clocks"
        shutil.rmtree(output, ignore_errors=True)
        with (
            mock.patch.object(time, "time", lambda jump=jump, now=started: jump(now)),
            mock.patch.object(time, "monotonic", lambda jump=jump, now=started: jump(now)),
        ):
            held += steps(scratch / "raw-b", output) == expected
    return Attempts("clocks that jump", len(jumps), held)
