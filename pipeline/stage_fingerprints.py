"""What decides the rows of each stage: code, data files, dictionaries and choices of that stage and those before it.

Here belongs from which stage on something has a say. How code is followed belongs in :mod:`pipeline.import_closure`,
what is done where two builds agree as far as some stage in :mod:`pipeline.stages`.
"""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING

from pipeline.import_closure import code_fingerprint
from pipeline.options import PRESET, Choices
from pipeline.recipe import STAGES
from pipeline.script.package import dictionary_fingerprint

if TYPE_CHECKING:
    from pipeline.import_closure import Import

_NUMBER = {stage.name: number for number, stage in enumerate(STAGES)}

LATER_CODE: dict[Import, str] = {
    ("pipeline.columns", "pipeline.corpus.duplicates"): "split",
    ("pipeline.columns", "pipeline.corpus.signals"): "split",
    ("pipeline.columns", "pipeline.corpus.signatures"): "split",
    ("pipeline.columns", "pipeline.enrichment_columns"): "split",
    ("pipeline.recipe", "pipeline.corpus.quality"): "split",
    ("pipeline.recipe", "pipeline.corpus.signals"): "split",
    ("pipeline.recipe", "pipeline.metadata.fields"): "split",
    ("pipeline.recipe", "pipeline.steps.learned_furniture"): "split",
    ("pipeline.tables", "pipeline.corpus.signatures"): "split",
    ("pipeline.tables", "pipeline.resolutions"): "reconcile",
    ("pipeline.tables", "pipeline.written_scripts"): "convert",
}
"""Imports by which nothing is reached that has a say before the stage named; any other has one from the first stage on.

To these come the recipe's imports of steps, which are not said here: each has a say from the first stage on that has
one of the module's steps.
"""

LATER_CHOICES = {
    "conflicts": "reconcile",
    "script": "convert",
    "script_corrections": "convert",
    "punctuation": "split",
    "furniture": "split",
}
"""Choices that have no say before the stage named; any other has one from the first stage on."""


@functools.lru_cache(maxsize=16)
def stage_fingerprints(module: str, choices: Choices = PRESET) -> dict[str, str]:
    """SHA-256 over all that decides the rows of each stage table, by asset, where `module` is what makes them.

    >>> preset, other = (stage_fingerprints("pipeline.stages", c) for c in (PRESET, Choices(script="keep")))
    >>> [asset for asset in preset if preset[asset] == other[asset]]
    ['decoded_documents', 'reconciled_documents']
    """
    found, dictionaries = {}, dictionary_fingerprint()
    for number, stage in enumerate(STAGES):
        code = code_fingerprint(module, leaving=later_imports(stage.name))
        later = {name for name, first in LATER_CHOICES.items() if _NUMBER[first] > number}
        values = {name: value for name, value in choices.values.items() if name not in later}
        said = json.dumps([code, dictionaries, values], sort_keys=True)
        found[stage.asset] = hashlib.sha256(said.encode()).hexdigest()
    return found


def later_imports(stage: str) -> frozenset[Import]:
    """The imports by which nothing is reached that has a say in this stage.

    >>> sorted(module for _, module in later_imports("convert") if "pinyin" in module or "captions" in module)
    ['pipeline.steps.captions']
    """
    steps = {
        ("pipeline.recipe", step.__module__ if hasattr(step, "__name__") else type(step).__module__): one.name
        for one in reversed(STAGES)
        for step in (*one.steps, *one.readers)
    }
    return frozenset(edge for edge, name in {**LATER_CODE, **steps}.items() if _NUMBER[name] > _NUMBER[stage])
