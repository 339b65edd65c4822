"""What came of a check, whoever made it.

Here belongs how a result reads. Which checks there are belongs in the modules beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipeline.validate.suites import Severity

MOST_FAILING = 20
"""How many failing rows a result names."""


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


def shortened(value: object, limit: int = 200) -> str:
    r"""A value in one line of a limited length.

    >>> shortened("a\n b", 3), shortened("abcd", 3)
    ('a b', 'abc …')
    """
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[:limit] + " …"
