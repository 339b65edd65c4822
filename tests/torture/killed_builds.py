"""Builds that are killed at random moments, and other commands on what they left, and what has to hold after each.

Here belongs how a command is run, killed and looked at. The documents are few and tiny, and are cleaned by other
processes all the same, in batches of a few. There are two collections, whose builds that nobody disturbs are known
byte for byte; a folder of raw documents becomes one and the other in turn.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attempts import Attempts

from pipeline import columns
from pipeline.checksums import digest, verify_checksums
from pipeline.command_line.ending import UNTOUCHED
from pipeline.ledger import judge_documents
from pipeline.options import Thresholds
from pipeline.publish import publish
from pipeline.sources.files import find_inputs
from pipeline.stages import write_stages
from pipeline.staging import stage_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]

LANES = 2
"""So many builds are killed at once, each in a folder of its own."""

SECONDS_TO_END = 30
"""So long the processes of a build may live on when the first of them has been killed."""

_BUILD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from pipeline import stages, staging
staging.FEW_DOCUMENTS = 0
stages.in_batches.__kwdefaults__["documents"] = 2
from pipeline.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
"""A build as the command line has it, but that no document is too few for another process.

Who is started in the background may have been told to ignore Ctrl-C."""

_NEWS = (
    "标题：{town}算力中心开工\n发布时间：2023-0{number}-30 09:25\n来源：{town}日报\n"
    "{number}月30日，{town}算力中心在新区开工。中心建成后可服务两百家企业，为中小企业提供普惠算力。\n"
    "市政府表示，将按季度公布进展，重大事项随时报告，联系邮箱 office{number}@example.org。\n（责任编辑：张三）\n"
)


def collection(name: str) -> dict[str, bytes]:
    """One of two collections, by name: `a` or `b`; some files are the same in both, some in one only."""
    towns = ("海城", "江城", "山城", "云城") if name == "a" else ("海城", "江城", "石城", "林城", "泉城")
    files = {f"{n}.txt": _NEWS.format(town=town, number=n).encode() for n, town in enumerate(towns, start=1)}
    encoding = "gb18030" if name == "a" else "big5"
    files["encoded.txt"] = "數據開放，產業園區建設穩步推進，聯盟不斷擴大，企業收入增長。\n".encode(encoding)
    return files | {"empty.txt": b"", "binary.bin": bytes(range(256)) * (1 + (name == "b"))}


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Have these files in a folder and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


class Known(NamedTuple):
    """What a build that nobody disturbed has left: every file, with digests those that have to be the same again.

    `dataset` has its files by their paths in it, `others` those beside it, but for :data:`NOT_COMPARED`.
    """

    files: frozenset[str]
    dataset: Mapping[str, str]
    others: Mapping[str, str]
    seconds: float


NOT_COMPARED = ("stages/checked/",)
"""Files beside the dataset of which only the names are compared: what each check found is kept with the day on which it
ran, and of the dataset before as well. A check that takes up what is damaged there would show in the Data Docs.

All others have to have the same bytes, be they of the report, the Data Docs, `private/` or the tables of the stages."""

_A_DAY = re.compile(rb">20\d{6}\.0<")
"""On pages of the Data Docs: the day before which every date has to lie, which is the day of the build."""


class Build:
    """A build that runs in processes of its own, or another command on its output."""

    def __init__(self, raw: Path, output: Path, command: Sequence[str] = ()) -> None:
        temporary = output.with_name(f"{output.name}-tmp")
        temporary.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
        arguments = command or ["build", "--raw", str(raw), "--output", str(output), "--workers", "2"]
        self.started = time.monotonic()
        self.said = output.with_name(f"{output.name}.said")
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _BUILD, *arguments],
                env=environment,
                stdout=said,
                stderr=said,
                cwd=output.parent,
                start_new_session=True,
            )

    def ended(self) -> int:
        """Wait for its end: the exit code."""
        return self.process.wait()

    def kill(self, how: str, chance: random.Random) -> bool:
        """Kill all of it, its first process only, or a worker; False where there was nothing left to be killed."""
        if self.process.poll() is not None:
            return False
        if how == "a worker":
            while not (workers := self.workers()) and self.process.poll() is None:
                time.sleep(0.005)
            with contextlib.suppress(ProcessLookupError, IndexError):
                os.kill(chance.choice(workers), signal.SIGKILL)
                return True
            return False
        if how == "the group":
            os.killpg(self.process.pid, signal.SIGKILL)
        elif how == "Ctrl-C":
            os.killpg(self.process.pid, signal.SIGINT)
        else:
            os.kill(self.process.pid, {"the first": signal.SIGKILL, "SIGTERM": signal.SIGTERM}[how])
        return True

    def workers(self) -> list[int]:
        """Its processes that do batches: those that the server of forks has made."""
        family = {pid: parent for pid, parent in _processes() if os.getsid(pid) == self.process.pid}
        return sorted(pid for pid, parent in family.items() if parent in family and parent != self.process.pid)

    def is_gone(self) -> bool:
        """Whether none of its processes is left, after a while."""
        end = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < end:
            if not any(_session(pid) == self.process.pid for pid, _ in _processes()):
                return True
            time.sleep(0.02)
        os.killpg(self.process.pid, signal.SIGKILL)
        return False


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def _processes() -> Iterator[tuple[int, int]]:
    """The processes that are alive, each with its parent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent, *_ = stat.read_text().rpartition(")")[2].split()
            if state != "Z" and _session(int(stat.parent.name)):
                yield int(stat.parent.name), int(parent)


