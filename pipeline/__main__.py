"""The command line: `python -m pipeline` with one of its commands, from `build` to `learn`.

Here belongs what a person types and reads. Errors of use are one line on standard error that says what, where and what
to do. What is heavy (Dagster, pandas, Great Expectations) is imported by the command that needs it, when it runs.
"""

# ruff: noqa: PLC0415  see above

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.collecting import collect_seldom
from pipeline.command_line.arguments import (
    JUDGED_AT,
    LEARNING,
    choices_of,
    judging_of,
    parser,
    thresholds_of,
    value_of,
)
from pipeline.command_line.ending import (
    BAD_USAGE,
    BLOCKED,
    BROKEN_PIPE,
    GOOD,
    STOPPED,
    UNTOUCHED,
    WITHHELD,
    complain,
    defect,
    logged,
)
from pipeline.command_line.terminal import TerminalReporter, counted
from pipeline.engines.choosing import Engine
from pipeline.options import CLEANING, ENGINE, LOG, OUTPUT, PLACES, RAW, RAY_ADDRESS, RUNNING, WORKERS, BadOption
from pipeline.sources.files import BadInput
from pipeline.sources.named import Named, is_there, read_named
from pipeline.sources.remote import RemoteFolder, folder_named
from pipeline.visible import visible, visible_path

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.document import Document
    from pipeline.explaining import Account
    from pipeline.orchestration.building import Built, Failed
    from pipeline.run_log import RunLog
    from pipeline.sources.remote import RawFolder
    from pipeline.validate import CheckResult

SHOWN_FAILING = 5

