"""Public bodies by their names: the full name, the level of government, and the region, where they are certain.

Here belongs what a name says. Which names of a document are those of its issuers is read in
:mod:`pipeline.enrichment.issuers`. The names are data: ``issuers.tsv`` for bodies of the centre, ``regions.tsv`` and
``cities.tsv`` for the regions that the names of all others begin with.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from pipeline import lexicon

LEVELS = ("central", "city", "county", "province")
"""The levels of government that a body can be of; districts of a municipality are of the level of counties."""

_ORGAN = (
    "(?:人民政府(?:办公厅|办公室)?|人民代表大会(?:常务委员会)?|(?:委员会|党委|委)(?:办公厅|办公室)?"
    "|[\u3400-\u9fff]{2,14}(?:厅|局|委员会|委|办公室|办公厅|法院|检察院|署|支队|中心))"
)
IS_BODY = re.compile(
    "[\u3400-\u9fff]{1,30}(?:国务院|办公厅|办公室|人民政府|委员会|管委会|党委|[部委厅局院署行会府])|国务院"
    "|[\u3400-\u9fff]{2,4}部"
)
_FULL = (
    (re.compile("(?:发展改革委|发改委)(?=$|办公[厅室]$)"), "发展和改革委员会"),
    (re.compile("(?:卫生健康委|卫健委)(?=$|办公[厅室]$)"), "卫生健康委员会"),
    (re.compile("国资委(?=$|办公[厅室]$)"), "国有资产监督管理委员会"),
)
_PARTY = "(?:中共|中国共产党)?"
_PREFECTURE = re.compile(rf"{_PARTY}(?:[\u3400-\u9fff]{{2,6}}(?:省|自治区))?[\u3400-\u9fff]{{2,8}}自治州{_ORGAN}$")
_COUNTY = re.compile(
    rf"{_PARTY}(?:[\u3400-\u9fff]{{2,6}}(?:省"
    rf"|自治区))?(?:[\u3400-\u9fff]{{2,6}}市)?[\u3400-\u9fff]{{1,8}}(?:县|自治县|旗){_ORGAN}$"
)


class Body(NamedTuple):
    """A body: its full name, its level, and the GB/T 2260 code of its region; None where they are not certain."""

    name: str | None
    level: str | None
    region_code: str | None


UNKNOWN = Body(None, None, None)


@functools.cache
def _central() -> dict[str, str]:
    return {row[0]: row[1] for row in lexicon.rows("issuers.tsv")}


@functools.cache
def _regions() -> tuple[dict[str, str], re.Pattern[str]]:
    """The codes of provinces and of some large cities by their full names, and a pattern for names that begin so."""
    codes = {
        name: code
        for name, code in lexicon.rows("regions.tsv")
        if code.endswith("0000") and name.endswith(("省", "市", "自治区"))
    }
    codes |= {row[0]: row[1] for row in lexicon.rows("cities.tsv")}
    names = "|".join(sorted(codes, key=lambda name: (-len(name), name)))
    return codes, re.compile(f"{_PARTY}(?P<region>{names})(?P<rest>.*)")


@functools.cache
def _districts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, code in lexicon.rows("regions.tsv"):
        if not code.endswith("0000"):
            found.setdefault(name, []).append(code)
    return found


def body(name: str) -> Body:
    """What a name says of the body that has it.

    >>> body("国家发改委")
    Body(name='国家发展和改革委员会', level='central', region_code=None)
    >>> body("天津市人民政府办公厅")
    Body(name='天津市人民政府办公厅', level='province', region_code='120000')
    >>> body("某市财政局").level is None, body("某某县人民政府").level
    (True, 'county')

    Left open: a city that is in no list may be a prefecture or a county; a body without its region may be anybody's.
    """
    if name in _central():
        return Body(_central()[name], "central", None)
    codes, pattern = _regions()
    if found := pattern.fullmatch(name):
        code, rest = codes[found["region"]], found["rest"]
        inner = pattern.fullmatch(rest)  # 湖北省武汉市…
        if inner and codes[inner["region"]][:2] == code[:2]:
            code, rest = codes[inner["region"]], inner["rest"]
        if local := _local(name, code, rest):
            return local
    if _PREFECTURE.fullmatch(name):
        return Body(_full(name), "city", None)
    if _COUNTY.fullmatch(name):
        return Body(_full(name), "county", None)
    return UNKNOWN


def _local(name: str, code: str, rest: str) -> Body | None:
    """A body of a province or a listed city, or of a district in one."""
    level = "province" if code.endswith("0000") else "city"
    if re.fullmatch(_ORGAN, rest) and not re.search("[市县区州旗](?=人民|委|[\u3400-\u9fff]{2,14}(?:厅|局|委))", rest):
        return Body(_full(name), level, code)
    district = re.fullmatch(rf"(?P<district>[\u3400-\u9fff]{{2,5}}区){_ORGAN}", rest)
    if district is None or district["district"].endswith(
        ("开发区", "园区", "自治区", "示范区", "保税区", "景区", "校区", "社区")
    ):
        return None
    known = [one for one in _districts().get(district["district"], []) if one[:2] == code[:2]]
    return Body(_full(name), "county", known[0] if len(known) == 1 and level == "province" else None)


def _full(name: str) -> str:
    for short, full in _FULL:
        name = short.sub(full, name)
    return name
