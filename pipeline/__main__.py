"""The command line: `python -m pipeline` with one of its commands, from `build` to `learn`.

Here belongs what a person types and reads. Errors of use are one line on standard error that says what, where and what
to do. What is heavy (Dagster, pandas, Great Expectations) is imported by the command that needs it, when it runs.
"""

# ruff: noqa: PLC0415  see above

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline.admissions import read_admissions
from pipeline.collecting import collect_seldom
from pipeline.engines.choosing import Engine
from pipeline.options import (
    ADMIT,
    CLEANING,
    ENGINE,
    FRESH,
    FURNITURE,
    JUDGING,
    LOG,
    OUTPUT,
    PLACES,
    RAW,
    RAY_ADDRESS,
    RUNNING,
    THRESHOLDS,
    WORKERS,
    BadOption,
    Choices,
    Option,
    Thresholds,
)
from pipeline.sources.files import BadInput
from pipeline.sources.named import Named, is_there, read_named
from pipeline.sources.remote import RemoteFolder, folder_named
from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pipeline.document import Document
    from pipeline.explaining import Account
    from pipeline.orchestration.building import Built, Failed
    from pipeline.run_log import RunLog
    from pipeline.sources.remote import RawFolder
    from pipeline.validate import CheckResult

GOOD, BLOCKED, BAD_USAGE, WITHHELD = 0, 1, 2, 3
DEFECT = 70
"""The exit code of an error that is the pipeline's own, as sysexits.h has it."""

STOPPED = 130
BROKEN_PIPE = 141
TERMINATED = 143
_UNTOUCHED = "stopped; what was published before is untouched"
_CODES = {
    GOOD: "done",
    BLOCKED: "refused",
    BAD_USAGE: "bad usage or input",
    WITHHELD: "withheld",
    DEFECT: "defect",
    STOPPED: "stopped",
    TERMINATED: "stopped",
    BROKEN_PIPE: "broken pipe",
}
"""What the exit codes mean, in a word or two."""

_CODES_SAID = """Exit codes: 0 done; for build and judge, published. 1 a check failed, nothing was left to publish, or
the document of clean was set aside. 2 bad usage or input, or a place that cannot be read or written (a full disk,
another run at work). 3 personal data is withheld. 70 a defect of the pipeline. 130 stopped by Ctrl-C. 141 nobody reads
the output. 143 ended by SIGTERM, 137 by SIGKILL. However a build ends, what is published is whole, and the next build
goes on from there."""

SHOWN_FAILING = 5

