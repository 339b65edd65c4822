"""Dates as pages write them, and those that are none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.metadata.dates import date_in_url, full_dates, yearless_dates

WRITTEN = [
    ("2018/1/18 09:25", ["2018-01-18T09:25:00+08:00"]),
    ("2018-1-18", ["2018-01-18"]),
    ("2018.01.18", ["2018-01-18"]),
    ("2020 年 4 月 9 日", ["2020-04-09"]),
    ("2025年12月03日08:15　　来源", ["2025-12-03T08:15:00+08:00"]),
    ("2025-04-16 HKT 13:56", ["2025-04-16T13:56:00+08:00"]),
    ("2019-12-10 07:57:40  来源", ["2019-12-10T07:57:40+08:00"]),
    ("2021-06-09T09:30:00Z", ["2021-06-09T09:30:00+00:00"]),
    ("2021-06-09T09:30:00+0530", ["2021-06-09T09:30:00+05:30"]),
    ("二〇二〇年四月九日", ["2020-04-09"]),
    ("二○一七年十二月二十六日", ["2017-12-26"]),
    ("一九八一年五月三十一日", ["1981-05-31"]),
    ("中華民國112年5月9日", ["2023-05-09"]),
    ("民国 107 年 03 月 31 日", ["2018-03-31"]),
    ("May 9, 2023", ["2023-05-09"]),
    ("9 May 2023", ["2023-05-09"]),
    ("Sept. 3rd, 2020", ["2020-09-03"]),
    ("自2018年1月1日起，至2018年12月31日止", ["2018-01-01", "2018-12-31"]),
]

NO_DATES = [
    "2023年",
    "2020年4月",
    "国发〔2017〕35号",
    "版本 3.0，城市大脑2.0",
    "2018-1-188",
    "20180118",
    "112.05.09",
    "2020年2月30日",
    "2021年13月1日",
    "1,700平方米",
    "2023-2025年",
    "5月9日",
    "May 2023",
    "192.168.1.1",
    "",
]

ADDRESSES = [
    ("https://news.example.cn/2023/05/30/a.shtml", "2023-05-30"),
    ("http://example.cn/zhengce/content/2019-02/15/content_1.htm", "2019-02-15"),
    ("http://example.cn/2017-07/24/c_1.htm", "2017-07-24"),
    ("http://example.cn/20180313/abc/c.html", "2018-03-13"),
    ("http://example.cn/2026/0513/a", "2026-05-13"),
    ("http://example.gov.cn/t20210615_2412790.html", "2021-06-15"),
    ("http://example.hk/general/202605/12/P1.htm", "2026-05-12"),
    ("https://example.hk/1800597-20250416.htm", "2025-04-16"),
    ("http://example.cn/c_1210071589.htm", None),
    ("http://example.cn/202511/content_7048440.htm", None),
    ("http://example.cn/2023/02/30/a", None),
    ("not an address", None),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_a_written_date_is_read(text: str, expected: list[str]) -> None:
    """Every form with a stated year is read as it is meant, with the time where one stands."""
    assert expected == [stated.edtf for stated in full_dates(text)]


@pytest.mark.parametrize("text", NO_DATES)
def test_nothing_is_made_up(text: str) -> None:
    """Years, months, versions, numbers, and days that the calendar does not have are no dates."""
    assert [] == full_dates(text)


@pytest.mark.parametrize(("url", "expected"), ADDRESSES)
def test_a_date_in_an_address(url: str, expected: str | None) -> None:
    """The date in the path of an address is read, and no other number in it."""
    stated = date_in_url(url)

    assert expected == (stated.edtf if stated else None)


def test_forms_that_need_their_surroundings() -> None:
    """112.05.09 is a date on a page from Taiwan, 20180118 behind a label; elsewhere they are other things."""
    assert ["2023-05-09"] == [stated.edtf for stated in full_dates("112.05.09", roc=True)]
    assert ["2018-01-18"] == [stated.edtf for stated in full_dates("20180118", compact=True)]
    assert [] == full_dates("20181332", compact=True)


def test_a_day_without_a_year() -> None:
    """A month and a day have no year, and none is invented."""
    assert ["XXXX-05-08", "XXXX-06-09"] == [stated.edtf for stated in yearless_dates("On May 8th, 6月9日")]
    assert [] == yearless_dates("2月30日，2021年6月9日")
    assert [None] == [stated.day for stated in yearless_dates("6月9日")]


@given(st.dates(min_value=dt.date(1949, 10, 1), max_value=dt.date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: dt.date) -> None:
    """A day of the People's Republic's time is read from each usual form, and its span is the whole of it."""
    digits = str.maketrans("0123456789", "〇一二三四五六七八九")
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{str(day.year).translate(digits)}年{_han(day.month)}月{_han(day.day)}日",
        f"民国{day.year - 1911}年{day.month}月{day.day}日",
        f"{day:%B} {day.day}, {day.year}",
    ):
        assert [(day, 0, len(text))] == [(stated.day, stated.start, stated.end) for stated in full_dates(text)], text


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 1 else "一二三"[tens - 1].removeprefix("一") + "十") + (
        "〇一二三四五六七八九"[ones] if ones else ""
    )


@given(st.text(alphabet="0123456789年月日-/.:： 〇一二十民国TZ+MayOct，", max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Whatever stands there, each date lies within the text and is a day that exists."""
    for stated in [*full_dates(text, roc=True, compact=True), *yearless_dates(text)]:
        assert 0 <= stated.start < stated.end <= len(text)
        assert stated.day is None or stated.edtf.startswith(stated.day.isoformat())
