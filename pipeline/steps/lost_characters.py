"""Say where characters are lost for good: replacement characters, and the marks that two wrong decodings leave.

Here belongs the finding alone: what is lost cannot be repaired, and nothing is edited. Mojibake that can be undone
belongs in the steps of the decode stage that come before.
"""

from __future__ import annotations

import re

from pipeline.text import NOTHING, Finding, Outcome, View

RULES: dict[str, str] = {}

# U+FFFD twice in UTF-8, read as GBK or as Latin-1; and what Visual C++ fills fresh memory with, read as GBK.
_LOSS = re.compile("(?:[锟錕]斤拷?)+|烫{3,}|燙{3,}|屯{3,}|(?:ï¿½)+")
_MARKS = ("锟斤", "錕斤", "烫烫烫", "燙燙燙", "屯屯屯", "ï¿½")
_OPENING = "“\"'‘「『《〈（(【[`"
_CLOSING = "”\"'’」』》〉）)】]`"
_SPEAKS_OF_IT = re.compile("乱码|亂碼|编码|編碼|解码|解碼|字符集|mojibake|encoding|charset", re.IGNORECASE)
_TINY_SHARE = 0.01
_NEAR = 40


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
    if not text.isascii():
        if _is_lossy(text):
            flags.append(Finding("flag", "mojibake_lossy"))
        if "\ufffd" in text:
            flags.append(Finding("flag", "replacement_characters"))
    return Outcome((), flags) if flags else NOTHING


def _is_lossy(text: str) -> bool:
    if not any(map(text.__contains__, _MARKS)):
        return False
    runs = list(_LOSS.finditer(text))
    lost = sum(len(run.group()) for run in runs)
    return lost > _TINY_SHARE * len(text) or not all(_is_spoken_of(text, run) for run in runs)


def _is_spoken_of(text: str, run: re.Match[str]) -> bool:
    start, end = run.span()
    quoted = start and end < len(text) and text[start - 1] in _OPENING and text[end] in _CLOSING
    return bool(quoted) or _SPEAKS_OF_IT.search(text, max(0, start - _NEAR), end + _NEAR) is not None
