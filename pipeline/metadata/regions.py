"""Which region a document is about, as GB/T 2260 codes of the document's year.

Here belongs where a region is looked for first. What a name means in a title belongs in
:mod:`pipeline.metadata.region_mentions`, which code it had in which year in :mod:`pipeline.metadata.region_table`.
"""

from __future__ import annotations

import collections
import functools
import re

from pipeline import lexicon
from pipeline.metadata.region_mentions import chosen, mentions
from pipeline.metadata.region_table import FIRST_YEAR, codes_of, is_province

_READ = 6000
_TITLE_READ = 300
_DISTRICT_MENTIONS = 5
_DISTRICT_SHARE = 0.5
_MENTIONS = 2
_MOST = 0.5
"""The share of all mentions that a province needs: what speaks of many alike is about none of them."""

_NATIONAL = re.compile("中华人民共和国|国务院|国家|全国|中共中央|最高人民")
"""How titles and issuers of the whole country begin: their texts name provinces, and are about none of them."""

_HAN = re.compile("[\u3400-\u9fff]")
_DISTRICTS = ("1101", "1102", "3101", "3102", "120116")
"""How the codes of Beijing's and Shanghai's districts and counties begin, and Binhai's of Tianjin."""


@functools.cache
def _read_in_texts() -> list[str]:
    """The names of provinces without their ending, with which their full names begin, and of districts, of any year."""
    names = [name for name, code in lexicon.rows("region_names.tsv") if name.isascii() or is_province(code)]
    return names + [name for code, name, *_ in lexicon.rows("regions.tsv") if _is_district(code)]


@functools.lru_cache(maxsize=128)
def _names(year: int | None) -> tuple[dict[str, str], re.Pattern[str], re.Pattern[str]]:
    """Codes by name in a year, and a pattern each for Chinese and English names.

    Two patterns, because an alternation of plain literals is searched by its first characters: 40 times as fast.
    """
    codes = {
        name: code
        for name in _read_in_texts()
        for code in codes_of(name, year)
        if is_province(code) or _is_district(code)
    }
    longest_first = sorted(codes, key=lambda name: (-len(name), name))
    chinese = re.compile("|".join(name for name in longest_first if not name.isascii()))
    english = re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in longest_first if name.isascii())})\b")
    return codes, chinese, english


def region_codes(title: str | None, text: str, *, issuer: str | None = None, year: int | None = None) -> list[str]:
    """The region that a document is about: the one in its title, else its issuer's, else the one it speaks of most.

    >>> region_codes("天津市智能科技行动计划", ""), region_codes("杭州市余杭区人民政府工作报告", "", year=2022)
    (['120000'], ['330110'])
    >>> region_codes("朝阳区数字经济条例", ""), region_codes("朝阳区数字经济条例", "", issuer="北京市朝阳区人民政府")
    ([], ['110105'])
    >>> region_codes(None, "北京市发布方案。北京将建设先导区。"), region_codes(None, "国家")
    (['110000'], [])

    `year` is the document's: a code that the standard did not have in it is not given. Without one, the standard of now
    holds, and before 1980 its first list. Several codes are given only for regions that the title joins (杭州、宁波).
    In the text provinces count, and the districts of Beijing and Shanghai: a province where most mentions are of it or
    its districts, a district where it is named five times and half as often as its province.
    Left alone: the text of what the whole country issued (中华人民共和国宪法); other cities and counties in a text,
    which speaks of many; what stands behind the first 300 code points of a title and the first 6,000 of a text.
    """
    if title and not _HAN.search(title):
        if spoken := _spoken(title, year):
            return spoken[:1]
    else:
        heads = [place[:_TITLE_READ] for place in (title, issuer) if place]
        places = [(head, mentions(head, year)) for head in heads]
        known = {m.codes[0] for _, found in places for m in found if len(m.codes) == 1}
        for place, found in places:
            if codes := chosen(place, found, known):
                return codes
    if any(_NATIONAL.match(place) for place in (title, issuer) if place):
        return []
    return _most_spoken_of(_spoken(text[:_READ], year))


def _is_district(code: str) -> bool:
    return code.startswith(_DISTRICTS) and not is_province(code)


def _spoken(text: str, year: int | None) -> list[str]:
    codes, chinese, english = _names(None if year is None else max(year, FIRST_YEAR))
    pattern = chinese if _HAN.search(text[:200]) else english
    return [codes[match.group()] for match in pattern.finditer(text)]


def _most_spoken_of(spoken: list[str]) -> list[str]:
    counts = collections.Counter(spoken)
    by_province: collections.Counter[str] = collections.Counter()
    for code, count in counts.items():
        by_province[code[:2] + "0000"] += count
    if not by_province:
        return []
    province, named = min(by_province.items(), key=lambda item: (-item[1], item[0]))
    if named < _MENTIONS or named <= _MOST * len(spoken):
        return []
    districts = {c: n for c, n in counts.items() if c[:2] == province[:2] and c != province}
    if districts:
        district, named = min(districts.items(), key=lambda item: (-item[1], item[0]))
        if named >= _DISTRICT_MENTIONS and named >= _DISTRICT_SHARE * counts.get(province, 0):
            return [district]
    return [province]
