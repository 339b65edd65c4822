"""What is looked at in the rows of a bucket, worked out in this process or in others.

Here belongs the way from the files of a bucket to the frames that its expectations are run on, and how other processes
come by what it takes. What is looked at is in :mod:`pipeline.derived`; Great Expectations is asked about the rows of
several buckets together (:mod:`pipeline.validate.gathering`).
"""

from __future__ import annotations

import pickle
from contextlib import closing, contextmanager
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from pipeline.derived import derive
from pipeline.engines import local
from pipeline.sources.files import BadInput
from pipeline.temporary import temporary_folder
from pipeline.validate import outcomes
from pipeline.validate.buckets import IN_ORDER
from pipeline.validate.frames import part_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.derived import Whole
    from pipeline.validate.buckets import Dataset
    from pipeline.validate.frames import Part
    from pipeline.validate.suites import Expectation


class Look(NamedTuple):
    """What is the same for all buckets; `expectations` are those about rows, of each sorted table that has a suite."""

    dataset: Dataset
    whole: Whole
    expectations: Mapping[str, Sequence[Expectation]]


def parts_of_buckets(
    look: Look, numbers: Sequence[int], *, workers: int = 1, temporary: Path | None = None
) -> Generator[dict[str, Part]]:
    """The part of each table in each bucket, in the order of the buckets; one without rows where there is no bucket.

    So many `workers` as :func:`pipeline.engines.local.run` takes them work out a bucket each, if there are several;
    what they share lies in the folder `temporary`, or where the system has temporary files.
    Raises :class:`pipeline.sources.files.BadInput` where a file cannot be read or a column is not what it should be.
    """
    if len(numbers) < 2 or workers == 1:  # noqa: PLR2004  one is no work to share
        yield from (_parts(look, number) for number in numbers or (None,))
        return
    with temporary_folder(temporary) as folder:
        left = _write(look, folder / "look")
        with closing(local.run(partial(_parts_elsewhere, left), numbers, workers=workers)) as found:
            yield from found


def _parts(look: Look, number: int | None) -> dict[str, Part]:
    """The part of each table in a bucket; of none, which has no rows, for None."""
    dataset = look.dataset
    bucket = dataset.bucket(number)
    empty = {name: dataset.schemas[name].empty_table() for name in IN_ORDER}
    with odd_columns_said(dataset.folder):
        derived = derive(
            {**bucket.tables, **empty}, json_lines=bucket.json_lines, copies=bucket.copies, whole=look.whole
        )
    return {
        name: part_of(name, expectations, bucket.tables[name], derived[name], number)
        for name, expectations in look.expectations.items()
    }


@contextmanager
def odd_columns_said(dataset: Path) -> Iterator[None]:
    """Say in one line that a column is not what it should be."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        reason = outcomes.without_values(f"{type(error).__name__}: {error}")
        message = f"{dataset}: a column has another type than it should, or is there twice ({reason}); build it again"
        raise BadInput(message) from error


# ------------------------------------------------------------------------------------------------ other processes
class _Left(NamedTuple):
    """A file for other processes: what is pickled in it, and behind it its hashes as they lie in memory."""

    file: Path
    lengths: tuple[int, ...]


def _parts_elsewhere(left: _Left, number: int) -> dict[str, Part]:
    found = _parts(_read(left), number)
    pa.default_memory_pool().release_unused()
    return found


def _write(look: Look, file: Path) -> _Left:
    hashes: list[pickle.PickleBuffer] = []
    content = pickle.dumps(look, protocol=5, buffer_callback=hashes.append)
    written: list[bytes | memoryview] = [content, *(each.raw() for each in hashes)]
    with file.open("wb") as sink:
        return _Left(file, tuple(map(sink.write, written)))


@lru_cache(maxsize=1)
def _read(left: _Left) -> Look:
    """What lies there, read once; the hashes are not read but mapped, so that all processes share their memory."""
    with pa.memory_map(str(left.file)) as source:
        content, *hashes = (source.read_buffer(length) for length in left.lengths)
    found: Look = pickle.loads(content, buffers=hashes)  # noqa: S301  the process that began this one wrote it
    return found
