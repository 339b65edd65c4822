"""What starts a build without a person: both are off, and the sensor waits for a folder at rest."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import dagster as dg
import pytest

from pipeline.orchestration.definitions import BUILD, defs
from pipeline.orchestration.settings import Settings
from pipeline.orchestration.triggers import raw_folder_changed
from pipeline.sources.files import BadInput, look_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder with one document."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "a.txt").write_text("各区要抓好落实。", "utf-8")
    return folder


class _Looks:
    """One look of the sensor after another, each with the cursor of the one before."""

    def __init__(self, raw: Path) -> None:
        self.settings = Settings(raw=str(raw))
        self.cursor: str | None = None
        self.said: str | None = None
        self.sensor = raw_folder_changed(BUILD.name)

    def __call__(self) -> list[str]:
        """The keys of the runs that are asked for."""
        context = dg.build_sensor_context(cursor=self.cursor, resources={"settings": self.settings})
        result = self.sensor.evaluate_tick(context)
        self.cursor = result.cursor
        self.said = result.skip_message
        return [str(request.run_key) for request in result.run_requests or []]


def test_schedule_and_sensor_are_off_and_start_the_build() -> None:
    """Nobody's machine begins to work because somebody opened the UI."""
    schedule = defs.resolve_schedule_def("nightly")
    sensor = defs.resolve_sensor_def("raw_folder_changed")
    assert dg.DefaultScheduleStatus.STOPPED == schedule.default_status
    assert dg.DefaultSensorStatus.STOPPED == sensor.default_status
    assert ([BUILD.name], [BUILD.name]) == ([schedule.job_name], [target.job_name for target in sensor.targets])


def test_a_build_is_asked_for_once_the_folder_is_at_rest(raw: Path) -> None:
    """New files are built once, at the second look that finds them unchanged."""
    look = _Looks(raw)
    assert [] == look()
    assert 1 == len(look())
    assert [] == look()
    assert look.said == "the raw folder is as it was when a build was last asked for"
    (raw / "b.txt").write_text("新的文件。", "utf-8")
    assert [] == look()
    (raw / "c.txt").write_text("又一份文件。", "utf-8")
    assert [] == look()
    assert look.said == "the raw folder has changed; waiting until it is at rest"
    assert 1 == len(look())
    assert [] == look()


def test_a_folder_that_comes_back_to_what_it_was_is_built_again(raw: Path) -> None:
    """The key of a run differs, or Dagster would take it for one that it has run already."""
    look = _Looks(raw)
    look()
    keys = look()
    changed = raw / "b.txt"
    for _ in range(2):
        changed.write_text("新的文件。", "utf-8")
        os.utime(changed, ns=(0, 0))
        look()
        keys += look()
        changed.unlink()
        look()
        keys += look()
    assert 5 == len(keys) == len(set(keys))


def test_a_build_that_was_asked_for_is_asked_for_again_by_the_same_key(raw: Path) -> None:
    """Where the cursor could not be kept: Dagster knows by it that the run is there."""
    look = _Looks(raw)
    look()
    kept, first = look.cursor, look()
    look.cursor = kept
    assert [*first] == look()


@pytest.mark.parametrize("missing", ["gone", "a file"])
def test_a_folder_that_is_not_there_is_said_and_is_no_error(missing: str, tmp_path: Path) -> None:
    """A sensor that fails is red for ever; one that skips says why."""
    if missing == "a file":
        (tmp_path / missing).write_text("x")
    look = _Looks(tmp_path / missing)
    assert [] == look()
    assert missing in str(look.said)


def test_what_a_folder_looks_like_follows_from_names_sizes_and_times(raw: Path) -> None:
    """A file that is new, renamed, longer or written to makes it another; what systems leave behind does not."""
    looks = [look_of(raw)]
    (raw / "sub").mkdir()
    (raw / "sub" / "b.txt").write_text("b")
    looks.append(look_of(raw))
    (raw / "sub" / "b.txt").rename(raw / "sub" / "c.txt")
    looks.append(look_of(raw))
    (raw / "a.txt").write_text("各区要抓好落实。。", "utf-8")
    looks.append(look_of(raw))
    os.utime(raw / "a.txt", ns=(1, 1))
    looks.append(look_of(raw))
    assert len(looks) == len(set(looks))
    (raw / ".DS_Store").write_text("x")
    assert looks[-1] == look_of(raw)


def test_a_broken_link_and_a_name_without_utf_8_are_looked_at(raw: Path) -> None:
    """Whatever a crawl leaves, looking does not fail."""
    (raw / "nowhere").symlink_to("gone")
    (raw / os.fsdecode(b"\xce\xc4.txt")).write_bytes(b"x")
    assert 64 == len(look_of(raw))
    with pytest.raises(BadInput, match="is no folder"):
        look_of(raw / "a.txt")
