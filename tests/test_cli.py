"""The command line, as a person types and reads it: what it prints where, its exit codes, its errors in one line."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import columns, recipe
from pipeline import report as reports
from pipeline.__main__ import main
from pipeline.command_line.ending import (
    BAD_USAGE,
    BLOCKED,
    BROKEN_PIPE,
    DEFECT,
    GOOD,
    STOPPED,
    TERMINATED,
    WITHHELD,
    logged,
)
from pipeline.engines import processes
from pipeline.needs import room_for
from pipeline.orchestration import assets
from pipeline.recipe import rules
from pipeline.run_log import RunLog
from pipeline.sources.files import find_inputs
from pipeline.temporary import PREFIX
from pipeline.validate import page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
NEWS = (
    "标题：算力中心开工\n发布时间：2023-05-30 09:25\n来源：某某日报\n"
    "5月30日，市算力中心在新区开工。中心建成后可服务两百家企业，为中小企业提供普惠算力。\n"
    "市政府表示，将按季度公布进展，重大事项随时报告。\n（责任编辑：张三）\n"
)
PERSONAL = NEWS.replace("算力", "数据") + "报名邮箱：office@example.org\n"
PSEUDO = (
    "企業(yè)發(fā)展，產(chǎn)業(yè)興旺，創(chuàng)業(yè)聯(lián)盟不斷擴大。\n"
    "數(shù)據(jù)開放，產(chǎn)業(yè)園區(qū)建設穩(wěn)步推進，企業(yè)收入增長。\n"
)
CONFLICT = (
    "市数据局昨日召开例会，研究公共数据开放的下一步安排，并听取了各区的汇报。\n"
    f"<<<<<<< HEAD\n会议决定，{'各区要抓好落实，' * 24}不得拖延。\n"
    "=======\n会议决定暂缓实施，意见请寄office@example.org。\n>>>>>>> li@example.com\n"
    ">>>>>>> master\n会议还讨论了其他事项。\n"
)
CLEAN = "企业发展，产业兴旺，创业联盟不断扩大。\n数据开放，产业园区建设稳步推进，企业收入增长。\n"


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: bytes
    err: str


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes]) -> Runner:
    """Run a command in this process."""
    return Runner(capsysbinary)


class Runner:
    """Runs `python -m pipeline …`."""

    def __init__(self, captured: pytest.CaptureFixture[bytes]) -> None:
        self.captured = captured

    def __call__(self, *arguments: str | Path) -> Said:
        """The command with these arguments."""
        self.captured.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = self.captured.readouterr()
        return Said(code, out, err.decode())


def _process(arguments: Sequence[str | bytes | Path], **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pipeline", *arguments]
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with raw/ and the output/ that a build has made of it."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "raw").mkdir()
    (folder / "raw" / "news.txt").write_text(NEWS, "utf-8")
    (folder / "raw" / "personal.txt").write_text(PERSONAL, "utf-8")
    (folder / "raw" / "pseudo.txt").write_text(PSEUDO, "utf-8")
    (folder / "raw" / "conflict.txt").write_text(CONFLICT, "utf-8")
    (folder / "raw" / "empty.txt").write_bytes(b"")
    places = ["--raw", str(folder / "raw"), "--output", str(folder / "output"), "--log", str(folder / "logs" / "log")]
    assert 0 == main(["build", *places])
    return folder


def _files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def test_judge_publishes_by_other_limits_without_cleaning(built: Path, tmp_path: Path, run: Runner) -> None:
    """From the tables of the stages alone, checks included; what is admitted comes back; bad lists change nothing."""
    output = Path(shutil.copytree(built / "output", tmp_path / "output"))
    stages = {asset: _files(output / "stages" / asset) for asset in columns.STAGE_TABLES}
    one = _ids(built)["news.txt"]

    said = run("judge", "--output", output, "--minimum-han", "60", "--workers", "1")
    assert 0 == said.code
    assert b"2 documents published, 0 duplicates, 3 set aside, of 5 inputs" in said.out
    assert "set aside: 2 as too_short, such as news.txt: " in said.err
    assert "the limit is 60 (--admit FILE publishes it nevertheless)" in said.err
    assert _ids(tmp_path).keys() == {"conflict.txt", "personal.txt"}

    admitted = tmp_path / "admit.tsv"
    admitted.write_text(f"# by hand\n{one}\tis whole\n", "utf-8")
    assert 0 == run("judge", "--output", output, "--minimum-han", "60", "--admit", admitted).code
    assert _ids(tmp_path).keys() == {"conflict.txt", "news.txt", "personal.txt"}
    documents = pq.ParquetFile(output / "dataset" / "data" / "documents-00000.parquet").read().to_pylist()
    assert ["news.txt"] == [row["raw_path"] for row in documents if "readmitted" in row["quality_flags"]]
    assert stages == {asset: _files(output / "stages" / asset) for asset in columns.STAGE_TABLES}
    assert 0 == run("validate", output, "--quiet").code

    former = _files(output / "dataset")
    admitted.write_text("nowhere.txt\twhy not\n", "utf-8")
    said = run("judge", "--output", output, "--admit", admitted)
    assert 2 == said.code
    assert f"'{admitted}', names 'nowhere.txt', and there is no such document: give a raw path" in said.err
    assert former == _files(output / "dataset")


@pytest.mark.parametrize("command", ["build", "judge"])
def test_a_list_to_admit_that_says_nothing_clear_is_refused_at_once(command: str, tmp_path: Path, run: Runner) -> None:
    """Before anything is read or written, in one line."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "admit.tsv").write_text("a.txt\n", "utf-8")
    raw = ["--raw", str(tmp_path / "raw")] if command == "build" else []
    said = run(command, *raw, "--output", tmp_path / "out", "--admit", tmp_path / "admit.tsv")
    assert (2, 1) == (said.code, len(said.err.splitlines()))
    assert "has no note on line 1: give a line for each document" in said.err
    assert not (tmp_path / "out").exists()


