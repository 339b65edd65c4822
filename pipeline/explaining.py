"""The account of one document, as lines for a reader: each edit in its context, with its rule and the rule's sentence.

Behind the edits stand the sides of merge conflicts. Here belongs how an account is read and laid out, from a document
in memory or from the tables of a dataset. What an edit is belongs in :mod:`pipeline.edits`, what became of a conflict
in :mod:`pipeline.resolutions`. Raw text is hostile: only :func:`pipeline.visible.visible` lets it through.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.edits import Edit
from pipeline.recipe import STAGES, rules
from pipeline.resolutions import LONE_MARKER, Resolved, Side, resolutions
from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.document import Document

CONTEXT = 12
"""How many characters stand before and after an edit."""

LONGEST = 160
"""A longer stretch is shown by its two ends."""


class Change(NamedTuple):
    """One step's edits on one document, with the text that they were made on."""

    stage: str
    step: str
    text: str
    edits: Sequence[Edit]


@dataclass(frozen=True, slots=True)
class Account:
    """What happened to one document: `heading` says which and what became of it, `changes` are in order.

    `conflicts` are merge conflicts that stood in `decoded`, the raw text.
    """

    heading: str
    notes: Sequence[str]
    changes: Sequence[Change]
    conflicts: Sequence[Resolved] = ()
    decoded: str = ""


class Ink(NamedTuple):
    """How parts of a line are marked: the codes of a terminal, or signs where there are no colours."""

    gone: tuple[str, str] = ("[-", "-]")
    new: tuple[str, str] = ("{+", "+}")
    name: tuple[str, str] = ("", "")
    faint: tuple[str, str] = ("", "")


PLAIN = Ink()
COLOURED = Ink(("\x1b[31;9m", "\x1b[0m"), ("\x1b[32;1m", "\x1b[0m"), ("\x1b[1m", "\x1b[0m"), ("\x1b[2m", "\x1b[0m"))


def of_document(document: Document) -> Account:
    """The account of a document that was cleaned just now."""
    changes: list[Change] = []
    done = 0
    ends = [(stage.name, document.depths[stage.name]) for stage in STAGES if stage.name in document.depths]
    # Beyond the last whole stage stand the steps of the one that set the document aside.
    for stage, depth in [*ends, (document.verdict.stage, len(document.history.revisions))]:
        revisions = document.history.revisions[done:depth]
        changes += [Change(stage, made.step, made.before, list(made.layer)) for made in revisions]
        done = max(done, depth)
    verdict = document.verdict
    became = "accepted" if verdict.accepted else f"set aside by {verdict.stage}: {verdict.reason}, {verdict.detail}"
    heading = f"{document.source}  {document.id}  {document.bytes} bytes, {document.decoding.encoding or 'not decoded'}"
    history = document.history
    return Account(f"{heading}; {became}", _flags(document.flags), changes, resolutions(history), history.at(0))


