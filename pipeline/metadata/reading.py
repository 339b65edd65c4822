"""Taking a value from the text at the layer that it deserves.

Here belongs the way from a finding's span to a string: converted, decoded, or in the script as written, with personal
data masked. Which column takes which is said in :mod:`pipeline.metadata.fields`.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from pipeline.code_points import covered
from pipeline.steps.personal_data import Found, numbers_again, numbers_among, personal_data_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from pipeline.edits import Layer, Span
    from pipeline.text import Finding, Revision, Text

Places: TypeAlias = "NDArray[np.int64]"

SCRIPT_STEP = "convert_script"

UNWRAPPING_STEPS = frozenset({"decode_record_escapes", "open_record", "open_response", "strip_markup"})
"""What they leave is the text as somebody wrote it: before them, it stood in escapes, between keys or tags."""


class Reader:
    """Reads values out of a revised text.

    `personal` are the spans of personal data in the decoded text, each with its token; what overlaps them is masked in
    every string that a reader gives.
    """

    def __init__(self, history: Text) -> None:
        self.history = history
        self.decoded_text = history.at(0)
        self.script_depth = next(
            (i for i, revision in enumerate(history.revisions) if revision.step == SCRIPT_STEP), None
        )
        unwrapped = [i for i, revision in enumerate(history.revisions, 1) if revision.step in UNWRAPPING_STEPS]
        self.unwrapped_depth = max(unwrapped, default=0)
        self._of_kind: dict[str, list[Finding]] = {}
        for finding in history.findings:
            self._of_kind.setdefault(finding.kind, []).append(finding)
        # What an earlier stage deletes (a losing side of a conflict, a tag) is kept in the account, so the decoded text
        # is searched as well: the split stage sees only what is left of it. So is the text that conflicts were found
        # in, and the one in a record: where an earlier step had to make that readable, a number may have got its word
        # only then. What was found anywhere is masked wherever the decoded text has it.
        found: dict[Span, str] = {}
        pieces: dict[Found, None] = {}  # a set would have another order in each run
        for finding in self.found("personal"):
            found[history.origin(finding.span, depth=finding.depth)] = finding.value
            pieces[Found(0, 0, finding.value, history.at(finding.depth)[slice(*finding.span)])] = None
        for depth in sorted({0, *unwrapped, *(finding.depth for finding in self.found("conflict"))}):
            for one in personal_data_in(history.at(depth)):
                found[history.origin((one.start, one.end), depth=depth)] = one.token
                pieces[one._replace(start=0, end=0)] = None
        for one in numbers_again(self.decoded_text, numbers_among(pieces)):
            found[one.start, one.end] = one.token
        self.personal = tuple(_apart(sorted(found.items())))
        self._personal_at: dict[int, list[tuple[Span, str]]] = {}
        self._line_ends: list[int] | None = None

    def found(self, *kinds: str) -> Iterator[Finding]:
        """The findings of these kinds, in the order in which they were made."""
        if len(kinds) == 1:
            return iter(self._of_kind.get(kinds[0], ()))
        return (finding for finding in self.history.findings if finding.kind in kinds)

    def converted(self, finding: Finding) -> str:
        """The finding's span as it stood when it was found: converted, artefacts gone."""
        return self._taken(finding.span, finding.depth)

    def decoded(self, finding: Finding) -> str:
        """The finding's span in the decoded text, verbatim; in that of a record, without its escapes."""
        depth = min(self.unwrapped_depth, finding.depth)
        return self._taken(self.history.origin(finding.span, depth=finding.depth, to=depth), depth)

    def as_written(self, finding: Finding) -> str:
        """The finding's span without artefacts, in the script that the document was written in."""
        depth = finding.depth
        if self.script_depth is None or depth <= self.script_depth:
            return self._taken(finding.span, depth)
        return self._taken(self.history.origin(finding.span, depth=depth, to=self.script_depth), self.script_depth)

    def origin(self, finding: Finding) -> Span:
        """The finding's span in the decoded text."""
        return self.history.origin(finding.span, depth=finding.depth)

    def line(self, finding: Finding) -> int:
        """The 1-based line of the decoded text on which the finding starts."""
        if self._line_ends is None:
            text = self.decoded_text
            mark = "\n" if "\n" in text or "\r" not in text else "\r"
            self._line_ends = [match.start() for match in re.finditer(mark, text)]
        return bisect.bisect_left(self._line_ends, self.origin(finding)[0]) + 1

    def _taken(self, span: Span, depth: int) -> str:
        text, (start, end) = self.history.at(depth), span
        if not self.personal:
            return text[start:end]
        parts, last = [], start
        masked = self._masked(depth)
        for (first, stop), token in masked[bisect.bisect_left(masked, start, key=lambda item: item[0][1]) :]:
            if first >= end:
                break
            if max(first, last) < min(stop, end):
                parts += [text[last : max(first, last)], f"[{token}]"]
                last = min(stop, end)
        parts.append(text[last:end])
        return "".join(parts)

    def _masked(self, depth: int) -> list[tuple[Span, str]]:
        """The personal data as it lay after `depth` revisions, in the order of the text."""
        if depth not in self._personal_at:
            spans = [(self.history.onward(span, to=depth), token) for span, token in self.personal]
            self._personal_at[depth] = sorted(item for item in spans if item[0][0] < item[0][1])
        return self._personal_at[depth]

    def original_script(self) -> str | None:
        """The text as it stands with the script edits alone undone; None where there are none."""
        if self.script_depth is None:
            return None
        revision = self.history.revisions[self.script_depth]
        if not revision.layer.is_aligned:
            return self._unequal_script(revision)
        # As if there had been no conversion: what came later replaces what stands there instead.
        text = revision.before
        for later in self.history.revisions[self.script_depth + 1 :]:
            text = later.layer.on(text).apply(text)
        return text

    def _unequal_script(self, revision: Revision) -> str:
        """The same where a conversion changed a length: whole edits are put back, from the end."""
        came_from = np.arange(revision.layer.out_length)
        for later in self.history.revisions[(self.script_depth or 0) + 1 :]:
            came_from = _carried(came_from, later.layer)
        value = self.history.value
        out_starts = revision.layer.out_starts.tolist()
        for edit, out_start in reversed(list(zip(revision.layer, out_starts, strict=True))):
            places = np.flatnonzero((came_from >= out_start) & (came_from < out_start + len(edit.after)))
            if len(places) == len(edit.after) and len(places) and places[-1] - places[0] == len(places) - 1:
                value = value[: places[0]] + edit.before + value[places[-1] + 1 :]
        return value


def _apart(found: Iterable[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """Sorted spans with their tokens; of those that share characters, the first has those of all."""
    apart: list[tuple[Span, str]] = []
    for span, token in found:
        if apart and span[0] < apart[-1][0][1]:
            (start, end), of_first = apart.pop()
            apart.append(((start, max(end, span[1])), of_first))
        else:
            apart.append((span, token))
    return apart


def _carried(came_from: Places, layer: Layer) -> Places:
    """Carry an index of origins over a layer: what is kept keeps its origin, what is new has none (-1)."""
    carried = np.full(layer.out_length, -1, came_from.dtype)
    kept = ~covered(layer.length, layer.starts, layer.before_lengths)
    carried[~covered(layer.out_length, layer.out_starts, layer.after_lengths)] = came_from[kept]
    return carried
