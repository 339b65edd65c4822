"""Labelled fields within a line: `来源：甲 | 作者：乙` taken apart, with the span of every part.

Here belongs finding labels and their values, and what a value of each kind looks like. Which lines are cut, and what a
value means for a column, belongs in the steps and in :mod:`pipeline.metadata.fields`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.blocks import shadow as folded
from pipeline.lexicon import Label, key, label_end_pattern, label_pattern, labels
from pipeline.metadata.bylines import is_han_name
from pipeline.metadata.dates import NUMERIC, ROC_SHORT, full_dates
from pipeline.metadata.document_numbers import is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Labelled(NamedTuple):
    """A label and its value: spans in the line, and what the label heads."""

    label: Label
    start: int
    name_end: int
    value_start: int
    value_end: int


_SEARCHED = 600
"""Labels are looked for in so many code points of a line: the longest header line seen has 240."""

_BEFORE_LABEL = " |丨/】])》>、,;【[("
_BETWEEN = " |丨/、,;"
_CLOSING = {"】": "【", "]": "[", ")": "("}
_BRACKETS = frozenset("【】[]()")
_RUN_ON = frozenset(
    {"作者", "发布时间", "发布日期", "浏览次数", "浏览量", "点击数", "点击次数", "阅读次数", "责任编辑", "责编"}
)
"""Labels so plain that they may stand right behind the value of another: 来源：甲报作者：乙."""

_WITH_BARS = frozenset({"keywords", "title", "original_title", "summary", "body", "topic_class"})
"""Fields whose value may hold a bar; in any other, a bar ends it."""

_UNDATED = frozenset({"author", "editor", "source"})
_DATE_BEHIND = re.compile(rf"(?: |(?<=[》网报社台])){NUMERIC.pattern}")
"""A date behind the value of a field that has none is the page's: 来源：甲网 2018-01-18 09:25."""

_BAR = re.compile("[|丨]")
_WIDGETS = re.compile(
    r"(?:^|(?<=[ \[【(|丨]))(?:(?:打印|关闭|收藏|纠错|我要纠错|分享到?|转发|点赞|转寄|列印"
    r"|小字号|大字号|字[号体级]|大|中|小|默认|超大"
    r"|微信|微博|QQ空间|QQ|次|(?:[\u4e00-\u9fff]{2,3} )?举报)[ \]】)\[【(:|丨]*)++$"
)
_LAST_OF_WIDGET = frozenset(" |丨]】)【(:印闭藏错享到发赞寄号体级大中小认信博间Q次报")
"""How a value ends that has buttons behind it."""

_VIEWS = re.compile(r"\d[\d,.]*\s*[万萬千wWkK]?\+?\s*(?:次|人次|人|views)?")
_ADDRESS = re.compile("<?(?:https?://)?[!-~]+")
_SENTENCE_MARK = re.compile("[。!?;]")
_SPOKEN = re.compile("[。!?的了吗呢您我你他她]|请问|什么|如何|怎么|今年|目前")
"""What stands in a question or a sentence and in no list of people."""

_NAME_MARK = re.compile("[、,;/ ]{1,3}")
_QUOTA = re.compile(r"\d{1,4} ?[名人位个]?")
"""How many people are wanted, and not who they are: 记者:5名."""

_LONGEST_LABEL = 24
_PEOPLE_LENGTH = 60
_VALUE_LENGTH = 120
_TITLE_LENGTH = 200
_WORD_LENGTH = 20
_PROSE_FIELDS = frozenset({"body", "summary", "comments"})
_BRACKETED = re.compile(r"[【\[]([^【】\[\]]{2,10})[】\]]:?")
_NAME = (
    r"(?!出版|审核|校对|编辑|记者|发行|设计|制作|策划)"
    r"(?:[\u3400-\u9fff·]{2,4}|[A-Z][A-Za-z.]*(?: [A-Z][A-Za-z.]*){0,2})"
)
_NAMES = rf"{_NAME}(?:[、 ]{_NAME}){{0,3}}?"
_PEOPLE_LABEL = (
    "作者|记者|通讯员|责任编辑|责编|编辑|编审|校对|审核|初审|复审|终审|监制|撰文|撰稿|文|排版|美编|制图|统筹|策划"
)
_BAR_SEGMENT = (
    rf"(?:[\u3400-\u9fff]{{0,8}}?(?:{_PEOPLE_LABEL}) ?[|丨/] ?{_NAMES}|(?:责任编辑|责编) {{1,3}}{_NAMES}"
    r"|来源 ?[|丨/] ?[\u3400-\u9fffA-Za-z0-9·]{2,20})"
)
_BARRED_LINE = re.compile(rf"{_BAR_SEGMENT}(?: {{1,4}}{_BAR_SEGMENT}){{0,4}}")
_BARRED = re.compile(
    rf"(?P<label>[\u3400-\u9fff]{{0,8}}?(?P<base>{_PEOPLE_LABEL}|来源))(?: ?[|丨/] ?| {{1,3}})"
    r"(?P<value>[^|丨/]{2,40}?)"
    rf"(?= {{1,4}}[\u3400-\u9fff]{{0,8}}?(?:{_PEOPLE_LABEL}|来源)(?: ?[|丨/]| )|$)"
)
"""People and sources in front of a bar: 文丨张某 编辑丨李某, 甲新闻记者 | 王某; 责任编辑 with a space alone."""