def test_judge_without_the_tables_of_a_build_says_so(tmp_path: Path, run: Runner) -> None:
    """In one line, with the command that makes them."""
    (tmp_path / "out").mkdir()
    said = run("judge", "--output", tmp_path / "out")
    assert 2 == said.code
    assert "the table decoded_documents is missing in" in said.err
    assert "(python -m pipeline build)" in said.err


def _ids(built: Path) -> dict[str, str]:
    table = pq.ParquetFile(built / "output" / "dataset" / "data" / "documents-00000.parquet").read(["raw_path", "id"])
    return {str(row["raw_path"]): str(row["id"]) for row in table.to_pylist()}


# ------------------------------------------------------------------------------------------------ help and usage
COMMANDS = ["build", "judge", "validate", "clean", "explain", "rebuild", "report", "serve", "learn"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_examples(command: str, run: Runner) -> None:
    """Each command says what it does and shows a line that can be typed."""
    said = run(command, "--help")
    assert 0 == said.code
    assert f"  python -m pipeline {command} ".encode() in said.out


LONG = "a" * 300
TOO_LONG = [["validate", LONG], ["build", "--raw", LONG], ["serve", LONG], ["report", LONG], ["explain", LONG]]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "required: COMMAND"),
        (["bild"], "invalid choice: 'bild'"),
        (["build", "--colour"], "unrecognized arguments: --colour"),
        (["clean"], "required: FILE"),
        (["clean", "a.txt", "--through", "the\nend"], "invalid choice: 'the\\nend'"),
        (["clean", "no-such-file.txt"], "'no-such-file.txt' cannot be read (No such file or directory)"),
        (["clean", "."], "'.' cannot be read (Is a directory)"),
        (["explain", "no-such-file.txt", "--output", "no-such-folder"], "'no-such-file.txt' is no file"),
        (["validate", "no-such-folder"], "'no-such-folder' holds no dataset"),
        (["rebuild", "no-such-folder", "00"], "'no-such-folder' holds no dataset"),
        (["report", "no-such-folder"], "'no-such-folder' holds no dataset"),
        (["report", "output", "--documents", "-1"], "--documents: '-1' is no whole number from 0"),
        (["build", "--raw", "no-such-folder"], "'no-such-folder' does not exist"),
        (["build", "--raw", "pyproject.toml"], "'pyproject.toml' is no folder"),
        (["build", "--raw", ""], "--raw is empty"),
        (["build", "--output", " "], "--output is empty"),
        (["build", "--collection", "甲\udcff"], "--collection is '甲\\udcff': give the name of a collection"),
        *((one, "(File name too long): name a folder with a shorter path") for one in TOO_LONG),
    ],
)
def test_bad_usage_and_bad_input_end_in_one_line(arguments: list[str], problem: str, run: Runner) -> None:
    """It says what is wrong and where; nothing is printed to standard output, and there is no trace."""
    said = run(*arguments)
    assert (2, b"") == (said.code, said.out)
    assert [said.err] == said.err.splitlines(keepends=True)
    assert problem in said.err


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such device")
def test_a_device_without_end_is_read_up_to_the_limit(run: Runner) -> None:
    """So is a pipe that somebody names."""
    said = run("clean", "/dev/zero", "--maximum-bytes", "1000")
    assert 1 == said.code
    assert "too_large" in said.err


def test_an_empty_raw_folder_is_bad_input(run: Runner, tmp_path: Path) -> None:
    """There is nothing to publish, and what is published stays."""
    (tmp_path / "raw").mkdir()
    said = run("build", "--raw", tmp_path / "raw", "--output", tmp_path / "output")
    assert 2 == said.code
    assert 1 == len(said.err.splitlines())
    assert "holds no document" in said.err
    assert not (tmp_path / "output" / "dataset").exists()


@pytest.mark.parametrize("output", ["a-file", "raw/output"])
def test_an_output_that_cannot_be_is_bad_input(output: str, run: Runner, tmp_path: Path) -> None:
    """A file in the way, or a folder that the next build would read as input."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(NEWS, "utf-8")
    (tmp_path / "a-file").write_bytes(b"mine")
    said = run("build", "--raw", tmp_path / "raw", "--output", tmp_path / output)
    assert 2 == said.code
    assert 1 == len(said.err.splitlines())
    assert b"mine" == (tmp_path / "a-file").read_bytes()


def test_a_defect_is_one_line_and_the_trace_is_for_those_who_ask(
    run: Runner, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here a dataset whose account does not fit its text any more."""
    output = shutil.copytree(built / "output", tmp_path / "output")
    file = output / "dataset" / "data" / "edits-00000.parquet"
    table = pq.ParquetFile(file).read()
    pq.write_table(table.slice(0, table.num_rows - 1), file)
    last = str(table["doc_id"].to_pylist()[-1])
    said = run("rebuild", output, last)
    assert 70 == said.code
    assert 1 == len(said.err.splitlines())
    monkeypatch.setenv("ZHENGWEN_DEBUG", "1")
    assert "Traceback" in run("rebuild", output, last).err


