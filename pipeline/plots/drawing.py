"""Figures as PNG images, drawn by matplotlib.

Here belong colours, axes and labels. What is shown, and in how many bars, is decided in :mod:`pipeline.plots.kinds`.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, assert_never

from pipeline.plots.kinds import Bars, Histogram, Timeline
from pipeline.plots.words import amount, month_name, plain, share, short

if TYPE_CHECKING:
    from pipeline.plots.kinds import Figure, Tone

WIDTH, DOTS_PER_INCH = 720, 100
"""Pixels. Dagster shows Markdown in a dialog, and an image at its own size."""

INK, SOFT, GRID = "#1f2430", "#596273", "#e3e6eb"
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#b4bac4"
"""Of the palette by Okabe and Ito, which people with any kind of colour vision tell apart."""

_COLOURS: dict[Tone, str] = {"plain": BLUE, "warn": ORANGE, "rest": GREY}
LONGEST_TITLE = 90
"""Characters: more would not fit on the sheet."""

_ROW, _UPRIGHT = 24, 280
_LABELLED = 24
"""Of more bars than these, numbers would run into one another."""

_TEXT: dict[str, Any] = {"parse_math": False, "fontsize": 9}
"""A name from outside may hold a dollar sign: no text is ever read as mathematics."""


def draw(figure: Figure) -> bytes | None:
    """A PNG image, 720 pixels wide; None where there is nothing to show. The same figure gives the same bytes."""
    if not figure.total:
        return None
    import matplotlib as mpl  # noqa: PLC0415  most of a second, and most runs of Python draw nothing
    from matplotlib.figure import Figure as Sheet  # noqa: PLC0415  as above

    height = _ROW * (len(figure.shown()) + 3) if isinstance(figure, Bars) else _UPRIGHT
    image = io.BytesIO()
    # As matplotlib comes, whatever a user's own settings say.
    with mpl.rc_context(rc=dict(mpl.rcParamsDefault)):
        sheet = Sheet(figsize=(WIDTH / DOTS_PER_INCH, height / DOTS_PER_INCH), dpi=DOTS_PER_INCH, layout="constrained")
        axes = sheet.add_subplot()
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(GRID)
        axes.tick_params(which="both", length=0, colors=SOFT, labelsize=9)
        # Flush with the sheet: titles are long.
        title = plain(figure.title)[:LONGEST_TITLE]
        sheet.suptitle(title, x=0.01, ha="left", color=INK, parse_math=False, fontsize=11, weight="bold")
        match figure:
            case Bars():
                _draw_bars(axes, figure)
            case Histogram():
                _draw_histogram(axes, figure)
            case Timeline():
                _draw_timeline(axes, figure)
            case _:
                assert_never(figure)
        sheet.savefig(image, format="png", metadata={"Software": None}, pil_kwargs={"optimize": True})
    return image.getvalue()


def _draw_bars(axes: Any, figure: Bars) -> None:  # noqa: ANN401  matplotlib's own types say little more
    rows = figure.shown()
    places = range(len(rows))
    bars = axes.barh(places, [row.times for row in rows], color=[_COLOURS[row.tone] for row in rows], height=0.7)
    labels = [f"{row.times:,} ({share(row.times, figure.total)})" for row in rows]
    axes.bar_label(bars, labels, padding=4, color=INK, **_TEXT)
    axes.set_yticks(places, [short(row.name) for row in rows], color=INK, **_TEXT)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_ylabel(figure.category, color=SOFT, **_TEXT)
    axes.set_xlabel(figure.unit, color=SOFT, **_TEXT)
    axes.set_xticks([])
    # Room for the numbers behind the longest bar: a digit takes about a sixtieth of the width.
    axes.set_xlim(0, max(row.times for row in rows) * (1 + max(map(len, labels)) / 60))


def _draw_histogram(axes: Any, figure: Histogram) -> None:  # noqa: ANN401  as above
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: PLC0415  as above

    if figure.bins:
        lows = [one.low for one in figure.bins]
        widths = [one.high - one.low for one in figure.bins]
        times = [one.times for one in figure.bins]
        axes.set_xscale("log")
        axes.bar(lows, times, widths, align="edge", color=BLUE, edgecolor="white", linewidth=0.5)
        narrow = figure.bins[-1].high < 100 * figure.bins[0].low
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if narrow else (1,)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short_amount(value, figure.unit)))
        axes.xaxis.set_minor_formatter(NullFormatter())
        if figure.median:
            axes.axvline(figure.median, color=ORANGE, linewidth=1)
            said = f" median {amount(figure.median, figure.unit)}"
            axes.text(figure.median, 1, said, transform=axes.get_xaxis_transform(), va="bottom", color=ORANGE, **_TEXT)
    beside = f"; beside the plot: {figure.zeros:,} of 0" if figure.zeros else ""
    axes.set_xlabel(f"{figure.quantity} in {figure.unit}, logarithmic{beside}", color=SOFT, **_TEXT)
    _count_upright(axes, figure.counted)


def _draw_timeline(axes: Any, figure: Timeline) -> None:  # noqa: ANN401  as above
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415  as above

    slots = figure.slots()
    firsts = [slot.first for slot in slots.slots]
    times = [slot.times for slot in slots.slots]
    bars = axes.bar(firsts, times, 0.85 * slots.width, align="center" if slots.width == 1 else "edge", color=BLUE)
    if len(times) <= _LABELLED:
        axes.bar_label(bars, [f"{count:,}" if count else "" for count in times], padding=2, color=INK, **_TEXT)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    if slots.unit == "month":
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: month_name(round(value))))
    else:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    if len(firsts) == 1:
        axes.set_xlim(firsts[0] - 2 * slots.width, firsts[0] + 3 * slots.width)
    beyond = "".join(
        f"; {count:,} {where} these" for count, where in ((slots.before, "before"), (slots.after, "after")) if count
    )
    axes.set_xlabel(f"{slots.unit} of {figure.event}{beyond}", color=SOFT, **_TEXT)
    _count_upright(axes, figure.counted)


def _count_upright(axes: Any, counted: str) -> None:  # noqa: ANN401  as above
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415  as above

    axes.set_ylabel(counted, color=SOFT, **_TEXT)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def _short_amount(value: float, unit: str) -> str:
    return amount(value, unit if unit == "bytes" else "")
