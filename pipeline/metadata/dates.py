"""Dates as they are written in Chinese and English pages: a small grammar that invents nothing.

Here belongs how a date is written. What a date means for the document (its role) belongs to the reader that asks.
Date libraries are not used: they read `2023年` as year 3 and 国发〔2017〕35号 as a date.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "Ｏ": "0",
    "O": "0",
    "0": "0",
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_ROC_YEAR_OFFSET = 1911

_S = r"[ \t\u00a0\u3000]*"
_DIGITS_OF_DAY = "3[01]|[12]\\d|0?[1-9]"
_DIGITS_OF_MONTH = "1[0-2]|0?[1-9]"
_TIME = (
    rf"(?:T|[ \t\u00a0\u3000]{{1,9}}(?:HKT[ \u00a0])?|{_S}(?=\d{{1,2}}[:：]))"
    r"(?P<hour>[01]?\d|2[0-3])[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?"
)
_ZONE = r"(?P<zone>Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?"
NUMERIC = re.compile(
    rf"(?<![\d.])(?P<year>(?:19|20)\d\d)(?:{_S}(?P<unit>年){_S}|(?P<mark>[-/.]))(?P<month>{_DIGITS_OF_MONTH})"
    rf"(?:(?(unit){_S}月{_S}|(?P=mark))(?P<day>{_DIGITS_OF_DAY}))(?(unit){_S}日|(?![\d年]))"
    rf"(?:(?:{_TIME})(?![\d:]){_ZONE})?"
)
"""A day: 2018/1/18, 2018-01-18, 2018.1.18, 2020 年 4 月 9 日, with the time where one follows."""

_DIGIT_YEAR = re.compile("(?:19|20)[0-9]{2}")
HAN_DATE = re.compile(
    rf"(?P<year>(?:一九|二[〇○零ＯO0])[一二三四五六七八九〇○零ＯO0]{{2}}){_S}年{_S}(?P<month>十[一二]?|[一二三四五六七八九]){_S}月{_S}"
    rf"(?P<day>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]){_S}日"
)
ROC_DATE = re.compile(
    rf"(?:中[华華])?民[国國]{_S}(?P<year>1?\d\d){_S}年{_S}(?P<month>{_DIGITS_OF_MONTH}){_S}月{_S}"
    rf"(?P<day>{_DIGITS_OF_DAY}){_S}日"
)
ROC_SHORT = re.compile(
    rf"(?<![\d./-])(?P<year>1[01]\d|[89]\d)(?P<mark>[./-])(?P<month>{_DIGITS_OF_MONTH})(?P=mark)"
    rf"(?P<day>{_DIGITS_OF_DAY})(?![\d./-])"
)
COMPACT = re.compile(
    r"(?<![\d.-])(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?![\d.-])"
)
MONTH_DAY = re.compile(rf"(?<![\d年])(?P<month>{_DIGITS_OF_MONTH})月{_S}(?P<day>{_DIGITS_OF_DAY})日")
_ENGLISH_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
ENGLISH = re.compile(
    rf"\b(?:(?P<month>{_ENGLISH_MONTH})\.?\s{{1,3}}(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?!\d)"
    r"(?:\s{0,3},?\s{1,3}(?P<year>(?:19|20)\d\d))?"
    rf"|(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\s{{1,3}}(?P<month2>{_ENGLISH_MONTH})\.?,?\s{{1,3}}(?P<year2>(?:19|20)\d\d))\b"
)
_MONTH_BEGINS = re.compile("[ADFJMNOS](?:an|eb|ar|pr|ay|u[nlg]|ep|ct|ov|ec)")
IN_URL = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[-/_]?(?P<month>0[1-9]|1[0-2])[-/]?(?P<day>0[1-9]|[12]\d|3[01])(?=/)"
    r"|(?:/t|[-_])(?P<year2>20\d\d)(?P<month2>0[1-9]|1[0-2])(?P<day2>0[1-9]|[12]\d|3[01])(?=_|\.s?html?(?:$|[?#]))"
)
"""Dates in the path of an address: /2023/05/30/, /2017-07/24/, /202605/12/, t20210615_, 1800597-20250416.htm."""


class Stated(NamedTuple):
    """A date as stated: EDTF, the day where there is one, precision, the instant where a time stands, and its span."""

    edtf: str
    day: dt.date | None
    precision: str
    instant: dt.datetime | None
    start: int
    end: int


_BEIJING = dt.timezone(dt.timedelta(hours=8))


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _han_number(text: str) -> int:
    tens, found, ones = text.partition("十")
    if not found:
        return int(_DIGIT[text])
    return (int(_DIGIT[tens]) if tens else 1) * 10 + (int(_DIGIT[ones]) if ones else 0)


def _of_day(day: dt.date | None, span: tuple[int, int]) -> Stated | None:
    return Stated(day.isoformat(), day, "day", None, *span) if day else None


def _of_numeric(match: re.Match[str]) -> Stated | None:
    day = _day(int(match["year"]), int(match["month"]), int(match["day"]))
    if day is None or match["hour"] is None:
        return _of_day(day, match.span())
    zone = _BEIJING
    if match["zone"] == "Z":
        zone = dt.UTC
    elif match["zone"]:
        sign = -1 if match["zone"][0] == "-" else 1
        digits = match["zone"][1:].replace(":", "")
        zone = dt.timezone(sign * dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    precision = "second" if match["second"] else "minute"
    time = dt.time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), tzinfo=zone)
    instant = dt.datetime.combine(day, time)
    return Stated(instant.isoformat(), day, precision, instant, *match.span())


def _of_han(match: re.Match[str]) -> Stated | None:
    year = int("".join(_DIGIT[c] for c in match["year"]))
    return _of_day(_day(year, _han_number(match["month"]), _han_number(match["day"])), match.span())


def _of_roc(match: re.Match[str]) -> Stated | None:
    year = int(match["year"]) + _ROC_YEAR_OFFSET
    return _of_day(_day(year, int(match["month"]), int(match["day"])), match.span())


def _of_english(match: re.Match[str]) -> Stated | None:
    month = _MONTHS[(match["month"] or match["month2"]).lower().rstrip(".")]
    number = int(match["day"] or match["day2"])
    year = match["year"] or match["year2"]
    if year:
        return _of_day(_day(int(year), month, number), match.span())
    if _day(2000, month, number) is None:
        return None
    return Stated(f"XXXX-{month:02}-{number:02}", None, "day", None, *match.span())


def _of_month_day(match: re.Match[str]) -> Stated | None:
    month, number = int(match["month"]), int(match["day"])
    if _day(2000, month, number) is None:
        return None
    return Stated(f"XXXX-{month:02}-{number:02}", None, "day", None, *match.span())


def full_dates(text: str, *, roc: bool = False, compact: bool = False) -> list[Stated]:
    """Every date whose year is stated, in the order of the text.

    >>> [found.edtf for found in full_dates("2018/1/18 09:25 发布，二〇二〇年四月九日修订")]
    ['2018-01-18T09:25:00+08:00', '2020-04-09']
    >>> full_dates("2023年，国发〔2017〕35号，版本 3.0")
    []

    Where no zone stands, Asia/Shanghai is assumed. `roc` also reads 112.05.09 (Taiwan pages only: elsewhere that is a
    version), `compact` 20180118 (behind a label only: elsewhere that is any number). A date that the calendar does not
    have (2020年2月30日) is none. Left alone: years and months without a day, periods, lunar dates.
    """
    # Every form but the Chinese one has its year in digits, and all but one a sign of their own: most lines have none,
    # and are not looked at more closely.
    year = _DIGIT_YEAR.search(text)
    has_month = "月" in text
    if not (year or has_month or compact or roc):
        return []
    found = [_of_numeric(match) for match in NUMERIC.finditer(text, year.start())] if year else []
    if has_month and ("二" in text or "一九" in text):
        found += [_of_han(match) for match in HAN_DATE.finditer(text)]
    if has_month and "民" in text:
        found += [_of_roc(match) for match in ROC_DATE.finditer(text)]
    if compact:
        found += [
            _of_day(_day(int(m["year"]), int(m["month"]), int(m["day"])), m.span()) for m in COMPACT.finditer(text)
        ]
    if roc:
        found += [_of_roc(match) for match in ROC_SHORT.finditer(text)]
    if year and _MONTH_BEGINS.search(text):
        found += [stated for match in ENGLISH.finditer(text) if (stated := _of_english(match)) and stated.day]
    return sorted((stated for stated in found if stated), key=lambda stated: stated.start)


def yearless_dates(text: str) -> list[Stated]:
    """Every month and day without a year: EDTF with an unspecified year.

    >>> [found.edtf for found in yearless_dates("On May 8th … 6月9日")]
    ['XXXX-05-08', 'XXXX-06-09']
    """
    found = [_of_month_day(match) for match in MONTH_DAY.finditer(text)]
    found += [stated for match in ENGLISH.finditer(text) if (stated := _of_english(match)) and not stated.day]
    return sorted((stated for stated in found if stated), key=lambda stated: stated.start)


def date_in_url(url: str) -> Stated | None:
    """The date in the path of an address, where there is one.

    >>> date_in_url("https://news.example.cn/2023/05/30/abc.shtml").edtf
    '2023-05-30'
    >>> date_in_url("https://example.cn/c_1210071589.htm") is None
    True
    """
    match = IN_URL.search(url)
    if not match:
        return None
    year, month, day = (int(match[part] or match[part + "2"]) for part in ("year", "month", "day"))
    return _of_day(_day(year, month, day), match.span())
