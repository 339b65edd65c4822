"""Documents as a stage has left them, from the table of that stage and those before it: what `clean` would hold then.

Here belongs how rows become a document again. How a document becomes rows belongs in :mod:`pipeline.tables`, when one
is taken up from its rows in :mod:`pipeline.stages`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow.compute

from pipeline import columns
from pipeline.decoding import Decoding, Irregular, Run
from pipeline.document import Document, Verdict
from pipeline.recipe import STAGES
from pipeline.tables import layers_leading_to
from pipeline.text import Finding, Revision, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from pipeline.edits import Layer

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""


def restored(tables: Mapping[str, pa.Table]) -> Iterator[Document | Verdict]:
    """Each document of a shard as the last of these stages left it; of one that was set aside by then, why.

    `tables` are those of the first stages, by asset, whole and with the same inputs in the same order. What is read in
    a document when somebody asks is not restored: that is for the last stage.
    """
    stages = [stage for stage in STAGES if stage.asset in tables]
    decoded, last = tables[stages[0].asset], tables[stages[-1].asset]
    edits = [_edits(tables[stage.asset]) for stage in stages]
    findings: list[Any] = [tables[stage.asset]["findings"].to_pylist() for stage in stages]
    of_decoding = decoded.select(["raw_path", "raw_sha256", "bytes", *sorted(columns.DECODING_COLUMNS)]).to_pylist()
    of_verdict = last.select(["text", "set_aside", "set_aside_detail", "set_aside_stage"]).to_pylist()
    for row, (given, reached) in enumerate(zip(of_decoding, of_verdict, strict=True)):
        if reached["set_aside"] is not None:
            yield Verdict(reached["set_aside"], reached["set_aside_detail"], reached["set_aside_stage"])
            continue
        revisions, depths = _revisions(reached["text"], [of_stage[row] for of_stage in edits])
        seen = [[_finding(one) for one in of_stage[row]] for of_stage in findings]
        counts = np.cumsum([len(of_stage) for of_stage in seen]).tolist()
        names = [stage.name for stage in stages]
        yield Document(
            source=given["raw_path"],
            raw_sha256=given["raw_sha256"],
            bytes=given["bytes"],
            decoding=Decoding(
                tuple(Run(**run) for run in given["runs"]), tuple(Irregular(**one) for one in given["irregular"])
            ),
            history=Text(reached["text"], revisions, tuple(one for of_stage in seen for one in of_stage)),
            depths=dict(zip(names, depths, strict=True)),
            finding_counts=dict(zip(names, counts, strict=True)),
            encoding_method=given["encoding_method"],
            encoding_confidence_0_to_1=given["encoding_confidence_0_to_1"],
        )


class _Edits(NamedTuple):
    """Some edits as columns, sorted by layer and start."""

    layers: NDArray[np.int32]
    starts: NDArray[np.int32]
    steps: Sequence[str]
    rules: Sequence[str]
    befores: Sequence[str]
    afters: Sequence[str]


def _edits(table: pa.Table) -> list[_Edits]:
    """The edits of each row of a stage table."""
    lists = table["edits"].combine_chunks()
    ends = np.cumsum(pc.list_value_length(lists).to_numpy(zero_copy_only=False)).tolist()
    flat = dict(zip((field.name for field in columns.STAGE_EDIT), pc.list_flatten(lists).flatten(), strict=True))
    layers, starts = flat["layer"].to_numpy(), flat["start"].to_numpy()
    steps, rules, befores, afters = (flat[name].to_pylist() for name in ("step", "rule", "before", "after"))
    return [
        _Edits(layers[a:b], starts[a:b], steps[a:b], rules[a:b], befores[a:b], afters[a:b])
        for a, b in pairwise([0, *ends])
    ]


def _revisions(text: str, edits: Sequence[_Edits]) -> tuple[tuple[Revision, ...], list[int]]:
    """The revisions that have led to a text, from the edits of each stage, and how many there were after each."""
    made: list[tuple[str, Layer]] = []
    depths, length = [], len(text)
    for one in reversed(edits):
        depths.append(len(made))
        layers = layers_leading_to(
            length, one.layers, starts=one.starts, befores=one.befores, afters=one.afters, rules=one.rules
        )
        firsts = np.flatnonzero(np.diff(one.layers, prepend=-1)).tolist()
        made += zip((one.steps[first] for first in reversed(firsts)), reversed(layers), strict=True)
        length = layers[0].length if layers else length
    revisions = []
    for step, layer in made:
        text = layer.undo(text)
        revisions.append(Revision(step, layer, text))
    return tuple(reversed(revisions)), [len(made) - later for later in reversed(depths)]


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(row["kind"], row["value"], (row["start"], row["end"]), row["note"], row["depth"])
