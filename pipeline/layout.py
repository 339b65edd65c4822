"""From the rows of the stage tables to the rows that are published: column by column, some documents at a time.

Here belongs what each published row is made of, and that personal data is masked in it. Which rows are published is
decided in :mod:`pipeline.judging`, where they are written in :mod:`pipeline.staging`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute

from pipeline import columns
from pipeline.recipe import STAGES
from pipeline.redaction import SHORTEST_SECRET, Words, masked, merged, redact, within
from pipeline.tables import layers_leading_to

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.edits import Span

pc: Any = pyarrow.compute
Array: TypeAlias = Any
"""An Arrow array; the stubs of Arrow are those of an older release and refuse much of what it takes."""

DETAIL_CHARACTERS = 200
"""How much of a detail is published with a quarantined file."""

READMITTED = "readmitted"
"""The quality flag of a document that somebody wants published in spite of a verdict on its quality."""

_REDACTED_CHARACTERS: list[pa.Field[Any]] = [
    pa.field("id", pa.string(), nullable=False),
    pa.field("start", pa.int32(), nullable=False),
    pa.field("text", pa.string(), nullable=False),
    pa.field("raw", pa.binary()),
]
REDACTIONS = pa.schema(_REDACTED_CHARACTERS)
"""What was masked: at code point `start` of the decoded raw text stands `text`; `raw` has the bytes, where the stretch
is one that its codec would not give back."""

_FREE_COLUMNS = tuple(
    column.name
    for column in columns.SPLIT_COLUMNS
    if not column.vocabulary and (column.type == pa.string() or pa.types.is_list(column.type))
)
"""The columns that may hold words of the document, beside `text`."""

_CLUSTER_COLUMNS = ("cluster_id", "cluster_size", "canonical_basis", "similarity_0_to_1")


class Published(NamedTuple):
    """The rows of some documents for each table that is sorted by document, and the masked characters."""

    documents: pa.Table
    sections: pa.Table
    edits: pa.Table
    conflicts: pa.Table
    scripts: pa.Table
    references: pa.Table
    targets: pa.Table
    issuers: pa.Table
    redactions: pa.Table


def needed_columns(asset: str) -> list[str]:
    """The columns of a stage table that :func:`published_rows` looks at.

    >>> needed_columns("converted_documents")
    ['edits', 'scripts']
    """
    if asset == "split_documents":
        unpublished = {"flags", "set_aside", "set_aside_detail", "set_aside_stage", "signature"}
        return [column.name for column in columns.STAGE_TABLES[asset] if column.name not in unpublished]
    if asset == "decoded_documents":
        return ["raw_sha256", "irregular", "edits"]
    return ["edits", "conflicts" if asset == "reconciled_documents" else "scripts"]


def published_rows(
    stages: Mapping[str, pa.Table], judged: pa.Table, rows: NDArray[np.int64], *, source: str, rule_version: str
) -> Published:
    """The published rows of some documents of one shard: `stages` are its tables, `judged` what was decided.

    All of them hold the same inputs in the same order. `rows` says which of them are wanted, and in which order the
    result has them; `source` and `rule_version` are the same in every row.
    """
    kept = {asset: table.take(rows).combine_chunks() for asset, table in stages.items()}
    decoded, split = kept["decoded_documents"], kept["split_documents"]
    ids = pc.utf8_slice_codeunits(decoded["raw_sha256"], 0, 32).combine_chunks()
    edits = _edits(kept)
    secrets = _secrets(kept, edits)
    published = judged.take(rows).combine_chunks()
    decided = {name: published[name] for name in _CLUSTER_COLUMNS}
    decided["quality_flags"] = _flags(split["quality_flags"], published["admitted_despite"])
    documents = _documents(split, decoded, {"id": ids, "source": pa.repeat(source, len(rows)), **decided})
    if secrets:
        documents = _without_secrets(documents, secrets)
    return Published(
        documents,
        _sections(documents),
        _edit_rows(edits, ids, secrets, rule_version),
        _conflict_rows(kept["reconciled_documents"], ids, secrets),
        _script_rows(kept["converted_documents"], ids),
        _enrichment_rows("references", split, ids, secrets),
        _enrichment_rows("targets", split, ids, secrets),
        _enrichment_rows("issuers", split, ids, secrets),
        _redactions(ids, secrets),
    )


# ------------------------------------------------------------------------------------------------ edits and masks


class _Edits(NamedTuple):
    """The edits of all published documents of a shard as columns, sorted by document, layer and start."""

    rows: NDArray[np.int64]
    layers: NDArray[np.int32]
    stages: NDArray[np.int8]
    steps: Array
    rules: Array
    starts: NDArray[np.int32]
    befores: Array
    afters: Array


class _Secret(NamedTuple):
    """The personal data of one document.

    `spans` are where it stands in `raw_text`, the text as decoded; `words` what may not be published, in each form that
    it took on the way; `edits` the masked `before` and `after` by the edit's place in the shard; `irregular` the
    stretches of which the raw bytes hold some, by their place in the document.
    """

    spans: Sequence[Span]
    raw_text: str
    words: Words
    edits: Mapping[int, tuple[str, str]]
    irregular: Mapping[int, Mapping[str, Any]]


def _edits(kept: Mapping[str, pa.Table]) -> _Edits:
    parents, parts, stages = [], [], []
    for number, stage in enumerate(STAGES):
        lists = kept[stage.asset]["edits"].combine_chunks()
        parents.append(pc.list_parent_indices(lists).to_numpy(zero_copy_only=False))
        parts.append(pc.list_flatten(lists).flatten())
        stages.append(np.full(len(parents[-1]), number, np.int8))
    rows = np.concatenate(parents).astype(np.int64)
    order = np.argsort(rows, kind="stable")
    names = [field.name for field in columns.STAGE_EDIT]
    sorted_parts = (pa.concat_arrays(part).take(pa.array(order)) for part in zip(*parts, strict=True))
    joined = dict(zip(names, sorted_parts, strict=True))
    return _Edits(
        rows[order],
        joined["layer"].to_numpy(),
        np.concatenate(stages)[order],
        joined["step"],
        joined["rule"],
        joined["start"].to_numpy(),
        joined["before"],
        joined["after"],
    )


def _secrets(kept: Mapping[str, pa.Table], edits: _Edits) -> dict[int, _Secret]:
    """The personal data of each document that has any, by the document's row."""
    decoded, split = kept["decoded_documents"], kept["split_documents"]
    personal = split["personal"].combine_chunks()
    result = {}
    for row in np.flatnonzero(pc.list_value_length(personal).to_numpy(zero_copy_only=False)).tolist():
        spans = merged((one["start"], one["end"]) for one in personal[row].as_py())
        text = split["text"][row].as_py()
        first, last = np.searchsorted(edits.rows, [row, row + 1]).tolist()
        layers = layers_leading_to(
            len(text),
            edits.layers[first:last],
            starts=edits.starts[first:last],
            befores=edits.befores[first:last].to_pylist(),
            afters=edits.afters[first:last].to_pylist(),
            rules=edits.rules[first:last].to_pylist(),
        )
        texts = [text]
        for layer in reversed(layers):
            texts.append(layer.undo(texts[-1]))
        texts.reverse()
        words = {texts[0][start:end] for start, end in spans}
        masks: dict[int, tuple[str, str]] = {}
        here, at = np.array(spans, np.int32), first
        for layer, redacted, after in zip(layers, redact(layers, spans), texts[1:], strict=True):
            pairs = zip(redacted.layer, redacted.redacted.tolist(), strict=True)
            masks |= {at + n: (edit.before, edit.after) for n, (edit, is_masked) in enumerate(pairs) if is_masked}
            at += len(layer)
            here = layer.all_onward(here)
            words |= {after[start:end] for start, end in here.tolist()}
        result[row] = _Secret(
            spans,
            texts[0],
            Words(word for word in words if len(word) >= SHORTEST_SECRET and not _TOKEN.fullmatch(word)),
            masks,
            {n: one for n, one in enumerate(decoded["irregular"][row].as_py()) if _shares_a_character(one, spans)},
        )
    return result


