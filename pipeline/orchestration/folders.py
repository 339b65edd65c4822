"""Where a run reads and writes, as the UI lets a person set it.

Here belongs how the options become configuration. What they are called and mean is said in :mod:`pipeline.options`.
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from pydantic import Field

from pipeline.options import OUTPUT, RAW


class Folders(dg.ConfigurableResource):  # type: ignore[type-arg]  # it makes nothing: the resource is the object itself
    """The two folders of a run, relative to where it was started.

    >>> Folders(output="somewhere").staging.as_posix()
    'somewhere/.staging'
    """

    raw: str = Field(default=RAW.default, description=f"{RAW.sentence} Or {RAW.variable} in the environment.")
    output: str = Field(
        default=OUTPUT.default, description=f"{OUTPUT.sentence} Or {OUTPUT.variable} in the environment."
    )

    @property
    def raw_folder(self) -> Path:
        """The folder that holds the crawled documents."""
        return Path(self.raw)

    @property
    def output_folder(self) -> Path:
        """The folder for what is made of them."""
        return Path(self.output)

    @property
    def staging(self) -> Path:
        """Where a dataset waits for its checks."""
        return self.output_folder / ".staging"
