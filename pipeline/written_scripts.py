"""Which script a document was written in, stretch by stretch: the evidence, and what each was converted with.

Here belongs reading that out of what the convert stage found. How a script is told belongs in
:mod:`pipeline.script.identification`, how it is laid out in tables in :mod:`pipeline.tables` and
:mod:`pipeline.layout`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.script.evidence import ScriptEvidence

if TYPE_CHECKING:
    from pipeline.text import Finding, Text


class WrittenScript(NamedTuple):
    """A stretch of a document in one script; positions are those of the decoded text.

    `configuration` is what it was converted with, None where it stayed as it was written.
    """

    start: int
    end: int
    script: str
    evidence: ScriptEvidence
    configuration: str | None


def written_script(history: Text) -> tuple[str, ScriptEvidence]:
    """The script of a whole document as it was written, and the evidence for it.

    >>> from pipeline.steps.script import convert_script
    >>> from pipeline.text import Text
    >>> script, evidence = written_script(Text("推動人工智能產業發展").revise(convert_script))
    >>> script, evidence.traditional, evidence.traditional_share
    ('Hant', 4, 1.0)

    `other`, without evidence, where the convert stage has not seen it.
    """
    found = next((finding for finding in history.findings if finding.kind == "script"), None)
    return ("other", ScriptEvidence()) if found is None else (found.value, _evidence(found))


def written_scripts(history: Text) -> tuple[WrittenScript, ...]:
    r"""The stretches of a document in one script each, in their order.

    >>> from pipeline.steps.script import convert_script
    >>> from pipeline.text import Text
    >>> text = "推動人工智能產業發展，帶動企業轉型升級。\n人工知能の開発を推進する。"
    >>> found = written_scripts(Text(text).revise(convert_script))
    >>> [(one.start, one.end, one.script, one.configuration) for one in found]
    [(0, 21, 'Hant', 't2s'), (21, 34, 'Japanese', None)]
    """
    return tuple(_written(history, finding) for finding in history.findings if finding.kind == "script_stretch")


def _written(history: Text, finding: Finding) -> WrittenScript:
    start, end = history.origin(finding.span, depth=finding.depth)
    configuration, _, _ = finding.note.partition(" ")
    return WrittenScript(start, end, finding.value, _evidence(finding), configuration or None)


def _evidence(finding: Finding) -> ScriptEvidence:
    _, _, figures = finding.note.rpartition(" ")
    return ScriptEvidence(*map(int, figures.split(",")))
