"""Say where characters are lost for good: replacement characters, and the marks that two wrong decodings leave.

Here belongs the finding alone: what is lost cannot be repaired, and nothing is edited. Mojibake that can be undone
belongs in the steps of the decode stage that come before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.character_class import CharacterClass
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from pipeline.edits import Span

RULES: dict[str, str] = {}

# U+FFFD twice in UTF-8, read as GBK or as Latin-1; and what Visual C++ fills fresh memory with, read as GBK.
_LOSS = re.compile("(?:[锟錕]斤拷?)+|烫{3,}|燙{3,}|屯{3,}|(?:ï¿½)+")
_MARKS = ("锟斤", "錕斤", "烫烫烫", "燙燙燙", "屯屯屯", "ï¿½")
_MAY_BEGIN_MARK, _REPLACEMENT = CharacterClass("[锟錕烫燙屯ï]"), CharacterClass("\ufffd")
_TWICE_LOST = "锟斤拷"
_QUOTES = ("“”", '""', "‘’", "「」", "『』", "``")
_MARKS_OF_ONE = frozenset((*_QUOTES, "''", "《》", "〈〉", "（）", "()", "【】", "[]"))
_SPEAKS_OF_IT = re.compile(
    "乱码|亂碼|编码|編碼|解码|解碼|字符集|字元集|文字化け|代码页|mojibake|garbled|encod|decod|charset|code ?page|chcp"
    "|utf-?8|gbk|gb ?2312|gb ?18030|big-?5|latin-?1|iso-?8859|windows-125|unicode|(?<![a-z])ansi(?![a-z])",
    re.IGNORECASE,
)
_TINY_SHARE = 0.01
_NEAR, _FAR = 40, 200


def flag_lost_characters(view: View) -> Outcome:
    """Flag a text in which characters are lost.

    >>> from pipeline.text import Text
    >>> [finding.value for finding in Text("第一条 锟斤拷锟斤拷的规定\ufffd").revise(flag_lost_characters).findings]
    ['mojibake_lossy', 'replacement_characters']

    `replacement_characters` where U+FFFD stands; `mojibake_lossy` where 锟斤拷, 烫烫烫, 屯屯屯 or ï¿½ stands. Left
    alone: a text that only quotes or discusses such marks, which are then a hundredth of it at most and each stand in
    quotation marks or near a word for encodings.
    """
    text = view.text
    flags = []
    if _is_lossy(text):
        flags.append(Finding("flag", "mojibake_lossy"))
    if _REPLACEMENT.may_occur_in(text):
        flags.append(Finding("flag", "replacement_characters"))
    return Outcome((), flags) if flags else NOTHING


def lost_count(text: str) -> int:
    """Count the characters of a text that are lost, by the marks that stand for them.

    >>> lost_count("第一\ufffd规定锟斤拷")
    4
    """
    return text.count("\ufffd") + len(_TWICE_LOST) * text.count(_TWICE_LOST)


def _is_lossy(text: str) -> bool:
    if not _MAY_BEGIN_MARK.may_occur_in(text) or not any(map(text.__contains__, _MARKS)):
        return False
    runs = list(_LOSS.finditer(text))
    lost = sum(len(run.group()) for run in runs)
    return lost > _TINY_SHARE * len(text) or not all(
        _stands_in_marks(text, run.span()) or is_near_word_for_codecs(text, run.span()) for run in runs
    )


def _stands_in_marks(text: str, span: Span) -> bool:
    """Whether nothing else stands in the quotation marks or brackets: a damaged sentence may be quoted as well."""
    start, end = span
    return bool(start) and end < len(text) and text[start - 1] + text[end] in _MARKS_OF_ONE


def is_quoted(text: str, span: Span) -> bool:
    """Whether a stretch stands between quotation marks or back-quotes, alone or among other words.

    >>> is_quoted("显示“姓名：锟斤拷”", (6, 9)), is_quoted("“第一条” 锟斤拷", (6, 9))
    (True, False)
    """
    start, end = span
    before = text[max(0, start - _FAR) : start].rpartition("\n")[2]
    behind = text[end : end + _FAR].partition("\n")[0]
    if before[-1:] == behind[:1] == "'":  # in English it stands in words: only right beside a stretch it quotes
        return True
    for pair in _QUOTES:
        opening, closing = pair[0], pair[1]
        if closing not in behind or opening not in before:
            continue
        if opening == closing:
            if before.count(opening) % 2:
                return True
        elif before.rfind(opening) > before.rfind(closing):
            return True
    return False


def is_near_word_for_codecs(text: str, span: Span) -> bool:
    """Whether a stretch stands near a word for encodings: then it may be shown as it is.

    >>> is_near_word_for_codecs("出现乱码：锟斤拷", (5, 8))
    True
    """
    return _SPEAKS_OF_IT.search(text, max(0, span[0] - _NEAR), span[1] + _NEAR) is not None
