"""The year that a plan sets for what it says: 到2025年, 2025年底前, 到“十四五”末; and how far that year reaches.

Here belongs which year governs a place of a text. What is promised for that year is read in
:mod:`pipeline.enrichment.targets`.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_S = "[ \u00a0\u3000]?"
_YEAR = re.compile(
    rf"(?P<before>从|自|截至|截止|截止到|比|较|与|在|到|至|以|于|同)?{_S}"
    rf"(?:(?P<first>20\d\d){_S}年?{_S}(?:[-—–~～]{{1,2}}|至|到){_S})?(?<![\d〔\[(（])(?P<year>20\d\d){_S}年"
    rf"(?P<end>{_S}(?:年?底|年?末|内)?{_S}(?:之前|以前|前)?)?"
    '|(?P<plan_before>到|至)?[“"]?(?P<plan>十[二三四五六])五[”"]?(?:(?:期|时期|规划期)?末(?P<plan_end>前)?|(?P<during>期间|时期|以来|中后期))'
)
_CORE = re.compile(f"20\\d\\d{_S}年|十[二三四五六]五")
_BESIDE = 16
_END_OF_PLAN = {"十二": 2015, "十三": 2020, "十四": 2025, "十五": 2030, "十六": 2035}
"""The five-year plans by their number: the first one began in 1953, the twelfth in 2011."""

_SINCE = re.compile(r"(?:从|自|由)[^，。；：\n]{0,16}$|\d年?$")
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_WANTS = re.compile("目标|力争|计划|争取|确保|任务")
_BEGINS = re.compile(
    "[，,]?(?:(?:本市|我市|全市|全省|全国|我省|全区|我区)?(?:力争|争取|确保|计划|将|要|需要?)|(?:初步|基本"
    "|全面)(?:建成|形成|实现|完成|建立))"
)
_DOUBLES = re.compile("(?:[^，。；\n]{0,8})翻[一两]?番")
_EACH_YEAR = re.compile("[，,]?每年")
_IN_A_NAME = re.compile("[)）》〉]|度?[^，。；：\n]{0,30}》")
_LIST_ITEM = re.compile(r"[ \u3000]*(?:[—-]{1,2}|[●•·■◆▪]|[（(]\d{1,2}[)）]|\d{1,2}[.．、](?!\d)|[①-⑳])")
_LEAD = re.compile("[：:][ \u3000]*$")
_HAS = re.compile("截至|目前|已|近年|拥有|累计|位居|居全国|首位|[一二三四五]年来|去年|上年|年以来|取得")
_HEADING = re.compile(
    "^(?:第[一二三四五六七八九十]{1,3}[章节编]|[一二三四五六七八九十]{1,3}、"
    "|[（(][一二三四五六七八九十]{1,3}[)）])[^\n]{0,40}",
    re.MULTILINE,
)
_LOOKS_BACK = re.compile("基础|现状|成效|回顾|背景|成绩|情况")
_PARAGRAPH = 300
_LOOK = 60
_NEAR_HORIZON = 3


def _years(text: str) -> Iterator[re.Match[str]]:
    """Every year with what stands beside it, looked for where a year is: that is found several times as fast."""
    last = 0
    for core in _CORE.finditer(text):
        if core.end() > last:
            match = _YEAR.search(text, max(last, core.start() - _BESIDE), core.end() + _BESIDE)
            if match is not None:
                last = match.end()
                yield match


class Period(NamedTuple):
    """The year that governs a place, and on what ground: `sentence`, `paragraph` or `list`."""

    year: int
    basis: str


class _Mention(NamedTuple):
    """A year where it stands; `year` is None where what follows is no plan.

    Where only the context tells, `near` says by how many years it may be before the earliest one that is planned for.
    """

    start: int
    end: int
    year: int | None
    near: int | None = None


class Periods:
    r"""The years of a text that govern what follows them.

    >>> periods = Periods("到2025年，建成10个平台。培育5家企业。\n2019年，建成3个平台。")
    >>> periods.at(8), periods.at(17), periods.at(32)
    (Period(year=2025, basis='sentence'), Period(year=2025, basis='paragraph'), None)

    A year governs the rest of its sentence, and the sentences behind it in its paragraph until another year is named;
    where a paragraph ends in a colon, also the items of the list below it. A year that is only looked back on (截至,
    从…到) or compared with (比2020年) governs nothing. `known_year` is the year of the document: what was due before it
    is no plan.
    """

    def __init__(self, text: str, known_year: int | None = None) -> None:
        self._text = text
        self._known_year = known_year
        mentions = [mention for match in _years(text) if (mention := self._mention(match)) is not None]
        self.horizon = min((one.year for one in mentions if one.year and one.near is None), default=None)
        """The earliest year that the text plans for; None where it plans for none."""

        self._mentions = [self._settled(one) for one in mentions]
        self._starts = [one.start for one in self._mentions]
        self._ends = [match.start() for match in _SENTENCE_END.finditer(text)] if self.horizon else []
        self._lines = [match.end() for match in re.finditer("\n", text)] if self.horizon else []
        self._inherited = self._lists() if self.horizon else {}
        self._headings = [
            (match.start(), _LOOKS_BACK.search(match.group()) is not None)
            for match in (_HEADING.finditer(text) if self.horizon else ())
        ]

    def at(self, place: int) -> Period | None:
        """The year that governs what stands at a place."""
        if self.horizon is None:
            return None
        number = bisect.bisect_right(self._lines, place)
        line = self._lines[number - 1] if number else 0
        found = bisect.bisect_right(self._starts, place) - 1
        if found >= 0 and self._mentions[found].start >= line:
            mention = self._mentions[found]
            if mention.year is None:
                return None
            # Every sentence end between the year and the place begins a sentence that has no year of its own.
            apart = bisect.bisect_left(self._ends, place) - bisect.bisect_left(self._ends, mention.end)
            return Period(mention.year, "paragraph" if apart else "sentence")
        inherited = self._inherited.get(number)
        return None if inherited is None else Period(inherited, "list")

    def may_be_ordered(self, place: int) -> bool:
        """Whether what a clause orders without a year (建设30个园区) may be part of the plan.

        It may not where its sentence looks back at a year, where its paragraph or its section tells what there is, and
        in a text that plans for no year.
        """
        if self.horizon is None:
            return False
        found = bisect.bisect_right(self._starts, place) - 1
        if found >= 0 and bisect.bisect_left(self._ends, place) == bisect.bisect_left(
            self._ends, self._mentions[found].start
        ):
            return False
        number = bisect.bisect_right(self._lines, place)
        line = self._lines[number - 1] if number else 0
        if _HAS.search(self._text, max(line, place - _PARAGRAPH), place):
            return False
        section = bisect.bisect_right(self._headings, (place, True)) - 1
        return section < 0 or not self._headings[section][1]

    def _mention(self, match: re.Match[str]) -> _Mention | None:
        if match["plan"]:
            return self._of_plan(match)
        start, end, before = match.start(), match.end(), match["before"]
        following = self._text[end : end + _LOOK]
        since = following.startswith("的") and (before == "从" or self._text[max(0, start - 1) : start] == "由")
        # 比2020年下降, 由2020年的500家增加到, 《行动方案（2023—2025年）》: these years are about something else.
        if before in ("比", "较", "与", "同") or since or _IN_A_NAME.match(following):
            return None
        year, near = self._year(match, following)
        return _Mention(start, end, year, near)

    def _of_plan(self, match: re.Match[str]) -> _Mention | None:
        """到“十四五”末 is its last year, and so is “十四五”期间, where the text plans for that time."""
        year = self._planned(_END_OF_PLAN[match["plan"]])
        if match["during"]:
            return _Mention(*match.span(), None if match["during"] == "以来" else year, near=0)
        return _Mention(*match.span(), year) if match["plan_before"] or match["plan_end"] else None

    def _year(self, match: re.Match[str], following: str) -> tuple[int | None, int | None]:
        """The year that governs from here on, None where none does; and how near it must be to what is planned."""
        start, before, after = match.start(), match["before"], (match["end"] or "").strip()
        near = None
        if match["first"]:  # 2021—2023年每年
            governs = _EACH_YEAR.match(following) is not None
        elif before in ("到", "至"):
            governs = "内" not in after and not _SINCE.search(self._text[max(0, start - 20) : start])
        elif before == "在":
            governs = _DOUBLES.match(following) is not None
        elif before in ("从", "自", "截至", "截止", "截止到"):
            governs = False
        elif after.endswith("前") or (before is None and "底" in after and _WANTS.search(self._sentence(start))):
            governs = True
        else:
            governs, near = _BEGINS.match(following) is not None, _NEAR_HORIZON
        return self._planned(int(match["year"])) if governs else None, near

    def _planned(self, year: int) -> int | None:
        return None if self._known_year is not None and year < self._known_year else year

    def _settled(self, mention: _Mention) -> _Mention:
        """2020年初步建成 is a plan where the text plans for that time, or the document is no younger."""
        if mention.near is None or mention.year is None:
            return mention
        of_plan = self.horizon is not None and mention.year >= self.horizon - mention.near
        of_document = self._known_year is not None and mention.year > self._known_year
        return mention if of_plan or of_document else mention._replace(year=None)

    def _sentence(self, place: int) -> str:
        """What stands before a place in its sentence, as far as it is looked at."""
        return _SENTENCE_END.split(self._text[max(0, place - 2 * _LOOK) : place])[-1]

    def _lists(self) -> dict[int, int]:
        """The year of each item of a list below a line with a year and a colon, by the number of the item's line."""
        inherited: dict[int, int] = {}
        starts = [0, *self._lines]
        carried: int | None = None
        for number, start in enumerate(starts):
            stop = (starts[number + 1] if number + 1 < len(starts) else len(self._text) + 1) - 1
            if carried is not None and not _LIST_ITEM.match(self._text, start, min(stop, start + 12)):
                carried = None
            if carried is not None:
                inherited[number] = carried
                continue
            if _LEAD.search(self._text, max(start, stop - 4), stop):
                found = self.at_line_end(start, stop)
                carried = found
        return inherited

    def at_line_end(self, start: int, stop: int) -> int | None:
        """The year that governs the end of the line from `start` to `stop`."""
        found = bisect.bisect_right(self._starts, stop) - 1
        return self._mentions[found].year if found >= 0 and self._mentions[found].start >= start else None