_APART = re.compile("[|｜丨/／\t责 \u3000](?:(?<![责 \u3000])|(?<=责)(?:任编辑|编)|(?<!责)[ \u3000])")
"""What parts labels from values where no colon does: a line without any holds no such field."""

_CELL = re.compile(r"[^\t]+")
_WIDE_CELL = re.compile(r"\S+(?: \S+){0,9}?(?=[ \u3000]{2,}|$)")


def labelled(line: str) -> list[Labelled]:
    """The labelled fields of a line, in order.

    >>> line = "发布时间：2019-10-17 13:42来源: 网络整理 责任编辑："
    >>> [(line[f.start:f.name_end], line[f.value_start:f.value_end]) for f in labelled(line)]
    [('发布时间', '2019-10-17 13:42'), ('来源', '网络整理'), ('责任编辑', '')]

    A label counts at the start of the line, behind a separator, or behind a digit (a time runs into 来源). An empty
    value stays empty: the next line is never taken for it here. Buttons behind a value (打印, 小字号) are no part of
    it. Labels beyond the first 600 code points are left alone.
    """
    if ":" not in line and "：" not in line:
        return _without_colon(line)
    shadow = folded(line[:_SEARCHED])
    if not label_end_pattern().search(shadow):
        return _in_brackets(shadow) if shadow[0] in "【[" else []
    known = labels()
    heads: list[tuple[int, int, int, Label]] = []
    for match in _before_colons(shadow):
        start, name = match.start(), key(match["label"])
        before = shadow[max(0, start - 1) : start]
        apart = not before or before in _BEFORE_LABEL or before.isdigit() or not shadow[:start].strip(_BEFORE_LABEL)
        if apart or (heads and name in _RUN_ON):
            heads.append((start, match.end("label"), match.end(), known[name]))
    fields = []
    for i, (start, name_end, value_from, label) in enumerate(heads):
        last = i + 1 == len(heads)
        value = folded(line[value_from:]) if last else shadow[value_from : heads[i + 1][0]]
        if label.field not in _WITH_BARS and (bar := _BAR.search(value, len(value) - len(value.lstrip(_BETWEEN)))):
            value = value[: bar.start()]
        if label.field in _UNDATED and (date := _DATE_BEHIND.search(value)):
            value = value[: date.start()]
        stripped = _trimmed(value)
        at = value_from + value.find(stripped) if stripped else value_from
        fields.append(Labelled(label, start, name_end, at, at + len(stripped)))
    return [field for field in fields if not _is_widget(field, shadow)]


def _before_colons(shadow: str) -> Iterator[re.Match[str]]:
    """The label in front of each colon, where one stands there; none is longer than 24 characters, spaced or not."""
    pattern, last, colon = label_pattern(), 0, shadow.find(":")
    while colon >= 0:
        match = pattern.search(shadow, max(last, colon - _LONGEST_LABEL), colon + 1)
        if match:
            yield match
        last, colon = colon + 1, shadow.find(":", colon + 1)


def _without_colon(line: str) -> list[Labelled]:
    r"""The fields of the forms without a colon: labels in brackets, in front of a bar, in the cells of a table's row.

    >>> [(f.label.field, f.value_start) for f in _without_colon("【发布部门】 甲市人民政府")]
    [('issuer', 7)]
    >>> [(f.label.field, f.value_start) for f in _without_colon("编辑丨李某 校对丨王某")]
    [('editor', 3), ('editor', 9)]
    >>> [(f.label.field, f.value_start) for f in _without_colon("索引号\t000/2020-1\t发文机关\t甲市人民政府")]
    [('index_number', 4), ('issuer', 20)]
    """
    if line[0] in "【[":
        return _in_brackets(folded(line[:_SEARCHED]))
    if len(line) > _VALUE_LENGTH or not _APART.search(line):
        return []
    return _before_bars(folded(line)) or _in_cells(line)


def _in_brackets(shadow: str) -> list[Labelled]:
    known = labels()
    heads = [match for match in _BRACKETED.finditer(shadow) if key(match[1]) in known]
    if not heads or heads[0].start() > 0:
        return []
    fields = []
    for match, stop in zip(heads, [*(match.start() for match in heads[1:]), len(shadow)], strict=True):
        label = known[key(match[1])]
        value = shadow[match.end() : stop]
        at = match.end() + len(value) - len(value.lstrip())
        fields.append(Labelled(label, *match.span(1), at, at + len(value.strip())))
    return [] if any(field.label.field in _PROSE_FIELDS for field in fields) else fields


