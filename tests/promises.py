"""The page of promises, docs/promises.md: what is checked of every dataset before it is published, and why.

Run by `make promises`. The reasons are those of the suites in `expectations/`, and a test holds the page to them.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.columns import TABLE_SENTENCES
from pipeline.validate.completeness import complete_suites

PAGE = Path(__file__).resolve().parents[1] / "docs" / "promises.md"

_HEAD = """# What is promised

<!-- made by `make promises` -->

Before a dataset takes the place of the former one, every line below is checked in it, by Great Expectations, with the
suites in `expectations/`. A critical promise that is not kept blocks publication; a warning is for a person to look at.
Beside them stand {followers} checks that follow from the data dictionary: each column is there, has its type, is null
only where it may be, and keeps to its vocabulary. And every document has to go back to the bytes that were crawled.

`python -m pipeline validate DIR` checks all of it again; [validating.md](validating.md) says how to do that elsewhere.
"""


def page() -> str:
    """The page as it should be."""
    suites = complete_suites()
    followers = sum(each.generated for suite in suites for each in suite.expectations)
    lines = [_HEAD.format(followers=followers)]
    for suite in suites:
        own = [each for each in suite.expectations if not each.generated]
        if not own:
            continue
        lines.append(f"## {suite.table}\n\n{TABLE_SENTENCES.get(suite.table, _OF_COLUMNS)}\n")
        for severity in ("critical", "warning"):
            named = sorted((each.name, each.why) for each in own if each.severity == severity)
            if named:
                lines.append(f"| {severity} | why |\n|---|---|")
                lines += [f"| `{name}` | {why} |" for name, why in named]
                lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


_OF_COLUMNS = "The columns of all tables: names, order and types, as Arrow has them."


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
