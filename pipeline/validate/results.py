"""What came of a check, whoever made it.

Here belongs how a result reads. Which checks there are belongs in the modules beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from pipeline.validate.suites import Severity

MOST_FAILING = 20
"""How many failing rows a result names."""

Outcome: TypeAlias = Literal["passed", "warning", "failed"]


class CheckResult(NamedTuple):
    """What came of one check: `failing` names the rows that failed, 20 at most; `message` is one line for a reader."""

    table: str
    name: str
    type: str
    column: str
    severity: Severity
    success: bool
    unexpected: int
    failing: tuple[str, ...]
    message: str

    @property
    def blocks(self) -> bool:
        """True where this result keeps a dataset from being published."""
        return not self.success and self.severity == "critical"

    @property
    def outcome(self) -> Outcome:
        """One word: a warning is a promise that was not kept and does not block."""
        return "passed" if self.success else "failed" if self.blocks else "warning"

    def rows(self, limit: int = MOST_FAILING) -> list[str]:
        """The rows that failed, so many at most, and how many more there are; none where the promise was kept."""
        named = [] if self.success else list(self.failing[:limit])
        more = max(self.unexpected, len(self.failing)) - len(named)
        return [*named, f"and {more:,} more"] if named and more else named


def shortened(value: object, limit: int = 200) -> str:
    r"""A value in one line of a limited length.

    >>> shortened("a\n b", 3), shortened("abcd", 3)
    ('a b', 'abc …')
    """
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[:limit] + " …"
