"""The figures of an asset that people would rather look at than read, counted in its tables on disk.

Here belongs which numbers are worth a plot, how they are counted, and the message of each. A table is read batch by
batch and only in the columns that are counted: a million documents take no more memory than a thousand, but for eight
bytes each where sizes are compared. What a plot looks like belongs in :mod:`pipeline.plots`.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from pipeline.plots import Bars, Histogram, Row, Timeline, amount
from pipeline.plots.bins import bins
from pipeline.plots.words import short, slot_name
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.plots import Figure
    from pipeline.plots.kinds import Tone

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

ROWS_AT_ONCE = 4_096
"""A document has a hundred edits and more: so many rows are some megabytes."""

UNSURE = 0.9
"""An encoding that was found with less confidence than this deserves a look."""

FEW = 4
"""Of fewer values, nobody would speak of half of them."""

_STAGE_RULE = "edits.list.element.rule"
"""As Parquet names it: of the edits, nothing else is read."""

_SUFFIX = r"(?s)[^/](?P<suffix>\.[^./]+?)(?:#L[0-9]+)?$"
"""The suffix of a file's name; a line of a file, as in `rows.jsonl#L12`, has that of the file."""

_DATASETS = {"staged_dataset": (".staging", "dataset"), "published_dataset": ("dataset",)}

_METHODS = {
    "bom": "byte-order mark",
    "chardet": "chardet's guess",
    "declared": "said in the file, and nearly equal",
    "runs": "several in one file",
    "scored": "candidates compared",
    "utf8_strict": "valid UTF-8",
}
_CONVERSIONS = {
    "script.hk2s": "from Traditional of Hong Kong",
    "script.t2s": "from Traditional",
    "script.tw2s": "from Traditional of Taiwan",
}
SCRIPT_NAMES = {
    "en": "English",
    "zh-Hans": "Simplified",
    "zh-Hant": "Traditional",
    "zh-Hant-HK": "Traditional of Hong Kong",
    "zh-Hant-TW": "Traditional of Taiwan",
}
"""What a script or language is called in a plot, by its tag."""


def of_asset(output: Path, asset: str, *, edits: Mapping[str, int] | None = None) -> dict[str, Figure]:
    """The figures of an asset by name, from its tables in an output folder; none for an asset that is not known.

    `edits` are the asset's edits by rule where they have been counted already: to count them here, each one is read.
    A figure of nothing is among the others: it has no plot.

    Raises :class:`pipeline.sources.files.BadInput` where a table is missing.
    """
    if asset in _DATASETS:
        return of_dataset(output.joinpath(*_DATASETS[asset]), edits=edits)
    table = _Table(output / "stages" / asset, "part-*.parquet")
    figures: dict[str, Figure] = {name: count(table) for name, count in _OF_TABLES.get(asset, {}).items()}
    if asset in _WITH_EDITS:
        figures["edits"] = edits_by_rule(_edits(table, _STAGE_RULE) if edits is None else edits)
    return figures


def of_dataset(dataset: Path, *, edits: Mapping[str, int] | None = None) -> dict[str, Figure]:
    """The figures of a dataset: the same for one that is staged, published, or was fetched from somewhere."""
    documents = _Table(dataset / "data", "documents-*.parquet")
    if edits is None:
        edits = _edits(_Table(dataset / "data", "edits-*.parquet"), "rule")
    return {
        "lengths": _lengths(documents, counted="documents"),
        "dates": _dates(documents, counted="documents"),
        "scripts": _scripts(documents),
        "edits": edits_by_rule(edits),
    }


def of_files(dataset: Path) -> dict[str, Figure]:
    """The figures of the files that a dataset was made from, whatever became of them."""
    return {"encodings": _encodings(_Table(dataset / "data", "files-*.parquet"))}


def edits_by_rule(counts: Mapping[str, int]) -> Bars:
    """Which rules changed most.

    >>> edits_by_rule({"space.indent": 3, "pinyin.artifact": 9}).title
    'Rules: pinyin.artifact made 9 of 12 edits'
    """
    rows = tuple(Row(rule, count) for rule, count in counts.items())
    return _leading(rows, "Rules: {name} made {count} of {total}", category="rule", unit="edits")


# ------------------------------------------------------------------------------------------------ what is counted


def _sizes(table: _Table) -> Histogram:
    return _spread(table.numbers("bytes"), "Sizes", quantity="size", unit="bytes", counted="files")


def _lengths(table: _Table, *, counted: str) -> Histogram:
    return _spread(table.numbers("char_count"), "Lengths", quantity="length", unit="characters", counted=counted)


