"""What a person may set before a run: the one definition for the UI, the command line and the environment.

Here belongs an option's name, its default and its sentence. What it does belongs where it is used.
"""

from __future__ import annotations

import os
from typing import NamedTuple


class Option(NamedTuple):
    """One option; in the environment it is called `variable`, and where that is not set, `preset` holds.

    >>> Option("raw", "raw", "ZHENGWEN_NOT_SET", "A folder.").default
    'raw'
    """

    name: str
    preset: str
    variable: str
    sentence: str

    @property
    def default(self) -> str:
        """The value that holds where nobody gives another."""
        return os.environ.get(self.variable) or self.preset


RAW = Option("raw", "raw", "ZHENGWEN_RAW", "The folder that holds the crawled documents; it is never written to.")
OUTPUT = Option("output", "output", "ZHENGWEN_OUTPUT", "The folder for the dataset and for the tables of each stage.")