def _before_bars(shadow: str) -> list[Labelled]:
    if not _BARRED_LINE.fullmatch(shadow):
        return []
    known = labels()
    return [
        Labelled(Label(known[key(match["base"])].field, weak=True), *match.span("label"), *match.span("value"))
        for match in _BARRED.finditer(shadow)
    ]


def _in_cells(line: str) -> list[Labelled]:
    """A table's row: labels and values in turn, between tabs, or at least two of each between wide gaps."""
    cells = list(_CELL.finditer(line)) if "\t" in line else list(_WIDE_CELL.finditer(line))
    if len(cells) < (2 if "\t" in line else 4) or len(cells) % 2:
        return []
    known = labels()
    names, values = cells[::2], cells[1::2]
    if any(key(cell.group()) not in known for cell in names) or any(key(cell.group()) in known for cell in values):
        return []
    if all(known[key(cell.group())].weak for cell in names):
        return []
    pairs = zip(names, values, strict=True)
    return [Labelled(known[key(name.group())], *name.span(), *value.span()) for name, value in pairs]


def _trimmed(value: str) -> str:
    """Without the separators and the buttons around it, and without a bracket that has no partner in it."""
    value = value.strip(_BETWEEN)
    if value[-1:] in _LAST_OF_WIDGET and len(value) <= _TITLE_LENGTH and (widgets := _WIDGETS.search(value)):
        value = value[: widgets.start()].rstrip(_BETWEEN)
    if value[-1:] not in _BRACKETS:
        return value
    first = {closing: value.find(opening) for closing, opening in _CLOSING.items()}
    end = len(value)  # a value may be brackets alone, a million of them: none is looked for again
    while end and value[end - 1] in _BRACKETS and not 0 <= first.get(value[end - 1], -1) < end:
        end -= 1
        while end and value[end - 1] in _BETWEEN:
            end -= 1
    return value[:end]


def _is_widget(field: Labelled, shadow: str) -> bool:
    """True for 字号：大 中 小, which heads buttons where it could head a document number."""
    if field.label.field != "doc_number" or not field.label.weak:
        return False
    return not any(character.isdigit() for character in shadow[field.value_start : field.value_end])


def is_plausible(label: Label, value: str) -> bool:
    """True where a value looks like one of its field; an empty one always does.

    >>> date, author = Label("date_published", weak=True), Label("author", weak=True)
    >>> is_plausible(date, "2018-01-18"), is_plausible(date, "今天下午三点")
    (True, False)
    >>> is_plausible(author, "甲某、乙某"), is_plausible(author, "您好，请问今年的目标是什么")
    (True, False)

    Behind a label that is no common word, a short value that is no date may be a term (有效期：5年).
    """
    value = folded(value).strip()
    if not value:
        return True
    kind = "date" if label.field.startswith("date_") else label.field
    if kind in _TERMS and not label.weak and len(value) <= _TERMS[kind]:
        return True
    looks = _LOOKS.get(kind)
    if looks is not None:
        return looks(value)
    return len(value) <= _VALUE_LENGTH and not value.endswith(("。", "!", "?", ";"))


def _is_date(value: str) -> bool:
    return len(value) <= _VALUE_LENGTH and bool(full_dates(value) or ROC_SHORT.search(value))


def _is_count(value: str) -> bool:
    return bool(_VIEWS.fullmatch(value))


def _are_people(value: str) -> bool:
    return len(value) <= _PEOPLE_LENGTH and not _SPOKEN.search(value.rstrip("。")) and not _QUOTA.fullmatch(value)


def _are_names(value: str) -> bool:
    """True for names alone: 一审 and 统筹 are words of courts and plans as well."""
    return len(value) <= _PEOPLE_LENGTH and all(map(is_han_name, _NAME_MARK.split(value)))


def _is_outlet(value: str) -> bool:
    return len(value) <= _PEOPLE_LENGTH and not _SENTENCE_MARK.search(value.rstrip("。"))


def _is_heading(value: str) -> bool:
    return len(value) <= _TITLE_LENGTH and not value.endswith(("。", ";"))


def _is_word(value: str) -> bool:
    return len(value) <= _WORD_LENGTH


_TERMS = {"date": _WORD_LENGTH, "doc_number": _VALUE_LENGTH}
"""Fields whose value may be another term behind a label that is no common word, and how long that may be."""

_LOOKS: dict[str, Callable[[str], bool]] = {
    "author": _are_people,
    "comments": _is_count,
    "credit": _are_names,
    "date": _is_date,
    "doc_number": lambda value: is_number(value.strip(" ()")),
    "editor": _are_people,
    "original_title": _is_heading,
    "reviewer": _are_names,
    "secrecy": _is_word,
    "source": _is_outlet,
    "title": _is_heading,
    "url": lambda value: bool(_ADDRESS.fullmatch(value)),
    "validity": _is_word,
    "views": _is_count,
}
"""What a value of each field looks like; any other field takes what is no sentence."""