def _suffixes(table: _Table) -> Bars:
    counts: Counter[str | None] = Counter()
    for batch in table.batches("raw_path"):
        found = pc.struct_field(pc.extract_regex(batch.column(0), _SUFFIX), "suffix")
        counts.update(_counted(pc.utf8_lower(found)))
    rows = _rows(counts, missing="none")
    return _leading(rows, "Suffixes: {name} in {count} of {total}", category="suffix", unit="files")


def _encodings(table: _Table) -> Bars:
    rows = _rows(table.counts("encoding"), missing="not decoded")
    return _leading(rows, "Encodings: {name} in {count} of {total}", category="encoding", unit="files")


def _certainty(table: _Table) -> Bars:
    """How the encodings were found, and apart those that were found with little confidence."""
    counts: Counter[tuple[str, bool]] = Counter()
    for batch in table.batches("encoding_method", "encoding_confidence_0_to_1"):
        found = batch.filter(batch.column(0).is_valid())
        # Confidences are stored in single precision, with three digits.
        counts.update(_pairs(found.column(0), pc.less(found.column(1), UNSURE - 0.0005)))
    rows = [
        Row(f"{_METHODS.get(method, method)}, below {UNSURE}", count, "warn")
        if unsure
        else Row(_METHODS.get(method, method), count)
        for (method, unsure), count in counts.items()
    ]
    few = sum(row.times for row in rows if row.tone == "warn")
    title = f"Confidence: {few:,} of {amount(counts.total(), 'encodings')} found with less than {UNSURE}"
    return Bars(title, "how it was found", "files", tuple(rows))


def _conversions(table: _Table) -> Bars:
    """How many texts were converted, and from which script."""
    counts: Counter[str] = Counter()
    texts = 0
    for batch in table.batches("set_aside", _STAGE_RULE):
        texts += batch.column("set_aside").null_count
        lists = batch.column("edits")
        rules = pc.struct_field(pc.list_flatten(lists), "rule")
        names = rules.dictionary.to_pylist()
        of_script = [number for number, name in enumerate(names) if name.startswith("script.")]
        # Each rule of script has a bit, and each text the bits of those that changed something in it.
        bits = np.zeros(len(names), np.int64)
        bits[of_script] = 1 << np.arange(len(of_script))
        found = np.zeros(len(lists), np.int64)
        np.bitwise_or.at(found, pc.list_parent_indices(lists).to_numpy(), bits[rules.indices.to_numpy()])
        for mask, many in zip(*np.unique(found[found > 0], return_counts=True), strict=True):
            changed = [names[number] for number in of_script if bits[number] & mask]
            counts[" and ".join(sorted(_CONVERSIONS.get(rule, rule) for rule in changed))] += int(many)
    rows = [Row(name, count) for name, count in counts.items()]
    title = f"Scripts: {counts.total():,} of {amount(texts, 'texts')} converted"
    return Bars(title, "conversion", "texts", (*rows, Row("left as it was", texts - counts.total(), "rest")))


def _scripts(table: _Table) -> Bars:
    counts = table.counts("raw_language")
    rows = [Row(SCRIPT_NAMES.get(tag, tag), count) for tag, count in counts.items()]
    return _leading(rows, "Scripts before cleaning: {name} in {count} of {total}", category="script", unit="documents")


def _outcome(table: _Table) -> Bars:
    counts: Counter[tuple[str, str | None]] = Counter()
    for batch in table.batches("status", "reason"):
        counts.update(_pairs(*batch.columns))
    tones: dict[str, Tone] = {"published": "plain", "duplicate": "rest"}
    rows = [
        Row(f"set aside: {reason}" if reason else status, count, tones.get(status, "warn"))
        for (status, reason), count in counts.items()
    ]
    published = sum(row.times for row in rows if row.name == "published")
    title = f"Outcome: {published:,} of {amount(counts.total(), 'files')} published"
    return Bars(title, "what became of it", "files", tuple(rows))


def _leading(rows: Iterable[Row], says: str, *, category: str, unit: str) -> Bars:
    """Bars whose message is the longest of them."""
    rows = tuple(rows)
    top = max(rows, key=lambda row: row.times, default=Row("nothing", 0))
    total = amount(sum(row.times for row in rows), unit)
    return Bars(says.format(name=short(top.name), count=f"{top.times:,}", total=total), category, unit, rows)


# ------------------------------------------------------------------------------------------------ sizes and dates