def of_dataset(dataset: Path, wanted: str) -> Account:
    """The account of a published document, by its `id`, the beginning of its `id`, or its `raw_path`.

    Characters that are masked in the tables are masked here. Raises :class:`LookupError` where no document, or more
    than one, is called that; the message says which.
    """
    import pyarrow.compute as pc  # noqa: PLC0415  for tables only
    import pyarrow.dataset as ds  # noqa: PLC0415

    documents = ds.dataset(sorted((dataset / "data").glob("documents-*.parquet")))
    named = pc.starts_with(pc.field("id"), wanted) | (pc.field("raw_path") == wanted)
    found = documents.to_table(columns=["id", "raw_path", "text", "quality_flags"], filter=named).to_pylist()
    if len(found) != 1:
        names = ", ".join([row["id"] for row in found[:3]] + ["…"] * (len(found) > 3))  # noqa: PLR2004  as many as are named
        message = f"{len(found)} documents are called {wanted!r}" + (f": {names}" if found else "")
        raise LookupError(message)
    document = found[0]
    edits = ds.dataset(sorted((dataset / "data").glob("edits-*.parquet")))
    rows = edits.to_table(filter=pc.field("doc_id") == document["id"]).sort_by("seq").to_pylist()
    layers = [list(group) for _, group in groupby(rows, key=lambda row: row["layer"])]
    text, changes = document["text"], []
    for layer in reversed(layers):
        text = _undone(text, layer)
        made = [Edit(row["start"], row["before"], row["after"], row["rule"]) for row in layer]
        changes.append(Change(layer[0]["stage"], layer[0]["step"], text, made))
    heading = f"{document['raw_path']}  {document['id']}  published"
    conflicts: list[Resolved] = []
    if files := sorted((dataset / "data").glob("conflicts-*.parquet")):  # an older version has written none
        table = ds.dataset(files).to_table(filter=pc.field("doc_id") == document["id"])
        conflicts = [_published(row) for row in table.sort_by("conflict_index").to_pylist()]
    return Account(heading, _flags(document["quality_flags"]), changes[::-1], conflicts, text)


def _published(row: Mapping[str, Any]) -> Resolved:
    """What became of a conflict, by its row; where its sides stand in it is not told there."""
    ours, theirs, base = (Side(row[f"label_{name}"], None, row[name]) for name in ("ours", "theirs", "base"))
    return Resolved(row["start"], row["end"], row["style"], row["resolution"], row["rule"], ours, theirs, base)


def _undone(text: str, layer: Sequence[Mapping[str, object]]) -> str:
    """The text before a layer of published edits. What is masked has its length, so that offsets hold."""
    pieces, at = [], 0
    for row in layer:
        start, before, after = int(str(row["out_start"])), str(row["before"]), str(row["after"])
        pieces += [text[at:start], before]
        at = start + len(after)
    return "".join([*pieces, text[at:]])


def _flags(flags: Iterable[str]) -> list[str]:
    from pipeline.columns import QUALITY_FLAGS  # noqa: PLC0415  it imports pyarrow

    return [f"{flag}: {QUALITY_FLAGS.get(flag, '')}" for flag in flags]


def only(account: Account, rule: str) -> Account:
    """The account with what one rule did alone, or a group of rules ("pinyin" for "pinyin.artifact")."""

    def is_wanted(one: Edit | Resolved) -> bool:
        return one.rule == rule or one.rule.startswith(f"{rule}.")

    changes = [change._replace(edits=list(filter(is_wanted, change.edits))) for change in account.changes]
    return replace(
        account,
        changes=[change for change in changes if change.edits],
        conflicts=list(filter(is_wanted, account.conflicts)),
    )


def lines(account: Account, *, ink: Ink = PLAIN, whole: bool = False) -> Iterator[str]:
    """The account, line by line.

    >>> change = Change("convert", "strip_pinyin", "企業(yè)聯盟", [Edit(2, "(yè)", "", "pinyin.artifact")])
    >>> for line in lines(Account("a.txt", [], [change])):
    ...     print(line)
    a.txt
    1 edit by 1 rule
    <BLANKLINE>
    convert › strip_pinyin
      pinyin.artifact, 1: Pinyin that a conversion put behind the character.
        1:3  企業[-(yè)-]聯盟

    Positions are line and column, from 1, in the text that the step was given. A stretch longer than :data:`LONGEST` is
    shown by its two ends, unless `whole`. Merge conflicts come last: their places are those of the raw text.
    """
    yield _inked(visible(account.heading), ink.name)
    for note in account.notes:
        yield f"  {visible(note)}"
    counts = Counter(edit.rule for change in account.changes for edit in change.edits)
    yield f"{_counted(counts.total(), 'edit')} by {_counted(len(counts), 'rule')}"
    sentences = rules()
    for change in account.changes:
        yield ""
        yield f"{change.stage} › {_inked(change.step, ink.name)}"
        places = _Places(change.text)
        by_rule: dict[str, list[Edit]] = {}
        for edit in change.edits:
            by_rule.setdefault(edit.rule, []).append(edit)
        for rule, edits in by_rule.items():
            yield f"  {_inked(rule, ink.name)}, {len(edits)}: {sentences.get(rule, _UNKNOWN)}"
            for edit in edits:
                yield f"    {places.of(edit.start)}  {_in_context(change.text, edit, ink, whole=whole)}"
    if account.conflicts:
        yield ""
        yield f"{_counted(len(account.conflicts), 'merge conflict')} in the raw text"
    places = _Places(account.decoded)
    for conflict in account.conflicts:
        yield f"  {places.of(conflict.start)}  {_decided(conflict, ink)}: {sentences.get(conflict.rule, _UNKNOWN)}"
        yield from (f"    {line}" for line in _sides(conflict, account.decoded, ink, whole=whole))


