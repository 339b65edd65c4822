"""Quantitative targets: what a plan promises, how much of it, in which unit, by which year, and where it says so.

Here belongs which quantity of a text is a target. How quantities are printed belongs in
:mod:`pipeline.enrichment.quantities`, which year governs a place in :mod:`pipeline.enrichment.periods`, what the words
of a clause say in :mod:`pipeline.enrichment.target_clauses`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.enrichment import target_clauses as clauses
from pipeline.enrichment.english_targets import english_targets
from pipeline.enrichment.periods import Period, Periods
from pipeline.enrichment.quantities import Quantity, folded, quantities
from pipeline.enrichment.target_rows import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.enrichment.target_clauses import Stated

_CLAUSE_END = re.compile("[，；;。：:！？!?\n]|,(?!\\d{3})")
_SENTENCE_END = re.compile("[。！？\n]")
_CLAUSE = 80
"""So many code points to each side are looked at: the longest indicator of the visible documents has 31."""

_SENTENCE = 200
_CEILING = 12
_FIGURE = re.compile("\\d+")
_MOST_FIGURES = 12
"""More figures than these in a clause's length are a table or worse; the densest sentence of a plan seen had eight."""

_PAST = re.compile("已|了(?!解)|截至|截止|同比|环比|去年|上年|目前|曾|近年|累计完成|共有|现有|当前|仅为|以来")
_FORECAST = re.compile("预计|预测|预估|估计|估算|测算|有望|或将|如果|假如|据.{0,12}统计")
_HAN = re.compile("[\u3400-\u9fff]")
_PAIRS = (("“", "”"), ("（", "）"), ("(", ")"), ("《", "》"))
_BETWEEN_SIBLINGS = re.compile("(?:、|和|以及|及|与)[ ]?")
_BOTH = re.compile("(?:、|和|以及)[ ]?")

_INTENDED = re.compile(
    "(?:计划|力争|争取|努力|拟)(?:用[^，。；\n]{1,8})?到(?P<year>20\\d\\d)年(?:年?[底末])?(?:之?前|以前)?[，,]?"
    "(?P<what>(?:初步|基本|全面|率先)?(?:打造|建成|形成|建设|构建|实现|成为|建立)[^，。；：\n\\d]{4,120})(?=[，。；])"
)
_BEFORE_INTENDED, _CLAUSE_INTENDED = 11, 160
"""So many code points stand at most before 到 in it (计划用, and eight), and from there on."""

_DOUBLED = re.compile(
    "(?P<what>[^，。；：\n“”]{2,40}?)(?:需要|要|将|力争|实现|再)*(?:(?:比|较"
    "|在)(?P<year>20\\d\\d)年(?:的?基础上)?)?(?:实现|再|基本)*翻(?P<times>一番|两番|番)"
)
_DOUBLES = re.compile("翻(?:一番|两番|番)")
_TIMES = {"一番": 2.0, "番": 2.0, "两番": 4.0}
_TIME = re.compile("^(?:(?:到|至)20\\d\\d年(?:年?[底末])?(?:之?前)?)?")


class _Place(NamedTuple):
    """A quantity in its clause, which begins at `start`: what stands before and behind it there."""

    quantity: Quantity
    start: int
    before: str
    behind: str
    sentence: str

    @property
    def length(self) -> int:
        return self.quantity.end - self.quantity.start

    @property
    def is_promise(self) -> bool:
        """Whether nothing says that it is achieved, compared or forecast."""
        return not (
            _PAST.search(self.before)
            or _PAST.search(self.behind[:12])
            or _FORECAST.search(self.sentence)
            or _FORECAST.search(self.before)
        )


