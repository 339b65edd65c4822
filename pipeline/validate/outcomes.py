"""What Great Expectations answered, less what it quotes of the data: a result holds no texts.

Here belongs what of an answer may be repeated, in a message and on a page. How it is worded belongs in
:mod:`pipeline.validate.running`, how it looks in :mod:`pipeline.validate.data_docs`.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from pipeline.validate.results import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

_COUNTS = (
    "element_count",
    "missing_count",
    "missing_percent",
    "unexpected_count",
    "unexpected_percent",
    "unexpected_percent_nonmissing",
    "unexpected_percent_total",
)

_QUOTED = re.compile(r"""(["'])(?!\w{1,64}\1)(?:(?!\1).)*\1""", re.ASCII | re.DOTALL)
_PERSONAL = re.compile(r"\S*@\S*|\d(?:[\s-]?\d){4,}|[^\x00-\x7f]+", re.ASCII)

LONGEST_KEY = 255
"""As long as a file's name can be on most systems."""

NAMES = ("expect_table_", "expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list")
"""The types of expectations that observe names of columns or types; what others observe may be a value of the data."""


def counts(outcome: Mapping[str, Any]) -> dict[str, float]:
    """How many rows were looked at, and how many of them are not as expected."""
    found = {name: outcome["result"].get(name) for name in _COUNTS}
    return {name: value for name, value in found.items() if isinstance(value, (int, float)) and math.isfinite(value)}


def observed(outcome: Mapping[str, Any]) -> float | str | None:
    """What was observed of a whole column or table: a number, or names; None where nothing was.

    >>> result = {"observed_value": ["正文"]}
    >>> observed({"expectation_config": {"type": "expect_table_columns_to_match_set"}, "result": result})
    "['正文']"
    >>> observed({"expectation_config": {"type": "expect_column_most_common_value_to_be_in_set"}, "result": result})
    'a value that is not repeated here'
    """
    value = outcome["result"].get("observed_value")
    if value is None or isinstance(value, (int, float)):
        return value
    if outcome["expectation_config"]["type"].startswith(NAMES):
        return shortened(value, 2000)
    return "a value that is not repeated here"


def misplaced(outcome: Mapping[str, Any]) -> str | None:
    """Where the columns of a table stop being those that are expected, in that order; None where they do not.

    >>> place = {"Expected Column Position": 1, "Expected": "text", "Found": "url"}
    >>> misplaced({"result": {"details": {"mismatched": [place]}}})
    "column 2 is 'url' and not 'text'"
    """
    details = outcome["result"].get("details")
    places = details.get("mismatched") if isinstance(details, dict) else None
    if not isinstance(places, list) or not places:
        return None
    first = places[0]
    found = "missing" if first["Found"] is None else repr(shortened(first["Found"]))
    wanted = "nothing" if first["Expected"] is None else repr(first["Expected"])
    return f"column {first['Expected Column Position'] + 1} is {found} and not {wanted}"


def exception(outcome: Mapping[str, Any]) -> str | None:
    """The message of the exception that kept an expectation from being looked at; None where there was none."""
    info = outcome["exception_info"]
    # Great Expectations nests it by metric, if a metric could not be computed.
    for each in (info, *info.values()):
        if isinstance(each, dict) and each.get("raised_exception"):
            message = str(each.get("exception_message") or "no reason is given")
            return without_values(message.removeprefix("Error: ").replace(" in BatchData ", " ")).rstrip(".")
    return None


def key(value: object) -> str:
    r"""The key of a row as it can be named; what is no key, because somebody has damaged the column, is not repeated.

    >>> key("news/a.txt"), key("第一段\n第二段")
    ('news/a.txt', 'a key of 7 characters')
    """
    text = str(value)
    return text if len(text) <= LONGEST_KEY and "\n" not in text else f"a key of {len(text):,} characters"


def without_values(message: str) -> str:
    """The message of an exception without what it may quote of the data.

    >>> without_values('The column "id" does not exist')
    'The column "id" does not exist'
    >>> without_values("could not convert string to float: '138 0000 0000'")
    'could not convert string to float: …'
    >>> without_values("unable to parse 正文, 13800000000 in 2023 or a@example.org")
    'unable to parse …, … in 2023 or …'

    Names stay, quoted or not, and so do other words in ASCII outside quotation marks.
    """
    return shortened(_PERSONAL.sub("…", _QUOTED.sub("…", message)))