EXPLAINED = "python -m pipeline explain ID"


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_USAGE, f"{self.prog}: {visible(message)} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code.

    What they mean is said at the end of ``--help``.
    """
    collect_seldom()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    arguments.verbose = getattr(arguments, "verbose", False) or bool(os.environ.get("ZHENGWEN_DEBUG"))
    try:
        code = arguments.run(arguments)
        sys.stdout.flush()
    except (BadInput, BadOption) as error:
        return _complain(str(error), BAD_USAGE)
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing more can be written, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return _complain(_UNTOUCHED, STOPPED)
    except Exception as error:  # noqa: BLE001  whatever it is, the user gets one line
        if arguments.verbose:
            traceback.print_exc()
        return _defect(f"{type(error).__name__}: {error}")
    return int(code)


def _complain(message: str, code: int) -> int:
    print(f"pipeline: {visible(message)}", file=sys.stderr)
    return code


def _defect(message: str) -> int:
    return _complain(
        f"this should not happen: {message} (ZHENGWEN_DEBUG=1 shows the details; please report them)", DEFECT
    )


def _name(path: str | Path) -> str:
    """A path as it can be printed: bytes that are no UTF-8 become U+FFFD."""
    return visible(os.fsencode(path).decode("utf-8", "replace"))


# ------------------------------------------------------------------------------------------------ what can be typed
def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m pipeline",
        description="zhengwen: crawled Chinese documents into a clean open dataset, with an account of every change.",
        epilog=f"Each command has its own --help. {' '.join(_CODES_SAID.split())}",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    build = _command(
        commands,
        "build",
        _build,
        "clean a folder of documents, check the result, publish it as a dataset",
        """Cleans every file below the raw folder and writes the dataset to OUTPUT/dataset. It replaces the former one
        whole, and only when every check has passed. Archives and files of records (ZIP, tar, WARC, JSON Lines, CSV) are
        opened, and each document in them is one of its own. A file that is no document is set aside with a reason, and
        the run goes on. What a former build in OUTPUT has made of the same documents in the same way is used again, and
        so is what one that was stopped had finished.""",
        ["build", "build --raw crawl --output result", "build --workers 4 --fresh"],
    )
    for option in (*PLACES, *RUNNING, *CLEANING, *JUDGING, LOG):
        _option(build, option)
    build.add_argument("--verbose", action="store_true", help="show the log of the run, and details of errors")

    judge = _command(
        commands,
        "judge",
        _judge,
        "publish by other limits what a build has cleaned, without cleaning it again",
        """Decides anew which of the documents that a build left in OUTPUT/stages are published: by the limits that are
        given here, and with the documents that somebody admits. Then it writes, checks and publishes the dataset as
        build does. The raw folder is not read.""",
        ["judge --minimum-han 20", "judge --output result --admit admitted.tsv"],
    )
    for option in (*_JUDGED_AT, *JUDGING, LOG):
        _option(judge, option)
    judge.add_argument("--verbose", action="store_true", help="show the log of the run, and details of errors")

    validate = _command(
        commands,
        "validate",
        _validate,
        "check a dataset: expectations, checksums, and that every document can be rebuilt",
        """Reads the files of a dataset and says of each promise whether it is kept. Exit code 0: every critical one is;
        1: one is not; 2: the dataset could not be checked. Warnings do not change it.""",
        ["validate output", "validate output/dataset --junit report.xml --data-docs pages"],
    )
    validate.add_argument("folder", metavar="DIR", help="an output folder, or a dataset by itself")
    shown = validate.add_mutually_exclusive_group()
    shown.add_argument("--all", action="store_true", help="show every check, and every row that is known to fail")
    shown.add_argument("--quiet", action="store_true", help="show only what is not kept, and the sum")
    validate.add_argument("--junit", metavar="FILE", help="write a test report (JUnit XML) for a build server")
    validate.add_argument(
        "--data-docs", metavar="FOLDER", help="write Great Expectations' pages, in the place of earlier ones"
    )
    _option(validate, WORKERS)

    clean = _command(
        commands,
        "clean",
        _clean,
        "clean one file to standard output",
        """Prints the cleaned text. Exit code 1 where the file is set aside, with the reason on standard error. Where a
        file holds several documents, name one as the dataset does.""",
        ["clean page.txt", "clean page.txt --through convert", "clean - < page.txt", "clean rows.jsonl#L12"],
    )
    clean.add_argument(
        "file", metavar="FILE", help="a file, or a document in one (crawl.zip!/a.txt); - is standard input"
    )
    stages = ("decode", "reconcile", "convert", "split")
    clean.add_argument("--through", choices=stages, default="split", help="the last stage to run (default: split)")
    for option in (*CLEANING, *THRESHOLDS):
        _option(clean, option)

    explain = _command(
        commands,
        "explain",
        _explain,
        "show each change of one document, and why",
        """Shows every edit in its context, with its rule and what the rule is for, and then the sides of each merge
        conflict, with what became of them. FILE is cleaned now; the ID (or its beginning, or the raw path) of a
        published document is looked up in the dataset.""",
        ["explain page.txt", "explain 3f2a9c --output result", "explain page.txt --rule pinyin.artifact"],
    )
    explain.add_argument(
        "what", metavar="FILE|ID", help="a file, or a document in one (- is standard input); or the id of a document"
    )
    _option(explain, OUTPUT)
    explain.add_argument("--rule", metavar="RULE", help="show only what this rule, or this group of rules, has done")
    explain.add_argument("--whole", action="store_true", help="show long stretches whole")
    for option in (*CLEANING, *THRESHOLDS):
        _option(explain, option)

    rebuild = _command(
        commands,
        "rebuild",
        _rebuild,
        "write the exact raw bytes of a published document to standard output",
        """Takes every change back, by the published tables alone. Where personal data is masked and
        private/redactions.parquet is not at hand, it says how many characters are withheld, with exit code 3.""",
        ["rebuild output 3f2a9c0d51b7e6428f90a1b2c3d4e5f6 > page.txt"],
    )
    rebuild.add_argument("folder", metavar="DIR", help="an output folder, or a dataset by itself")
    rebuild.add_argument("id", metavar="ID", help="the id of a published document: 32 hex digits")

    report = _command(
        commands,
        "report",
        _report,
        "write the report of a dataset: what the run did, and each document before and after",
        """Writes pages for a browser: numbers and plots, and each document with every edit coloured and explained. They
        are made of the published tables alone, work from the folder, and load nothing from elsewhere. A build writes
        them, too; this is for a dataset by itself, or for more documents.""",
        ["report output", "report downloaded/dataset --to pages", "report output --documents 50000"],
    )
    report.add_argument("folder", metavar="DIR", help="an output folder, or a dataset by itself")
    report.add_argument(
        "--to",
        metavar="FOLDER",
        help="where to write it, in the place of an earlier one (default: report, beside the dataset)",
    )
    report.add_argument(
        "--documents",
        metavar="NUMBER",
        type=_count,
        help="how many documents to show one by one at most (default: 10000); the numbers are of all in any case",
    )
    _option(report, WORKERS)

    serve = _command(
        commands,
        "serve",
        _serve,
        "serve the report and the Data Docs to a browser on this machine",
        """Serves the two folders of pages in an output folder, and nothing else of it, to this machine alone, until it
        is stopped. `make ui` does so beside Dagster's pages. The report can be opened from its folder as well; this is
        for links to it, and for a machine that is reached through a tunnel.""",
        ["serve output", "serve result --port 8001"],
    )
    serve.add_argument("folder", metavar="DIR", help="an output folder")
    serve.add_argument("--port", metavar="NUMBER", type=_count, help="the port to listen on (default: 3001)")

    learn = _command(
        commands,
        "learn",
        _learn,
        "learn which lines are furniture of their site, for --furniture",
        """Cleans every file below the raw folder in memory and writes a lexicon of the lines that stand at the head or
        the tail of so many pages of one site that they are the site's: its menu, its footer. Look it through, take it
        into your version control, and give it to the other commands with --furniture. Learn with the options that you
        build with. The same documents give the same bytes.""",
        ["learn furniture.json", "learn --raw crawl furniture.json", "build --raw crawl --furniture furniture.json"],
    )
    learn.add_argument("lexicon", metavar="LEXICON", help="the file to write, in the place of an earlier one")
    for option in (RAW, *_LEARNING):
        _option(learn, option)
    return parser


_JUDGED_AT: tuple[Option[Any], ...] = (*(option for option in PLACES if option is not RAW), WORKERS)
"""Where tables are judged, by how many processes, and what the result is called."""

_LEARNING = tuple(option for option in CLEANING if option is not FURNITURE)
"""What the documents that are learned from are cleaned with: everything but a lexicon."""


def _count(given: str) -> int:
    """A whole number from 0; argparse says on one line what is none."""
    if not given.isdecimal():
        message = f"{given!r} is no whole number from 0"
        raise argparse.ArgumentTypeError(message)
    return int(given)


def _command(
    commands: argparse._SubParsersAction[_Parser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
    description: str,
    examples: Sequence[str],
) -> _Parser:
    shown = "\n".join(f"  python -m pipeline {example}" for example in examples)
    parser: _Parser = commands.add_parser(
        name,
        help=summary,
        description=" ".join(description.split()),
        epilog=f"examples:\n{shown}",
        formatter_class=_Help,
    )
    parser.set_defaults(run=run)
    return parser


class _Help(argparse.RawDescriptionHelpFormatter):
    """Examples keep their lines; a description is filled like any other text."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith("examples:"):
            return super()._fill_text(text, width, indent)
        return argparse.HelpFormatter._fill_text(self, text, width, indent)  # noqa: SLF001  the plain way of the parent


