"""What a build needs of disk and memory: asked for before it begins, and said in one line."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline import needs
from pipeline.needs import MB, check_needs, memory_for
from pipeline.sources.files import BadInput, Input

INPUTS = [Input(f"{n}.txt", Path("a"), 10 * MB, "00") for n in range(10)]


class _Disk(NamedTuple):
    free: int


@pytest.fixture
def _roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has enough of everything."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Disk(10_000 * MB))
    monkeypatch.setattr(needs, "available_memory", lambda: 100_000 * MB)


@pytest.mark.usefixtures("_roomy")
def test_where_there_is_enough_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor where the system does not say how much memory there is; a file that is set aside takes none."""
    assert [] == check_needs(INPUTS, tmp_path, workers=4)
    monkeypatch.setattr(needs, "available_memory", lambda: None)
    huge = Input("b", Path("b"), 900_000 * MB, "00", "too_large", "…")
    assert [] == check_needs([*INPUTS, huge], tmp_path, workers=4)


@pytest.mark.usefixtures("_roomy")
def test_a_disk_that_is_surely_too_small_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line that says what, where and what to do; one that may be is no reason not to try."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Disk(20 * MB))
    said = "on the disk of 'there' 20 MB are free, and this build takes about 1.2 GB: free some"
    with pytest.raises(BadInput, match=said):
        check_needs(INPUTS, Path("there"), workers=1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Disk(900 * MB))
    (line,) = check_needs(INPUTS, Path("there"), workers=1)
    assert "900 MB are free" in line
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Disk(9 * MB))
    assert [] == check_needs([Input("a", Path("a"), 2_000, "00")], Path("there"), workers=1)
    (line,) = check_needs([Input("a", Path("a"), 100, "00")] * 3_000, Path("there"), workers=1)
    assert "9 MB are free, and this build may take 18 MB: where" in line


@pytest.mark.usefixtures("_roomy")
def test_too_little_memory_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With how much this build may take, which is less with fewer workers."""
    monkeypatch.setattr(needs, "available_memory", lambda: 1_500 * MB)
    assert [] == check_needs(INPUTS, tmp_path, workers=2)
    (line,) = check_needs(INPUTS, tmp_path, workers=8)
    assert "1.5 GB of memory are available, and this build may take 2.7 GB: give fewer --workers" in line
    assert memory_for([64 * MB], workers=1) < memory_for([64 * MB], workers=2)


@pytest.mark.parametrize(
    ("limit", "usage", "stat", "prefix", "unlimited"),
    [
        ("memory.max", "memory.current", "memory.stat", "", "max"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "memory/memory.stat",
            "total_",
            "9223372036854771712",
        ),
    ],
    ids=["v2", "v1"],
)
def test_the_memory_of_a_container_counts(
    tmp_path: Path, limit: str, usage: str, stat: str, prefix: str, unlimited: str
) -> None:
    """Beside that of the machine; no limit is none, and where nobody says anything, nothing is known.

    What is kept of files that were read, once or twice, can be had.
    """
    machine = tmp_path / "meminfo"
    assert needs.available_memory(machine, tmp_path) is None
    machine.write_text("MemTotal:  800000 kB\nMemAvailable:   700000 kB\n")
    (tmp_path / "memory").mkdir()
    (tmp_path / limit).write_text(f"{unlimited}\n")
    (tmp_path / usage).write_text("500731904\n")
    own = "inactive_file 1\nactive_file 1\n" if prefix else ""
    (tmp_path / stat).write_text(
        f"cache 500027392\n{own}{prefix}inactive_anon 176128\n{prefix}active_anon 4096\n"
        f"{prefix}inactive_file 400008192\n{prefix}active_file 100015104\n{prefix}unevictable 0\n"
    )
    assert 716_800_000 == needs.available_memory(machine, tmp_path)
    (tmp_path / limit).write_text("600000000\n")
    assert 600_000_000 - (500_731_904 - 500_023_296) == needs.available_memory(machine, tmp_path)
