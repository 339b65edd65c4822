"""Cut the head of a speech: its title, and who held it, where the day stands in brackets between them or below them.

The form is that of the papers and of the collected speeches: title, day in brackets, speaker; or a report whose
subtitle says when and before whom it was given. A speech below the header of a page is read by its header.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.blocks import Block, Blocks, blocks, whole_line
from pipeline.edits import Edit
from pipeline.metadata.bylines import is_han_name
from pipeline.metadata.dates import full_dates
from pipeline.steps.headers import is_title, knows_title
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = {
    "field.authors": "The authors' line became a column.",
    "field.title": "The title became a column.",
}

_SPEECH = re.compile(
    "(?:讲话|致辞|致词|发言|演讲|演说|谈话|贺信|贺电|贺词|献词|寄语|祝酒辞|祝酒词|开幕词|闭幕词|开幕辞|闭幕辞|工作报告)"
    "(?:[（(][^（）()]{1,12}[）)])?$"
)
_SUBTITLE = re.compile("——(?=.*在)[^。；]{4,80}上(?:的[^。；]{2,12})?")
_DAY = re.compile("[（(](?P<day>[^（）()]{8,40})[）)]")
_LONGEST_SPEAKER = 60
_POST = re.compile(
    "(?:主席|总理|委员长|副?部长|副?主任|副?局长|副?省长|副?市长|副?区长|副?县长|副?书记|副?院长|副?校长|副?会长|秘书长|代表|大使"
    "|行政长官|司长|检察长|理事长|董事长|总经理|总裁|首相|总统)$"
)
_PADDING = re.compile("(?<=^[\u4e00-\u9fff])[ \u3000]{1,3}(?=[\u4e00-\u9fff]$)")
_GAP = re.compile("[ \u3000]+")


def cut_speech_head(view: View) -> Outcome:
    r"""Cut a speech's title and the line of its speaker.

    >>> from pipeline.text import Text
    >>> speech = "在人工智能大会上的讲话\n（2023年5月1日）\n王某\n同志们：\n这次大会很重要。"
    >>> text = Text(speech).revise(cut_speech_head)
    >>> text.value
    '（2023年5月1日）\n同志们：\n这次大会很重要。'
    >>> [(found.kind, speech[slice(*found.span)]) for found in text.findings]
    [('title', '在人工智能大会上的讲话'), ('author', '王某')]

    The day stays in the text, as the note below a statute's title does, and is read as the day of the event. Left
    alone: a title of any other kind, a line that is no name with or without a post before it.
    """
    every = blocks(view.text)
    if not every.reaches(2):
        return NOTHING
    known = knows_title(view)
    if known and not any(_SPEECH.search(view.text_of(found).strip()) for found in _titles(view)):
        return NOTHING
    index = 0 if known else _title_lines(every)
    if not known and not index:
        return NOTHING
    dated, speaker = _below(every, index)
    if not dated:
        return NOTHING
    edits: list[Edit] = []
    findings: list[Finding] = []
    if not known:
        start, end = every[0].line_start, whole_line(view.text, every[index - 1])[1]
        edits.append(Edit(start, view.text[start:end], "", "field.title"))
        findings.append(Finding("title", "official", (every[0].start, every[index - 1].end)))
    if speaker is not None:
        block, span = speaker
        start, end = whole_line(view.text, block)
        edits.append(Edit(start, view.text[start:end], "", "field.authors"))
        findings.append(Finding("author", "", span))
    return Outcome(edits, findings) if edits else NOTHING


def _titles(view: View) -> Iterator[Finding]:
    yield from view.found("title")
    yield from (found for found in view.found("label_value") if found.value == "title")


def _title_lines(every: Blocks) -> int:
    """How many lines the title has: one, or two where a subtitle behind a dash says what it is; 0 where none is."""
    first, second = every[0].text, every[1].text
    held = _SPEECH.search(first)
    if second.startswith("——") and _SUBTITLE.fullmatch(second) and (held or _SPEECH.search(second)):
        return 2 if is_title(first) else 0
    return 1 if held and is_title(first) else 0


def _below(every: Blocks, index: int) -> tuple[bool, tuple[Block, tuple[int, int]] | None]:
    """Whether the title or a line below it says when the speech was held, and the line of the speaker with the name."""
    dated = index > 1 and bool(_SUBTITLE.fullmatch(every[index - 1].text))
    speaker = None
    for block in every[index : index + 2]:
        if not dated and _is_day(block):
            dated = True
        elif speaker is None and (span := _speaker(block)):
            speaker = block, span
        else:
            break
    return dated, speaker


def _is_day(block: Block) -> bool:
    match = _DAY.fullmatch(block.text)
    return bool(match) and any(date.start == 0 for date in full_dates(block.text[1:]))


def _speaker(block: Block) -> tuple[int, int] | None:
    """Where the speaker's name stands in a line that holds it alone, or behind a post."""
    line = block.text
    if len(line) > _LONGEST_SPEAKER:
        return None
    if is_han_name(_PADDING.sub("", line)):
        return block.start, block.end
    gap = next(iter(_GAP.finditer(line)), None)
    if gap is None or not _POST.search(line[: gap.start()]):
        return None
    return (block.start + gap.end(), block.end) if is_han_name(_PADDING.sub("", line[gap.end() :])) else None
