"""Which region a document is about, as GB/T 2260 codes.

The names are data (`steps/data/regions.tsv`): provinces, and the districts of municipalities. Other cities and counties
are left out until a revision of the standard is pinned to the document's date.
"""

from __future__ import annotations

import collections
import functools
import re

from pipeline import lexicon

_READ = 6000
_DISTRICT_MENTIONS = 5
_DISTRICT_SHARE = 0.5
_MENTIONS = 2
_HAN = re.compile("[\u3400-\u9fff]")


@functools.cache
def _names() -> tuple[dict[str, str], re.Pattern[str], re.Pattern[str]]:
    """Codes by name, and a pattern each for Chinese and English names.

    Two patterns, because an alternation of plain literals is searched by its first characters: 40 times as fast.
    """
    codes = {row[0]: row[1] for row in lexicon.rows("regions.tsv")}
    longest_first = sorted(codes, key=len, reverse=True)
    chinese = re.compile("|".join(name for name in longest_first if not name.isascii()))
    english = re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in longest_first if name.isascii())})\b")
    return codes, chinese, english


def _mentions(text: str) -> list[str]:
    codes, chinese, english = _names()
    pattern = chinese if _HAN.search(text[:200]) else english
    return [codes[match.group()] for match in pattern.finditer(text)]


def region_codes(title: str | None, text: str) -> list[str]:
    """The region that a document is about: the one in its title, else the one that it speaks of most.

    >>> region_codes("天津市智能科技行动计划", ""), region_codes(None, "北京市发布方案。北京将建设先导区。")
    (['120000'], ['110000'])
    >>> region_codes(None, "国家")
    []

    A district counts where it is named five times and half as often as its province. The first 6,000 code points are
    read. Left alone: names of roads and of other places that hold a region's name cannot be told apart here.
    """
    in_title = _mentions(title or "")
    if in_title:
        return in_title[:1]
    counts = collections.Counter(_mentions(text[:_READ]))
    by_province: collections.Counter[str] = collections.Counter()
    for code, count in counts.items():
        by_province[code[:2] + "0000"] += count
    if not by_province:
        return []
    province, mentions = min(by_province.items(), key=lambda item: (-item[1], item[0]))
    if mentions < _MENTIONS:
        return []
    districts = {c: n for c, n in counts.items() if c[:2] == province[:2] and c != province}
    if districts:
        district, named = min(districts.items(), key=lambda item: (-item[1], item[0]))
        if named >= _DISTRICT_MENTIONS and named >= _DISTRICT_SHARE * counts.get(province, 0):
            return [district]
    return [province]