# ------------------------------------------------------------------------------------------------ build and validate
def test_the_log_of_a_build_has_counts_and_no_text(built: Path) -> None:
    """A line of JSON for each step, from the first to the exit code; of documents there are numbers alone."""
    content = (built / "logs" / "log").read_text("utf-8")
    lines = [json.loads(line) for line in content.splitlines()]
    assert 1 == len({line["run"] for line in lines})
    assert ["begin", "end"] == [lines[0]["event"], lines[-1]["event"]]
    assert ("done", 0) == (lines[-1]["name"], lines[-1]["exit_code"])
    assert all(line["time"].endswith("Z") for line in lines)
    counts = {line["name"]: line["counts"] for line in lines if line["event"] == "asset"}
    assert 5 == counts["raw_documents"]["row_count"]
    assert 4 == counts["staged_dataset"]["published"]
    assert {"empty_body": 1} == counts["judged_documents"]["set aside by reason"]
    assert 0 < counts["converted_documents"]["edits by rule"]["pinyin.artifact"]
    steps = {line["name"]: line["seconds"] for line in lines if line["event"] == "step"}
    assert {"raw_documents", "stages", "judged_documents", "staged_dataset", "published_dataset"} <= steps.keys()
    assert all(seconds >= 0 for seconds in steps.values())
    # Not four characters of any document stand there, nor its name, nor what was masked.
    for text in (NEWS, PERSONAL, PSEUDO, CONFLICT):
        assert not [text[at : at + 4] for at in range(len(text) - 3) if _is_told(text[at : at + 4], content)]
    for name in ("news.txt", "personal.txt", "conflict.txt", "office", "example.org", str(built)):
        assert name not in content


