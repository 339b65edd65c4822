"""Every attempt to break the pipeline, and the table of what came of them; run by `make torture`.

Here belongs which parts there are and what is done with their lines. It ends with exit code 0 only when all held.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from attempts import HEAD, table
from side_by_side import side_by_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attempts import Attempts

PARTS = ("fuzzing", "faults", "hostility")
"""The files of this folder with a function `attempts`, in the order in which they run."""

_BEGIN, _END = "<!-- table of `make torture` -->", "<!-- end of the table -->"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the parts, print what came of them as it comes, and write the table into a page if one is named."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS, metavar="PART", help=f"of {', '.join(PARTS)} (all of them)")
    parser.add_argument("--long", action="store_true", help="the long form: an hour and more, instead of minutes")
    parser.add_argument("--seed", type=int, help="what chance begins with (the day in the short form, else the time)")
    parser.add_argument("--page", type=Path, help="the page of documentation whose table is made anew")
    chosen = parser.parse_args(argv)
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    seed = chosen.seed if chosen.seed is not None else todays_seed(long=chosen.long)
    print(f"The seed is {seed} (--seed {seed}, or make torture SEED={seed}, tries the same again)", file=sys.stderr)
    print(HEAD, flush=True)
    lines = []
    for line in side_by_side(chosen.parts, long=chosen.long, seed=seed):
        lines.append(line)
        print(table([line]).removeprefix(HEAD).strip(), flush=True)
    if chosen.page is not None:
        _write(chosen.page, lines, long=chosen.long)
    return 0 if lines and all(line.holds for line in lines) else 1


def todays_seed(*, long: bool) -> int:
    """What chance begins with: each day another seed in the short form, the same all day; in the long one the time.

    >>> 20_200_101 <= todays_seed(long=False) <= 99_991_231
    True
    """
    now = dt.datetime.now(dt.UTC)
    return int(now.timestamp()) if long else int(f"{now:%Y%m%d}")


def _write(page: Path, lines: Sequence[Attempts], *, long: bool) -> None:
    """Put the table between its two marks, with the day and the form of the run."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    form = "long" if long else "short"
    made = f"{_BEGIN}\n\nOn {today}, the {form} form:\n\n{table(lines)}\n\n{_END}"
    text = page.read_text("utf-8")
    written, count = re.subn(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", lambda _: made, text, flags=re.DOTALL)
    if count != 1:
        sys.exit(f"{page}: the marks {_BEGIN} and {_END} stand there {count} times, not once")
    page.write_text(written, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