def _option(parser: argparse.ArgumentParser, option: Option[Any]) -> None:
    kind = {"folder": "DIR", "number": "NUMBER", "file": "FILE"}.get(option.kind, "NAME")
    limits = f" ({option.what_it_may_be})" if option.kind == "number" and not option.choices else ""
    preset = "none" if option.preset == "" else option.preset
    sentence = f"{option.sentence}{limits} Default: {option.variable} in the environment, else {preset}"
    added = parser.add_argument(option.flag, metavar="|".join(option.choices) or kind, help=sentence)
    if option is FRESH:  # alone, it turns on what it is called
        added.nargs, added.const = "?", "yes"


def _value(arguments: argparse.Namespace, option: Option[Any]) -> Any:  # noqa: ANN401  whatever the option has
    """What an option is set to: on the command line, in the environment, or not at all."""
    given = getattr(arguments, option.name)
    return option.default if given is None else option.read(given)


def _choices(arguments: argparse.Namespace, options: Sequence[Option[Any]] = CLEANING) -> Choices:
    return Choices(**{option.name: _value(arguments, option) for option in options})


def _thresholds(arguments: argparse.Namespace) -> Thresholds:
    return Thresholds(**{option.name: _value(arguments, option) for option in THRESHOLDS})


def _judging(arguments: argparse.Namespace) -> dict[str, Any]:
    """What is judged by, refused before anything heavy is imported."""
    _thresholds(arguments)
    if admit := _value(arguments, ADMIT):
        read_admissions(Path(admit))
    return {option.name: _value(arguments, option) for option in JUDGING}


