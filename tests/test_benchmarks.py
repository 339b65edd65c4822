"""The programs in benchmarks/: what they read, what they count, and that the page has the form that they write.

How fast anything is belongs in no test.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"
TRADITIONAL = "企業(qi)發展，產業興旺。\n大會在甲市開幕，各地代表參加了會議。\n"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """The programs by their names: they are files beside each other, not a package."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two documents and a manifest that says what they are written in."""
    folder = tmp_path / "given"
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / "a.txt").write_bytes(TRADITIONAL.encode("cp950"))
    (folder / "raw" / "b.txt").write_bytes(TRADITIONAL.encode("utf-16-le"))
    rows = [{"file": "a.txt", "encoding": "big5"}, {"file": "b.txt", "encoding": "utf-16-le-nobom"}]
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return folder


def _decoded(folder: Path) -> list[str]:
    lines = [line for path in sorted((folder / "decoded").iterdir()) for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line)["text"] for line in lines]


def test_a_corpus_is_decoded_for_those_who_cannot(program: Callable[[str], Any], corpus: Path, tmp_path: Path) -> None:
    """Each document stands in the decoded files as it was written, by the codec of the manifest."""
    made = program("corpus").write_corpus(corpus, tmp_path / "made")

    assert (2, "the manifest of the corpus") == (made.documents, made.codecs_from)
    assert [TRADITIONAL, TRADITIONAL] == _decoded(tmp_path / "made")


def test_without_a_manifest_detection_says_the_codec(
    program: Callable[[str], Any], corpus: Path, tmp_path: Path
) -> None:
    """A folder of documents is enough, and whose word the codecs are is said."""
    made = program("corpus").write_corpus(corpus / "raw", tmp_path / "made")

    assert made.codecs_from.startswith("zhengwen's detection")
    assert [TRADITIONAL, TRADITIONAL] == _decoded(tmp_path / "made")


def test_no_copy_is_its_original(program: Callable[[str], Any], corpus: Path, tmp_path: Path) -> None:
    """A corpus that is taken several times has no two documents of the same bytes, and all have the same lines."""
    program("corpus").write_corpus(corpus, tmp_path / "made", times=3)
    written = program("corpus").read_manifest(tmp_path / "made")

    assert 6 == len({path.read_bytes() for path, _ in written})
    assert all(set(TRADITIONAL.splitlines()) <= set(path.read_text(codec).splitlines()) for path, codec in written)


@pytest.mark.parametrize("name", ["naive", "clean", "clean_and_read"])
def test_a_candidate_writes_every_document(
    program: Callable[[str], Any], corpus: Path, tmp_path: Path, name: str
) -> None:
    """What is measured has been done: each document is in the output, in Simplified script."""
    program("corpus").write_corpus(corpus, tmp_path / "made")
    subprocess.run(
        [sys.executable, BENCHMARKS / "candidates.py", name, tmp_path / "made", tmp_path],
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    rows = map(json.loads, (tmp_path / "documents.jsonl").read_text("utf-8").splitlines())

    assert ["企业" in row["text"] for row in rows] == [True, True]


@pytest.mark.parametrize("name", ["beside_peers", "environments", "near_duplicates", "script_conversion", "stages"])
def test_a_program_says_what_it_does(name: str) -> None:
    """Each begins with nothing but what a Python has, since a peer's environment has no more."""
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), "--help"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert f"python benchmarks/{name}.py" in said


def test_what_a_process_leaves_behind_is_counted(program: Callable[[str], Any], tmp_path: Path) -> None:
    """The memory and the seconds of a grandchild are those of the command."""
    grandchild = "import time\nkept = b'x' * 100_000_000\nwhile time.process_time() < 0.2: pass"
    child = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {grandchild!r}]).returncode)"
    cost = program("measuring").spent([sys.executable, "-c", child], cores=1, log=tmp_path / "log", environ=os.environ)

    assert cost.cpu_seconds > 0.2
    assert cost.peak_mebibytes > 95


def test_a_command_that_fails_is_no_measurement(program: Callable[[str], Any], tmp_path: Path) -> None:
    """Its log is named, and holds what it said."""
    measuring = program("measuring")
    with pytest.raises(measuring.Failed, match="said"):
        measuring.spent([sys.executable, "-c", "exit('why')"], cores=1, log=tmp_path / "said", environ=os.environ)
    assert "why\n" == (tmp_path / "said").read_text("utf-8")


def test_a_peer_that_is_not_there_is_not_ready(program: Callable[[str], Any], tmp_path: Path) -> None:
    """An environment of other versions is none."""
    environments = program("environments")
    (tmp_path / "datatrove").mkdir()
    (tmp_path / "datatrove" / ".ready").write_text("datatrove==0.0.1\n", "utf-8")

    assert not any(environments.is_ready(tmp_path, name) for name in environments.NAMES)
    assert environments.version("datatrove") in (BENCHMARKS / "peers" / "datatrove.txt").read_text("utf-8")


def test_ratios_are_medians_within_rounds(program: Callable[[str], Any]) -> None:
    """A round that was disturbed for both of two says as much as any."""
    beside, measuring = program("beside_peers"), program("measuring")
    costs = [(1, 2), (10, 20), (1, 9)]
    runs = [
        beside.Run(number, beside.Setting(1, 1), name, measuring.Spent(float(seconds), 2.0 * seconds, 50.0))
        for number, both in enumerate(costs)
        for name, seconds in zip(("clean", "datatrove"), both, strict=True)
    ]

    assert "2.00 (2.00)" == beside.ratio(runs, "clean", "datatrove")


def test_the_page_has_a_place_for_the_tables(program: Callable[[str], Any]) -> None:
    """`make benchmarks` replaces what stands between the marks, and nothing else."""
    beside = program("beside_peers")
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")

    before, begun, rest = page.partition(beside.BEGIN)
    made, ended, after = rest.partition(beside.END)

    assert (beside.BEGIN, beside.END) == (begun, ended)
    assert beside.page_with("new", page) == f"{before}{begun}\nnew\n{ended}{after}"
    assert "new" != made