def _is_told(words: str, content: str) -> bool:
    return any(character > "\x7f" for character in words) and words in content


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("output/dataset/log", "lies in 'output/dataset'"),
        ("raw/log", "lies in 'raw'"),
        ("a.tsv", "cannot be written"),
        ("a.txt", "is there and is no log"),
    ],
)
def test_a_log_that_cannot_be_is_refused(
    file: str, problem: str, run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, in one line; where nothing was asked for, nothing is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(NEWS, "utf-8")
    (tmp_path / "a.tsv").mkdir()
    (tmp_path / "a.txt").write_text(NEWS, "utf-8")
    said = run("build", "--log", file)
    assert 2 == said.code
    assert problem in said.err
    assert 1 == said.err.count("\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no such device")  # noqa: PTH110  skipif is asked early
@pytest.mark.parametrize("command", ["clean", "explain"])
def test_an_output_that_takes_nothing_is_no_defect(command: str, built: Path) -> None:
    """A full disk behind `>`: a line, and nothing more when the process ends."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123  a device
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", command, built / "raw" / "news.txt"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            cwd=ROOT,
        )
    assert 2 == done.returncode
    said = "pipeline: the output or a file cannot be read or written (No space left on device): free some space"
    assert [said + ", and run this again"] == done.stderr.decode().splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="closes descriptors")
@pytest.mark.parametrize(("closed", "file", "code"), [(">&-", "news.txt", 0), ("2>&-", "nothing.txt", 2)])
def test_streams_may_be_closed(closed: str, file: str, code: int, built: Path) -> None:
    """As a service may start it: what is said is lost, and nothing else."""
    command = f"{sys.executable} -m pipeline clean {built / 'raw' / file} {closed}"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, cwd=ROOT)
    assert (code, b"") == (done.returncode, done.stderr)


def test_a_place_that_cannot_be_written_is_no_defect(run: Runner, built: Path, tmp_path: Path) -> None:
    """Whatever stands in the place of a file: it is named, with exit code 2."""
    (tmp_path / "stages").touch()
    said = run("build", "--raw", built / "raw", "--output", tmp_path)
    assert 2 == said.code
    assert "(Not a directory): move away the file that stands in the place of a folder" in said.err
    said = run("validate", tmp_path / ("a" * 300))
    assert 2 == said.code
    assert "(File name too long): name a folder with a shorter path" in said.err


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="file names are UTF-8 there")
def test_an_output_whose_path_is_no_utf_8_is_refused(run: Runner, built: Path, tmp_path: Path) -> None:
    """Before anything is read; libraries that take paths as text could not work there."""
    said = run("build", "--raw", built / "raw", "--output", os.fsdecode(os.fsencode(tmp_path) + b"/o\xff"))
    assert 2 == said.code
    assert "has bytes that are no UTF-8" in said.err
    assert [] == list(tmp_path.iterdir())


def test_every_exit_code_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Where somebody looks for it."""
    with pytest.raises(SystemExit):
        main(["--help"])
    _, _, codes = " ".join(capsys.readouterr().out.split()).partition("Exit codes: ")
    said = {int(code) for code in re.findall(r"(?:^|[.,] )(\d+) ", codes)}
    assert {GOOD, BLOCKED, BAD_USAGE, WITHHELD, DEFECT, STOPPED, BROKEN_PIPE, TERMINATED, 137} == said


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_is_stopped_ends_with_the_exit_code_of_the_signal(sent: signal.Signals, code: int) -> None:
    """And with one line, whatever command it is; 143 is what a shell says of a process that the system ends."""
    program = (
        "import signal, sys\n"
        # Whoever runs the tests may ignore either, and then so does what they start.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        "from pipeline.__main__ import main\nprint('here', flush=True)\nsys.exit(main(['clean', '-']))"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert b"here\n" == process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(sent)
        _, said = process.communicate(timeout=60)
    assert code == process.returncode
    assert b"pipeline: stopped; what was published before is untouched\n" == said


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, STOPPED), (signal.SIGTERM, TERMINATED)])
def test_a_run_that_is_stopped_says_by_which_signal(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    """Though whatever it runs makes the same of both, as Dagster does; the log ends with the code as well."""
    log = RunLog.opened(tmp_path / "log")
    former = {each: signal.signal(each, signal.default_int_handler) for each in (signal.SIGINT, signal.SIGTERM)}

    def run() -> int:
        os.kill(os.getpid(), sent)
        time.sleep(60)
        return GOOD

    try:
        assert code == logged("build", log, run, output=tmp_path)
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
    last = json.loads((tmp_path / "log").read_text().splitlines()[-1])
    assert ("end", "stopped", code, False) == (last["event"], last["name"], last["exit_code"], last["published"])


@pytest.fixture
def _hears() -> Iterator[None]:
    """Who runs the tests in the background may have been told to ignore Ctrl-C."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.usefixtures("_hears")
@pytest.mark.parametrize("command", ["build", "clean"])
def test_who_is_stopped_while_a_class_is_made_is_stopped(
    command: str, run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python raises something else then, as imports are full of: it is no defect."""

    class Stopping:
        def __set_name__(self, owner: type, name: str) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(60)

    def imports(*_: object, **__: object) -> None:
        type("Made", (), {"stopping": Stopping()})

    (tmp_path / "a.txt").write_text(NEWS, "utf-8")
    monkeypatch.setattr(recipe, "clean", imports)
    monkeypatch.setattr(processes, "prepare", imports)
    given = [tmp_path / "a.txt"] if command == "clean" else ["--raw", tmp_path, "--output", tmp_path.parent / "output"]
    said = run(command, *given)
    assert (STOPPED, "pipeline: stopped; what was published before is untouched\n") == (said.code, said.err)


@pytest.mark.usefixtures("_hears")
def test_a_run_that_is_stopped_says_whether_it_has_published(
    built: Path, tmp_path: Path, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped while the report is written, the dataset is another one; stopped before, it is what it was."""
    output = Path(shutil.copytree(built / "output", tmp_path / "output"))

    def stopped(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)

    for function, published in ((reports, "write_report"), True), ((assets, "publish"), False):
        with monkeypatch.context() as patch:
            patch.setattr(*function, stopped)
            said = run("judge", "--output", output, "--minimum-han", "20", "--log", tmp_path / "log")
        last = json.loads((tmp_path / "log").read_text().splitlines()[-1])
        assert (STOPPED, "end", published) == (said.code, last["event"], last["published"])
        line = f"dataset was published; write its report with python -m pipeline report {output}" if published else ""
        assert said.err.endswith(f"{line or 'what was published before is untouched'}\n")


def test_build_says_what_came_of_it(run: Runner, built: Path, tmp_path: Path) -> None:
    """Progress and reasons on standard error, a line about the dataset and one about the report on standard output."""
    said = run("build", "--raw", built / "raw", "--output", tmp_path / "output")
    assert 0 == said.code, said.err
    dataset, report = said.out.decode().splitlines()
    assert re.search(r"/dataset: 4 documents published, 0 duplicates, 1 set aside, of 5 inputs in \d+ s$", dataset)
    assert f"{tmp_path}/output/report/index.html: what was changed, document by document" == report
    assert (tmp_path / "output" / "report" / "index.html").is_file()
    assert "Cleaning documents: 5 of 5" in said.err
    assert "set aside: 1 as empty_body, such as empty.txt" in said.err
    assert "dagster" not in said.err.lower()


def test_a_build_takes_the_room_on_the_disk_that_is_said(built: Path) -> None:
    """Of few documents most of it is for the pages, of which some go again before the end; it is not far more."""
    blocks = {file.stat().st_ino: file.stat().st_blocks for file in (built / "output").rglob("*") if file.is_file()}
    taken = sum(blocks.values()) * 512
    assert taken < room_for(find_inputs(built / "raw")) < 5 * taken


def test_a_build_twice_gives_the_same_dataset(
    run: Runner, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same files and the same code: the same bytes, cleaned anew or used again, and it is said which.

    Nothing is written but below the output folder, and nothing of the raw folder is so much as touched.
    """
    output = Path(shutil.copytree(built / "output", tmp_path / "output"))
    elsewhere = [tmp_path / name for name in ("home", "here", "temporary")]
    for folder in elsewhere:
        folder.mkdir()
    monkeypatch.setenv("HOME", str(elsewhere[0]))
    monkeypatch.chdir(elsewhere[1])
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere[2]))
    raw = {path: (path.stat().st_mtime_ns, path.stat().st_ctime_ns) for path in (built / "raw").iterdir()}
    for how, said in ((["--workers", "2"], b"of 5 inputs (5 as cleaned before) in"), (["--fresh"], b"of 5 inputs in")):
        again = run("build", "--raw", built / "raw", "--output", output, *how)
        assert 0 == again.code
        assert said in again.out
        sums = [folder / "dataset" / "SHA256SUMS" for folder in (built / "output", tmp_path / "output")]
        assert sums[0].read_bytes() == sums[1].read_bytes()
    other = run("build", "--raw", built / "raw", "--output", output, "--punctuation", "keep")
    assert b"of 5 inputs (5 as before up to convert) in" in other.out
    assert [] == [path for folder in elsewhere for path in folder.rglob("*")]
    assert {"home", "here", "temporary", "output"} == {path.name for path in tmp_path.iterdir()}
    assert raw == {path: (path.stat().st_mtime_ns, path.stat().st_ctime_ns) for path in (built / "raw").iterdir()}


