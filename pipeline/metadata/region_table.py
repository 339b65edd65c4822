"""The regions of GB/T 2260 by name and by year.

Here belongs which code a name stood for in a year. Whether a text that holds a name means the region is decided in
:mod:`pipeline.metadata.region_mentions`. The data are `steps/data/regions.tsv` and, for names that are not the full
ones, `steps/data/region_names.tsv`.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from pipeline import lexicon

FIRST_YEAR = 1980
"""The year of the first list. An earlier document is read by it, one without a year by what is valid now."""

_NOW = 9999


class _Entry(NamedTuple):
    code: str
    first: int
    last: int


@functools.cache
def _entries() -> dict[str, list[_Entry]]:
    """Every name with the codes that it stood for; a city of the level of prefectures has its short form as well."""
    named: dict[str, list[_Entry]] = {}
    years: dict[str, list[tuple[int, int]]] = {}
    for code, name, first, *last in lexicon.rows("regions.tsv"):
        entry = _Entry(code, int(first), int(last[0]) if last else _NOW)
        named.setdefault(name, []).append(entry)
        years.setdefault(code, []).append(entry[1:])
        if is_prefecture(code) and name.endswith("市"):
            named.setdefault(name.removesuffix("市"), []).append(entry)
    for name, code in lexicon.rows("region_names.tsv"):
        # Before the short forms of cities: 吉林 is the province.
        named[name] = [_Entry(code, *span) for span in years[code]] + named.get(name, [])
    return named


@functools.cache
def _by_beginning() -> dict[str, list[str]]:
    """The Chinese names by their first two characters, the longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(_entries(), key=lambda name: (-len(name), name)):
        if not name.isascii():
            found.setdefault(name[:2], []).append(name)
    return found


@functools.cache
def short_names() -> frozenset[str]:
    """The names of provinces and cities that lack their ending: 浙江, 杭州."""
    cities = {row[1].removesuffix("市") for row in lexicon.rows("regions.tsv") if is_prefecture(row[0])}
    others = {row[0] for row in lexicon.rows("region_names.tsv") if is_province(row[1])}
    return frozenset(cities | others) - {row[1] for row in lexicon.rows("regions.tsv")}


def is_province(code: str) -> bool:
    """True for a province, a municipality, an autonomous or a special administrative region.

    >>> is_province("330000"), is_province("330100")
    (True, False)
    """
    return code.endswith("0000")


def is_prefecture(code: str) -> bool:
    """True for what stands between provinces and counties.

    >>> is_prefecture("330100"), is_prefecture("330110"), is_prefecture("330000")
    (True, False, False)
    """
    return code.endswith("00") and not is_province(code)


def lies_in(inner: str, outer: str) -> bool:
    """True where the first code is that of a part of the other's region.

    >>> lies_in("330110", "330100"), lies_in("330110", "330000"), lies_in("330110", "330200")
    (True, True, False)
    """
    if is_province(outer):
        return inner != outer and inner[:2] == outer[:2]
    return is_prefecture(outer) and inner != outer and inner[:4] == outer[:4]


@functools.lru_cache(maxsize=4096)
def codes_of(name: str, year: int | None = None) -> tuple[str, ...]:
    """The codes that a name stood for at some time of a year; without a year, those of now.

    >>> codes_of("襄樊市", 2008), codes_of("襄阳市", 2011), codes_of("襄樊市", 2011)
    (('420600',), ('420600',), ())
    >>> codes_of("朝阳区", 2022)
    ('110105', '220104')

    Where a province and a city have one short name it is the province's (吉林).
    """
    at = _NOW if year is None else max(year, FIRST_YEAR)
    codes = dict.fromkeys(e.code for e in _entries().get(name, ()) if e.first <= at <= e.last)
    return tuple(c for c in codes if is_province(c)) or tuple(codes)


def name_at(text: str, start: int, year: int | None = None) -> str | None:
    """The longest name valid in the year that begins at a place in a text.

    >>> name_at("杭州市临平区", 3, 2022), name_at("杭州市临平区", 3, 2018)
    ('临平区', None)
    """
    for name in _by_beginning().get(text[start : start + 2], ()):
        if text.startswith(name, start) and codes_of(name, year):
            return name
    return None


def region_at(text: str, start: int = 0, year: int | None = None) -> tuple[tuple[str, ...], int]:
    """The codes that the full names at a place in a text may stand for, each within the one before, and their end.

    >>> region_at("湖北省武汉市人民政府"), region_at("北京大学")
    ((('420100',), 6), ((), 0))
    """
    codes: tuple[str, ...] = ()
    while (name := name_at(text, start, year)) and name not in short_names():
        inner = tuple(c for c in codes_of(name, year) if not codes or any(lies_in(c, outer) for outer in codes))
        if not inner:
            break
        codes, start = inner, start + len(name)
    return codes, start