# ------------------------------------------------------------------------------------------------ build
def _build(arguments: argparse.Namespace) -> int:
    values = {option.name: _value(arguments, option) for option in (*PLACES, *RUNNING, *CLEANING)}
    raw, output = folder_named(values[RAW.name]), Path(values[OUTPUT.name])
    _must_be_folder(raw)
    Engine(values[ENGINE.name], values[RAY_ADDRESS.name]).checked()
    _choices(arguments)
    values |= _judging(arguments)
    from pipeline.publish import check_writable

    check_writable(output, raw=raw)
    log = _log(arguments, output, raw)
    return logged("build", log, lambda: _run("build", values, verbose=arguments.verbose, log=log))


def _judge(arguments: argparse.Namespace) -> int:
    values = {option.name: _value(arguments, option) for option in _JUDGED_AT} | _judging(arguments)
    log = _log(arguments, Path(values[OUTPUT.name]))
    return logged("judge", log, lambda: _run("judge", values, verbose=arguments.verbose, log=log))


def _log(arguments: argparse.Namespace, output: Path, raw: RawFolder | None = None) -> RunLog:
    """The log that was asked for; it may lie in no folder that is read or replaced."""
    from pipeline.run_log import RunLog

    if not (name := LOG.checked(_value(arguments, LOG))):
        return RunLog()
    file = Path(name)
    taken = [output / folder for folder in ("dataset", "private", "stages", "report", "data_docs", ".staging")]
    for folder in [*taken, *([raw] if isinstance(raw, Path) else [])]:
        if file.resolve().is_relative_to(folder.resolve()):
            message = f"{_name(file)!r} lies in {_name(folder)!r}: name a place outside of it (--log FILE)"
            raise BadInput(message)
    return RunLog.opened(file)


def logged(command: str, log: RunLog, run: Callable[[], int]) -> int:
    """The exit code of a run, whose log begins and ends here, however it ends."""
    from pipeline import __version__

    started, code = time.monotonic(), DEFECT
    log.write("begin", f"{command} {__version__}")
    try:
        with _signals() as received:
            try:
                code = run()
            except KeyboardInterrupt:
                code = TERMINATED if signal.SIGTERM in received() else STOPPED
                return _complain(_UNTOUCHED, code)
    except (BadInput, BadOption):
        code = BAD_USAGE
        raise
    finally:
        log.write("end", _CODES[code], exit_code=code, seconds=round(time.monotonic() - started, 3))
    return code