def _spread(values: NDArray[np.int64], topic: str, *, quantity: str, unit: str, counted: str) -> Histogram:
    many = amount(len(values), counted)
    if not len(values):
        return Histogram(f"{topic}: {many}", quantity, unit, counted, (), 0, 0, 0, 0)
    quarters = np.quantile(values, [0, 0.25, 0.5, 0.75, 1], method="nearest").tolist()
    least, lower, median, upper, greatest = map(int, quarters)
    few = len(values) < FEW
    low, high = (least, greatest) if few else (lower, upper)
    between = amount(high, unit)
    if low < high:
        between = f"{amount(low, unit if unit == 'bytes' else '')} to {between}"
    half = "half" if low < high else "at least half"
    title = f"{topic}: {many} of {between}" if few else f"{topic}: {half} of the {many} have {between}"
    above = values[values > 0]
    return Histogram(title, quantity, unit, counted, bins(above), len(values) - len(above), least, median, greatest)


def _dates(table: _Table, *, counted: str) -> Timeline:
    """By month; a document without a date counts in the message alone."""
    counts: Counter[int] = Counter()
    rows = 0
    for batch in table.batches("char_count", "date_published"):
        texts, days = batch.columns
        rows += len(texts) - texts.null_count
        months = days.drop_null().to_numpy(zero_copy_only=False).astype("datetime64[M]").astype(np.int64)
        counts.update(_counted(pa.array(months + 12 * 1970)))
    figure = Timeline("", "publication", counted, tuple(sorted(counts.items())))
    slots = figure.slots()
    title = f"Dates: {counts.total():,} of {amount(rows, counted)} say when they were published"
    highest = max((slot.times for slot in slots.slots), default=0)
    names = [slot_name(slots, slot.first) for slot in slots.slots if slot.times == highest]
    return figure._replace(title=f"{title}, {highest:,} in {names[0]}" if len(names) == 1 else title)


_OF_TABLES: dict[str, dict[str, Callable[[_Table], Figure]]] = {
    "raw_documents": {"sizes": _sizes, "suffixes": _suffixes},
    "decoded_documents": {"encodings": _encodings, "certainty": _certainty},
    "converted_documents": {"scripts": _conversions},
    "split_documents": {"lengths": partial(_lengths, counted="texts"), "dates": partial(_dates, counted="texts")},
    "judged_documents": {"outcome": _outcome},
}
_WITH_EDITS = frozenset({"reconciled_documents", "converted_documents", "split_documents"})


# ------------------------------------------------------------------------------------------------ tables on disk


class _Table(NamedTuple):
    """The files of one table."""

    folder: Path
    pattern: str

    def batches(self, *names: str) -> Iterator[pa.RecordBatch]:
        """Some columns, some rows at a time; `names` are those of Parquet. Rules come as dictionaries."""
        files = sorted(self.folder.glob(self.pattern))
        if not files:
            message = f"there is no {self.pattern} in {str(self.folder)!r}: run all stages (python -m pipeline build)"
            raise BadInput(message)
        for path in files:
            with pq.ParquetFile(path, read_dictionary=[name for name in names if name.endswith("rule")]) as file:
                yield from file.iter_batches(ROWS_AT_ONCE, columns=list(names))

    def counts(self, name: str) -> Counter[Any]:
        """How often each value of a column occurs, null too."""
        counts: Counter[Any] = Counter()
        for batch in self.batches(name):
            counts.update(_counted(batch.column(0)))
        return counts

    def numbers(self, name: str) -> NDArray[np.int64]:
        """The values of a column, without nulls."""
        parts = [np.zeros(0, np.int64)]
        parts += [batch.column(0).drop_null().to_numpy().astype(np.int64) for batch in self.batches(name)]
        return np.concatenate(parts)


def _edits(table: _Table, rule: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for batch in table.batches(rule):
        column = batch.column(0)
        nested = pa.types.is_list(column.type)
        counts.update(_counted(pc.struct_field(pc.list_flatten(column), "rule") if nested else column))
    return counts


def _counted(array: Any) -> dict[Any, int]:  # noqa: ANN401  any array of Arrow
    return {one["values"]: one["counts"] for one in pc.value_counts(array).to_pylist()}


def _pairs(first: Any, second: Any) -> dict[Any, int]:  # noqa: ANN401  as above
    """How often two values stand beside each other."""
    table = pa.table([first, second], ["first", "second"])
    grouped = table.group_by(["first", "second"]).aggregate([([], "count_all")]).to_pylist()
    return {(one["first"], one["second"]): one["count_all"] for one in grouped}


def _rows(counts: Mapping[str | None, int], *, missing: str) -> list[Row]:
    """Bars of a column; the nulls have a name, and are not the subject."""
    return [Row(missing, count, "rest") if name is None else Row(name, count) for name, count in counts.items()]
