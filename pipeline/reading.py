"""Taking a value from the text at the layer that it deserves.

Here belongs the way from a finding's span to a string: converted, decoded, or in the script as written, with personal
data masked. Which column takes which is said in :mod:`pipeline.fields`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.edits import Span
    from pipeline.text import Finding, Text

SCRIPT_STEP = "convert_script"


class Value(NamedTuple):
    """A string taken from a text, and the 1-based line of the decoded text where it stands."""

    text: str
    line: int


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
        self.personal = tuple(
            (history.origin(finding.span, depth=finding.depth), finding.value) for finding in self.found("personal")
        )
        self._line_end = "\n" if "\n" in self.decoded_text or "\r" not in self.decoded_text else "\r"

    def found(self, *kinds: str) -> Iterator[Finding]:
        """The findings of these kinds, in the order in which they were made."""
        return (finding for finding in self.history.findings if finding.kind in kinds)

    def converted(self, finding: Finding) -> str:
        """The finding's span as it stood when it was found: converted, artefacts gone."""
        return self._taken(finding.span, finding.depth)

    def decoded(self, finding: Finding) -> str:
        """The finding's span in the decoded text, verbatim."""
        return self._taken(self.origin(finding), 0)

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
        return self.decoded_text.count(self._line_end, 0, self.origin(finding)[0]) + 1

    def _taken(self, span: Span, depth: int) -> str:
        text, (start, end) = self.history.at(depth), span
        if not self.personal:
            return text[start:end]
        parts, last = [], start
        for raw_span, token in self.personal:
            first, stop = self.history.onward(raw_span, to=depth)
            first, stop = max(first, start), min(stop, end)
            if first < stop:
                parts += [text[last:first], f"[{token}]"]
                last = stop
        parts.append(text[last:end])
        return "".join(parts)

    def original_script(self) -> str | None:
        """The text as it stands with the script edits alone undone; None where there are none."""
        if self.script_depth is None:
            return None
        revision = self.history.revisions[self.script_depth]
        came_from = np.arange(revision.layer.out_length)
        for later in self.history.revisions[self.script_depth + 1 :]:
            came_from = _carried(came_from, later.layer.starts, later.layer.before_lengths, later.layer.out_starts, later.layer.after_lengths)
        now = _code_points(self.history.value)
        if (revision.layer.before_lengths == revision.layer.after_lengths).all():
            before = _code_points(revision.before)
            return _text(np.where(came_from >= 0, before[np.maximum(came_from, 0)], now))
        return self._unequal_script(came_from)

    def _unequal_script(self, came_from: np.ndarray) -> str:
        """The same where a conversion changed a length: whole edits are put back, from the end."""
        revision = self.history.revisions[self.script_depth or 0]
        value = self.history.value
        out_starts = revision.layer.out_starts.tolist()
        for edit, out_start in reversed(list(zip(revision.layer, out_starts, strict=True))):
            places = np.flatnonzero((came_from >= out_start) & (came_from < out_start + len(edit.after)))
            if len(places) == len(edit.after) and len(places) and places[-1] - places[0] == len(places) - 1:
                value = value[: places[0]] + edit.before + value[places[-1] + 1 :]
        return value


def _carried(
    came_from: np.ndarray, starts: np.ndarray, gone: np.ndarray, out_starts: np.ndarray, new: np.ndarray
) -> np.ndarray:
    """Carry an index of origins over a layer: what is kept keeps its origin, what is new has none (-1)."""
    length, out_length = len(came_from), len(came_from) + int(new.sum() - gone.sum())
    carried = np.full(out_length, -1, came_from.dtype)
    carried[~_covered(out_length, out_starts, new)] = came_from[~_covered(length, starts, gone)]
    return carried


def _covered(length: int, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    steps = np.zeros(length + 1, np.int32)
    np.add.at(steps, starts, 1)
    np.add.at(steps, starts + lengths, -1)
    return np.cumsum(steps[:-1]) > 0


def _code_points(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _text(code_points: np.ndarray) -> str:
    return code_points.astype("<u4").tobytes().decode("utf-32-le")
