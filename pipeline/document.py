"""One document on its way through the stages: its bytes' account, its text, what was read from it, and the verdict.

Here belongs the value that :func:`pipeline.clean` returns and the way back from it to the bytes. How a document is
cleaned belongs in :mod:`pipeline.recipe`, how it is laid out in tables in :mod:`pipeline.tables`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.decoding import Decoding
    from pipeline.edits import Layer, Span
    from pipeline.text import Text

REASONS: dict[str, str] = {
    "binary": "The bytes are no text: an image, an archive, a program.",
    "empty_body": "Nothing was left to publish once page furniture and metadata had been taken out.",
    "lossy_mojibake": "Most of the text was lost in an earlier conversion and cannot be had back.",
    "not_prose": "Hardly any of it is sentences: its lines are the same again and again, or have no punctuation.",
    "not_zh_or_en": "The text is in neither Chinese nor English.",
    "spam_injected": "Advertising was injected into the text.",
    "step_failed": "A cleaning step stopped with an error; the raw file is untouched.",
    "too_large": "The file is larger than the limit, or unpacks to more than is allowed.",
    "too_short": "Too little text for a document.",
    "undecodable": "No encoding gives a text.",
    "unreadable": "The file could not be read, or not from some place on.",
    "unsafe_path": "The path leads out of the raw folder, or out of its archive.",
    "unsupported_encoding": "The encoding is known, and Python cannot decode it.",
}
"""Why a document may be set aside: the closed list, each with one sentence."""


class Verdict(NamedTuple):
    """Whether a document is fit to be published; `reason` is one of :data:`REASONS`, or None.

    >>> Verdict().accepted, Verdict("too_short", "12 characters", "split").accepted
    (True, False)
    """

    reason: str | None = None
    detail: str = ""
    stage: str = ""

    @property
    def accepted(self) -> bool:
        """True where nothing speaks against publication."""
        return self.reason is None


ACCEPTED = Verdict()
"""Nothing speaks against publication."""


class Readings(NamedTuple):
    """What is read in a document's text: the columns that the split stage fills, and the spans of personal data.

    The spans count code points of the decoded text.
    """

    fields: Mapping[str, Any]
    personal: tuple[Span, ...]


NOTHING_READ = Readings({}, ())


@dataclass(frozen=True, eq=False)
class Document:
    """A document as far as the stages have brought it.

    `depths` says how many revisions the text had after each stage that was run, and `finding_counts` how many findings
    had been made; a stage that set the document aside, and those after it, are in neither. `read` reads the text when
    somebody asks for `fields` or `personal`: who wants the text alone does not wait for its dates.
    """

    source: str
    raw_sha256: str
    bytes: int
    decoding: Decoding
    history: Text
    depths: Mapping[str, int]
    finding_counts: Mapping[str, int] = field(default_factory=dict)
    encoding_method: str = ""
    encoding_confidence_0_to_1: float = 0.0
    verdict: Verdict = ACCEPTED
    read: Callable[[Text], Readings] | None = None

    @cached_property
    def _readings(self) -> Readings:
        return NOTHING_READ if self.read is None else self.read(self.history)

    @property
    def fields(self) -> Mapping[str, Any]:
        """A value for each column that the split stage fills; empty where the document did not get through it."""
        return self._readings.fields

    @property
    def personal(self) -> tuple[Span, ...]:
        """The spans of personal data in the decoded text."""
        return self._readings.personal

    @property
    def flags(self) -> tuple[str, ...]:
        """The quality flags, sorted."""
        if "quality_flags" in self.fields:
            return tuple(self.fields["quality_flags"])
        return tuple(sorted({finding.value for finding in self.history.findings if finding.kind == "flag"}))

    @property
    def id(self) -> str:
        """The first 32 hex digits of the SHA-256 of the raw bytes."""
        return self.raw_sha256[:32]

    @property
    def text(self) -> str | None:
        """The cleaned text; None where a stage or the verdict set the document aside."""
        return self.history.value if self.verdict.accepted else None

    @property
    def edit_count(self) -> int:
        """How many edits were made."""
        return self.history.edit_count

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The edits, one layer for each step that made any."""
        return tuple(revision.layer for revision in self.history.revisions)

    def text_after(self, stage: str) -> str | None:
        """The text as it stood after a stage; None where the document did not get through it."""
        depth = self.depths.get(stage)
        return None if depth is None else self.history.at(depth)


def rebuild(document: Document) -> bytes:
    """The exact bytes that a document was made from.

    >>> import pipeline
    >>> content = "企業 發展".encode("big5")
    >>> pipeline.rebuild(pipeline.clean(content)) == content
    True

    Every edit is undone, last first, and the text encoded again with the account of its decoding; this holds for a
    document that was set aside too. Raises :class:`pipeline.edits.StaleEdit` where the account does not fit the text,
    which would be a defect of the pipeline.
    """
    return document.decoding.encode(document.history.original)
