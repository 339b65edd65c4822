"""Zhengwen beside what else cleans Chinese text: whole processes on the same documents, on the same cores.

    python benchmarks/environments.py DIR/environments
    python benchmarks/beside_peers.py CORPUS --output DIR [--page docs/benchmarks.md]

Each candidate is a process of its own, with its imports, and writes what it makes. In every round each of them runs
once, in turn; of the rounds' figures, and of the ratios within a round, the median is shown. A peer whose environment
is not there is left out, and that is said. docs/benchmarks.md says what each of them does and does not do.

`CORPUS` is a folder of documents (or a tar archive of one), if need be with a manifest of their codecs: see corpus.py.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import environments
import measuring
import stages
from corpus import write_corpus
from measuring import Spent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus import Made

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BEGIN, END = "<!-- made by `make benchmarks` -->", "<!-- end of what is made -->"
ROUNDS, TIMES = 3, 8
LARGE_ROUNDS = 3

SHOWN = {
    "floor": "floor",
    "naive": "naive pipeline",
    "clean": "zhengwen, `clean`",
    "clean_and_read": "zhengwen, `clean` and metadata",
    "build": "zhengwen, `build`",
    "datatrove": "datatrove",
    "data-juicer": "data-juicer",
}
OURS = ("clean", "clean_and_read", "build")
DISTURBED = 1.25
"""From so many seconds for a processor second on, the clock says little; reading and writing files take some."""

AIMS = {"datatrove": 2, "data-juicer": 5}
"""How many times as many documents a second as a peer `clean` and `build` shall do, on the larger corpus."""
OFFLINE = {"UV_OFFLINE": "1", "UV_NO_CACHE": "1", "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
"""data-juicer installs what it misses when it runs; these keep it from that."""


UNKNOWN = "–"
"""The ratio of two that no round has both of."""


class Setting(NamedTuple):
    """How often the corpus is taken, and how many cores there are."""

    times: int
    cores: int


class Run(NamedTuple):
    """One process that was measured."""

    round: int
    setting: Setting
    candidate: str
    spent: Spent


def main() -> int:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="a folder of documents, or a tar archive of one")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="for copies, logs and what is made")
    parser.add_argument(
        "--environments", type=Path, metavar="DIR", help="the peers' (default: environments in --output)"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--large-rounds", type=int, default=LARGE_ROUNDS, help="of the large corpus, a few minutes each"
    )
    parser.add_argument("--add", action="store_true", help="keep the rounds of before, which stand in DIR/runs.jsonl")
    parser.add_argument("--times", type=int, default=TIMES, help="how often the large corpus has the documents")
    parser.add_argument("--page", type=Path, help="a page whose tables are made anew")
    arguments = parser.parse_args()
    folder = arguments.output.resolve()
    there = (arguments.environments or folder / "environments").resolve()
    peers = [name for name in environments.NAMES if environments.is_ready(there, name)]
    for name in sorted({*environments.NAMES} - {*peers}):
        print(f"{name} is left out: `python benchmarks/environments.py {there}` makes it", file=sys.stderr)
    bench = _Bench(folder, there, has_workers=_has_workers())
    made = {times: bench.write(arguments.corpus, times) for times in (1, arguments.times)}
    plan = _plan(peers, arguments.times, has_workers=bench.has_workers)
    if not arguments.add:
        bench.recorded.unlink(missing_ok=True)
    bench.measure([one for one in plan if one[0].times == 1], arguments.rounds)
    bench.measure([one for one in plan if one[0].times > 1], arguments.large_rounds)
    runs = [run for run in bench.runs() if run.setting.times in made]
    lines = "\n".join(_page(bench, made, runs, peers=peers, plan=plan))
    print(lines)
    if arguments.page:
        arguments.page.write_text(page_with(lines, arguments.page.read_text("utf-8")), "utf-8")
    return 0


def page_with(lines: str, page: str) -> str:
    """The page with what is made in the place of what was."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{lines}\n{END}{rest.partition(END)[2]}"


def _plan(peers: Sequence[str], times: int, *, has_workers: bool) -> list[tuple[Setting, str]]:
    """What is measured: on one core all, on many documents not the slowest, on two cores those with workers."""
    return [
        *((Setting(1, 1), name) for name in ("floor", "naive", *OURS, *peers)),
        *((Setting(times, 1), name) for name in ("floor", "clean", "build", *peers)),
        *((Setting(times, 2), name) for name in ("build", *peers) if has_workers and _cores() > 1),
    ]


