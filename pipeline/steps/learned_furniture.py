"""Cut the furniture that a collection's pages share: lines that a learned lexicon knows, at the ends of a page.

What may be cut at all is said in :mod:`pipeline.page_ends`, what the lexicon is in :mod:`pipeline.furniture`. Furniture
that shows by its own words what it is belongs in :mod:`pipeline.steps.boilerplate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pipeline.blocks import blocks, whole_line
from pipeline.edits import Edit
from pipeline.page_ends import furniture_at_ends
from pipeline.script.conversion import simplified
from pipeline.text import NOTHING, Outcome, View

if TYPE_CHECKING:
    from pipeline.furniture import Lexicon

RULES = {"boilerplate.learned": "A line at this end of many pages of a site, by a lexicon learned from a crawl."}


@dataclass(frozen=True, slots=True)
class CutLearnedFurniture:
    r"""The step with a furniture lexicon: it cuts the lines at both ends that the lexicon knows.

    >>> from pipeline.furniture import Entry, Lexicon
    >>> from pipeline.text import Text
    >>> step = CutLearnedFurniture(Lexicon.of([Entry("head", "甲市之窗", 9), Entry("tail", "甲市之窗", 9)]))
    >>> Text("甲市之窗\n算力中心开工\n甲市之窗\n中心昨日开工。\n甲市之窗\n").revise(step).value
    '算力中心开工\n甲市之窗\n中心昨日开工。\n'

    Left alone is what :func:`pipeline.page_ends.furniture_at_ends` leaves alone: the middle, the title, labelled
    fields, sentences, and all of a page of which nothing would stay.
    """

    known: Lexicon

    __name__: ClassVar[str] = "cut_learned_furniture"

    def __call__(self, view: View) -> Outcome:
        """Cut the lines that the lexicon knows."""
        titles = {view.text_of(finding) for finding in view.found("title")}
        titles |= {view.text_of(finding) for finding in view.found("label_value") if finding.value == "title"}
        # The text may be seen in Simplified script, what earlier steps found is told as it was written.
        titles |= set(map(simplified, titles))
        edits = []
        for block in furniture_at_ends(blocks(view.text), self.known, titles=titles - {""}):
            start, end = whole_line(view.text, block)
            edits.append(Edit(start, view.text[start:end], "", "boilerplate.learned"))
        return Outcome(edits) if edits else NOTHING
