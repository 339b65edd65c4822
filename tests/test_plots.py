"""Plots: what is drawn, what is told, and that no name from outside, no setting and no thread changes it."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font
from matplotlib.image import imread

from pipeline.orchestration import previews
from pipeline.plots import Bars, Figure, Histogram, Row, Timeline, amount, draw, in_words
from pipeline.plots.bins import bins
from pipeline.plots.drawing import BLUE, GREY, ORANGE, WIDTH
from pipeline.plots.kinds import ROWS, SLOTS, Slot
from pipeline.plots.words import NAME_CHARACTERS, plain, share, short

if TYPE_CHECKING:
    from numpy.typing import NDArray

JANUARY_2020 = 12 * 2020

HOSTILE = (
    r"$\frac{1}{0}$",
    "{}\\",
    "%s %(name)s",
    "." + "W" * 300,
    "\x00\x1b[31m\r\n\t",
    "数据文档",
    "\u202etxt.exe\u202c",
    "z\u0301\u0302\u0303\u0304",
    "\ud800",
    "\ufdfa",
    "",
    " ",
    "</script>](javascript:x) `![",
)


def bars(counts: dict[str, int]) -> Bars:
    """Some files by suffix."""
    rows = tuple(Row(name, times) for name, times in counts.items())
    return Bars("Suffixes: one message", "suffix", "files", rows)


def histogram(values: list[int], unit: str = "characters") -> Histogram:
    """Texts of such lengths."""
    inside = np.array([value for value in values if value > 0], np.int64)
    ordered = sorted(values) or [0]
    zeros = len(values) - len(inside)
    middle = ordered[len(ordered) // 2]
    return Histogram("Lengths", "length", unit, "texts", bins(inside), zeros, ordered[0], middle, ordered[-1])


def timeline(counts: dict[int, int]) -> Timeline:
    """Documents by the number of the month."""
    return Timeline("Dates: one message", "publication", "documents", tuple(counts.items()))


FIGURES: dict[str, Figure] = {
    "one bar": bars({".txt": 1}),
    "sixty bars": bars({f"rule.number_{n}": 2**n for n in range(60)}),
    "hostile names": bars({name: n for n, name in enumerate(HOSTILE, 1)}),
    "a long title": bars({"a": 1})._replace(title="W" * 10_000),
    "one size": histogram([4_200]),
    "two sizes": histogram([200, 90_000]),
    "equal sizes": histogram([1_000] * 25),
    "zeros": histogram([0, 0]),
    "zeros and others": histogram([0, *range(1, 400)]),
    "an extreme size": histogram([*range(200, 1_500, 52), 2**62], "bytes"),
    "a month": timeline({JANUARY_2020: 3}),
    "two years": timeline({JANUARY_2020 + n: n * 10**6 for n in range(24)}),
    "thirty years": timeline({JANUARY_2020 - 12 * n: 10**7 * n for n in range(1, 31)}),
    "extreme years": timeline({12: 1, **{JANUARY_2020 - n: 50 for n in range(100)}, 12 * 9999: 1}),
}
EMPTY: dict[str, Figure] = {"bars": bars({}), "histogram": histogram([]), "timeline": timeline({})}


def drawn(figure: Figure) -> bytes:
    """The PNG of a figure that has one."""
    png = draw(figure)
    assert png is not None
    return png


def pixels(png: bytes) -> NDArray[np.uint8]:
    """The colours of a PNG, row by row."""
    image: NDArray[np.float32] = imread(io.BytesIO(png))[:, :, :3]
    return (image * 255).round().astype(np.uint8)


def longest(png: bytes, colour: str) -> int:
    """The longest stretch of a colour in any row of pixels: far longer than any in a letter where there is a bar."""
    wanted = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)
    rows = (pixels(png) == wanted).all(axis=2)
    return max(len(run) for row in rows for run in row.astype(np.uint8).tobytes().split(b"\0"))


# ------------------------------------------------------------------------------------------------ every plot
@pytest.mark.parametrize("figure", EMPTY.values(), ids=EMPTY)
def test_nothing_has_no_plot(figure: Figure) -> None:
    """An empty set gives no image, and no Markdown with one."""
    assert draw(figure) is None
    assert previews.plots(lambda: {"one": figure}, seen=True) is None


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_plot_is_an_image_as_wide_as_the_page(figure: Figure) -> None:
    """720 pixels wide, something is on it, and the same figure gives the same bytes."""
    png = drawn(figure)
    assert WIDTH == pixels(png).shape[1]
    assert (pixels(png) != 255).any()
    assert png == draw(figure)


def test_a_users_settings_of_matplotlib_are_neither_used_nor_changed() -> None:
    """TeX, huge letters, black backgrounds, automatic layouts: a plot looks as it always does."""
    figures = [FIGURES[name] for name in ("hostile names", "an extreme size", "two years")]
    expected = [draw(figure) for figure in figures]
    own: dict[Any, Any] = {
        "text.usetex": True,
        "text.parse_math": True,
        "text.antialiased": False,
        "text.color": "red",
        "font.size": 40,
        "font.family": "monospace",
        "figure.facecolor": "black",
        "figure.dpi": 300,
        "savefig.dpi": 300,
        "figure.constrained_layout.use": True,
        "patch.force_edgecolor": True,
        "patch.antialiased": True,
        "axes.formatter.use_locale": True,
    }
    with mpl.rc_context(own):
        before = dict(mpl.rcParams)
        assert expected == [draw(figure) for figure in figures]
        assert before == dict(mpl.rcParams)


def test_matplotlib_is_imported_with_the_first_plot() -> None:
    """To count figures and to tell them takes none of its second."""
    code = (
        "import sys; from pipeline import figures, plots\n"
        "bars = figures.edits_by_rule({'a': 1}); plots.in_words(bars)\n"
        "print('matplotlib' in sys.modules)\n"
        "plots.draw(bars)\n"
        "print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ["False", "True"] == done.stdout.split()


# ------------------------------------------------------------------------------------------------ lying bars
def test_bars_are_as_long_as_their_counts_and_the_longest_comes_first() -> None:
    """Lengths in pixels have the ratios of the counts; what deserves a look, and what is not the subject, stand out."""
    rows = (Row("look", 100, "warn"), Row("rest", 200, "rest"), Row("subject", 400))
    figure = Bars("Title", "name", "files", rows)
    assert [400, 200, 100] == [row.times for row in figure.shown()]
    subject, rest, warned = (longest(drawn(figure), colour) for colour in (BLUE, GREY, ORANGE))
    assert subject > WIDTH / 2
    assert [2, 4] == [pytest.approx(subject / part, rel=0.02) for part in (rest, warned)]


@given(st.lists(st.integers(0, 10**12), max_size=80))
def test_a_long_tail_becomes_one_bar_and_nothing_is_lost(counts: list[int]) -> None:
    """At most seventeen bars, by count, with all that was counted in them."""
    figure = bars({f"name {n}": times for n, times in enumerate(counts)})
    shown = figure.shown()
    assert len(shown) <= ROWS + 1
    assert sum(counts) == figure.total == sum(row.times for row in shown)
    named = [row.times for row in shown if row.tone != "rest"]
    assert sorted(named, reverse=True) == named


def test_others_are_counted() -> None:
    """Of sixty rules sixteen are named; one more than that is named, too, and not called others."""
    sixty = bars({f"rule {n:02}": 60 - n for n in range(60)}).shown()
    assert ("others (44)", sum(range(1, 45)), "rest") == sixty[-1]
    assert "rule 16" == bars({f"rule {n:02}": 60 - n for n in range(17)}).shown()[-1].name


# ------------------------------------------------------------------------------------------------ names
@settings(max_examples=8)
@given(st.lists(st.text(st.characters(), max_size=400), min_size=1, max_size=4))
@example(list(HOSTILE))
def test_no_name_breaks_a_plot(names: list[str]) -> None:
    """Whatever a file's suffix holds, it is drawn as text, and without a warning."""
    figure = bars({name: n for n, name in enumerate(names, 1)})
    assert WIDTH == pixels(drawn(figure._replace(title=f"Suffixes: {short(names[0])}"))).shape[1]