_TOKEN = re.compile(r"\[[A-Z]+\]")


def _shares_a_character(stretch: Mapping[str, Any], spans: Sequence[Span]) -> bool:
    return bool(within(spans, (stretch["start_char"], stretch["start_char"] + stretch["length_chars"])))


def _edit_rows(edits: _Edits, ids: Array, secrets: Mapping[int, _Secret], rule_version: str) -> pa.Table:
    before_lengths = pc.utf8_length(edits.befores).to_numpy()
    after_lengths = pc.utf8_length(edits.afters).to_numpy()
    befores, afters = edits.befores, edits.afters
    redacted = np.zeros(len(edits.rows), np.bool_)
    masks = {at: mask for secret in secrets.values() for at, mask in secret.edits.items()}
    if masks:
        places = sorted(masks)
        redacted[places] = True
        befores = pc.replace_with_mask(befores, pa.array(redacted), pa.array([masks[at][0] for at in places]))
        afters = pc.replace_with_mask(afters, pa.array(redacted), pa.array([masks[at][1] for at in places]))
    count = len(edits.rows)
    new_document = np.diff(edits.rows, prepend=-1) != 0
    new_layer = new_document | (np.diff(edits.layers, prepend=-1) != 0)
    growth = (after_lengths - before_lengths).astype(np.int64)
    grown = np.cumsum(growth) - growth
    out_starts = edits.starts + grown - _from_first(grown, new_layer)
    moved_to = _columns_of_rules(edits.rules)
    is_move = (after_lengths == 0) & moved_to.is_valid().to_numpy(zero_copy_only=False)
    operations = np.select([is_move, after_lengths == 0, before_lengths == 0], [0, 1, 2], 3)
    return _table(
        "edits",
        {
            "doc_id": ids.take(pa.array(edits.rows)),
            "seq": np.arange(count) - _from_first(np.arange(count), new_document),
            "layer": edits.layers,
            "stage": pa.array([stage.name for stage in STAGES]).take(edits.stages),
            "step": edits.steps,
            "rule": edits.rules,
            "rule_version": pa.array([rule_version]).take(np.zeros(count, np.int32)),
            "op": pa.array(["move", "delete", "insert", "replace"]).take(operations),
            "start": edits.starts,
            "end": edits.starts + before_lengths,
            "out_start": out_starts,
            "before": befores,
            "after": afters,
            "moved_to": pc.if_else(pa.array(is_move), moved_to, pa.scalar(None, pa.string())),
            "redacted": redacted,
        },
    )