@contextlib.contextmanager
def _signals() -> Iterator[Callable[[], bytes]]:
    """What tells which signals have arrived in the meantime: Dagster makes of SIGTERM what it makes of Ctrl-C."""
    if sys.platform == "win32":  # nobody sends it there
        yield lambda: b""
        return
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    former = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def received() -> bytes:
        with contextlib.suppress(BlockingIOError):
            return os.read(reading, 1 << 16)
        return b""

    try:
        yield received
    finally:
        signal.set_wakeup_fd(former)
        os.close(reading)
        os.close(writing)


def _run(job_name: str, values: dict[str, Any], *, verbose: bool, log: RunLog) -> int:
    """Run a job that ends with a published dataset, and say what came of it."""
    output = Path(values[OUTPUT.name])
    started = time.monotonic()
    reporter = _TerminalReporter()
    if reporter.is_terminal:
        reporter.say("Starting")
    from pipeline.orchestration.building import build
    from pipeline.orchestration.settings import Settings

    built = build(Settings(**values), reporter=reporter, verbose=verbose, job_name=job_name, log=log)
    reporter.end()
    if not built.published and (code := _trouble(built, verbose=verbose)):
        return code
    for row in built.set_aside:
        print(
            visible(f"set aside: {row.documents} as {row.reason}, such as {row.raw_path}: {row.detail}"),
            file=sys.stderr,
        )
    for warning in built.warnings:
        print(f"warning: {_said(warning)}", file=sys.stderr)
    if not built.published:
        for failure in built.failures:
            print(f"failed: {_said(failure)}", file=sys.stderr)
        there = _name(output / "dataset")
        former = f"{there} is as it was" if (output / "dataset").exists() else "there is no dataset yet"
        why = built.refused or f"{_counted(len(built.failures), 'check')} failed; see `{EXPLAINED}` for one document"
        return _complain(f"not published, {former}: {why}", BLOCKED)
    _say_published(output, built, seconds=time.monotonic() - started)
    return _trouble(built, verbose=verbose)


def _trouble(built: Built, *, verbose: bool) -> int:
    """Say what the run stumbled over, be it after the publication, and give the exit code."""
    if built.bad_input is not None:
        return _complain(built.bad_input, BAD_USAGE)
    if built.defect is not None:
        if verbose:
            print(built.trace, file=sys.stderr)
        return _defect(built.defect)
    return GOOD


def _say_published(output: Path, built: Built, *, seconds: float) -> None:
    figures = built.figures
    print(
        f"{_name(output / 'dataset')}: {_counted(figures.get('published', 0), 'document')} published, "
        f"{_counted(figures.get('duplicates', 0), 'duplicate')}, {figures.get('set aside', 0)} set aside, "
        f"of {_counted(figures.get('inputs', 0), 'input')}{_reused(built.reused)} in {seconds:.0f} s"
    )
    if built.report is not None:
        print(f"{visible(built.report)}: what was changed, document by document")


def _reused(inputs: Mapping[str, int]) -> str:
    """What was used again, by stage: of inputs that were taken up on their way, as far as which stage.

    >>> _reused({"decode": 9, "convert": 9, "split": 0}), _reused({"decode": 9, "convert": 8, "split": 5})
    (' (9 as before up to convert)', ' (5 as cleaned before, 3 as before up to convert, 1 as before up to decode)')
    """
    *taken_up, (_, whole) = [*inputs.items()] or [("", 0)]
    said = [f"{whole:,} as cleaned before"] if whole else []
    for stage, reached in reversed(taken_up):
        if reached > whole:
            said.append(f"{reached - whole:,} as before up to {stage}")
            whole = reached
    return f" ({', '.join(said)})" if said else ""


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _must_be_folder(raw: RawFolder) -> None:
    """Refuse what can be refused before anything heavy is imported; a folder elsewhere is asked for when it is read."""
    if isinstance(raw, RemoteFolder):
        return
    if not raw.exists():
        message = f"{_name(raw)!r} does not exist: name the folder that holds the crawled documents (--raw DIR)"
        raise BadInput(message)
    if not raw.is_dir():
        message = f"{_name(raw)!r} is no folder: put the documents into a folder and name that (--raw DIR)"
        raise BadInput(message)


