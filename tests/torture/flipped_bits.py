"""Every flipped bit of a published file is noticed, and of what lies in `private/` beside the dataset.

Here belongs how bits are flipped, and who is asked: the verification of checksums for most, and for a few the whole
command, which has to read what was damaged. The next build is asked as well: nothing damaged comes into its dataset.
"""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import sys
from typing import TYPE_CHECKING

from attempts import Attempts
from killed_builds import Build, Known, collection, known, put

from pipeline.__main__ import main
from pipeline.checksums import NAME, verify_checksums
from pipeline.publish import private_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


def attempts(wanted: Mapping[str, Known], scratch: Path, *, long: bool, seed: int) -> Iterator[Attempts]:
    """Flip bits in a copy of what a build has published."""
    output = scratch / "known-a"
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
    seen = sum(_flipped(chance.choice(tables), lambda: _fails(copy, "was changed"), chance) for _ in range(flips))
    yield Attempts("bits flipped: tables, the whole of validate", flips, seen)

    private = sorted(path for path in (copy / "private").rglob("*") if path.is_file() and path.stat().st_size)
    flips = 2_000 if long else 200
    seen = sum(
        _flipped(chance.choice(private), lambda: bool(private_problems(copy / "dataset")), chance) for _ in range(flips)
    )
    yield Attempts("bits flipped: private/, checksums", flips, seen)

    some = private * 5 if long else [chance.choice(private)]
    seen = sum(_flipped(file, lambda: _fails(copy, "private/"), chance) for file in some)
    yield Attempts("bits flipped: private/, the whole of validate", len(some), seen)

    some = private * 2 if long else [chance.choice(private)]
    same = sum(_is_built_anew(file, scratch, wanted["b"], chance) for file in some)
    yield Attempts("bits flipped: private/, the next build", len(some), same, losses=len(some) - same)


def _is_built_anew(file: Path, scratch: Path, wanted: Known, chance: random.Random) -> bool:
    """Whether a build of other documents, beside a damaged `private/`, leaves what one in an empty folder leaves."""
    output = scratch / "beside-damage"
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(scratch / "known-a", output)
    raw = put(scratch / "beside-damage-raw", collection("b"))

    def is_the_same() -> bool:
        build = Build(raw, output)
        if code := build.ended():
            sys.stderr.write(f"{file.name} damaged: exit code {code}: {build.said.read_text('utf-8', 'replace')}\n")
            return False
        found = known(output)
        changed = [name for name, sha256 in wanted.others.items() if found.others.get(name) != sha256]
        if changed or found.dataset != wanted.dataset:
            sys.stderr.write(f"{file.name} damaged: the next build has another dataset, or other bytes: {changed}\n")
        return not changed and found.dataset == wanted.dataset

    return _flipped(output / "private" / file.name, is_the_same, chance)


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


def _fails(output: Path, words: str) -> bool:
    """Whether `validate` ends with the exit code for a promise that is not kept, and says these words."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(["validate", str(output), "--quiet"])
    return code == 1 and words in said.getvalue()
