"""A text and everything that was done to it: the only place in the project where new text is made.

Here belong the contract of a step (what it sees, what it may return) and the chain of revisions. What a step looks for
and what it edits belongs in :mod:`pipeline.steps`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pipeline.edits import Edit, Layer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.edits import Span


class Finding(NamedTuple):
    """What a step saw: a field's value, a flag, evidence for a gate, a reason to set the document aside.

    >>> Finding("flag", "script_converted").value
    'script_converted'

    `span` counts code points of the text that the step was given; `depth` says which text that was (how many revisions
    it had behind it) and is filled in by :meth:`Text.revise`.
    """

    kind: str
    value: str = ""
    span: Span = (0, 0)
    note: str = ""
    depth: int = 0


class View(NamedTuple):
    """What a step is given: the text and what earlier steps found, both to read only."""

    text: str
    findings: tuple[Finding, ...] = ()
    revisions: tuple[Revision, ...] = ()

    def found(self, *kinds: str) -> Iterator[Finding]:
        """The findings of these kinds, in the order in which they were made."""
        return (finding for finding in self.findings if finding.kind in kinds)

    def here(self, finding: Finding) -> Span:
        """Where an earlier finding's span lies in the text that this step is given."""
        span = finding.span
        for revision in self.revisions[finding.depth :]:
            span = revision.layer.onward(span)
        return span

    def text_of(self, finding: Finding) -> str:
        """What stood in an earlier finding's span when it was found."""
        start, end = finding.span
        then = self.revisions[finding.depth].before if finding.depth < len(self.revisions) else self.text
        return then[start:end]


class Outcome(NamedTuple):
    """What a step returns: edits and findings, never text."""

    edits: Layer | Sequence[Edit] = ()
    findings: Sequence[Finding] = ()


Step: TypeAlias = Callable[[View], Outcome]
"""One cleaning concern: a function, or an object made with its configuration, from a view to an outcome."""

NOTHING = Outcome()
"""The outcome of a step that has nothing to say."""


class Revision(NamedTuple):
    """One step that changed the text: its name, its edits, and the text before."""

    step: str
    layer: Layer
    before: str


def name_of(step: Step) -> str:
    """The name of a step in the account: of the function, or of the configured step's class.

    >>> def strip_pinyin(view: View) -> Outcome:
    ...     return NOTHING
    >>> name_of(strip_pinyin)
    'strip_pinyin'
    """
    return getattr(step, "__name__", None) or type(step).__name__


def _as_written(finding: Finding, seen: str, text: str) -> Finding:
    """A finding with its value as the text has it, where the value stands in the finding's span of its shadow."""
    at = seen.find(finding.value, *finding.span) if finding.value else -1
    return finding if at < 0 else finding._replace(value=text[at : at + len(finding.value)])


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it stands, with every revision that led to it.

    >>> def drop_spaces(view: View) -> Outcome:
    ...     return Outcome([Edit(i, " ", "", "space.example") for i, c in enumerate(view.text) if c == " "])
    >>> text = Text("政 府 信 息").revise(drop_spaces)
    >>> text.value, text.original, text.origin((2, 4))
    ('政府信息', '政 府 信 息', (4, 7))
    """

    value: str
    revisions: tuple[Revision, ...] = ()
    findings: tuple[Finding, ...] = ()
    _view: View = field(init=False, repr=False, compare=False)
    """What a step is given: one for all steps up to the next that changes something."""

    def __post_init__(self) -> None:
        """Make the view once: most steps of a document change nothing."""
        object.__setattr__(self, "_view", View(self.value, self.findings, self.revisions))

    def revise(self, step: Step, *, shadow: Callable[[str], str] | None = None) -> Text:
        """The text after one more step; a step without edits leaves no revision, only its findings.

        With `shadow`, the step is given what that makes of the text, code point for code point, in place of the text:
        its spans are those of the text, its edits replace what the text has there, and what it found, where that
        stands in the span of the finding, is said as the text has it.

        >>> def cut_label(view: View) -> Outcome:
        ...     return Outcome([Edit(0, view.text[:3], "", "label.example")] if view.text.startswith("标题：") else [])
        >>> Text("標題：人工智能").revise(cut_label, shadow=lambda text: text.replace("標題", "标题")).value
        '人工智能'
        """
        seen = self.value if shadow is None else shadow(self.value)
        outcome = step(self._view if seen is self.value else View(seen, self.findings, self.revisions))
        if outcome is NOTHING:
            return self
        edits, findings = outcome
        if shadow is not None and seen != self.value:
            layer = edits if isinstance(edits, Layer) else Layer.of(seen, edits)
            edits, findings = layer.on(self.value), [_as_written(finding, seen, self.value) for finding in findings]
        if findings:
            depth = len(self.revisions)
            findings = (
                *self.findings,
                *[Finding(kind, value, span, note, depth) for kind, value, span, note, _ in findings],
            )
        else:
            findings = self.findings
        if not len(edits):
            return self if findings is self.findings else Text(self.value, self.revisions, findings)
        layer = edits if isinstance(edits, Layer) else Layer.of(self.value, edits)
        if not len(layer):
            return Text(self.value, self.revisions, findings)
        revisions = (*self.revisions, Revision(name_of(step), layer, self.value))
        return Text(layer.apply(self.value), revisions, findings)

    @property
    def original(self) -> str:
        """The text before the first revision, made by undoing every one."""
        value = self.value
        for revision in reversed(self.revisions):
            value = revision.layer.undo(value)
        return value

    @property
    def edit_count(self) -> int:
        """How many edits all revisions make together."""
        return sum(len(revision.layer) for revision in self.revisions)

    def origin(self, span: Span, *, depth: int | None = None, to: int = 0) -> Span:
        """Where a span of the text at `depth` revisions (by default the text as it stands) lay at `to` revisions."""
        for revision in reversed(self.revisions[to : len(self.revisions) if depth is None else depth]):
            span = revision.layer.origin(span)
        return span

    def onward(self, span: Span, *, depth: int = 0, to: int | None = None) -> Span:
        """Where a span of the text at `depth` revisions lies at `to` revisions, by default in the text as it stands."""
        for revision in self.revisions[depth : len(self.revisions) if to is None else to]:
            span = revision.layer.onward(span)
        return span

    def at(self, depth: int) -> str:
        """The text as it stood after `depth` revisions."""
        return self.revisions[depth].before if depth < len(self.revisions) else self.value