def _from_first(values: NDArray[np.int64], is_first: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each place, the value at the first place of its group."""
    return values[is_first][np.cumsum(is_first) - 1] if len(values) else values


def _columns_of_rules(rules: Array) -> Array:
    """The column that a rule moves text into; null where it does not."""
    named = {f"field.{column.name}": column.name for column in columns.TABLES["documents"]}
    encoded = rules.dictionary_encode()
    return pa.array([named.get(rule) for rule in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _conflict_rows(reconciled: pa.Table, ids: Array, secrets: Mapping[int, _Secret]) -> pa.Table:
    """The conflicts of the documents, with their sides masked by position; of labels, only the words are known."""
    lists = reconciled["conflicts"].combine_chunks()
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    found = pc.list_flatten(lists).to_pylist()
    for row, one in zip(rows.tolist(), found, strict=True):
        for side in ("ours", "theirs", "base") if row in secrets else ():
            label, start, text = one[side].values()
            one[side]["label"] = _masked(label, secrets[row].words)
            if text is not None:
                one[side]["text"] = masked(text, start, within(secrets[row].spans, (start, start + len(text))))
    new_document = np.diff(rows, prepend=-1) != 0
    places = np.arange(len(rows))
    return _table(
        "conflicts",
        {
            "doc_id": ids.take(pa.array(rows)),
            "conflict_index": places - _from_first(places, new_document),
            **{name: [one[name] for one in found] for name in ("start", "end", "style", "resolution", "rule")},
            **{f"label_{side}": [one[side]["label"] for one in found] for side in ("ours", "theirs", "base")},
            **{side: [one[side]["text"] for one in found] for side in ("ours", "theirs", "base")},
        },
    )


def _script_rows(converted: pa.Table, ids: Array) -> pa.Table:
    """The stretches of the documents; a script and its counts say nothing of a person, so nothing is masked."""
    lists = converted["scripts"].combine_chunks()
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    fields = pc.list_flatten(lists).flatten()
    values: dict[str, Any] = dict(zip([field.name for field in columns.STAGE_STRETCH], fields, strict=True))
    traditional, simplified = (values[f"{name}_count"].to_numpy() for name in ("traditional", "simplified"))
    telling = traditional + simplified
    new_document = np.diff(rows, prepend=-1) != 0
    places = np.arange(len(rows))
    return _table(
        "scripts",
        {
            "doc_id": ids.take(pa.array(rows)),
            "stretch_index": places - _from_first(places, new_document),
            "traditional_share_0_to_1": pa.array(traditional / np.maximum(telling, 1), mask=telling == 0),
            **values,
        },
    )


def _enrichment_rows(name: str, split: pa.Table, ids: Array, secrets: Mapping[int, _Secret]) -> pa.Table:
    """What was read in the documents, numbered; words of a text have its tokens already, all others are masked."""
    lists = split[name].combine_chunks()
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    found = pc.list_flatten(lists)
    if any(row in secrets for row in np.unique(rows).tolist()):
        pairs = zip(found.to_pylist(), rows.tolist(), strict=True)
        masks = (_masked(one, secrets[row].words) if row in secrets else one for one, row in pairs)
        found = pa.array(list(masks), found.type)
    new_document = np.diff(rows, prepend=-1) != 0
    places = np.arange(len(rows))
    values = dict(zip([field.name for field in columns.STAGE_ENRICHMENTS[name]], found.flatten(), strict=True))
    key, index, *_ = (column.name for column in columns.TABLES[name])
    return _table(name, {key: ids.take(pa.array(rows)), index: places - _from_first(places, new_document), **values})


def _redactions(ids: Array, secrets: Mapping[int, _Secret]) -> pa.Table:
    rows = []
    for row, secret in secrets.items():
        name = ids[row].as_py()
        rows += [{"id": name, "start": start, "text": secret.raw_text[start:end]} for start, end in secret.spans]
        for stretch in secret.irregular.values():
            start, end = stretch["start_char"], stretch["start_char"] + stretch["length_chars"]
            rows.append({"id": name, "start": start, "text": secret.raw_text[start:end], "raw": stretch["raw"]})
    return pa.Table.from_pylist(rows, REDACTIONS)


# ------------------------------------------------------------------------------------------------ documents and files


def _documents(split: pa.Table, decoded: pa.Table, others: Mapping[str, Any]) -> pa.Table:
    values = {name: split[name] for name in split.column_names}
    return _table("documents", {**values, "raw_sha256": decoded["raw_sha256"], **others})


def _without_secrets(documents: pa.Table, secrets: Mapping[int, _Secret]) -> pa.Table:
    """The documents without personal data in their metadata, if any got there: the text itself has its tokens."""
    for number, column in enumerate(columns.TABLES["documents"]):
        if column.name not in _FREE_COLUMNS:
            continue
        values = documents[column.name].combine_chunks()
        cleaned = {}
        for row, secret in secrets.items():
            value = values[row].as_py()
            if (clean := _masked(value, secret.words)) != value:
                cleaned[row] = clean
        if cleaned:
            every = [cleaned.get(row, value) for row, value in enumerate(values.to_pylist())]
            documents = documents.set_column(number, documents.schema.field(number), pa.array(every, column.type))
    return documents


def _masked(value: Any, words: Words) -> Any:  # noqa: ANN401  any field's value
    if isinstance(value, str):
        return words.masked(value)
    if isinstance(value, dict):
        return {name: _masked(item, words) for name, item in value.items()}
    return [_masked(item, words) for item in value] if isinstance(value, list) else value


def _sections(documents: pa.Table) -> pa.Table:
    lists = documents["sections"].combine_chunks()
    parents = pc.list_parent_indices(lists)
    fields = pc.list_flatten(lists).flatten()
    names = [field.name for field in columns.SECTION_FIELDS]
    values: dict[str, Any] = dict(zip(names, fields, strict=True))
    return _table("sections", {"doc_id": documents["id"].combine_chunks().take(parents), **values})


def _flags(flags: Array, admitted_despite: Array) -> Array:
    """The quality flags, with one more where somebody has overruled the verdict."""
    if admitted_despite.null_count == len(admitted_despite):
        return flags
    pairs = zip(flags.to_pylist(), admitted_despite.to_pylist(), strict=True)
    return pa.array([found if reason is None else sorted([*found, READMITTED]) for found, reason in pairs], flags.type)


FILE_COLUMNS = ("raw_path", "raw_sha256", "bytes", *sorted(columns.DECODING_COLUMNS))
"""The columns of `decoded_documents` that :func:`file_rows` looks at."""


def file_rows(decoded: pa.Table, judged: pa.Table, hidden: Collection[tuple[str, int]]) -> pa.Table:
    """The rows of `files` for one shard, in its order.

    `hidden` are the stretches of which the raw bytes are withheld, each by its document and where it starts.
    """
    values: dict[str, Any] = {name: decoded[name] for name in decoded.column_names}
    values |= {name: judged[name] for name in ("status", "duplicate_of", "duplicate_basis")}
    published = pc.equal(judged["status"], "published")
    values["doc_id"] = pc.if_else(published, judged["id"], pa.scalar(None, pa.string()))
    irregular: list[list[dict[str, Any]]] = [[] for _ in range(len(judged))]
    stretches = decoded["irregular"].combine_chunks()
    has_some = pc.greater(pc.list_value_length(stretches), 0)
    for row in np.flatnonzero(pc.and_(published, has_some)).tolist():
        name = values["doc_id"][row].as_py()
        irregular[row] = [
            {**one, "raw": None} if (name, one["start_char"]) in hidden else one for one in stretches[row].as_py()
        ]
    values["irregular"] = pa.array(irregular, stretches.type)
    return _table("files", values)


def quarantine_rows(judged: pa.Table) -> pa.Table:
    """The rows of `quarantine` for one shard, in its order."""
    rows = judged.filter(pc.equal(judged["status"], "quarantined"))
    reasons = rows["reason"].to_pylist()
    details = [
        # A step's error message may quote the document; its name is enough to find it in the stage tables.
        (detail or "").partition(":")[0] if reason == "step_failed" else (detail or "")[:DETAIL_CHARACTERS]
        for reason, detail in zip(reasons, rows["detail"].to_pylist(), strict=True)
    ]
    values = {name: rows[name] for name in ("raw_path", "reason", "stage")}
    return _table("quarantine", {**values, "detail": details})


def hidden_stretches(redactions: pa.Table) -> frozenset[tuple[str, int]]:
    """The stretches whose raw bytes stand among the redactions, each by its document and where it starts."""
    withheld = redactions.filter(redactions["raw"].is_valid()).select(["id", "start"]).to_pylist()
    return frozenset((one["id"], one["start"]) for one in withheld)


def _table(name: str, values: Mapping[str, Any]) -> pa.Table:
    """A table with exactly the columns, order and types of the data dictionary."""
    arrays = []
    for column in columns.TABLES[name]:
        value = values[column.name]
        if isinstance(value, list):
            value = pa.array(value, column.type)
        elif isinstance(value, np.ndarray):
            value = pa.array(value)
        arrays.append(value if value.type == column.type else value.cast(column.type))
    return pa.Table.from_arrays(arrays, schema=columns.schema(columns.TABLES[name]))