@pytest.fixture(scope="module")
def broken(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset as somebody has downloaded it, with a file changed and a promise of each severity not kept."""
    dataset = shutil.copytree(built / "output" / "dataset", tmp_path_factory.mktemp("downloaded") / "dataset")
    file = dataset / "data" / "documents-00000.parquet"
    table = pq.ParquetFile(file).read()
    changes: dict[str, list[Any]] = {"doc_type": ["a\x1b[31mtype"] * len(table), "view_count": [-1] * len(table)}
    for name, values in changes.items():
        number = table.column_names.index(name)
        table = table.set_column(number, table.field(number), pa.array(values).cast(table.field(number).type))
    pq.write_table(table, file)
    return dataset


@pytest.mark.parametrize("where", ["output", "output/dataset"])
def test_validate_sums_up_table_by_table(where: str, run: Runner, built: Path) -> None:
    """For an output folder and for a dataset: a line for each table, what was not kept, and the sum."""
    said = run("validate", built / where, "--workers", "2")
    lines = said.out.decode().splitlines()
    assert (0, "") == (said.code, said.err)
    assert ["table", "checks", "passed", "warnings", "failed"] == lines[0].split()
    tables = {line.split()[0]: [int(figure) for figure in line.split()[1:]] for line in lines[1 : lines.index("")]}
    assert {*columns.TABLES, "columns", "dataset"} == tables.keys()
    checks, *outcomes = (sum(figures) for figures in zip(*tables.values(), strict=True))
    assert checks == sum(outcomes)
    sum_of = re.search(r"(\d+) checks?, (\d+) passed, (\d+) warnings?, (\d+) failed$", lines[-1])
    assert sum_of
    assert [str(checks), *map(str, outcomes)] == list(sum_of.groups())
    assert not any(line.startswith("passed") for line in lines)


def test_validate_can_show_every_check(
    run: Runner, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its sentence, kept or not. Texts lie in the output folder meanwhile, and nowhere else."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "there-is-none"))
    lines = run("validate", built / "output", "--all", "--workers", "1").out.decode().splitlines()
    assert not list((built / "output").glob(f"{PREFIX}*"))
    names = {line.split()[1] for line in lines if line.startswith(("passed ", "warning ", "FAILED "))}
    assert {"documents.id_unique", "edits.rebuilds_exactly", "dataset.checksums_fit"} <= names
    assert str(len(names)) == re.search(r"(\d+) checks, ", lines[-1])[1]  # type: ignore[index]
    assert any("A document is published once" in line for line in lines)


def test_validate_fails_where_a_promise_is_not_kept(run: Runner, broken: Path, tmp_path: Path) -> None:
    """Which promise, which rows, failures before warnings; the same in the report and on the pages; exit code 1."""
    said = run("validate", broken, "--quiet", "--junit", tmp_path / "report.xml", "--data-docs", tmp_path / "pages")
    assert (1, "") == (said.code, said.err)
    out = said.out.decode()
    outcomes = {name: outcome for outcome, name in re.findall(r"^(FAILED|warning) +(\S+)$", out, re.MULTILINE)}
    assert {"documents.doc_type_known": "FAILED", "dataset.checksums_fit": "FAILED"}.items() <= outcomes.items()
    assert "warning" == outcomes["documents.view_count_not_negative"]
    assert sorted(outcomes.values()) == list(outcomes.values())
    assert "data/documents-00000.parquet was changed" in out
    assert "table" not in out.split("\n", maxsplit=1)[0]
    assert "\x1b" not in out

    report = ET.parse(tmp_path / "report.xml").getroot()  # noqa: S314  our own
    cases = {f"{suite.get('name')}.{case.get('name')}": case for suite in report for case in suite}
    told = {name: case[0].tag for name, case in cases.items() if len(case)}
    assert {name: "failure" if outcome == "FAILED" else "skipped" for name, outcome in outcomes.items()} == told
    page = page_of(tmp_path / "pages", "documents").read_text("utf-8")
    for named in ("doc_type_known", "view_count_not_negative"):
        row = str(cases[f"documents.{named}"][0].text).splitlines()[1]
        assert row in out
        assert row in page


def test_validate_says_what_cannot_be_checked(run: Runner, tmp_path: Path) -> None:
    """One line, exit code 2, and a report that does not say that all is well."""
    report = tmp_path / "reports" / "report.xml"
    said = run("validate", tmp_path / "nothing", "--junit", report)
    assert (2, b"") == (said.code, said.out)
    assert 1 == len(said.err.splitlines())
    assert "holds no dataset" in said.err
    error = next(ET.parse(report).iter("error"))  # noqa: S314  our own
    assert "holds no dataset" in str(error.get("message"))


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (
            lambda data: (data / "edits-00000.parquet").write_bytes(b"PAR1 and no more"),
            "edits-00000.parquet was changed",
        ),
        (lambda data: (data / "documents-00000.parquet").unlink(), "documents-00000.parquet is missing"),
    ],
)
def test_validate_names_what_is_too_damaged_to_be_looked_into(
    damage: Callable[[Path], object], problem: str, run: Runner, built: Path, tmp_path: Path
) -> None:
    """It is a promise that is not kept: exit code 1, and a report with that failure."""
    damage(Path(shutil.copytree(built / "output" / "dataset", tmp_path / "dataset")) / "data")
    report = tmp_path / "report.xml"
    said = run("validate", tmp_path / "dataset", "--junit", report)
    assert (1, "") == (said.code, said.err)
    assert f"dataset.checksums_fit\n         data/{problem}".encode() in said.out
    failure = next(ET.parse(report).iter("failure"))  # noqa: S314  our own
    assert problem in f"{failure.get('message')} {failure.text}"


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--junit", "{}"], "is a folder: name a file"),
        (["--junit", "{}/file/report.xml"], "cannot be written"),
        (["--junit", ""], "--junit is empty"),
        (["--junit", "{}/dataset/report.xml"], "lies in the dataset"),
        (["--data-docs", ""], "--data-docs is empty"),
        (["--data-docs", "{}"], "holds no Data Docs and would be lost"),
        (["--data-docs", "{}/file"], "is no folder"),
        (["--data-docs", "{}/dataset/pages"], "lies in the dataset"),
        (["--all", "--quiet"], "not allowed with"),
    ],
)
def test_validate_refuses_what_it_would_spoil(options: list[str], problem: str, run: Runner, tmp_path: Path) -> None:
    """Before it checks anything; every file is as it was."""
    (tmp_path / "dataset" / "data").mkdir(parents=True)
    (tmp_path / "file").write_bytes(b"mine")
    said = run("validate", tmp_path, *(option.format(tmp_path) for option in options))
    assert (2, b"") == (said.code, said.out)
    assert [said.err] == said.err.splitlines(keepends=True)
    assert problem in said.err
    assert [tmp_path / "file"] == [path for path in tmp_path.rglob("*") if path.is_file()]
    assert b"mine" == (tmp_path / "file").read_bytes()


# ------------------------------------------------------------------------------------------------ clean
def test_clean_prints_the_text(run: Runner, built: Path) -> None:
    """The body alone, in UTF-8, with a line feed at its end."""
    said = run("clean", built / "raw" / "pseudo.txt")
    assert (0, "") == (said.code, said.err)
    assert CLEAN == said.out.decode()


def test_clean_stops_after_the_stage_that_is_named(run: Runner, built: Path) -> None:
    """After `decode`, a UTF-8 file is as it was."""
    said = run("clean", built / "raw" / "pseudo.txt", "--through", "decode")
    assert (0, PSEUDO) == (said.code, said.out.decode())


def test_clean_says_why_a_file_is_set_aside(run: Runner, built: Path) -> None:
    """Nothing on standard output, one line on standard error, exit code 1."""
    said = run("clean", built / "raw" / "empty.txt")
    assert (1, b"") == (said.code, said.out)
    assert "empty.txt: set aside by " in said.err
    assert 1 == len(said.err.splitlines())


def test_clean_reads_standard_input_and_needs_nothing_heavy() -> None:
    """Neither Dagster nor pandas nor Arrow is loaded to clean one file."""
    code = (
        "import sys; from pipeline.__main__ import main; code = main(['clean', '-']);"
        "heavy = sorted({'dagster', 'great_expectations', 'pandas', 'pyarrow'} & sys.modules.keys());"
        "print(code, heavy, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=PSEUDO.encode(), capture_output=True, check=True, cwd=ROOT
    )
    assert "0 []\n" == done.stderr.decode()
    assert done.stdout.startswith("企业发展".encode())


def test_help_needs_none_of_the_steps() -> None:
    """What a person can type is said before any pattern of any step is compiled."""
    code = (
        "import sys; from pipeline.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print('pipeline.recipe' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "False\n" == done.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are UTF-8 there")
def test_file_names_need_not_be_utf_8(tmp_path: Path) -> None:
    """A crawler's name in GBK is as good as any."""
    name = os.fsencode(tmp_path) + b"/" + "正文.txt".encode("gbk")
    Path(os.fsdecode(name)).write_text(PSEUDO, "utf-8")
    done = _process(["clean", name])
    assert (0, b"") == (done.returncode, done.stderr)
    missing = _process(["clean", name + b"\x1b[31m"])
    assert 2 == missing.returncode
    assert b"\x1b" not in missing.stderr
    raw = tmp_path / "raw"
    raw.mkdir()
    shutil.move(os.fsdecode(name), raw)
    assert 0 == main(["build", "--raw", str(raw), "--output", str(tmp_path / "output")])
    files = pq.ParquetFile(tmp_path / "output" / "dataset" / "data" / "files-00000.parquet").read(["raw_path"])
    assert ["%D5%FD%CE%C4.txt"] == files["raw_path"].to_pylist()


# ------------------------------------------------------------------------------------------------ explain
def test_explain_shows_each_edit_with_its_rule(run: Runner, built: Path) -> None:
    """Place, context, what went and what came, and the rule's sentence once."""
    out = run("explain", built / "raw" / "pseudo.txt").out.decode()
    assert "convert › strip_pinyin\n" in out
    assert "  pinyin.artifact, 14: Pinyin that a conversion put behind the character.\n" in out
    assert "    1:3  企業[-(yè)-]發(fā)展，產(chǎ…\n" in out
    assert "\x1b" not in out


def test_explain_can_show_one_rule_alone(run: Runner, built: Path) -> None:
    """A rule, or a group of rules."""
    out = run("explain", built / "raw" / "news.txt", "--rule", "field").out.decode()
    rules = set(re.findall(r"^  (\w+\.\w+), \d+:", out, re.MULTILINE))
    assert {"field"} == {rule.partition(".")[0] for rule in rules}


@pytest.mark.parametrize("cut", [32, 8])
def test_explain_finds_a_published_document(cut: int, run: Runner, built: Path) -> None:
    """By its id or the beginning of its id: the same edits as from the file."""
    wanted = _ids(built)["pseudo.txt"][:cut]
    published = run("explain", wanted, "--output", built / "output").out.decode()
    cleaned = run("explain", built / "raw" / "pseudo.txt").out.decode()
    assert published[published.index("edits by") :] == cleaned[cleaned.index("edits by") :]


def test_explain_masks_personal_data_of_a_published_document(run: Runner, built: Path) -> None:
    """The dataset does not have it, so neither has the account."""
    said = run("explain", "personal.txt", "--output", built / "output")
    assert 0 == said.code
    assert "█" in said.out.decode()
    assert b"office@example.org" not in said.out


SIDES = """
2 merge conflicts in the raw text
  2:1  merge, ours stays, conflict.losing_side: {losing}
    ours (HEAD): 会议决定，{head} …43 characters… {tail}不得拖延。↵
    theirs ({label}): [-会议决定暂缓实施，意见请寄{mail}。↵-]
  7:1  lone, no side is known, the marker goes, conflict.lone_marker: {lone}
    [->>>>>>> master↵-]
"""


def _sides(*, label: str, mail: str) -> str:
    """What `explain` says of the conflicts of `conflict.txt`, with these words of theirs."""
    said = "各区要抓好落实，" * 24
    return SIDES.format(
        losing=rules()["conflict.losing_side"],
        lone=rules()["conflict.lone_marker"],
        head=said[:75],
        tail=said[-74:],
        label=label,
        mail=mail,
    )


def test_explain_shows_the_sides_of_conflicts(run: Runner, built: Path) -> None:
    """Labels, what stayed and by which rule; short sides whole, of long ones the two ends, unless all is asked for."""
    file = built / "raw" / "conflict.txt"
    expected = _sides(label="li@example.com", mail="office@example.org")
    assert run("explain", file).out.decode().endswith(f"\n{expected}")
    assert (
        f"    ours (HEAD): 会议决定，{'各区要抓好落实，' * 24}不得拖延。↵\n"
        in run("explain", file, "--whole").out.decode()
    )


def test_explain_shows_the_sides_of_a_published_document(run: Runner, built: Path) -> None:
    """From the table, where personal data is masked, in labels too."""
    said = run("explain", "conflict.txt", "--output", built / "output").out.decode()
    assert said.endswith(f"\n{_sides(label='█' * 14, mail='█' * 18)}")


def test_explain_shows_the_conflicts_that_a_rule_decided(run: Runner, built: Path) -> None:
    """And none where another rule is asked for."""
    file = built / "raw" / "conflict.txt"
    assert "1 merge conflict in the raw text\n" in run("explain", file, "--rule", "conflict.lone_marker").out.decode()
    assert "in the raw text" not in run("explain", file, "--rule", "conflict.marker").out.decode()


def test_explain_takes_a_dataset_of_an_older_version(run: Runner, built: Path, tmp_path: Path) -> None:
    """It had no table of conflicts."""
    dataset = shutil.copytree(built / "output" / "dataset", tmp_path / "dataset")
    (dataset / "data" / "conflicts-00000.parquet").unlink()
    said = run("explain", "conflict.txt", "--output", tmp_path)
    assert (0, "") == (said.code, said.err)
    assert "in the raw text" not in said.out.decode()


def test_explain_says_where_it_looked(run: Runner, built: Path) -> None:
    """An id that nobody has, and the beginning of every id."""
    said = run("explain", "ffffffff-none", "--output", built / "output")
    assert 2 == said.code
    assert "0 documents are called 'ffffffff-none'" in said.err


def test_explain_asks_for_more_where_a_beginning_fits_two(run: Runner, tmp_path: Path) -> None:
    """It names what it found."""
    (tmp_path / "dataset" / "data").mkdir(parents=True)
    rows = [{"id": id_, "raw_path": id_, "text": "", "quality_flags": ["x"]} for id_ in ("aa01", "aa02", "ab03")]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "dataset" / "data" / "documents-00000.parquet")
    said = run("explain", "aa", "--output", tmp_path)
    assert 2 == said.code
    assert "2 documents are called 'aa': aa01, aa02" in said.err