EXPLAINED = "python -m pipeline explain ID"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code.

    What they mean is said at the end of ``--help``.
    """
    collect_seldom()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = parser().parse_args(argv)
    arguments.verbose = getattr(arguments, "verbose", False) or bool(os.environ.get("ZHENGWEN_DEBUG"))
    try:
        code = _COMMANDS[arguments.command](arguments)
        sys.stdout.flush()
    except (BadInput, BadOption) as error:
        return complain(str(error), BAD_USAGE)
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing more can be written, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return complain(UNTOUCHED, STOPPED)
    except Exception as error:  # noqa: BLE001  whatever it is, the user gets one line
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            return complain(f"the name {str(error.filename)[:60]!r}… is too long for a file: give another", BAD_USAGE)
        if arguments.verbose:
            traceback.print_exc()
        return defect(f"{type(error).__name__}: {error}")
    return int(code)


# ------------------------------------------------------------------------------------------------ build
def _build(arguments: argparse.Namespace) -> int:
    values = {option.name: value_of(arguments, option) for option in (*PLACES, *RUNNING, *CLEANING)}
    raw, output = folder_named(values[RAW.name]), Path(values[OUTPUT.name])
    _must_be_folder(raw)
    Engine(values[ENGINE.name], values[RAY_ADDRESS.name]).checked()
    choices_of(arguments)
    values |= judging_of(arguments)
    from pipeline.publish import check_writable
    from pipeline.run_log import log_at

    check_writable(output, raw=raw)
    log = log_at(value_of(arguments, LOG), output, raw=raw)
    return logged("build", log, lambda: _run("build", values, verbose=arguments.verbose, log=log))


def _judge(arguments: argparse.Namespace) -> int:
    from pipeline.run_log import log_at

    values = {option.name: value_of(arguments, option) for option in JUDGED_AT} | judging_of(arguments)
    log = log_at(value_of(arguments, LOG), Path(values[OUTPUT.name]))
    return logged("judge", log, lambda: _run("judge", values, verbose=arguments.verbose, log=log))


def _run(job_name: str, values: dict[str, Any], *, verbose: bool, log: RunLog) -> int:
    """Run a job that ends with a published dataset, and say what came of it."""
    output = Path(values[OUTPUT.name])
    started = time.monotonic()
    reporter = TerminalReporter()
    if reporter.is_terminal:
        reporter.say("Starting")
    from pipeline.engines.processes import prepare

    prepare()  # Dagster takes as long to be imported as what the other processes need
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
        there = visible_path(output / "dataset")
        former = f"{there} is as it was" if (output / "dataset").exists() else "there is no dataset yet"
        why = built.refused or f"{counted(len(built.failures), 'check')} failed; see `{EXPLAINED}` for one document"
        return complain(f"not published, {former}: {why}", BLOCKED)
    _say_published(output, built, seconds=time.monotonic() - started)
    return _trouble(built, verbose=verbose)


def _trouble(built: Built, *, verbose: bool) -> int:
    """Say what the run stumbled over, be it after the publication, and give the exit code."""
    if built.bad_input is not None:
        return complain(built.bad_input, BAD_USAGE)
    if built.defect is not None:
        if verbose:
            print(built.trace, file=sys.stderr)
        return defect(built.defect)
    return GOOD


def _say_published(output: Path, built: Built, *, seconds: float) -> None:
    figures = built.figures
    print(
        f"{visible_path(output / 'dataset')}: {counted(figures.get('published', 0), 'document')} published, "
        f"{counted(figures.get('duplicates', 0), 'duplicate')}, {figures.get('set aside', 0)} set aside, "
        f"of {counted(figures.get('inputs', 0), 'input')}{_reused(built.reused)} in {seconds:.0f} s"
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


def _must_be_folder(raw: RawFolder) -> None:
    """Refuse what can be refused before anything heavy is imported; a folder elsewhere is asked for when it is read."""
    if isinstance(raw, RemoteFolder):
        return
    if not raw.exists():
        message = f"{visible_path(raw)!r} does not exist: name the folder that holds the crawled documents (--raw DIR)"
        raise BadInput(message)
    if not raw.is_dir():
        message = f"{visible_path(raw)!r} is no folder: put the documents into a folder and name that (--raw DIR)"
        raise BadInput(message)


def _said(failed: Failed) -> str:
    rows = ", ".join(failed.failing[:SHOWN_FAILING]) + (" …" if len(failed.failing) > SHOWN_FAILING else "")
    return visible(f"{failed.name}: {failed.message}" + (f" [{rows}]" if rows else ""))


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
        results = validate(dataset, redactions=redactions, data_docs=pages, workers=value_of(arguments, WORKERS))
    if report:
        write_report(report, junit_xml(results))
    _print_results(results, every=arguments.all, quiet=arguments.quiet)
    print(f"{visible_path(dataset)}: {closing_line(results)}")
    return BLOCKED if any(result.blocks for result in results) else GOOD


def _must_be_outside(path: Path, dataset: Path) -> None:
    if path.resolve().is_relative_to(dataset.resolve()):
        message = f"{visible_path(path)!r} lies in the dataset, whose files are listed: name a place outside of it"
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
    choices = choices_of(arguments)
    named = Named(sys.stdin.buffer.read()) if name == "-" else read_named(name, maximum_bytes=choices.maximum_bytes)
    from pipeline.recipe import clean

    return clean(
        named.content,
        source=visible_path(name),
        through=through,
        choices=choices,
        thresholds=thresholds_of(arguments),
        header=named.header,
        encoding=named.encoding,
    )


def _clean(arguments: argparse.Namespace) -> int:
    document = _document(arguments, arguments.file, through=arguments.through)
    text = document.text if arguments.through == "split" else document.text_after(arguments.through)
    if text is None:
        verdict = document.verdict
        return complain(f"{document.source}: set aside by {verdict.stage}: {verdict.reason}, {verdict.detail}", BLOCKED)
    if sys.stdout.isatty():
        text = visible(text, keep="\n\t")
    _write_bytes((text if text.endswith("\n") else text + "\n").encode("utf-8", "backslashreplace"))
    return GOOD


def _explain(arguments: argparse.Namespace) -> int:
    from pipeline import explaining

    if arguments.what == "-" or is_there(arguments.what):
        account = explaining.of_document(_document(arguments, arguments.what))
    else:
        account = _published_account(arguments.what, Path(value_of(arguments, OUTPUT)))
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

    where = f"{visible_path(wanted)!r} is no file"
    try:
        dataset, _ = locate(output)
        return explaining.of_dataset(dataset, wanted)
    except BadInput as error:
        message = f"{where}, and there is no dataset to look it up in: {error}"
        raise BadInput(message) from error
    except LookupError as error:
        message = f"{where}, and in {visible_path(output)!r} {error.args[0]}: give a file, a whole id, or --output DIR"
        raise BadInput(message) from error


def _rebuild(arguments: argparse.Namespace) -> int:
    from pipeline.rebuilding import locate, rebuild_document

    dataset, redactions = locate(Path(arguments.folder))
    rebuilt = rebuild_document(dataset, arguments.id, redactions)
    if rebuilt.content is None:
        message = (
            f"{arguments.id}: {rebuilt.withheld_chars} characters of personal data are withheld; the bytes can be had"
        )
        return complain(f"{message} where private/redactions.parquet lies beside the dataset", WITHHELD)
    _write_bytes(rebuilt.content)
    return GOOD


def _report(arguments: argparse.Namespace) -> int:
    from pipeline.rebuilding import locate
    from pipeline.report import FOLDER, MOST_DOCUMENTS, write_report

    dataset, _ = locate(Path(arguments.folder))
    folder = _given("--to", arguments.to) or dataset.resolve().parent / FOLDER
    _must_be_outside(folder, dataset)
    reporter = TerminalReporter()
    try:
        progress = reporter.begin("Writing the report", None)
        most = MOST_DOCUMENTS if arguments.documents is None else arguments.documents
        workers = value_of(arguments, WORKERS)
        written = write_report(dataset, folder, most=most, workers=workers, progress=progress)
    finally:
        reporter.end()
    print(f"{visible_path(written.page)}: {counted(written.documents, 'document')} in {counted(written.bytes, 'byte')}")
    return GOOD


def _serve(arguments: argparse.Namespace) -> int:
    from pipeline.serving import PORT, server

    with server(Path(arguments.folder), port=PORT if arguments.port is None else arguments.port) as served:
        address = f"http://localhost:{served.server_address[1]}"
        print(f"{address}: the report and the Data Docs of {visible_path(arguments.folder)}, until Ctrl-C", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            served.serve_forever()
    return GOOD


# ------------------------------------------------------------------------------------------------ learn
def _learn(arguments: argparse.Namespace) -> int:
    raw, choices = folder_named(value_of(arguments, RAW)), choices_of(arguments, LEARNING)
    _must_be_folder(raw)
    from pipeline.learning import write_lexicon

    reporter = TerminalReporter()
    try:
        progress = reporter.begin("Reading documents", None)
        learned = write_lexicon(raw, Path(arguments.lexicon), choices=choices, progress=progress)
    finally:
        reporter.end()
    lines, documents = counted(len(learned.lexicon.entries), "line"), counted(learned.documents, "document")
    print(f"{visible_path(arguments.lexicon)}: {lines} learned from {documents} of {counted(learned.sites, 'site')}")
    return GOOD


def _write_bytes(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "clean": _clean,
    "explain": _explain,
    "judge": _judge,
    "learn": _learn,
    "rebuild": _rebuild,
    "report": _report,
    "serve": _serve,
    "validate": _validate,
}


if __name__ == "__main__":
    sys.exit(main())
