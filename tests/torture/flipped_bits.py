"""Every flipped bit of a published file is noticed.

Here belongs how bits are flipped, and who is asked: the verification of checksums for most, and for a few the whole
command, which has to read what was damaged.
"""

from __future__ import annotations

import contextlib
import io
import random
import shutil
from typing import TYPE_CHECKING

from attempts import Attempts

from pipeline.__main__ import main
from pipeline.checksums import NAME, verify_checksums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def attempts(output: Path, scratch: Path, *, long: bool, seed: int) -> Iterator[Attempts]:
    """Flip bits in a copy of what a build has published."""
    chance = random.Random(seed)  # noqa: S311  chance that can be repeated, and no secret
    copy = scratch / "flipped"
    shutil.copytree(output / "dataset", copy / "dataset")
    shutil.copytree(output / "private", copy / "private")
    files = sorted(path for path in (copy / "dataset").rglob("*") if path.is_file() and path.stat().st_size)
    sums = copy / "dataset" / NAME

    def is_noticed() -> bool:
        return bool(verify_checksums(copy / "dataset"))

    flips = 20_000 if long else 600
    seen = sum(_flipped(chance.choice(files), is_noticed, chance) for _ in range(flips))
    yield Attempts("bits flipped: any file, checksums", flips, seen)

    bits = range(8 * sums.stat().st_size) if long else chance.sample(range(8 * sums.stat().st_size), 400)
    seen = sum(_flipped(sums, is_noticed, chance, bit) for bit in bits)
    yield Attempts("bits flipped: SHA256SUMS itself", len(bits), seen)

    flips = 25 if long else 1
    tables = [path for path in files if path.suffix == ".parquet"]
    seen = sum(_flipped(chance.choice(tables), lambda: _fails(copy), chance) for _ in range(flips))
    yield Attempts("bits flipped: tables, the whole of validate", flips, seen)


def _flipped(file: Path, is_noticed: Callable[[], bool], chance: random.Random, bit: int | None = None) -> bool:
    """Flip a bit of a file, and put it right again; whether somebody noticed."""
    content = file.read_bytes()
    bit = chance.randrange(8 * len(content)) if bit is None else bit
    flipped = bytearray(content)
    flipped[bit // 8] ^= 1 << bit % 8
    file.write_bytes(flipped)
    try:
        return is_noticed()
    finally:
        file.write_bytes(content)


def _fails(output: Path) -> bool:
    """Whether `validate` ends with the exit code for a promise that is not kept, and names the file."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(["validate", str(output), "--quiet"])
    return code == 1 and "was changed" in said.getvalue()
