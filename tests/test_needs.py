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
    said = "on the disk of 'there' 20 MB are free, and a build of 100 MB of documents takes about 1.2 GB: free some"
    with pytest.raises(BadInput, match=said):
        check_needs(INPUTS, Path("there"), workers=1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Disk(900 * MB))
    (line,) = check_needs(INPUTS, Path("there"), workers=1)
    assert "900 MB are free" in line


@pytest.mark.usefixtures("_roomy")
def test_too_little_memory_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With how much this build may take, which is less with fewer workers."""
    monkeypatch.setattr(needs, "available_memory", lambda: 1_500 * MB)
    assert [] == check_needs(INPUTS, tmp_path, workers=2)
    (line,) = check_needs(INPUTS, tmp_path, workers=8)
    assert "1.5 GB of memory are available, and this build may take 2.5 GB: give fewer --workers" in line
    assert memory_for([64 * MB], workers=1) < memory_for([64 * MB], workers=2)


def test_the_memory_of_a_container_counts(tmp_path: Path) -> None:
    """Beside that of the machine; no limit is none, and where nobody says anything, nothing is known."""
    machine = tmp_path / "meminfo"
    assert needs.available_memory(machine, tmp_path) is None
    machine.write_text("MemTotal:  80 kB\nMemAvailable:   10 kB\n")
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("5\n")
    assert 10_240 == needs.available_memory(machine, tmp_path)
    (tmp_path / "memory.max").write_text("9000\n")
    assert 8_995 == needs.available_memory(machine, tmp_path)