_UNKNOWN = "This rule is not known any more."
_STAYED = {
    "both": "both sides stay",
    "identical": "one of two identical sides stays",
    LONE_MARKER: "no side is known, the marker goes",
    "merged": "both sides are merged",
    "ours": "ours stays",
    "theirs": "theirs stays",
}
_GOES = {"identical": ("theirs", "base"), "ours": ("theirs", "base"), "theirs": ("ours", "base")}
"""Which sides go whole; of the others, the common ancestor does."""


def _decided(conflict: Resolved, ink: Ink) -> str:
    stayed = _STAYED.get(conflict.resolution, conflict.resolution)
    return f"{visible(conflict.style)}, {stayed}, {_inked(visible(conflict.rule), ink.name)}"


def _sides(conflict: Resolved, decoded: str, ink: Ink, *, whole: bool) -> Iterator[str]:
    """A line for each side: its name and label, and what stood there; of a lone marker, the marker itself."""
    if conflict.resolution == LONE_MARKER:
        yield _inked(_stretch(decoded[conflict.start : conflict.end], whole=whole), ink.gone)
        return
    goes = _GOES.get(conflict.resolution, ("base",))
    for name, side in (("ours", conflict.ours), ("base", conflict.base), ("theirs", conflict.theirs)):
        if side.text is None:
            continue
        called = f"{name} ({visible(side.label)})" if side.label else name
        shown = _stretch(side.text, whole=whole)
        yield f"{called}: {_inked(shown, ink.gone) if name in goes else shown}" if shown else f"{called}: empty"


class _Places:
    """Line and column of positions that come in ascending order, without counting from the start each time."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1

    def of(self, position: int) -> str:
        if position < self.at:
            self.at, self.line = 0, 1
        self.line += self.text.count("\n", self.at, position)
        self.at = position
        column = position - self.text.rfind("\n", 0, position)
        return f"{self.line}:{column}"


def _in_context(text: str, edit: Edit, ink: Ink, *, whole: bool) -> str:
    left, right = max(0, edit.start - CONTEXT), min(len(text), edit.end + CONTEXT)
    parts = [
        _inked(("…" if left else "") + visible(text[left : edit.start]), ink.faint),
        _inked(_stretch(edit.before, whole=whole), ink.gone) if edit.before else "",
        _inked(_stretch(edit.after, whole=whole), ink.new) if edit.after else "",
        _inked(visible(text[edit.end : right]) + ("…" if right < len(text) else ""), ink.faint),
    ]
    return "".join(parts)


def _stretch(text: str, *, whole: bool) -> str:
    if whole or len(text) <= LONGEST:
        return visible(text)
    half = LONGEST // 2
    return f"{visible(text[:half])} …{len(text) - 2 * half} characters… {visible(text[-half:])}"


def _inked(text: str, marks: tuple[str, str]) -> str:
    return f"{marks[0]}{text}{marks[1]}" if text else ""


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
