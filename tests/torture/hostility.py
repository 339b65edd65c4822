"""Hostile content: text that wants to run, archives that want to burst, personal data that wants out.

Here belongs what is asked of each kind. The hostile things are made in the files beside this one: `hostile_documents`,
`hostile_containers`, `hostile_texts`, `canaries`; what hears that a text ran is :mod:`watching`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from attempts import Attempts
from browser import ROOT, Browser
from canaries import Canaries, leaks, write_canaries
from containers import found_in
from hostile_containers import containers
from hostile_documents import Hiding, write_about, write_documents
from hostile_texts import texts
from opening import Opened, open_dagster, open_output, open_page
from watching import Beacon, Payload, Watched, control, payloads

from pipeline import clean, columns, rebuild
from pipeline.__main__ import main
from pipeline.report import write_report
from pipeline.visible import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PUBLIC = ("dataset", "report", "data_docs")
"""What of an output folder may be given away: `private` and `stages` hold what was found."""

_ASSETS = ("raw_documents", *columns.STAGE_TABLES, "judged_documents", "staged_dataset", "published_dataset", "report")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m|\r\x1b\[K")
_A_FEW_FORMS = ("mobile", "mobile, full-width", "identity", "address")
_SECONDS, _SECONDS_LONG = 20.0, 120.0
"""What one container or one text may take at most, whatever stands in it."""


class Made(NamedTuple):
    """What a build has made of hostile documents, and everything that it and later commands have said."""

    raw: Path
    output: Path
    hiding: Hiding
    canaries: Canaries
    said: Path
    connections: Path


def attempts(*, long: bool, scratch: Path, seed: int) -> Iterator[Attempts]:
    """Try to break it by what documents hold."""
    del seed  # nothing here is left to chance
    here = scratch / "hostility"
    here.mkdir()
    with Beacon().listening() as beacon:
        made = _made(here, beacon.address, long=long)
        yield _connections("build and validate" if long else "build", made.connections, commands=1 + long)
        yield _personal_data(made)
        yield _escape_codes(made, every=long)
        yield _formulas(made)
        browser = Browser(here / "profile", pictures=here / "pictures")
        try:
            watched = Watched(browser, beacon)
            yield _control(watched, every=long)
            yield _pages(made, watched, long=long)
            yield _pages_about_a_forged_dataset(made, watched, here, long=long)
            if long:
                yield from _dagster(made, watched, here)
        finally:
            browser.driver.quit()
    yield _containers(here, long=long)
    yield _texts(here, long=long)


# ------------------------------------------------------------------------------------------------ one build
def _made(here: Path, address: str, *, long: bool) -> Made:
    """Hostile documents and canaries, built as a user builds, where no connection may be made."""
    raw, output, said, connections = here / "raw", here / "output", here / "said", here / "connections"
    hiding = write_documents(raw, address, every=long)
    about = here / "about.yaml"
    write_about(about, hiding)
    canaries = Canaries()
    write_canaries(raw / "canaries", canaries, **({} if long else {"forms": _A_FEW_FORMS}))
    built = _run(["build", "--raw", raw, "--output", output, "--verbose"], connections, ZHENGWEN_ABOUT=about)
    validated = _run(["validate", output, "--all"], connections) if long else b""
    said.write_bytes(built + validated)
    return Made(raw, output, hiding, canaries, said, connections)


def _run(arguments: Sequence[object], connections: Path, **environment: object) -> bytes:
    """A command, in a process that may make no connection; what it said."""
    with _forbidding(connections):
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *map(str, arguments)],
            cwd=connections.parent,
            env=os.environ | {name: str(value) for name, value in environment.items()},
            capture_output=True,
            check=False,
        )
    if done.returncode:
        sys.stderr.write(done.stderr.decode("utf-8", "replace")[-2_000:])
        message = f"pipeline {arguments[0]} ended with {done.returncode}"
        raise RuntimeError(message)
    return bytes(done.stdout + done.stderr)


# ------------------------------------------------------------------------------------------------ what came of it
def _connections(kind: str, connections: Path, *, commands: int) -> Attempts:
    """Telemetry of no dependency: the commands tried to reach nobody; what tries is heard."""
    said = connections.read_text("utf-8").splitlines() if connections.exists() else []
    trying = connections.with_name("trying")
    trying.unlink(missing_ok=True)
    with _forbidding(trying):
        for code in _TRYING:
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    heard = len(trying.read_text("utf-8").splitlines()) if trying.exists() else 0
    if heard < len(_TRYING):
        said.append(f"only {heard} of {len(_TRYING)} attempts were heard")
    _tell(said)
    return Attempts(f"connections to other machines, by {kind}", commands, commands if not said else 0, len(said))


_TRYING = (
    "import urllib.request as u; u.urlopen('http://telemetry.example/', timeout=1)",
    "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)",
)
"""Programs that try to reach another machine, by its name and by its number."""


@contextlib.contextmanager
def _forbidding(connections: Path) -> Iterator[None]:
    """Processes that are started here may make no connection; what they try is written down in a file."""
    paths = os.pathsep.join(map(str, (Path(__file__).with_name("forbidding"), ROOT)))
    before = dict(os.environ)
    os.environ |= {"PYTHONPATH": paths, "ZHENGWEN_CONNECTIONS": str(connections)}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _public(output: Path) -> list[Path]:
    return [
        path
        for name in PUBLIC
        for path in sorted((output / name).rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]


def _personal_data(made: Made, *, also: Sequence[Path] = ()) -> Attempts:
    """No canary in what may be given away, nor in what was said; and they are found where they may be."""
    files = [*_public(made.output), made.said, *also]
    found = leaks(made.canaries, files, made.output.parent)
    stages = [path for path in (made.output / "stages").rglob("*") if path.is_file()]
    there = {canary for _, _, canary in leaks(made.canaries, stages, made.output.parent)}
    canaries = len(made.canaries.all)
    _tell(f"{file}, {what}: {canary}" for file, what, canary in found)
    if len(there) < canaries * 0.95:
        _tell([f"the search finds {len(there)} of {canaries} canaries where they are as they were found"])
        return Attempts("canaries", canaries, len(there))
    lost = len({canary for _, _, canary in found})
    return Attempts(f"personal data, sought in {len(files)} files", canaries, canaries - lost)


def _formulas(made: Made) -> Attempts:
    """No file of a dataset is one that a spreadsheet opens and works out."""
    files = _public(made.output)
    tables = [
        path
        for path in files
        if path.suffix.lower() in {".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods", ".slk", ".dif"}
    ]
    worked_out = [path for path in files if path.suffix != ".parquet" and b"1787569" in path.read_bytes()]
    _tell(map(str, (*tables, *worked_out)))
    return Attempts(
        "formulas and templates, worked out by nobody", len(files), len(files) - len(tables) - len(worked_out)
    )


class _Terminal(io.TextIOWrapper):
    """A stream that says that it is a terminal."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        super().__init__(self._bytes, encoding="utf-8", write_through=True)

    def written(self) -> str:
        """Everything that came."""
        return self._bytes.getvalue().decode("utf-8", "replace")

    def isatty(self) -> bool:
        return True


