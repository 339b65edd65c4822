"""The file that names documents to publish whatever the verdict on their quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.admissions import LARGEST_BYTES, NOBODY, Admissions, read_admissions
from pipeline.options import BadOption

if TYPE_CHECKING:
    from pathlib import Path

ID = "3f2a9c0d51b7e6428f90a1b2c3d4e5f6"


def test_a_file_says_which_and_why(tmp_path: Path) -> None:
    """Lines of either end, a byte-order mark, comments and empty lines are no matter; a tab may stand in a note."""
    file = tmp_path / "admit.tsv"
    file.write_bytes(f"\ufeff# seen by the editors\r\n\r\na/诗.txt\ta poem\r\n{ID}\t a form\twith tabs \n".encode())
    assert {"a/诗.txt": "a poem", ID: "a form\twith tabs"} == read_admissions(file).notes


def test_the_fingerprint_is_that_of_the_documents_named() -> None:
    """In whatever order, with whatever notes, in whatever file."""
    one, other = Admissions({"a": "x", "b": "y"}, "one"), Admissions({"b": "z", "a": "x"}, "other")
    assert one.fingerprint == other.fingerprint != Admissions({"a": "x"}).fingerprint
    assert ({"admit": one.fingerprint}, {}) == (one.changed, NOBODY.changed)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a.txt\n", "has no note on line 1"),
        (b"# why\na.txt\t \n", "has no note on line 2"),
        (b"\tbecause\n", "has no name on line 1"),
        (b"a.txt\tx\nb.txt\ty\na.txt\tz\n", "names 'a.txt' again on line 3"),
        (b"a.txt\tx\nb.txt\ty\0\n", "has a character in the note on line 2 that no text may have"),
        ("a.txt\t\u202ex\n".encode(), "has a character in the note on line 1 that no text may have"),
        ("通知\t正文".encode("gb18030"), "is no text in UTF-8"),
        (b"#" * (LARGEST_BYTES + 1), "has more than 16,777,216 bytes"),
    ],
)
def test_a_file_that_says_nothing_clear_is_refused_in_one_line(content: bytes, problem: str, tmp_path: Path) -> None:
    """What, where, what to do."""
    file = tmp_path / "admit.tsv"
    file.write_bytes(content)
    with pytest.raises(BadOption) as refused:
        read_admissions(file)
    assert (
        f"the list of documents to admit, '{file}', {problem}: give a line for each document: its id or its raw path, "
        "a tab, and a note why" == str(refused.value)
    )


@pytest.mark.parametrize("there", [False, True])
def test_what_is_no_file_is_refused_in_one_line(*, there: bool, tmp_path: Path) -> None:
    """A name that leads nowhere, and a folder."""
    with pytest.raises(BadOption, match=r"admit, '.*', cannot be read \(.*\): give a line"):
        read_admissions(tmp_path if there else tmp_path / "missing.tsv")