def _on_a_terminal(arguments: Sequence[str | Path], **environment: str) -> str:
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *arguments],
        stdout=theirs,
        cwd=ROOT,
        env=plain | {"TERM": "xterm"} | environment,
    )
    os.close(theirs)
    pieces = []
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(ours)
    assert 0 == process.wait()
    return b"".join(pieces).decode()


def test_colours_are_for_terminals_and_can_be_declined(built: Path) -> None:
    """On a terminal what went is red; NO_COLOR and a dumb terminal are heeded."""
    arguments: list[str | Path] = ["explain", built / "raw" / "pseudo.txt"]
    assert "\x1b[31;9m(yè)\x1b[0m" in _on_a_terminal(arguments)
    assert "\x1b" not in _on_a_terminal(arguments, NO_COLOR="1")
    assert "\x1b" not in _on_a_terminal(arguments, TERM="dumb")


def test_a_document_cannot_command_the_terminal(tmp_path: Path) -> None:
    """Escape codes in a raw file are shown, not sent: they could rewrite what stands on the screen."""
    file = tmp_path / "hostile.txt"
    file.write_text(f"\x1b]0;title\x07\x1b[2J{NEWS}\u202e", "utf-8")
    shown = _on_a_terminal(["explain", file], NO_COLOR="1") + _on_a_terminal(["clean", file, "--through", "decode"])
    assert "\\x1b]0;title\\x07\\x1b[2J" in shown
    assert not set("\x1b\x07\u202e") & set(shown)
    piped = _process(["clean", file, "--through", "decode"]).stdout
    assert piped.startswith(b"\x1b]0;title\x07")


