"""Lists of people and keywords as pages print them.

Here belongs how a list is split. Whose names they are is decided by the label or the place.
"""

from __future__ import annotations

import re

_LIST_MARK = re.compile(
    r"[、，,;；/|]|\s{2,}|\band\b|(?:本报|本网)?(?:特约|实习|见习)?(?:记者|通讯员|编辑|责编)\s*[:：]?"
)
_HAN_NAMES = re.compile(r"[\u3400-\u9fff·]{2,6}(?:[ \u3000\u00a0][\u3400-\u9fff·]{2,6})+")
_UNKNOWN = frozenset(
    {
        *("佚名", "未知", "匿名", "无", "不详", "网络整理", "网络", "原创", "小编", "管理员", "系统管理员"),
        *("admin", "administrator", "anonymous", "unknown"),
    }
)
_GAP = re.compile("[ \u3000\u00a0]")
_PADDED = re.compile("([\u3400-\u9fff])[ \u3000]+([\u3400-\u9fff])")
_LONGEST_NAME = 40
_REMARK = re.compile(r"[（(](?:实习|见习|实习生|通讯员|摄影|图|文)[)）]|\[(?:EMAIL|PHONE|IDNO)\]")
"""What stands behind a name and is no part of it: a role, a token of masked personal data."""

_COUNT = re.compile(r"(?P<number>\d[\d,]{0,14}(?:\.\d{1,4})?)\s?(?P<unit>[万萬千])?")
_UNITS = {"万": 10_000, "萬": 10_000, "千": 1_000}
_KEYWORD_MARK = re.compile(r"[,，、;；|¦]|\s+")


def people(text: str) -> list[str]:
    """The people of a list, in order, as printed; 佚名 (unknown) is nobody.

    >>> people("甲某、乙某"), people("记者 王某 李某 通讯员 赵某"), people("佚名"), people("Meng X, Gao Y")
    (['甲某', '乙某'], ['王某', '李某', '赵某'], [], ['Meng X', 'Gao Y'])
    >>> people("甲某（实习） [PHONE]")
    ['甲某']

    A single space inside a name (张　三) is padding where the parts have one character each.
    """
    found = []
    for part in _LIST_MARK.split(_REMARK.sub("", text)):
        name = part.strip(" \t\u3000\u00a0:：()（）[]【】")
        pieces = _GAP.split(name) if _HAN_NAMES.fullmatch(name) else [name]
        for piece in pieces:
            piece = unpadded(piece)  # noqa: PLW2901  the padding is no part of the name
            if piece and piece.lower() not in _UNKNOWN and len(piece) <= _LONGEST_NAME:
                found.append(piece)
    return found


def unpadded(name: str) -> str:
    """A name of two characters without the space that makes it as wide as one of three.

    >>> unpadded("张　三"), unpadded("Meng X")
    ('张三', 'Meng X')
    """
    padded = _PADDED.fullmatch(name)
    return "".join(padded.groups()) if padded else name


def keywords(text: str) -> list[str]:
    """The keywords of a list, in order, as printed.

    >>> keywords("智能,发展 技术；产业")
    ['智能', '发展', '技术', '产业']
    """
    return [word for word in _KEYWORD_MARK.split(text) if word]


def count(text: str) -> int | None:
    """A count of views: 3,482 or 1.2万; None where there is no number.

    >>> count("3,482 次"), count("1.2万"), count("")
    (3482, 12000, None)
    """
    match = _COUNT.search(text)
    if not match:
        return None
    return round(float(match["number"].replace(",", "")) * _UNITS.get(match["unit"] or "", 1))
