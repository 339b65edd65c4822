"""Take the markup out of an HTML page: tags, scripts, menus; what is left are the lines that a reader sees.

Here belongs which texts are pages, and what their heads say. Tags that were left behind in a text belong in
:mod:`pipeline.steps.characters`.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.edits import Layer
from pipeline.markup.heads import heading_of_page, said_in_head, title_of_page
from pipeline.markup.layout import entities, lines_of_page
from pipeline.markup.pages import is_fragment, is_page
from pipeline.markup.tags import tokens
from pipeline.markup.unseen import seen
from pipeline.records.keys import PAGE
from pipeline.steps.records import FIELD, TEXT
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.edits import Span

RULES = {
    "html.comment": "A comment or a declaration of an HTML page.",
    "html.control": "A button, a list to choose from, a drawing or a film of an HTML page.",
    "html.hidden": "An element of an HTML page that is not shown.",
    "html.line": "White space in the source of an HTML page, where its text has none.",
    "html.navigation": "A menu of an HTML page, or its banner.",
    "html.script": "A script or a style sheet of an HTML page, or what stands in for one.",
    "html.superscript": "A raised number of an HTML page, which stays raised.",
}

SAID, PAGE_TITLE, HEADING, MARKUP = "page_field", "page_title", "page_heading", "markup"
"""Kinds of findings: what the head of a page says, its title, its one heading, and that there was a page."""


def strip_markup(view: View) -> Outcome:
    r"""Take the markup out of a text that is an HTML page, or of a record whose text is one.

    >>> from pipeline.text import Text
    >>> head = '<html><head><title>方案_甲市</title><meta name="PubDate" content="2023-05-30"></head>'
    >>> body = "<body><nav>首页</nav><p>第一条</p>\n<p>&ldquo;总则&rdquo;<br>第二条</body>"
    >>> text = Text(head + body).revise(strip_markup)
    >>> text.value
    '方案_甲市\n2023-05-30\n第一条\n“总则”\n第二条'
    >>> [(found.kind, found.value, found.note) for found in text.findings]
    [('page_title', '', ''), ('page_field', 'date_published', 'PubDate'), ('markup', 'html', '')]

    The title and what `meta` says stand above the text on lines of their own, until the split stage reads them. Left
    alone: a text that has tags in it and is no page, and a page that goes on as a text behind its end.
    """
    spans = list(_pages(view))
    if not spans:
        return NOTHING
    fields = [view.here(finding) for finding in view.found(FIELD)]
    layer, findings = _stripped(view.text, spans, fields, keep_angles=False)
    if not len(layer):
        return NOTHING
    if is_page(layer.apply(view.text)):
        layer, findings = _stripped(view.text, spans, fields, keep_angles=True)
    return Outcome(layer, findings)


def _pages(view: View) -> Iterator[Span]:
    """The stretches of a text that are pages: the whole, or the texts of a record."""
    text, is_record = view.text, False
    for finding in view.found(TEXT):
        is_record = True
        span = view.here(finding)
        if finding.value == PAGE or is_page(text, span) or is_fragment(text, span):
            yield span
    if not is_record and is_page(text):
        yield 0, len(text)


def _stripped(text: str, spans: list[Span], fields: list[Span], *, keep_angles: bool) -> tuple[Layer, list[Finding]]:
    """The edits on these pages, and on the fields of their record, which are encoded as it is; and what was found."""
    edits = [edit for span in fields for edit in entities(text, span, keep_angles=keep_angles)]
    findings = []
    for span in spans:
        found = seen(text, list(tokens(text, *span)))
        said = said_in_head(text, found)
        kept = {start: [one.span for one in of_tag] for start, of_tag in groupby(said, lambda one: one.token.start)}
        edits += lines_of_page(text, span, found, kept, keep_angles=keep_angles)
        for kind, stretch in ((PAGE_TITLE, title_of_page(text, found)), (HEADING, heading_of_page(text, found))):
            findings += [Finding(kind, "", stretch)] if stretch is not None else []
        findings += [Finding(SAID, one.field, one.span, one.key) for one in said]
    findings.append(Finding(MARKUP, "html"))
    return Layer.of(text, edits), findings
