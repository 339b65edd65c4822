"""Folders for what a run needs only while it runs: in the output folder, and gone afterwards, however it ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipeline.claiming import claim
from pipeline.temporary import PREFIX, temporary_folder

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