def targets(text: str, *, known_year: int | None = None) -> list[Target]:
    """The targets of a text, in their order.

    >>> for one in targets("到2025年，核心产业规模达到3000亿元，建成2至3家国家级创新平台。截至2021年，已建成5家。"):
    ...     print(one.indicator, one.value, one.value_max, one.unit, one.year, one.relation)
    核心产业规模 300000000000.0 None CNY 2025 >=
    国家级创新平台 2.0 3.0 家 2025 range

    `known_year` is the year of the document, where it is known: what was due before it is no plan. Left alone: what is
    achieved (已达到, 截至), forecast (预计) or compared (同比); ordinals and names (500强), counts of measures
    (4项保障措施), time (5个工作日), numbers in Chinese numerals, and every quantity that no year of a plan governs,
    unless the text has such years and the clause is a plan's order (建设30个示范园区).

    Offsets are code points of `text`, end-exclusive. Shares are fractions (10% is 0.1), money is in whole units.
    """
    flat = folded(text)
    found = list(_chinese(flat, known_year)) if _HAN.search(flat) else english_targets(flat)
    # What a row says is what stands in the text, where digits may be full-width.
    rows = [_as_printed(row, text) for row in found] if flat is not text else found
    return sorted(rows, key=lambda row: (row.start, row.end, -1 if row.value_start is None else row.value_start))


def _chinese(text: str, known_year: int | None) -> Iterator[Target]:
    periods = Periods(text, known_year)
    last: tuple[Target, Stated] | None = None
    taken = 0
    # Without a year that is planned for, only a ceiling can be there.
    for quantity in quantities(text) if periods.horizon is not None or "最" in text else ():
        if quantity.start < taken:
            continue  # 10个主营业务收入超50亿元的供应商: the income says which suppliers
        if periods.horizon is None and "最" not in text[max(0, quantity.start - _CEILING) : quantity.start]:
            continue
        if len(_FIGURE.findall(text, max(0, quantity.start - _CLAUSE), quantity.start)) > _MOST_FIGURES:
            continue
        place = _place(text, quantity)
        row = _read(text, place, periods, last)
        if row is not None:
            last = row
            taken = row[0].end
            yield row[0]
    yield from _without_units(text, periods, known_year)


def _place(text: str, quantity: Quantity) -> _Place:
    window = text[max(0, quantity.start - _CLAUSE) : quantity.start]
    begin = max((match.end() for match in _CLAUSE_END.finditer(window)), default=0)
    for opening, closing in _PAIRS:
        at = window.rfind(opening, begin)
        if at >= 0 and closing not in window[at:]:
            begin = at + 1
    behind = text[quantity.end : quantity.end + _CLAUSE]
    end = _CLAUSE_END.search(behind)
    behind = clauses.balanced(behind[: end.start()] if end else behind)
    sentence = _SENTENCE_END.split(text[max(0, quantity.start - _SENTENCE) : quantity.start])[-1]
    start = quantity.start - len(window) + begin
    return _Place(quantity, start, window[begin:], behind, sentence)


def _read(
    text: str, place: _Place, periods: Periods, last: tuple[Target, Stated] | None
) -> tuple[Target, Stated] | None:
    """What a quantity is a target of; None where it is none."""
    before, behind, length = place.before, place.behind, place.length
    measures = place.quantity.unit.measures
    if measures == "money" and (stated := clauses.ceiling(before, behind, length, place.sentence)):
        return _row(text, place, stated, None), stated
    if not place.is_promise:
        return None
    period = periods.at(place.quantity.start)
    joined = _joined(text, place, last)
    if joined is not None:
        return joined
    stated = None
    if before:
        stated = clauses.level(before, behind, length, measures=measures)
        if stated is None and (place.quantity.relation or (measures == "share" and place.quantity.value == 1)):
            stated = clauses.measured(before, behind, length)
    stated = stated or clauses.counted(before, behind, length, measures=measures)
    if stated is None:
        return None
    if period is None and not (stated.needs == "plan" and periods.may_be_ordered(place.quantity.start)):
        return None
    return _row(text, place, stated, period), stated


