"""What `make torture` looks at when a build was killed: that damage there is noticed, by what each file is compared.

Here belongs the looking alone: to kill builds takes minutes, see `tests/torture/killed_builds.py`.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from killed_builds import PUBLISHED, Known, Lane, known

from pipeline.command_line.ending import UNTOUCHED

if TYPE_CHECKING:
    from pathlib import Path

_FILES = {
    "dataset/data/files-00000.parquet": b"files",
    "report/index.html": b"<p>3 documents</p>",
    "data_docs/index.html": b"<span>no date lies behind</span><span>20261123.0</span>",
    "private/redactions.parquet": b"masked",
    "stages/checked/results.json": b"20261123",
}


def _known(output: Path, **changed: bytes) -> Known:
    for name, content in {**_FILES, **changed}.items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_bytes(content)
    return known(output)


@pytest.mark.parametrize(
    ("name", "content", "is_noticed"),
    [
        ("dataset/data/files-00000.parquet", b"other files", True),
        ("report/index.html", b"<p>2 documents</p>", True),
        ("data_docs/index.html", b"<span>no date lies behind</span><span>20261124.0</span>", False),
        ("data_docs/index.html", b"<span>any date lies behind</span><span>20261123.0</span>", True),
        ("private/redactions.parquet", b"others", True),
        ("stages/checked/results.json", b"20261124", False),
    ],
)
def test_a_file_of_other_bytes_is_noticed(tmp_path: Path, name: str, content: bytes, is_noticed: bool) -> None:  # noqa: FBT001  a parameter
    """Also of the report and the Data Docs; but for the day, which is another one on another day."""
    one, other = _known(tmp_path / "one"), _known(tmp_path / "other", **{name: content})

    assert one.files == other.files
    assert ((one.dataset, one.others) != (other.dataset, other.others)) is is_noticed


@pytest.mark.parametrize(
    ("said", "lies_there", "holds"),
    [
        (f"pipeline: {UNTOUCHED}", "former", True),
        (f"pipeline: {UNTOUCHED}", "new", False),
        (f"pipeline: {PUBLISHED}; write its report", "new", True),
        (f"pipeline: {PUBLISHED}; write its report", "former", False),
        ("", "new", True),
    ],
)
def test_what_a_killed_build_says_has_to_be_so(tmp_path: Path, said: str, lies_there: str, holds: bool) -> None:  # noqa: FBT001  a parameter
    """Of the dataset that lies there."""
    (tmp_path / "said").write_text(said, "utf-8")
    build: Any = SimpleNamespace(said=tmp_path / "said")
    lane = Lane(tmp_path, {}, 0)
    datasets = {}
    for name in ("new", "former", lies_there):
        (lane.output / "dataset").mkdir(parents=True, exist_ok=True)
        (lane.output / "dataset" / "a.txt").write_text(name, "utf-8")
        datasets[name] = lane.published()
    lane.listen("SIGTERM", build, before=datasets["former"], made=datasets["new"])

    assert (not lane.problems) is holds