def undisturbed(name: str, folder: Path) -> Known:
    """What a build of a collection leaves in a folder of its own.

    Raises RuntimeError where it does not publish.
    """
    output = folder / f"known-{name}"
    raw = put(folder / f"known-{name}-raw", collection(name))
    build = Build(raw, output)
    if build.ended() != 0:
        message = f"a build that nobody disturbed failed: {build.said.read_text('utf-8', 'replace')}"
        raise RuntimeError(message)
    return known(output, time.monotonic() - build.started)


def known(output: Path, seconds: float = 0.0) -> Known:
    """What lies in an output folder now, beside it what was left in the folder for temporary files."""
    # Of the processes of a killed build, the socket through which they were started may stay where the system has such.
    temporary = (name for name in _files(output.with_name(f"{output.name}-tmp")) if not name.startswith("pymp-"))
    files = frozenset(_files(output)) | {f"tmp/{name}" for name in temporary}
    apart = ("dataset/", "tmp/", *NOT_COMPARED)
    others = {name: _digest(output / name) for name in files if not name.startswith(apart) and name[-1] != "/"}
    return Known(files, digests(output / "dataset"), others, seconds)


def _digest(file: Path) -> str:
    """The SHA-256 of a file, whatever day it was written on."""
    content = file.read_bytes()
    return hashlib.sha256(_A_DAY.sub(b"><", content) if file.suffix == ".html" else content).hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder with its SHA-256."""
    return {name: digest(folder / name) for name in _files(folder) if not name.endswith("/")}


def _files(folder: Path) -> list[str]:
    """Every file below a folder, and every folder that is empty, with a slash."""
    paths = (path for path in folder.rglob("*") if not path.is_dir() or not any(path.iterdir()))
    return sorted(path.relative_to(folder).as_posix() + "/" * path.is_dir() for path in paths)


class Command(NamedTuple):
    """A command on what a build has left: what is typed, the dataset that is published when it is through, how long."""

    name: str
    typed: tuple[str, ...]
    dataset: Mapping[str, str]
    seconds: float

    def arguments(self, output: Path) -> list[str]:
        """What is typed, for an output folder."""
        return [self.name, *(str(output) if word == "OUTPUT" else word for word in self.typed)]


_COMMANDS = (
    # Another limit than the build has: then another dataset is published.
    ("judge", ("--output", "OUTPUT", "--minimum-han", "50")),
    ("report", ("OUTPUT",)),
    ("validate", ("OUTPUT",)),
)
_KILLS_A_COMMAND = 4
_HOW_A_COMMAND = ("the group", "the first", "SIGTERM", "Ctrl-C")


def commands(scratch: Path) -> list[Command]:
    """The commands, each run once on a copy of the output of a build, by which is known what it leaves.

    Raises RuntimeError where one fails.
    """
    found = []
    for name, typed in _COMMANDS:
        output = scratch / f"known-{name}"
        shutil.copytree(scratch / "known-a", output)
        command = Command(name, typed, {}, 0.0)
        run = Build(scratch / "known-a-raw", output, command.arguments(output))
        if run.ended() != 0:
            message = f"{name}, which nobody disturbed, failed: {run.said.read_text('utf-8', 'replace')}"
            raise RuntimeError(message)
        found.append(Command(name, typed, digests(output / "dataset"), time.monotonic() - run.started))
    return found


PUBLISHED = "stopped after the dataset was published"
"""What a command says that is stopped when its dataset is published, and not yet all that is made of it."""


class Lane:
    """A folder in which build after build is killed."""

    def __init__(self, folder: Path, wanted: Mapping[str, Known], seed: int) -> None:
        self.folder, self.wanted, self.chance = folder, wanted, random.Random(seed)  # noqa: S311  chance that can be repeated, and no secret
        self.output = folder / "output"
        self.problems: list[str] = []
        self.lost = 0
        self.is_published = False

    def start(self, name: str) -> Build:
        """Begin a build of a collection."""
        return Build(put(self.folder / "raw", collection(name)), self.output)

    def killed(self, name: str, how: str, share: float) -> bool:
        """Kill a build once it has run for a share of the time that it takes, and look; whether it could be killed."""
        where = f"{how} killed at {share:.2f} of a build of {name}"
        before = self.published()
        build = self.start(name)
        if not self._kill(build, how, share * self.wanted[name].seconds, where):
            return False
        self._look(where, [name] if how == "a worker" else [*self.wanted])
        self.listen(where, build, before, self.wanted[name].dataset)
        return True

    def killed_at(self, command: Command, how: str, share: float) -> bool:
        """Kill a command on what a build has left; it has published what it makes, or nothing has changed."""
        where = f"{command.name}: {how} killed at {share:.2f}"
        before = self.published()
        run = Build(self.folder / "raw", self.output, command.arguments(self.output))
        if not self._kill(run, how, share * command.seconds, where):
            return False
        self._look(where, [], also=[before, command.dataset])
        self.listen(where, run, before, command.dataset)
        return True

    def _kill(self, build: Build, how: str, seconds: float, where: str) -> bool:
        """Kill a command after so many seconds; whether it could be killed."""
        time.sleep(max(0.0, seconds - (time.monotonic() - build.started)))
        if not build.kill(how, self.chance):
            build.ended()
            return False
        code = build.ended()
        # By Ctrl-C before there is a command, Python ends with the signal.
        allowed = {"a worker": (0,), "SIGTERM": (-15, 143, 0), "Ctrl-C": (-2, 130, 0)}.get(how, (-9,))
        if code not in allowed:
            self.problems.append(f"{where}: exit code {code}: {build.said.read_text('utf-8', 'replace')[-500:]}")
        if not build.is_gone():
            self.problems.append(f"{where}: processes live on")
        return True

    def published(self) -> Mapping[str, str]:
        """The files of the published dataset, with their digests."""
        return digests(self.output / "dataset")

    def listen(self, where: str, build: Build, before: Mapping[str, str], made: Mapping[str, str]) -> None:
        """What was said of the dataset is so."""
        said, now = build.said.read_text("utf-8", "replace"), self.published()
        for words, wanted in ((UNTOUCHED, before), (PUBLISHED, made)):
            if words in said and now != wanted:
                self.problems.append(f"{where}: it said {words!r}, and that is not what lies there")

    def finished(self, name: str) -> None:
        """A build that nobody disturbs, after all that was: it leaves what one in an empty folder leaves."""
        build = self.start(name)
        where = f"the next build of {name}"
        if code := build.ended():
            self.problems.append(f"{where}: exit code {code}: {build.said.read_text('utf-8', 'replace')[-500:]}")
            return
        self._look(where, [name])
        found, wanted = known(self.output), self.wanted[name]
        for what, names in (("left over", found.files - wanted.files), ("missing", wanted.files - found.files)):
            if names:
                self.problems.append(f"{where}: {what}: {sorted(names)[:5]}")
        if changed := sorted(file for file, sha256 in wanted.others.items() if found.others.get(file) != sha256):
            self.problems.append(f"{where}: other bytes: {changed[:5]}")

    def _look(self, where: str, allowed: list[str], *, also: Sequence[Mapping[str, str]] = ()) -> None:
        """The published dataset is whole, and one of those that are known, or another one that it may be."""
        dataset = self.output / "dataset"
        if not dataset.exists() and len(allowed) > 1:
            if self.is_published:
                self._lose(f"{where}: the dataset is gone")
            return
        self.is_published = True
        if problems := verify_checksums(dataset):
            self._lose(f"{where}: {problems[:3]}")
        elif self.published() not in [*(self.wanted[name].dataset for name in allowed), *also]:
            self._lose(f"{where}: a dataset that no undisturbed build has made")

    def _lose(self, what: str) -> None:
        self.lost += 1
        self.problems.append(what)


KINDS = ("the group", "the first", "a worker", "SIGTERM", "Ctrl-C")


def undisturbed_ones(scratch: Path, *, long: bool) -> dict[str, Known]:
    """What builds of the collections leave that nobody disturbs, by name; their outputs stay at `known-<name>`.

    In the short form, one of them is not built but made step by step: of it, the dataset is known.
    """
    with ThreadPoolExecutor(LANES) as pool:
        if long:
            return dict(zip("ab", pool.map(lambda name: undisturbed(name, scratch), "ab"), strict=True))
        building = pool.submit(undisturbed, "a", scratch)
        dataset = steps(put(scratch / "steps-b", collection("b")), scratch / "expected")
        built = building.result()
    return {"a": built, "b": Known(frozenset(), dataset, {}, built.seconds)}


def steps(raw: Path, output: Path) -> dict[str, str]:
    """From raw documents to a published dataset, without its checks; the files of the dataset with their digests."""
    write_stages(find_inputs(raw), output, assets=tuple(columns.STAGE_TABLES))
    judge_documents(output, thresholds=Thresholds())
    return digests(publish(stage_dataset(output).path, output))


def attempts(wanted: Mapping[str, Known], scratch: Path, *, long: bool, seed: int) -> Iterator[Attempts]:
    """Kill builds, in two folders at once, and say how many left everything as it is promised."""
    lanes = [Lane(scratch / f"lane-{number}", wanted, LANES * seed + number) for number in range(LANES)]
    if long:
        every = commands(scratch)
        plans = [_Plan(50, 4, "ab", every)] * LANES
    else:
        plans = [_Plan(1, 1, "ba"), _Plan(2, 0, "ba")]
        for lane in lanes:
            shutil.copytree(scratch / "known-a", lane.output)
            lane.is_published = True
    with ThreadPoolExecutor(LANES) as pool:
        counts = list(pool.map(_through, lanes, plans))
    for lane in lanes:
        for problem in lane.problems:
            sys.stderr.write(f"{problem}\n")
    lost = sum(lane.lost for lane in lanes)
    for kind in KINDS:
        tried = sum(count.get(kind, 0) for count in counts)
        here = sum(problem.startswith(kind) for lane in lanes for problem in lane.problems)
        if tried:
            yield Attempts(f"builds killed: {kind}", tried, tried - min(tried, here))
    for command, _ in _COMMANDS:
        tried = sum(count.get(command, 0) for count in counts)
        here = sum(problem.startswith(f"{command}:") for lane in lanes for problem in lane.problems)
        if tried:
            yield Attempts(f"commands killed: {command}", tried, tried - min(tried, here))
    finished = sum(count["finished"] for count in counts)
    later = sum(problem.startswith("the next") for lane in lanes for problem in lane.problems)
    slowest = f"a build: {max(known.seconds for known in wanted.values()):.1f} s"
    yield Attempts("builds after killed ones", finished, finished - min(finished, later), lost, slowest=slowest)


class _Plan(NamedTuple):
    """So many builds to kill, after how many of them one finishes (0: never), and of what they are, in turn.

    Then the `commands` are killed, a few times each, and a build finishes after each of them.
    """

    kills: int
    finish_after: int
    names: str
    commands: Sequence[Command] = ()


def _through(lane: Lane, plan: _Plan) -> dict[str, int]:
    """Kill builds in one folder, and let some finish; how often in which way."""
    counts = dict.fromkeys((*KINDS, "finished"), 0)
    done = turn = missed = 0
    while done < plan.kills:
        # The moments are spread: each part of a build has its turn.
        parts = min(10, plan.kills)
        share = (done % parts + lane.chance.random()) / parts / (1 + missed)
        how = lane.chance.choices(KINDS, (4, 2, 2, 1, 1))[0]
        # One that was over before it could be killed was published: the next is of the others, and killed sooner.
        turn += 1
        if not lane.killed(plan.names[(turn - 1) % 2], how, share):
            missed += 1
            continue
        missed = 0
        counts[how] += 1
        done += 1
        if plan.finish_after and done % plan.finish_after == 0:
            lane.finished(plan.names[done // plan.finish_after % 2])
            counts["finished"] += 1
    for command in plan.commands:
        for number in range(_KILLS_A_COMMAND):
            # What a former one has published is built again: each finds what it was measured on.
            lane.finished("a")
            counts["finished"] += 1
            share = (number + lane.chance.random()) / _KILLS_A_COMMAND
            if lane.killed_at(command, lane.chance.choice(_HOW_A_COMMAND), share):
                counts[command.name] = counts.get(command.name, 0) + 1
    if plan.commands:
        lane.finished("b")
        counts["finished"] += 1
    return counts
