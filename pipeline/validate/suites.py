"""The suites of ``expectations/`` as they stand in their files; nothing of Great Expectations is needed to read them.

Here belongs what a suite is and what makes a file a bad one. How it is run belongs in :mod:`pipeline.validate.running`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPECTATIONS = Path(__file__).resolve().parents[2] / "expectations"

Severity: TypeAlias = Literal["critical", "warning"]

KEYS = {
    "columns": "column",
    "conflicts": "derived_row",
    "documents": "id",
    "edits": "derived_row",
    "files": "raw_path",
    "issuers": "derived_row",
    "quarantine": "raw_path",
    "references": "derived_row",
    "scripts": "derived_row",
    "sections": "derived_row",
    "targets": "derived_row",
}
"""What each table can have a suite for, and the column by which a row that fails is named."""


_NAME = re.compile("[a-z][a-z0-9_]*")


class BadSuite(BadInput):
    """A file of expectations cannot be used as it stands; the message says which, and what is wrong."""


class Expectation(NamedTuple):
    """One expectation of a suite: `name` is unique in its suite, `why` says why it is expected.

    `generated` is true for one that :mod:`pipeline.validate.generated` writes from the data dictionary.
    """

    name: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    why: str
    generated: bool = False

    @property
    def column(self) -> str:
        """The columns looked at, most often one; empty for an expectation about the whole table."""
        names = [self.kwargs.get(key) for key in ("column", "column_A", "column_B")]
        if self.type == "expect_compound_columns_to_be_unique":
            names += self.kwargs.get("column_list", [])
        return ", ".join(name for name in names if name)

    @property
    def needs_inputs(self) -> bool:
        """True where it can only be judged by someone who knows how many inputs there were."""
        return {"$PARAMETER": "inputs"} in self.kwargs.values()


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations of one table, as they stand in their file."""

    table: str
    file: Path
    expectations: tuple[Expectation, ...]
    content: Mapping[str, Any]


def load_suites(folder: Path = EXPECTATIONS) -> tuple[Suite, ...]:
    """Every suite of a folder, sorted by name; Great Expectations is not imported.

    >>> [suite.table for suite in load_suites()] == sorted(KEYS)
    True

    Raises :class:`BadSuite` for a file that is no suite, and for an expectation without name, severity or reason.
    Whether Great Expectations knows its type is only seen when the suite is run.
    """
    return tuple(_load(file) for file in sorted(folder.glob("*.json")))


def _load(file: Path) -> Suite:
    try:
        content = json.loads(file.read_text("utf-8"))
        table = content["name"]
        expectations = tuple(
            Expectation(
                each["meta"]["name"],
                each["type"],
                each["kwargs"],
                each["severity"],
                " ".join(each["meta"]["why"].split()),
                each["meta"].get("generated") is True,
            )
            for each in content["expectations"]
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{file}: not a suite of expectations: {error!r}"
        raise BadSuite(message) from error
    names = Counter(each.name for each in expectations)
    problems = [f"there is nothing to look at for {table!r}"] if table not in KEYS else []
    problems += [f"{name!r} is there {count} times" for name, count in names.items() if count > 1]
    problems += [f"{each.name!r} gives no reason" for each in expectations if not each.why]
    problems += [
        f"{each.name!r} cannot be the name of a check: small letters, digits and _"
        for each in expectations
        if not _NAME.fullmatch(each.name)
    ]
    problems += [] if expectations else ["there is no expectation in it"]
    problems += [
        f"{each.name!r} has the severity {each.severity!r}: critical or warning is known"
        for each in expectations
        if each.severity not in ("critical", "warning")
    ]
    if problems:
        message = f"{file}: {'; '.join(problems)}"
        raise BadSuite(message)
    return Suite(table, file, expectations, content)