class _Bench:
    """The folder in which things are measured."""

    def __init__(self, folder: Path, there: Path, *, has_workers: bool) -> None:
        self.folder, self.there, self.has_workers = folder, there, has_workers
        (folder / "logs").mkdir(parents=True, exist_ok=True)

    def write(self, corpus: Path, times: int) -> Made:
        """Write the corpus so many times over."""
        into = self.corpus(times)
        shutil.rmtree(into, ignore_errors=True)
        return write_corpus(corpus, into, times=times)

    def corpus(self, times: int) -> Path:
        """Where the corpus stands."""
        return self.folder / f"corpus-{times}"

    @property
    def recorded(self) -> Path:
        """Every process that was measured, on a line of its own."""
        return self.folder / "runs.jsonl"

    def runs(self) -> list[Run]:
        """Everything that was measured."""
        lines = self.recorded.read_text("utf-8").splitlines() if self.recorded.exists() else []
        rows = map(json.loads, lines)
        return [Run(number, Setting(*setting), name, Spent(*spent)) for number, setting, name, spent in rows]

    def measure(self, plan: Sequence[tuple[Setting, str]], rounds: int) -> None:
        """Run everything once a round, and record it."""
        settings = {setting for setting, _ in plan}
        first = 1 + max((run.round for run in self.runs() if run.setting in settings), default=-1)
        for number in range(first, first + rounds):
            for setting, name in plan:
                run = Run(number, setting, name, self.spent(name, setting))
                with self.recorded.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(run) + "\n")
                print(f"round {number + 1}, {name}: {setting}, {run.spent}", file=sys.stderr)

    def spent(self, name: str, setting: Setting) -> Spent:
        """Run one candidate."""
        output = self.folder / "made"
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir()
        environ = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "PYTHON", "UV_"))}
        # What a peer keeps for its next run is made anew each time, as ours is.
        environ |= OFFLINE | {"HF_HOME": str(output / "cache"), "DATA_JUICER_CACHE_HOME": str(output / "cache")}
        if name not in environments.NAMES:
            environ["PYTHONPATH"] = str(ROOT)
        log = self.folder / "logs" / f"{name}-{setting.times}-{setting.cores}.txt"
        spent = measuring.spent(self.command(name, setting, output), cores=setting.cores, log=log, environ=environ)
        shutil.rmtree(output)
        return spent

    def command(self, name: str, setting: Setting, output: Path) -> list[str | Path]:
        """What is run."""
        corpus = self.corpus(setting.times)
        if name == "build":
            workers = ["--workers", str(setting.cores)] if self.has_workers else []
            return [sys.executable, "-m", "pipeline", "build", "--raw", corpus / "raw", "--output", output, *workers]
        if name == "data-juicer":
            places: list[str | Path] = [
                "--dataset_path",
                corpus / "decoded",
                "--export_path",
                output / "documents.jsonl",
            ]
            recipe: list[str | Path] = ["--config", environments.PEERS / "data-juicer.yaml", "--np", str(setting.cores)]
            return [environments.program(self.there, name, "dj-process"), *recipe, *places]
        python = environments.program(self.there, name) if name in environments.NAMES else sys.executable
        return [python, HERE / "candidates.py", name, corpus, output, str(setting.cores)]


# ------------------------------------------------------------------------------------------------ what is shown
def _page(
    bench: _Bench,
    made: dict[int, Made],
    runs: Sequence[Run],
    *,
    peers: Sequence[str],
    plan: Sequence[tuple[Setting, str]],
) -> Iterator[str]:
    versions = ", ".join(f"{name} {environments.version(name)}" for name in peers)
    yield from (
        f"Measured on {dt.datetime.now(dt.UTC).date()}: {_machine()}.",
        f"Versions: zhengwen {_zhengwen()}; {versions or 'no peer was there'}.",
        f"Documents: {made[1].documents:,}, {made[1].bytes / 1e6:.1f} MB as crawled.",
        f"The codecs that the floor needs are from {made[1].codecs_from}.",
        _disturbance(runs),
        "",
    )
    for setting in dict.fromkeys(run.setting for run in runs):
        there = [run for run in runs if run.setting == setting]
        rounds = min(Counter(run.candidate for run in there).values())
        yield f"### {_counted(made[setting.times].documents, setting.cores, rounds)}"
        yield from ("", *_costs(there, made[setting.times]), "", *_ratios(there), "")
        missing = [SHOWN[name] for one, name in plan if one == setting and name not in {run.candidate for run in there}]
        if missing:
            yield from (f"Not measured: {', '.join(missing)}.", "")
    yield from _aims([run for run in runs if run.setting.times > 1])
    yield from ("### The stages, one core, without imports", "")
    command = [sys.executable, str(HERE / "stages.py"), str(bench.corpus(1) / "raw"), "--json"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    seconds = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environ).stdout)
    yield from stages.table(seconds, documents=made[1].documents, size=made[1].bytes)


