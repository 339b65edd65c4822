"""What a run was given: its inputs, found once, and one line where what the user named cannot be worked with.

Here belongs how bad input fails a run. What bad input is, is decided where it is met.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

import dagster as dg

from pipeline.options import BadOption
from pipeline.sources.files import BadInput, Input, find_inputs
from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.engines.choosing import Engine
    from pipeline.sources.remote import RawFolder

BAD_INPUT = "bad input"
"""The metadata of a failure that is no defect and no failed check: the user named something that cannot be used."""


@contextmanager
def bad_input_said() -> Iterator[None]:
    """What the user named and cannot be worked with is no defect: the run fails with that one line, without a trace."""
    try:
        yield
    except (BadInput, BadOption) as error:
        metadata = {BAD_INPUT: True}
        raise dg.Failure(description=visible(str(error)), metadata=metadata, allow_retries=False) from error


@lru_cache(maxsize=1)
def inputs_of(raw: RawFolder, *, maximum_bytes: int, engine: Engine, run: str) -> tuple[Input, ...]:
    """The inputs as one run sees them: to find them, every file is read and hashed, which is enough once."""
    del run
    return tuple(find_inputs(raw, maximum_bytes=maximum_bytes, run=engine.run))