def test_a_reader_who_has_enough_is_no_error(tmp_path: Path) -> None:
    """`explain … | head -1` ends quietly."""
    file = tmp_path / "long.txt"
    file.write_text(PSEUDO * 2000, "utf-8")
    command = f"{sys.executable} -m pipeline explain {file} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=True, cwd=ROOT)
    assert b"" == done.stderr
    assert 1 == len(done.stdout.splitlines())


# ------------------------------------------------------------------------------------------------ rebuild
@pytest.mark.parametrize("name", ["news.txt", "personal.txt", "pseudo.txt"])
def test_rebuild_gives_the_raw_bytes(name: str, run: Runner, built: Path) -> None:
    """From the published tables and the redactions beside them."""
    said = run("rebuild", built / "output", _ids(built)[name])
    assert (0, (built / "raw" / name).read_bytes()) == (said.code, said.out)


def test_rebuild_without_the_redactions_says_what_is_withheld(run: Runner, built: Path, tmp_path: Path) -> None:
    """A dataset by itself does not give personal data away; documents without any are exact."""
    dataset = shutil.copytree(built / "output" / "dataset", tmp_path / "dataset")
    said = run("rebuild", dataset, _ids(built)["personal.txt"])
    assert (3, b"") == (said.code, said.out)
    assert f"{len('office@example.org')} characters of personal data are withheld" in said.err
    assert (0, NEWS.encode()) == run("rebuild", dataset, _ids(built)["news.txt"])[:2]


