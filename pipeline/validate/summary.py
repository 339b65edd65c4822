"""Results as a person reads them on a terminal: table by table, then what was not kept.

Here belongs how results are worded and set. How a dataset is checked belongs in the modules beside this one, what is
printed where in the command line.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.validate.results import CheckResult

SHOWN_FAILING = 5
"""How many failing rows are named; a result has more."""

WIDTH = 120
_INDENT = " " * 9
_ORDER = ("failed", "warning", "passed")


def table_lines(results: Sequence[CheckResult]) -> list[str]:
    """A line for each table: how many checks there are, and what came of them.

    >>> from pipeline.validate.results import CheckResult
    >>> kept = CheckResult("files", "id_unique", "", "id", "critical", True, 0, (), "Why.")
    >>> for line in table_lines([kept, kept._replace(name="size_known", severity="warning", success=False)]):
    ...     print(line)
    table    checks    passed  warnings    failed
    files         2         1         1         0
    """
    tables = list(dict.fromkeys(result.table for result in results))
    width = max(map(len, ("table", *tables)))
    lines = [f"{'table':{width}}  {'checks':>8}  {'passed':>8}  {'warnings':>8}  {'failed':>8}"]
    for table in tables:
        counts = Counter(result.outcome for result in results if result.table == table)
        figures = (counts.total(), counts["passed"], counts["warning"], counts["failed"])
        lines.append(f"{table:{width}}" + "".join(f"  {figure:>8,}" for figure in figures))
    return lines


def check_lines(results: Iterable[CheckResult], *, every: bool = False) -> Iterator[str]:
    """What was not kept, failures first, each with its sentence and the rows that fail; with `every`, all checks."""
    chosen = [result for result in results if every or not result.success]
    for result in sorted(chosen, key=lambda result: _ORDER.index(result.outcome)):  # stable within each outcome
        outcome = "FAILED" if result.blocks else result.outcome
        yield f"{outcome:7}  {result.table}.{result.name}"
        yield from _wrapped(visible(result.message))
        rows = result.rows() if every else result.rows(SHOWN_FAILING)
        if rows and "; ".join(result.failing) != result.message:
            yield from _wrapped(f"rows: {visible(', '.join(rows))}")


def closing_line(results: Sequence[CheckResult]) -> str:
    """How many checks there are, and what came of them.

    >>> from pipeline.validate.results import CheckResult
    >>> closing_line([CheckResult("files", "id_unique", "", "id", "critical", True, 0, (), "Why.")])
    '1 check, 1 passed, 0 warnings, 0 failed'
    """
    counts = Counter(result.outcome for result in results)
    return (
        f"{_counted(len(results), 'check')}, {counts['passed']} passed, "
        f"{_counted(counts['warning'], 'warning')}, {counts['failed']} failed"
    )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_long_words=False, break_on_hyphens=False
    )