def _on_a_terminal(arguments: list[str]) -> str:
    """What a command writes to a terminal."""
    out, errors = _Terminal(), _Terminal()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        main(arguments)
    return out.written() + errors.written()


def _escape_codes(made: Made, *, every: bool) -> Attempts:
    """Whatever a document or its name holds, a terminal is only told of it; and of a published one nothing personal."""
    codes = "甲\x1b[2J\x1b]8;;http://evil.example\x07链\x1b]8;;\x07\x1b]52;c;cm0=\x07\x1bP+q\x1b\\\x9b31m\x9d0;t\x9c\u202e乙\x08\x7f\r丙"
    names = [made.raw.parent / f"{codes.replace('/', '')}.txt", made.raw.parent / "b.txt"]
    for name in names:
        name.write_text(
            f"标题：{codes}\n来源：{codes}\n\n各区人民政府要抓好落实。{codes}\n<<<<<<< {codes}\n甲说{codes}\n=======\n"
            f"乙说。{codes}\n>>>>>>> {codes}\n{codes}：甲\n",
            "utf-8",
        )
    files = [*names, *sorted(path for path in (made.raw / "labels").iterdir() if path.is_file())]
    files += [made.raw / "archives" / "a.zip"]
    said = {"build": made.said.read_text("utf-8", "replace")}
    leaked: set[str] = set()
    for path in files if every else files[:8]:
        for command in ("clean", "explain"):
            said[f"{command} {path}"] = _on_a_terminal([command, str(path)])
    documents = pq.read_table(next((made.output / "dataset" / "data").glob("documents-*.parquet")), columns=["id"])
    for row in documents.to_pylist()[: 400 if every else 8]:
        document = str(row["id"])
        said[f"explain {document}"] = explained = _on_a_terminal(["explain", document, "--output", str(made.output)])
        leaked |= {f"explain {document} tells {canary}" for canary in made.canaries.found_in(explained)}
    said["not there"] = _on_a_terminal(["explain", codes, "--output", codes])
    said["no folder"] = _on_a_terminal(
        ["build", "--raw", codes, "--output", str(made.raw.parent / codes.replace("/", ""))]
    )
    said["no option"] = _on_a_terminal_despite(["build", "--script", codes])
    shown = {what: _COLOUR.sub("", text).replace("\n", "").replace("\t", "") for what, text in said.items()}
    broken = [*(what for what, text in shown.items() if UNSEEN.search(text)), *sorted(leaked)]
    _tell(broken)
    return Attempts("escape codes on a terminal", len(said), len(said) - len(broken))


