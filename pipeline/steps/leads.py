"""Cut a copied lead: the page system's shortened copy of the title and the beginning, put above the text itself."""

from __future__ import annotations

from pipeline.blocks import blocks, whole_line
from pipeline.edits import Edit
from pipeline.text import NOTHING, Finding, Outcome, View

RULES = {"duplicate.lead": "A shortened copy of the text's beginning."}

_SEARCHED = 4
_SHORTEST = 20
_COMPARED = 8


def cut_copied_lead(view: View) -> Outcome:
    r"""Cut a line that only repeats how the text below it begins.

    >>> from pipeline.text import Text
    >>> body = "为贯彻《新一代人工智能发展规划》，推进产业创新，制定本计划。"
    >>> Text(body[:22] + "\n\n" + body).revise(cut_copied_lead).value == "\n" + body
    True

    The copy may begin with the title and end in dots. Left alone: lines shorter than 20 characters (a heading may
    return as the first words of its section), a whole paragraph that stands there twice (a refrain), and anything that
    holds a character which the text below does not.
    """
    every = blocks(view.text)
    titles = [view.text_of(finding) for finding in view.found("title")]
    titles += [view.text_of(finding) for finding in view.found("label_value") if finding.value == "title"]
    for index, block in enumerate(every[:_SEARCHED]):
        if len(block.text) < _SHORTEST or not every.reaches(index + 1):
            continue
        copy = block.text.rstrip("….。 ")
        for title in titles:
            if title and copy.startswith(title) and len(copy) > len(title):
                copy = copy[len(title) :].lstrip()
        beginning = every[index + 1].text
        if len(copy) < _SHORTEST or beginning == block.text or not copy.startswith(beginning[:_SHORTEST]):
            continue
        below = "".join(other.text for other in every[index + 1 : index + 1 + _COMPARED])
        if max(len(copy), len(block.text)) < len(below) and below.startswith(copy):
            start, end = whole_line(view.text, block)
            edit = Edit(start, view.text[start:end], "", "duplicate.lead")
            return Outcome([edit], (Finding("flag", "duplicate_lead_removed"),))
    return NOTHING
