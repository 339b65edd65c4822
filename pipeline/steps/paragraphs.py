"""Bring paragraphs into one form: one a line, no blank lines, no white space around them.

Two steps: :func:`break_paragraphs` early, because what follows reads lines; :func:`tidy_spaces` late, because blank
lines are evidence for captions and headings until then.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import numpy as np

from pipeline import lexicon
from pipeline.character_class import CharacterClass
from pipeline.edits import Edit, Layer
from pipeline.text import NOTHING, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = {
    "space.before_mark": "A space before a comma in English.",
    "space.between_han": "Spaces that a letter-spaced layout put between Han.",
    "space.blank_line": "Blank lines; a paragraph break is one line feed.",
    "space.indent": "White space at the beginning of a line.",
    "space.no_break": "A no-break or fixed-width space.",
    "space.paragraph_break": "Ideographic spaces that stood for a paragraph break.",
    "space.trailing": "White space at the end of a line.",
}

_PAIR = re.compile("(?<=[^\\s\u3000])[ \u00a0]*\u3000[ \u00a0\u3000]*\u3000[ \u00a0]*(?=\\S)")
_END_MARK = "。！？…；”.!?"
_WEAK_END_MARK = "：）》:)"
"""Marks that end a heading or an item as often as they stand before a gap in a list of names."""

_WEAK_ENDS_FROM = 40
_GLUED_LENGTH = 200
_GLUED_SHARE = 0.6


def break_paragraphs(view: View) -> Outcome:
    r"""Turn two or more ideographic spaces within a line into a line feed where they stood for a paragraph break.

    >>> from pipeline.text import Text
    >>> Text("甲地发布方案。　　乙地跟进。\n教育部部长　　张三").revise(break_paragraphs).value
    '甲地发布方案。\n乙地跟进。\n教育部部长　　张三'

    They are a break behind an end mark; in a long line most of whose gaps stand behind one, the others are breaks as
    well (before and behind a heading). Left alone: the gap between a name and a post, the gaps of a one-line page
    header, and a gap right behind a label's colon.
    """
    text = view.text
    if "\u3000\u3000" not in text and "\u3000 \u3000" not in text:
        return NOTHING
    edits, position = [], 0
    for line in text.split("\n"):
        gaps = list(_PAIR.finditer(line)) if "\u3000" in line else []
        if gaps:
            after_end = [_ends(line, gap.start()) for gap in gaps]
            glued = len(line) >= _GLUED_LENGTH and sum(after_end) >= _GLUED_SHARE * len(gaps)
            for gap, ends in zip(gaps, after_end, strict=True):
                behind_label = gap.start() <= _LONGEST_LABEL_HEAD and _LABEL_HEAD.fullmatch(line[: gap.start()])
                if (glued or ends) and not behind_label:
                    edits.append(Edit(position + gap.start(), gap.group(), "\n", "space.paragraph_break"))
        position += len(line) + 1
    return Outcome(edits) if edits else NOTHING


def _ends(line: str, at: int) -> bool:
    """True where a paragraph may end: behind an end mark, or behind a weak one in a line that is no short entry."""
    return line[at - 1] in _END_MARK or (line[at - 1] in _WEAK_END_MARK and len(line) >= _WEAK_ENDS_FROM)


_LONGEST_LABEL_HEAD = 20
_LABEL_HEAD = re.compile("\\s*[^\\s：:，。]{1,8}[：:]")

_NO_BREAK = CharacterClass("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_SPACE_BETWEEN_HAN = CharacterClass("[ \u00a0\u3000]")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
_SPACED_HAN = re.compile(f"(?<![{_HAN}])[{_HAN}](?:[ \u00a0\u3000][{_HAN}]){{4,}}(?![{_HAN}])")
_SPACED_HAN_SHORT = re.compile(
    f"(?<![{_HAN}])(?<![{_HAN}][ \u00a0\u3000])[{_HAN}](?:[ \u00a0\u3000][{_HAN}])+(?![{_HAN}])"
)
_LETTER_SPACED_FROM = 40
_LETTER_SPACED_SHARE = 3
"""Where so many spaces go, and one for every three characters of the text, the whole text is letter-spaced, and short
runs go as well (摘 要)."""

_LIST_OF_SIGNS = re.compile(
    "[一二三四五六七八九十日甲乙丙丁戊己庚辛壬癸东南西北中优良差劣大小上下左右是否有无省市区县乡镇村户 \u00a0\u3000]+"
)
"""Runs that are columns of a table or a list as often as a spaced word: 一 二 三 四 五, 优 良 中 差 劣."""

_NUMBERING = re.compile("[\\s　（(【〔“《]*(?:第?[一二三四五六七八九十\\d]{1,3}[、.．）)])?[\\s　《“]*")
"""What may stand before a letter-spaced heading in its line."""

_NAME_LENGTHS = (2, 3)

_BEFORE_MARK = re.compile(r" {1,3},(?:\s|$)")
_LETTER = re.compile("[A-Za-z]")


def tidy_spaces(view: View) -> Outcome:
    """Take out letter-spacing of Han and spaces before an English comma; make no-break spaces plain.

    >>> from pipeline.text import Text
    >>> Text("关 于 智 能 的 通 知，institutions , to").revise(tidy_spaces).value
    '关于智能的通知，institutions, to'

    Left alone: single spaces between words, between a post and a name (小米集团主席 崔某); between fewer than five Han
    and within a line that begins otherwise, unless the whole text is letter-spaced; single ideographic spaces (张　三),
    the columns of a table (一 二 三 四 五), names in a row (王 某 李 某 赵 某), and the space in `git add .`.
    """
    text = view.text
    edits = _between_han(text) if _may_be_spaced(text) else []
    taken = {edit.start for edit in edits}
    edits += [
        Edit(at, text[at], " ", "space.no_break") for at in _NO_BREAK.positions_in(text).tolist() if at not in taken
    ]
    edits += [
        Edit(match.start(), match.group().partition(",")[0], "", "space.before_mark")
        for match in (_BEFORE_MARK.finditer(text) if " ," in text else ())
        if _LETTER.match(text, match.start() - 1)
    ]
    return Outcome(edits) if edits else NOTHING


def _may_be_spaced(text: str) -> bool:
    """Whether four spaces stand at every second place, as they do within five letter-spaced Han."""
    spaces = _SPACE_BETWEEN_HAN.positions_in(text)
    if not (spaces[3:] - spaces[:-3] == 6).any():  # noqa: PLR2004  the fourth is the sixth character behind the first
        return False
    apart = spaces[1:] - spaces[:-1] == 2  # noqa: PLR2004  one character between them
    return bool((apart[2:] & apart[1:-1] & apart[:-2]).any())


@functools.cache
def _surnames() -> frozenset[str]:
    return frozenset(lexicon.words("surnames.txt"))


def _is_list(run: str) -> bool:
    """True where letter-spaced Han are signs or names in a row: 一 二 三 四 五; 王 某 李 某 赵 某."""
    signs = run[::2]
    if _LIST_OF_SIGNS.fullmatch(run) or len(set(signs)) * 2 <= len(signs) + 1:
        return True
    return any(
        len(signs) % length == 0 and _surnames().issuperset(signs[::length])
        for length in _NAME_LENGTHS
        if len(signs) > length
    )


def _begins_line(text: str, at: int) -> bool:
    """True where nothing but a number or a bracket stands before an offset in its line: what is spaced is a heading."""
    return bool(_NUMBERING.fullmatch(text, text.rfind("\n", 0, at) + 1, at))


def _between_han(text: str) -> list[Edit]:
    runs = _runs(text, _SPACED_HAN)
    count = sum((end - start) // 2 for start, end in runs)
    if count >= _LETTER_SPACED_FROM and count * _LETTER_SPACED_SHARE >= len(text) - count:
        runs = _runs(text, _SPACED_HAN_SHORT)
    else:
        runs = [(start, end) for start, end in runs if _begins_line(text, start)]
    return [Edit(at, text[at], "", "space.between_han") for start, end in runs for at in range(start + 1, end, 2)]


def _runs(text: str, spaced: re.Pattern[str]) -> list[tuple[int, int]]:
    """Where letter-spaced Han stand that are no list."""
    return [match.span() for match in spaced.finditer(text) if not _is_list(match.group())]


def tidy_lines(view: View) -> Outcome:
    r"""Take out blank lines and the white space around lines: one paragraph a line, one line feed between two.

    >>> from pipeline.text import Text
    >>> Text("　　甲\n\n \n乙 \n").revise(tidy_lines).value
    '甲\n乙'

    White space within a line is left alone.
    """
    text = view.text
    stop = len(text.rstrip())
    lines = text[:stop].split("\n") if stop else []
    kept = list(map(str.strip, lines))
    if stop == len(text) and kept == lines and "" not in kept:
        return NOTHING
    cuts = list(_around(lines, kept))
    if stop < len(text):
        cuts.append((stop, len(text), _BLANK if "\n" in text[stop:] else _TRAILING if stop else _INDENT))
    starts, stops, rules = zip(*cuts, strict=True)
    codes = {rule: code for code, rule in enumerate(dict.fromkeys(rules))}
    firsts = np.array(starts, np.int32)
    layer = Layer(
        length=len(text),
        starts=firsts,
        before_lengths=np.array(stops, np.int32) - firsts,
        after_lengths=np.zeros(len(firsts), np.int32),
        befores="".join([text[start:end] for start, end, _ in cuts]),
        afters="",
        rule_codes=np.array([codes[rule] for rule in rules], np.int16),
        rules=tuple(codes),
        known=(text, "\n".join(filter(None, kept))),
    )
    return Outcome(layer)


_BLANK, _INDENT, _TRAILING = "space.blank_line", "space.indent", "space.trailing"


def _around(lines: list[str], kept: list[str]) -> Iterator[tuple[int, int, str]]:
    """The white space that goes around lines, with its rule; `kept` is what stays of each, and something of the last.

    Between two lines that stay one line feed stays: what stands before it trails, what follows it indents.
    """
    start, blank = 0, -1  # where the line starts, and where the blank lines do that stand right above it
    for line, stays in zip(lines, kept, strict=True):
        if not stays:
            blank = blank if blank >= 0 else start
        elif blank >= 0 or line != stays:
            first = start + len(line) - len(line.lstrip())
            if blank >= 0:
                yield blank, first, _BLANK
                blank = -1
            elif first > start:
                yield start, first, _INDENT
            if first + len(stays) < start + len(line):
                yield first + len(stays), start + len(line), _TRAILING
        start += len(line) + 1