def test_rebuild_of_an_unknown_id_is_bad_input(run: Runner, built: Path) -> None:
    """One line that says where ids are found."""
    said = run("rebuild", built / "output", "0" * 32)
    assert 2 == said.code
    assert "no document" in said.err
    assert 1 == len(said.err.splitlines())


# ------------------------------------------------------------------------------------------------ report
def test_report_of_a_dataset_by_itself_lies_beside_it(run: Runner, built: Path, tmp_path: Path) -> None:
    """The same as the one that the build wrote; or in a folder that is named, with fewer documents."""
    dataset = shutil.copytree(built / "output" / "dataset", tmp_path / "downloaded" / "dataset")
    said = run("report", dataset, "--workers", "2")
    assert 0 == said.code, said.err
    written = {path.name: path.read_bytes() for path in (dataset.parent / "report").rglob("*.*")}
    assert {path.name: path.read_bytes() for path in (built / "output" / "report").rglob("*.*")} == written
    size = sum(map(len, written.values()))
    assert f"{dataset.parent}/report/index.html: 4 documents in {size:,} bytes\n" == said.out.decode()
    said = run("report", built / "output", "--to", tmp_path / "pages", "--documents", "1")
    assert f"{tmp_path}/pages/index.html: 1 document in " in said.out.decode()


def test_report_refuses_what_it_would_spoil(run: Runner, built: Path, tmp_path: Path) -> None:
    """A place in the dataset, whose files are listed, and a folder that holds something else."""
    (tmp_path / "index.html").write_text("mine", "utf-8")
    for folder, problem in (
        (built / "output" / "dataset" / "report", "lies in the dataset"),
        (tmp_path, "holds no report and would be lost"),
    ):
        said = run("report", built / "output", "--to", folder)
        assert (2, b"") == (said.code, said.out)
        assert problem in said.err
    assert "mine" == (tmp_path / "index.html").read_text("utf-8")