def _on_a_terminal_despite(arguments: list[str]) -> str:
    """What a command writes that ends the program."""
    errors = _Terminal()
    with contextlib.redirect_stderr(errors), contextlib.suppress(SystemExit):
        main(arguments)
    return errors.written()


# ------------------------------------------------------------------------------------------------ pages
def _control(watched: Watched, *, every: bool) -> Attempts:
    """Every payload that is called live is heard where it stands unescaped: else silence would say nothing."""
    chosen = payloads() if every else _one_a_place(payloads())
    heard = control(watched, chosen)
    live = [one.name for one in chosen if one.live]
    _tell(f"not heard: {name}" for name in live if not heard[name])
    return Attempts("control: payloads that stand unescaped, heard", len(live), sum(heard[name] for name in live))


def _one_a_place(chosen: Sequence[Payload]) -> list[Payload]:
    """The first live one and the first that asks for an address, of each place."""
    found: dict[tuple[str, bool], Payload] = {}
    for one in chosen:
        if one.live:
            found.setdefault((one.place, "ADDRESS" in one.text), one)
    return list(found.values())


def _came_of(kind: str, opened: Opened, *, least: int) -> Attempts:
    """The line of some pages: as many payloads as they showed, and how many of them ran."""
    _tell(opened.wrong)
    tried = len(opened.shown)
    if tried < least:
        _tell([f"{kind}: only {tried} payloads came to the pages"])
    held = tried if tried >= least and not opened.wrong else tried - 1
    return Attempts(f"{kind}, {opened.pages:,} openings", tried, held, executions=len(opened.wrong))


def _pages(made: Made, watched: Watched, *, long: bool) -> Attempts:
    """Report, Data Docs and card, by their files and served."""
    most = None if long else 40
    opened = open_output(watched, made.output, by_file=long, most=most)
    opened += _card(watched, made.output)
    return _came_of(
        "payloads in report, Data Docs and card", opened, least=len(made.hiding.hidden) // (2 if long else 8)
    )


