"""Inputs: every file below the raw folder has a row, and nothing outside of it is read."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from pathlib import Path

import pytest

from pipeline.sources.containers import LITTER
from pipeline.sources.files import BadInput, find_inputs, read_input
from pipeline.sources.members import Unreadable

linux_names = pytest.mark.skipif(sys.platform != "linux", reason="the file system takes names in UTF-8 only")


def _by_path(raw: Path) -> dict[str, tuple[str | None, str]]:
    return {found.raw_path: (found.reason, found.detail) for found in find_inputs(raw)}


def test_every_file_is_an_input_sorted_by_its_path(tmp_path: Path) -> None:
    """Files of every folder come sorted by raw_path, with size and hash; hidden ones, too."""
    for name in ("b.txt", "a/z.txt", "a.txt", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, "utf-8")
    expected = [
        (name, len(name), hashlib.sha256(name.encode()).hexdigest(), None)
        for name in (".hidden", "a.txt", "a/z.txt", "b.txt")
    ]
    assert expected == [(one.raw_path, one.bytes, one.raw_sha256, one.reason) for one in find_inputs(tmp_path)]


def test_litter_and_the_description_are_left_out(tmp_path: Path) -> None:
    """README.md describes the folder at its top alone; what systems leave behind is no document."""
    for name in (*LITTER, "README.md", "sub/README.md", "sub/.DS_Store", "a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    assert ["a.txt", "sub/README.md"] == [found.raw_path for found in find_inputs(tmp_path)]


def test_links(tmp_path: Path) -> None:
    """A link within the folder is an input; one that leads out, nowhere or in a circle has a row with the reason."""
    raw = tmp_path / "raw"
    (raw / "sub").mkdir(parents=True)
    (raw / "a.txt").write_text("正文", "utf-8")
    (tmp_path / "outside.txt").write_text("secret", "utf-8")
    for name, target in {
        "sub/within": "../a.txt",
        "out": "../outside.txt",
        "out-of-folder": "..",
        "broken": "nowhere",
        "circle": "circle",
        "folder": "sub",
        "absolute": str(raw / "a.txt"),
    }.items():
        (raw / name).symlink_to(target)
    reasons = {path: reason for path, (reason, _) in _by_path(raw).items()}
    expected = {
        "a.txt": None,
        "absolute": None,
        "broken": "unreadable",
        "circle": "unreadable",
        "out": "unsafe_path",
        "out-of-folder": "unsafe_path",
        "sub/within": None,
    }
    assert expected == reasons
    within = next(found for found in find_inputs(raw) if found.raw_path == "sub/within")
    assert "正文".encode() == read_input(within)


def test_the_raw_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    """A link as the raw folder is followed; its files are not outside of it."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("x", "utf-8")
    (tmp_path / "raw").symlink_to("real")
    assert {"a.txt": (None, "")} == _by_path(tmp_path / "raw")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_what_is_no_file_has_a_row_and_is_not_opened(tmp_path: Path) -> None:
    """Pipes and sockets are set aside as unreadable; waiting for a writer would hang the run."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket"))
        found = _by_path(tmp_path)
    expected = {
        "pipe": ("unreadable", "a named pipe, not a file"),
        "socket": ("unreadable", "a socket, not a file"),
    }
    assert expected == found


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_without_permission(tmp_path: Path) -> None:
    """A file that may not be read and a folder that may not be listed have a row each."""
    (tmp_path / "a.txt").write_text("x", "utf-8")
    (tmp_path / "shut.txt").write_text("x", "utf-8")
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut.txt").chmod(0)
    (tmp_path / "shut").chmod(0)
    try:
        reasons = {path: reason for path, (reason, _) in _by_path(tmp_path).items()}
    finally:
        (tmp_path / "shut").chmod(0o700)
    assert {"a.txt": None, "shut": "unreadable", "shut.txt": "unreadable"} == reasons


def test_too_large(tmp_path: Path) -> None:
    """A file over the limit is set aside with its size and hash; one of exactly the limit is read."""
    (tmp_path / "large").write_bytes(b"12345")
    (tmp_path / "limit").write_bytes(b"1234")
    large, limit = find_inputs(tmp_path, maximum_bytes=4)
    assert ("too_large", "5 bytes, the limit is 4", hashlib.sha256(b"12345").hexdigest()) == (
        large.reason,
        large.detail,
        large.raw_sha256,
    )
    assert b"1234" == read_input(limit)


@linux_names
def test_names_that_are_no_utf8_are_percent_encoded(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are percent-encoded, and the percent sign with them; a line feed stays what it is."""
    for name in ("正文.txt".encode("gbk"), b"50%-\xff", b"50%", b"two\nlines"):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text("x", "utf-8")
    assert ["%D5%FD%CE%C4.txt", "50%", "50%25-%FF", "two\nlines"] == [one.raw_path for one in find_inputs(tmp_path)]


@linux_names
def test_no_two_inputs_share_a_name(tmp_path: Path) -> None:
    """A name that reads like the encoded form of another gets its own percent sign encoded."""
    for name in (b"%FF", b"\xff", b"%25FF"):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_bytes(name)
    found = {one.raw_path: read_input(one) for one in find_inputs(tmp_path)}
    assert {"%FF": b"\xff", "%25FF": b"%25FF", "%2525FF": b"%FF"} == found


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "does not exist"),
        (lambda raw: raw.write_text("x"), "is no folder"),
        (lambda raw: raw.mkdir(), "holds no document"),
        (lambda raw: (raw.mkdir(), (raw / "README.md").write_text("x")), "holds no document"),
    ],
)
def test_a_raw_folder_that_cannot_be_used(tmp_path: Path, make: object, message: str) -> None:
    """Missing, a file, or empty: one line that says what, where and what to do."""
    raw = tmp_path / "raw"
    assert callable(make)
    make(raw)
    with pytest.raises(BadInput, match=message) as caught:
        find_inputs(raw)
    assert ("raw" in str(caught.value), "\n" in str(caught.value)) == (True, False)


@pytest.mark.parametrize("change", ["vanished", "changed", "grew", "became a link"])
def test_a_file_that_is_not_what_was_found(tmp_path: Path, change: str) -> None:
    """Between finding and reading a file may go or change: then it is unreadable, never read as something else."""
    raw = tmp_path / "raw"
    raw.mkdir()
    file = raw / "a.txt"
    file.write_bytes(b"before")
    (found,) = find_inputs(raw)
    if change == "vanished":
        file.unlink()
    elif change == "became a link":
        (tmp_path / "outside").write_bytes(b"before")
        file.unlink()
        file.symlink_to(tmp_path / "outside")
    else:
        file.write_bytes({"changed": b"behind", "grew": b"before and after"}[change])
    with pytest.raises(Unreadable):
        read_input(found)
