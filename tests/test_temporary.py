"""Folders for what a run needs only while it runs: in the output folder, and gone afterwards, however it ended."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import temporary
from pipeline.claiming import claim
from pipeline.temporary import PREFIX, sweep, temporary_folder

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_what_a_killed_run_has_left_goes_with_the_next_claim(tmp_path: Path) -> None:
    """And what this process uses stays until it is done, whatever lies in it."""
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom pipeline.temporary import temporary_folder\n"
        "with temporary_folder(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'texts').write_text('some')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path], check=False, cwd=ROOT)
    (left,) = tmp_path.glob(f"{PREFIX}*")
    assert (left / "texts").exists()
    with temporary_folder(tmp_path) as ours:
        (ours / "texts").write_text("others")
        claim(tmp_path)
        assert [ours] == list(tmp_path.glob(f"{PREFIX}*"))
    assert [".lock"] == [path.name for path in tmp_path.iterdir()]


def test_what_another_process_uses_stays(tmp_path: Path) -> None:
    """As that of `validate` beside a build, until it is killed; no link or file of such a name is followed or taken."""
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom pipeline.temporary import temporary_folder\n"
        "with temporary_folder(Path(sys.argv[1])):\n    print('there', flush=True)\n    time.sleep(600)\n"
    )
    command = [sys.executable, "-c", program, os.fspath(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as other:
        try:
            assert other.stdout is not None
            assert b"there\n" == other.stdout.readline()
            sweep(tmp_path)
            (theirs,) = tmp_path.iterdir()
            assert 0o700 == stat.S_IMODE(theirs.stat().st_mode)
        finally:
            other.kill()
    (tmp_path / "kept").mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "kept")
    sweep(tmp_path)
    assert [f"{PREFIX}link", "kept"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_folder_that_is_swept_away_before_it_is_held_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is a moment between the two."""
    made: list[str] = []

    def swept(**given: Any) -> tempfile.TemporaryDirectory[str]:  # noqa: ANN401  what it takes
        folder: tempfile.TemporaryDirectory[str] = tempfile.TemporaryDirectory(**given)
        made.append(folder.name)
        if len(made) == 1:
            sweep(tmp_path)
        return folder

    monkeypatch.setattr(temporary, "TemporaryDirectory", swept)
    with temporary_folder(tmp_path) as ours:
        assert [ours] == list(tmp_path.iterdir())
    assert 2 == len(made)
