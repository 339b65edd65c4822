"""Pages take the place of the former ones: whole, by whatever number of runs, and nothing is left beside them."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pipeline.replacing import INDEX, Pages, replaced
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from pathlib import Path

PAGES = Pages("report", "test pages")


def _write(folder: Path, text: str) -> None:
    (folder / INDEX).write_text(f"{PAGES.made_by} {text}", "utf-8")


def _found(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.html")}


@pytest.mark.parametrize("there", [True, False])
def test_two_runs_at_once_write_the_same_pages(there: bool, tmp_path: Path) -> None:  # noqa: FBT001  a case
    """Each has a folder of its own; the pages of the last one stay."""
    place = tmp_path / "pages"
    if there:
        with replaced(place, PAGES) as fresh:
            _write(fresh, "before")
    with replaced(place, PAGES) as one:
        _write(one, "one")
        with replaced(place, PAGES) as two:
            _write(two, "two")
        assert {"index.html": "test pages two"} == _found(place)
        _write(one, "one")
    assert {"pages/index.html": "test pages one"} == _found(tmp_path)
    assert ["pages"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_what_killed_runs_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """Another run's folder stays as long as it is alive."""
    program = (
        "import sys; from pathlib import Path; from pipeline.replacing import Pages, replaced\n"
        "with replaced(Path(sys.argv[1]), Pages('report', 'test pages')) as fresh:\n"
        "    (fresh / 'index.html').touch(); print(fresh, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "pages")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = other.stdout.readline().strip()
        for is_alive in (True, False):
            with replaced(tmp_path / "pages", PAGES) as fresh:
                _write(fresh, "ours")
            assert is_alive == os.path.lexists(theirs)
            other.kill()
            other.wait()
    assert ["pages"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("code", "helps"),
    [
        (errno.ENOSPC, r"\(No space left on device\): free some space, and run it again"),
        (errno.EACCES, r"\(Permission denied\): allow it, or name another folder for the pages"),
    ],
)
def test_it_is_said_what_helps(code: int, helps: str, tmp_path: Path) -> None:
    """To name another folder helps nobody whose disk is full; the former pages stay in any case."""
    with replaced(tmp_path / "pages", PAGES) as fresh:
        _write(fresh, "before")
    with pytest.raises(BadInput, match=f"pages' cannot be written {helps}$"), replaced(tmp_path / "pages", PAGES):
        raise OSError(code, os.strerror(code))
    assert {"pages/index.html": "test pages before"} == _found(tmp_path)