@given(st.text(st.characters(), max_size=400))
def test_a_name_is_shown_short_on_one_line_and_never_empty(name: str) -> None:
    """Printable characters only, and at most thirty-six of them."""
    shown = short(name)
    assert 0 < len(shown) <= NAME_CHARACTERS
    assert shown.isprintable()
    assert shown.strip()


def test_the_font_has_every_character_that_is_not_escaped() -> None:
    """A character that it has not would be an empty box, and a warning."""
    allowed = [code for code in range(0x110000) if plain(chr(code)) == chr(code)]
    assert 400 < len(allowed) < 700
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        font = FT2Font(f"{mpl.get_data_path()}/fonts/ttf/{name}")
        assert [] == [chr(code) for code in allowed if not font.get_char_index(code)]


# ------------------------------------------------------------------------------------------------ sizes
@given(st.lists(st.one_of(st.integers(1, 50), st.integers(1, 2**62)), max_size=60))
@example([10**15 - 1])
@example([999, 1_000, 1_001])
@example([2**62, 1])
def test_every_size_is_in_one_bin(values: list[int]) -> None:
    """The bins are consecutive, hold all values, and are few enough to be told apart."""
    found = bins(np.array(values, np.int64))
    assert len(values) == sum(one.times for one in found)
    assert [one.high for one in found[:-1]] == [one.low for one in found[1:]]
    assert all(one.low < one.high for one in found)
    assert len(found) <= 100


def test_powers_of_ten_are_edges_of_bins() -> None:
    """So that a mark on the axis is a border between bars."""
    edges = {one.low for one in bins(np.arange(50, 200_000, 17))}
    assert {100, 1_000, 10_000, 100_000} <= edges


def test_more_values_bear_narrower_bins() -> None:
    """Of 25 lengths a dozen bars are enough; of 100,000 some dozens are not too many."""
    lengths = np.exp(np.random.default_rng(7).normal(7, 1, 100_000)).astype(np.int64)
    few, many = bins(lengths[:25]), bins(lengths)
    assert 6 <= len(few) <= 20
    assert 30 <= len(many) <= 70