def _disturbance(runs: Sequence[Run]) -> str:
    """How long processes waited for their core: those that keep to one have as many seconds as processor seconds."""
    waited = statistics.median(run.spent.wall_seconds / run.spent.cpu_seconds for run in runs if run.setting.cores == 1)
    if waited < DISTURBED:
        return "The machine was quiet."
    return (
        f"Others used the machine: a process took {waited:.1f} times as long as it had the processor. "
        "Read the figures by the processor; those by the clock say little."
    )


def _counted(documents: int, cores: int, rounds: int) -> str:
    where = "one core" if cores == 1 else f"{cores} cores"
    return f"{documents:,} documents, {where}, {rounds} {'round' if rounds == 1 else 'rounds'}"


def _costs(runs: Sequence[Run], made: Made) -> Iterator[str]:
    yield "| | documents/s | MB/s | seconds | processor seconds | documents a processor second | largest process, MiB |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name in dict.fromkeys(run.candidate for run in runs):
        found = [run.spent for run in runs if run.candidate == name]
        wall, cpu, peak = (statistics.median(figures) for figures in zip(*found, strict=True))
        yield (
            f"| {SHOWN[name]} | {made.documents / wall:,.0f} | {made.bytes / 1e6 / wall:.2f} | {wall:.1f} | "
            f"{cpu:.1f} | {made.documents / cpu:,.0f} | {peak:,.0f} |"
        )


def _ratios(runs: Sequence[Run]) -> Iterator[str]:
    """How many times as many documents a second, in the same round: by the clock, and by the processor."""
    names = list(dict.fromkeys(run.candidate for run in runs))
    ours, others = [name for name in names if name in OURS], [name for name in names if name not in OURS]
    if not ours or not others:
        return
    yield (
        "| times as many documents, by the clock (by the processor) | "
        + " | ".join(SHOWN[name] for name in others)
        + " |"
    )
    yield "|---" + "|---:" * len(others) + "|"
    for name in ours:
        yield f"| {SHOWN[name]} | " + " | ".join(ratio(runs, name, other) for other in others) + " |"


def _aims(runs: Sequence[Run]) -> Iterator[str]:
    """Whether the aims are reached: by the clock and by the processor."""
    yield from ("### Aims", "", "| | cores | aim | seen, by the clock (by the processor) | |", "|---|---|---|---|---|")
    for setting in dict.fromkeys(run.setting for run in runs):
        there = [run for run in runs if run.setting == setting]
        names = {run.candidate for run in there}
        for ours in (name for name in ("clean", "build") if name in names):
            for peer in (name for name in AIMS if name in names):
                seen = ratio(there, ours, peer)
                if seen == UNKNOWN:
                    continue
                both = [float(figure.strip("()")) for figure in seen.split()]
                reached = "reached" if min(both) >= AIMS[peer] else "missed"
                yield f"| {SHOWN[ours]} | {setting.cores} | {AIMS[peer]} × {peer} | {seen} | {reached} |"
    yield ""


def ratio(runs: Iterable[Run], ours: str, other: str) -> str:
    """How many times as many documents one has done a second: by the clock and, in parentheses, by the processor."""
    by_round = {(run.round, run.candidate): run.spent for run in runs}
    both = [number for number, name in by_round if name == ours and (number, other) in by_round]
    if not both:
        return UNKNOWN
    wall, cpu = (
        statistics.median(by_round[number, other][at] / by_round[number, ours][at] for number in both) for at in (0, 1)
    )
    return f"{wall:.2f} ({cpu:.2f})"


def _zhengwen() -> str:
    from pipeline import __version__

    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(git, check=False, capture_output=True, text=True) if shutil.which("git") else None
    commit = done.stdout.strip() if done else ""
    return f"{__version__} ({commit})" if commit else __version__


def _machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.is_file() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{platform.system()}, {model or platform.machine()}, {_cores()} cores, Python {platform.python_version()}"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _has_workers() -> bool:
    """Whether `build` can be told how many workers there are."""
    command = [sys.executable, "-m", "pipeline", "build", "--help"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    return "--workers" in subprocess.run(command, check=True, capture_output=True, text=True, env=environ).stdout


if __name__ == "__main__":
    sys.exit(main())