def _joined(text: str, place: _Place, last: tuple[Target, Stated] | None) -> tuple[Target, Stated] | None:
    """The second of two that share their verb: 10个团队、1000名人才; 分别达到65%和55%."""
    if last is None or last[0].kind != "target" or last[0].year is None:
        return None
    row, stated = last
    between = text[row.end : place.quantity.start]
    measures = place.quantity.unit.measures
    period = Period(row.year or 0, row.year_basis or "")
    if measures == "count" and row.indicator_start is not None and (row.value_end or 0) <= row.indicator_start:
        if _BETWEEN_SIBLINGS.fullmatch(between):
            found = clauses.sibling(place.behind, place.length)
            if found is not None:
                alone = place._replace(start=place.quantity.start, before="")
                return _row(text, alone, found, period), found
        return None
    if row.unit == place.quantity.unit.name and _BOTH.fullmatch(between) and clauses.is_end(place.behind):
        made = _row(text, place, stated._replace(end=len(place.before) + place.length, indicator=None), period)
        return made._replace(
            indicator=row.indicator,
            indicator_start=row.indicator_start,
            indicator_end=row.indicator_end,
            start=row.start,
            text=text[row.start : made.end],
        ), stated
    return None


def _row(text: str, place: _Place, stated: Stated, period: Period | None) -> Target:
    quantity, at = place.quantity, place.start
    name = None if stated.indicator is None else (at + stated.indicator[0], at + stated.indicator[1])
    relation = quantity.relation if quantity.relation is not None else stated.relation or "="
    if quantity.relation == ">=" and stated.relation in (">", "<=", "<"):
        relation = stated.relation
    end = max(at + stated.end, quantity.end)
    unit = quantity.unit.name + ("/yr" if stated.is_yearly and quantity.unit.measures in ("share", "money") else "")
    return Target(
        kind=stated.kind,
        indicator=None if name is None else text[name[0] : name[1]],
        value=quantity.value,
        value_max=quantity.highest,
        unit=unit,
        relation="range" if quantity.highest is not None else relation,
        year=period.year if period else None,
        year_basis=period.basis if period else None,
        text=text[at:end],
        start=at,
        end=end,
        value_start=quantity.start,
        value_end=quantity.end,
        indicator_start=name[0] if name else None,
        indicator_end=name[1] if name else None,
    )


def _without_units(text: str, periods: Periods, known_year: int | None) -> Iterator[Target]:
    """What is promised without a quantity: 翻一番, and 计划到2025年打造形成 … ."""
    for match in _intended(text):
        year = int(match["year"])
        if known_year is None or year >= known_year:
            yield _wordy("qualitative", text, match.span(), None, Period(year, "sentence"), match.span("what"))
    if "翻" in text and "番" in text:
        for match in _doubled(text):
            period = periods.at(match.end() - 1)
            said = match.group()
            if period is None or _PAST.search(said) or _FORECAST.search(said):
                continue
            lead = _TIME.match(match["what"])
            name = (match.start("what") + (lead.end() if lead else 0), match.end("what"))
            row = _wordy("target", text, match.span(), _TIMES[match["times"]], period, name)
            yield row._replace(value_start=match.start("times") - 1, value_end=match.end("times"))


def _intended(text: str) -> Iterator[re.Match[str]]:
    """Every 计划到2025年打造形成 …, looked for where 到20 is: that is found several times as fast."""
    last = 0
    at = text.find("到20")
    while at >= 0:
        match = _INTENDED.search(text, max(last, at - _BEFORE_INTENDED), at + _CLAUSE_INTENDED) if at >= last else None
        if match is not None and match.start() < at:
            last = match.end()
            yield match
        at = text.find("到20", at + 1)


def _doubled(text: str) -> Iterator[re.Match[str]]:
    """Every 翻一番 with its clause before it."""
    last = 0
    for hit in _DOUBLES.finditer(text):
        match = _DOUBLED.search(text, max(last, hit.start() - _CLAUSE), hit.end())
        if match is not None and match.end() == hit.end():
            last = match.end()
            yield match


def _wordy(
    kind: str, text: str, span: tuple[int, int], value: float | None, period: Period, name: tuple[int, int]
) -> Target:
    return Target(
        kind,
        text[name[0] : name[1]],
        value,
        None,
        None if value is None else "倍",
        None if value is None else "=",
        period.year,
        period.basis,
        text[span[0] : span[1]],
        *span,
        None,
        None,
        *name,
    )


def _as_printed(row: Target, text: str) -> Target:
    name = None if row.indicator_start is None else text[row.indicator_start : row.indicator_end]
    return row._replace(text=text[row.start : row.end], indicator=name)