def _said(failed: Failed) -> str:
    rows = ", ".join(failed.failing[:SHOWN_FAILING]) + (" …" if len(failed.failing) > SHOWN_FAILING else "")
    return visible(f"{failed.name}: {failed.message}" + (f" [{rows}]" if rows else ""))


class _TerminalReporter:
    """Says on standard error how far the work is: one line that changes on a terminal, else a line now and then."""

    sees_plots = False

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self.last = 0.0

    def begin(self, what: str, log: object) -> Callable[[int, int], None]:
        """Begin a piece of work."""
        del log

        def say(done: int, total: int) -> None:
            now = time.monotonic()
            if done == total or now - self.last >= (0.2 if self.is_terminal else 10):
                self.last = now
                self.say(f"{what}: {done:,} of {total:,}")

        return say

    def warn(self, line: str, log: object) -> None:
        """Say what may become a problem, on a line that stays."""
        del log
        self.end()
        print(f"warning: {visible(line)}", file=sys.stderr)

    def say(self, line: str) -> None:
        """Say one thing, in the place of what was said before."""
        print(f"\r\x1b[K{line}" if self.is_terminal else line, end="" if self.is_terminal else "\n", file=sys.stderr)
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line free for what follows."""
        if self.is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr)


# ------------------------------------------------------------------------------------------------ validate
def _validate(arguments: argparse.Namespace) -> int:
    from pipeline.rebuilding import locate
    from pipeline.validate import validate
    from pipeline.validate.junit import check_file_writable, junit_xml, reported, write_report
    from pipeline.validate.summary import closing_line

    report, pages = _given("--junit", arguments.junit), _given("--data-docs", arguments.data_docs)
    if report:
        check_file_writable(report)
    with reported(report):
        dataset, redactions = locate(Path(arguments.folder))
    for path in filter(None, (report, pages)):
        _must_be_outside(path, dataset)
    with reported(report):
        results = validate(dataset, redactions=redactions, data_docs=pages, workers=_value(arguments, WORKERS))
    if report:
        write_report(report, junit_xml(results))
    _print_results(results, every=arguments.all, quiet=arguments.quiet)
    print(f"{_name(dataset)}: {closing_line(results)}")
    return BLOCKED if any(result.blocks for result in results) else GOOD


def _must_be_outside(path: Path, dataset: Path) -> None:
    if path.resolve().is_relative_to(dataset.resolve()):
        message = f"{_name(path)!r} lies in the dataset, whose files are listed: name a place outside of it"
        raise BadInput(message)


def _given(option: str, value: str | None) -> Path | None:
    """The path that an option names; an empty one is a variable that nobody has set."""
    if value is not None and not value.strip():
        message = f"{option} is empty: name a path, or leave it out"
        raise BadInput(message)
    return None if value is None else Path(value)


def _print_results(results: Sequence[CheckResult], *, every: bool, quiet: bool) -> None:
    from pipeline.validate.summary import check_lines, table_lines

    if not quiet:
        print(*table_lines(results), "", sep="\n")
    lines = list(check_lines(results, every=every))
    if lines:
        print(*lines, "", sep="\n")


# ------------------------------------------------------------------------------------------------ one document
def _document(arguments: argparse.Namespace, name: str, *, through: str = "split") -> Document:
    """What becomes of a file, of one document in a container, or of standard input."""
    choices = _choices(arguments)
    named = Named(sys.stdin.buffer.read()) if name == "-" else read_named(name, maximum_bytes=choices.maximum_bytes)
    from pipeline.recipe import clean

    return clean(
        named.content,
        source=_name(name),
        through=through,
        choices=choices,
        thresholds=_thresholds(arguments),
        header=named.header,
        encoding=named.encoding,
    )


def _clean(arguments: argparse.Namespace) -> int:
    document = _document(arguments, arguments.file, through=arguments.through)
    text = document.text if arguments.through == "split" else document.text_after(arguments.through)
    if text is None:
        verdict = document.verdict
        return _complain(
            f"{document.source}: set aside by {verdict.stage}: {verdict.reason}, {verdict.detail}", BLOCKED
        )
    if sys.stdout.isatty():
        text = visible(text, keep="\n\t")
    _write_bytes((text if text.endswith("\n") else text + "\n").encode("utf-8", "backslashreplace"))
    return GOOD


def _explain(arguments: argparse.Namespace) -> int:
    from pipeline import explaining

    if arguments.what == "-" or is_there(arguments.what):
        account = explaining.of_document(_document(arguments, arguments.what))
    else:
        account = _published_account(arguments.what, Path(_value(arguments, OUTPUT)))
    if arguments.rule:
        account = explaining.only(account, arguments.rule)
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    for line in explaining.lines(
        account, ink=explaining.COLOURED if coloured else explaining.PLAIN, whole=arguments.whole
    ):
        print(line)
    return GOOD


def _published_account(wanted: str, output: Path) -> Account:
    from pipeline import explaining
    from pipeline.rebuilding import locate

    where = f"{_name(wanted)!r} is no file"
    try:
        dataset, _ = locate(output)
        return explaining.of_dataset(dataset, wanted)
    except BadInput as error:
        message = f"{where}, and there is no dataset to look it up in: {error}"
        raise BadInput(message) from error
    except LookupError as error:
        message = f"{where}, and in {_name(output)!r} {error.args[0]}: give a file, a whole id, or --output DIR"
        raise BadInput(message) from error


def _rebuild(arguments: argparse.Namespace) -> int:
    from pipeline.rebuilding import locate, rebuild_document

    dataset, redactions = locate(Path(arguments.folder))
    rebuilt = rebuild_document(dataset, arguments.id, redactions)
    if rebuilt.content is None:
        message = (
            f"{arguments.id}: {rebuilt.withheld_chars} characters of personal data are withheld; the bytes can be had"
        )
        return _complain(f"{message} where private/redactions.parquet lies beside the dataset", WITHHELD)
    _write_bytes(rebuilt.content)
    return GOOD


def _report(arguments: argparse.Namespace) -> int:
    from pipeline.rebuilding import locate
    from pipeline.report import FOLDER, MOST_DOCUMENTS, write_report

    dataset, _ = locate(Path(arguments.folder))
    folder = _given("--to", arguments.to) or dataset.resolve().parent / FOLDER
    _must_be_outside(folder, dataset)
    reporter = _TerminalReporter()
    try:
        progress = reporter.begin("Writing the report", None)
        most = MOST_DOCUMENTS if arguments.documents is None else arguments.documents
        workers = _value(arguments, WORKERS)
        written = write_report(dataset, folder, most=most, workers=workers, progress=progress)
    finally:
        reporter.end()
    print(f"{_name(written.page)}: {_counted(written.documents, 'document')} in {_counted(written.bytes, 'byte')}")
    return GOOD


def _serve(arguments: argparse.Namespace) -> int:
    from pipeline.serving import PORT, server

    with server(Path(arguments.folder), port=PORT if arguments.port is None else arguments.port) as served:
        address = f"http://localhost:{served.server_address[1]}"
        print(f"{address}: the report and the Data Docs of {_name(arguments.folder)}, until Ctrl-C", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            served.serve_forever()
    return GOOD


# ------------------------------------------------------------------------------------------------ learn
def _learn(arguments: argparse.Namespace) -> int:
    raw, choices = folder_named(_value(arguments, RAW)), _choices(arguments, _LEARNING)
    _must_be_folder(raw)
    from pipeline.learning import write_lexicon

    reporter = _TerminalReporter()
    try:
        progress = reporter.begin("Reading documents", None)
        learned = write_lexicon(raw, Path(arguments.lexicon), choices=choices, progress=progress)
    finally:
        reporter.end()
    lines, documents = _counted(len(learned.lexicon.entries), "line"), _counted(learned.documents, "document")
    print(f"{_name(arguments.lexicon)}: {lines} learned from {documents} of {_counted(learned.sites, 'site')}")
    return GOOD


def _write_bytes(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
