"""What came of attempts to break the pipeline, of one kind each: what the programs of this folder give back.

Here belongs the shape of it and how it is written down. The attempts are in the files beside this one; each has one
function `attempts(*, long, scratch, seed)` that yields them, kind by kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Attempts(NamedTuple):
    """How often something was tried, and what came of it; `kind` says what, in a few words.

    `tried` is how many inputs were given or faults injected, `survived` how many of them the pipeline held as it
    promises, `losses` how many documents were lost or wrong afterwards, `executions` how often hostile text ran; None
    where nothing could run. `slowest` says what took longest and how long, where that was measured. `not_run` says why
    none of it was tried: such a line holds no promise, and is in the table all the same.
    """

    kind: str
    tried: int
    survived: int
    losses: int = 0
    executions: int | None = None
    slowest: str = ""
    not_run: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing broke, and something was tried.

        >>> Attempts("archives", tried=3, survived=3).holds
        True
        >>> Attempts("archives", tried=0, survived=0).holds
        False
        """
        return 0 < self.tried == self.survived and not self.losses and not self.executions


HEAD = "| what was tried | tried | survived | lost | executed | slowest |\n|---|---:|---:|---:|---:|---|"


def table(lines: Iterable[Attempts]) -> str:
    """A table in Markdown, a line for each kind.

    >>> print(table([Attempts("any bytes", 2000, 2000, slowest="split: 0.2 s")]))
    | what was tried | tried | survived | lost | executed | slowest |
    |---|---:|---:|---:|---:|---|
    | any bytes | 2,000 | 2,000 | 0 | – | split: 0.2 s |
    """
    return "\n".join((HEAD, *map(_line, lines)))


def _line(each: Attempts) -> str:
    if each.not_run:
        return f"| {each.kind} | not run | – | – | – | {each.not_run} |"
    executed = "–" if each.executions is None else f"{each.executions:,}"
    slowest = each.slowest or "–"
    return f"| {each.kind} | {each.tried:,} | {each.survived:,} | {each.losses:,} | {executed} | {slowest} |"