# ------------------------------------------------------------------------------------------------ dates
@given(st.dictionaries(st.integers(12, 12 * 9999 + 11), st.integers(0, 10**6), max_size=40))
def test_every_date_is_in_a_bar_or_counted_beside_them(months: dict[int, int]) -> None:
    """The bars follow each other without a gap, and are few enough to be told apart."""
    slots = timeline(months).slots()
    assert sum(months.values()) == slots.before + slots.after + sum(slot.times for slot in slots.slots)
    firsts = [slot.first for slot in slots.slots]
    assert firsts == [firsts[0] + n * slots.width for n in range(len(firsts))] if firsts else not slots.slots
    assert len(firsts) <= SLOTS + 1


def test_dates_of_two_years_are_shown_by_month_and_others_by_year() -> None:
    """Twenty-four months in a row have a bar each; one more, and years have."""
    two_years = timeline({JANUARY_2020: 1, JANUARY_2020 + 23: 1}).slots()
    assert ("month", 24) == (two_years.unit, len(two_years.slots))
    assert (Slot(2020, 1), Slot(2021, 0), Slot(2022, 1)) == timeline(
        {JANUARY_2020: 1, JANUARY_2020 + 24: 1}
    ).slots().slots


def test_a_few_dates_far_away_leave_the_others_legible() -> None:
    """The years 1 and 9999 are counted beside the bars; where they are a third of all dates, the axis holds them."""
    usual = {JANUARY_2020 - n: 5 for n in range(120)}
    slots = timeline({12: 2, **usual, 12 * 9999: 1}).slots()
    assert (1, 2, 1) == (slots.width, slots.before, slots.after)
    assert 2010 == slots.slots[0].first
    wide = timeline({12: 1, JANUARY_2020: 1, 12 * 9999: 1}).slots()
    assert (200, 0, 0) == (wide.width, wide.before, wide.after)


# ------------------------------------------------------------------------------------------------ words
def test_who_cannot_see_a_plot_is_told_its_message_and_numbers() -> None:
    """The kind of plot, the message, what was counted, and the largest values."""
    assert "Bar chart. Suffixes: one message. Files by suffix: .txt 30, .md 4." == in_words(
        bars({".md": 4, ".txt": 30})
    )
    assert (
        "Histogram on a logarithmic scale. Lengths. Length of 3 texts: "
        "least 1 character, median 20 characters, greatest 3,000 characters."
    ) == in_words(histogram([1, 20, 3_000]))
    months = {JANUARY_2020: 3, JANUARY_2020 + 2: 1}
    assert "Bar chart by month. Dates: one message. Documents by publication: 2020-01 3, 2020-03 1." == in_words(
        timeline(months)
    )


def test_a_long_list_is_not_read_out() -> None:
    """Eight values are told, and how much all others are."""
    assert in_words(FIGURES["extreme years"]).endswith("2019 600, at other times 202.")
    assert in_words(bars({f"r{n}": n for n in range(1, 13)})).endswith("r6 6, r5 5, all others 10.")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0, "characters", "0 characters"),
        (1, "files", "1 file"),
        (1_234_567, "", "1,234,567"),
        (999, "bytes", "999 B"),
        (1_000, "bytes", "1 kB"),
        (1_049, "bytes", "1.05 kB"),
        (999_999, "bytes", "1 MB"),
        (2**63 - 1, "bytes", "9.22 EB"),
    ],
)
def test_amounts_are_written_with_their_unit(value: int, unit: str, expected: str) -> None:
    """Three digits of bytes, all digits of anything else."""
    assert expected == amount(value, unit)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_none_or_all_only_where_it_is(part: int, more: int) -> None:
    """One of a million is not 0%, and all but one are not 100%."""
    assert (share(part, part + more) == "0%") == (part == 0)
    assert share(part, part + more) != "100%"


# ------------------------------------------------------------------------------------------------ Markdown
def test_pictures_are_markdown_images_with_their_numbers_in_words() -> None:
    """One value for the UI with an image for each figure that has one, and text that is nothing but text."""
    hostile = FIGURES["hostile names"]
    value = previews.plots(lambda: {"one": FIGURES["one bar"], "none": EMPTY["bars"], "hostile": hostile}, seen=True)
    assert value is not None
    assert value.md_str is not None
    images = value.md_str.split("\n\n")
    assert 2 == len(images)
    for image, figure in zip(images, (FIGURES["one bar"], hostile), strict=True):
        found = re.fullmatch(
            r"!\[((?:\\[!-/:-@\[-`{-~]|[^!-/:-@\[-`{-~])*)\]\(data:image/png;base64,([\w+/=]+)\)", image
        )
        assert found is not None
        assert in_words(figure) == re.sub(r"\\(.)", r"\1", found[1])
        assert draw(figure) == base64.b64decode(found[2])


def test_plots_that_nobody_sees_are_not_made() -> None:
    """A build from the command line counts nothing for them."""
    assert previews.plots(dict, seen=True) is None
    assert previews.plots(lambda: pytest.fail("counted"), seen=False) is None
