"""Take a record of a web archive apart: the page stays, with the address that it was fetched from above it.

Here belongs what is cut around the page. What is markup in it belongs in :mod:`pipeline.steps.markup`.
"""

from __future__ import annotations

from pipeline.edits import Edit
from pipeline.records.keys import BODY
from pipeline.records.responses import head_of
from pipeline.steps.records import TEXT
from pipeline.text import NOTHING, Finding, Outcome, View

RULES = {"response.head": "The head of a record of a web archive, and that of the server's answer."}

ANSWER = "response_field"
"""A kind of findings: what the head of a record says of its page."""

ADDRESS = "WARC-Target-URI"
_KEPT = {name.lower(): name for name in (ADDRESS, "WARC-Date")}


def open_response(view: View) -> Outcome:
    r"""Cut the heads off a record of a web archive, but for the address of the page and the time it was fetched at.

    >>> from pipeline.text import Text
    >>> head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/a\r\n"
    >>> text = Text(head + "Content-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n第一条").revise(open_response)
    >>> text.value
    'https://example.org/a\n第一条'

    Left alone: a text that does not begin with such a head.
    """
    text = view.text
    head = head_of(text)
    if head is None:
        return NOTHING
    edits, findings, last = [], [], 0
    kept = sorted((head.archive[name], key) for name, key in _KEPT.items() if name in head.archive)
    for (start, end), key in kept:
        if text[start:end].startswith("<") and text[start:end].endswith(">"):  # as WARC 1.0 had it
            start, end = start + 1, end - 1  # noqa: PLW2901  the value without its brackets
        if start == end:
            continue
        edits.append(Edit(last, text[last:start], "\n" if last else "", "response.head"))
        findings.append(Finding(ANSWER, key, (start, end), key))
        last = end
    edits.append(Edit(last, text[last : head.end], "\n" if last and head.end < len(text) else "", "response.head"))
    findings.append(Finding(TEXT, BODY, (head.end, len(text))))
    return Outcome(edits, findings)