def _card(watched: Watched, output: Path) -> Opened:
    """The card as pages, by a renderer that lets HTML through: none of it may be any."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  it comes with a tool of the tests

    opened = Opened()
    for name in ("README.md", "README.zh.md"):
        text = (output / "dataset" / name).read_text("utf-8").split("\n---\n", 1)[-1]
        page = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").render(text)
        watched.beacon.pages[f"/{name}"] = f"<!DOCTYPE html><meta charset=utf-8><title>card</title><body>{page}"
        opened += open_page(watched, f"{watched.beacon.address}/{name}", also=("https://", "http://"))
    return opened


def _pages_about_a_forged_dataset(made: Made, watched: Watched, here: Path, *, long: bool) -> Attempts:
    """What somebody else has published may say anything, in any column."""
    forged = here / "forged"
    shutil.copytree(made.output / "dataset", forged / "dataset")
    (forged / "dataset" / "SHA256SUMS").unlink()
    numbers = _forge(forged / "dataset" / "data", made.hiding)
    write_report(forged / "dataset", forged / "report", most=2_000 if long else 20)
    if long:
        arguments = [
            sys.executable,
            "-m",
            "pipeline",
            "validate",
            str(forged / "dataset"),
            "--data-docs",
            str(forged / "data_docs"),
        ]
        done = subprocess.run(arguments, capture_output=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)})
        text = (done.stdout + done.stderr).decode("utf-8", "replace")
        if UNSEEN.search(text.replace("\n", "")) or done.returncode not in (1, 2):
            return Attempts("a forged dataset, validated", 1, 0)
    opened = open_output(watched, forged, by_file=long)
    return _came_of("payloads in the report of a forged dataset", opened, least=numbers // 4 if long else 8)


def _forge(data: Path, hiding: Hiding) -> int:
    """Put a payload into every value of a text column that the account does not rest upon; how many."""
    first, index = len(hiding.hidden), 0
    rests = {
        "id",
        "doc_id",
        "text",
        "before",
        "after",
        "text_original_script",
        "raw_sha256",
        "raw_path",
        "status",
        "duplicate_of",
        "moved_to",
    }
    for file in sorted(data.glob("*.parquet")):
        if not file.name.startswith(("documents", "quarantine", "edits", "conflicts")):
            continue
        table = pq.read_table(file)
        for place, field in enumerate(table.schema):
            if pa.types.is_string(field.type) and field.name not in rests:
                values: list[str] = []
                # A few kinds of each in long tables, as many as there are payloads: the report counts by kind.
                for row in range(len(table)):
                    index += 1
                    values.append(
                        hiding(index, f"forged: {field.name}") if row < len(hiding) else values[row % len(hiding)]
                    )
                table = table.set_column(place, field, pa.array(values, field.type))
        pq.write_table(table, file)
    return len(hiding.hidden) - first


def _dagster(made: Made, watched: Watched, here: Path) -> Iterator[Attempts]:
    """Dagster's pages after a run about hostile documents, and what Dagster keeps of it."""
    from browser import pages  # noqa: PLC0415  the long form alone

    home, output = here / "home", here / "by Dagster"
    connections = here / "connections of Dagster"
    with _forbidding(connections), pages(home, made.raw, output) as address:
        opened = open_dagster(watched, address.dagster, output, _ASSETS)
    yield _came_of("payloads in Dagster's pages", opened, least=20)
    yield _connections("dagster dev and the run in it", connections, commands=2)
    kept = [path for path in home.rglob("*") if path.is_file()]
    yield _personal_data(made, also=[*kept, *_public(output)])._replace(
        kind=f"personal data, sought in what Dagster keeps ({len(kept)} files)"
    )


# ------------------------------------------------------------------------------------------------ containers and texts
def _containers(here: Path, *, long: bool) -> Attempts:
    """Each container has a row, in time, and nothing is written anywhere."""
    folder = here / "containers"
    folder.mkdir()

    def read(name: str, content: bytes) -> str:
        raw = folder / "raw"
        raw.mkdir()
        (raw / name).write_bytes(content)
        try:
            found = found_in(raw)
            wrong = "" if found else "no row"
            for path in found:
                if "/../" in f"/{path.partition('!/')[2]}/":
                    wrong = f"a path that leads out: {path[:80]}"
            if [name] != [one.name for one in raw.iterdir()] or ["raw"] != [one.name for one in folder.iterdir()]:
                wrong = "something was written"
        finally:
            shutil.rmtree(raw)
        return wrong

    return _tried("containers", containers(long=long), read, limit=_SECONDS_LONG if long else _SECONDS)


def _texts(here: Path, *, long: bool) -> Attempts:
    """Each text comes out or is set aside, in time, and can be rebuilt."""

    def read(name: str, content: bytes) -> str:
        document = clean(content, source=name)
        if Path("ran").exists():
            return "it ran"
        if document.text is None and not document.verdict.detail:
            return "set aside without a reason"
        return "" if rebuild(document) == content else "not rebuilt"

    with contextlib.chdir(here):
        return _tried(
            "texts nested or repeated without end", texts(long=long), read, limit=_SECONDS_LONG if long else _SECONDS
        )


def _tried(
    kind: str, inputs: Iterator[tuple[str, bytes]], read: Callable[[str, bytes], str], *, limit: float
) -> Attempts:
    """Read each input; what takes too long, raises or is wrong has not survived."""
    tried, bad, slowest = 0, [], (0.0, "")
    for name, content in inputs:
        tried += 1
        started = time.process_time()
        try:
            wrong = read(name, content)
        except Exception as error:  # noqa: BLE001  any is what is looked for
            wrong = f"{type(error).__name__}: {error}"
        took = time.process_time() - started
        slowest = max(slowest, (took, name))
        if wrong or took > limit:
            bad.append(f"{name}: {wrong or f'{took:.1f} s'}")
    _tell(bad)
    return Attempts(kind, tried, tried - len(bad), slowest=f"{slowest[1]}: {slowest[0]:.1f} s")


def _tell(what: object) -> None:
    """Say on standard error what is wrong, where the table has a number."""
    for one in list(what)[:20]:  # type: ignore[call-overload]  # anything that can be gone through
        sys.stderr.write(f"  {json.dumps(str(one), ensure_ascii=True)[:300]}\n")
