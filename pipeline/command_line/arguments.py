"""What can be typed: commands, their options and examples, and what was typed, as values.

Here belongs what `--help` shows. What a command does is said in :mod:`pipeline.__main__`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline.admissions import read_admissions
from pipeline.command_line.ending import BAD_USAGE, CODES_SAID
from pipeline.options import (
    ADMIT,
    CLEANING,
    FRESH,
    FURNITURE,
    JUDGING,
    LOG,
    OUTPUT,
    PLACES,
    RAW,
    RUNNING,
    THRESHOLDS,
    WORKERS,
    Choices,
    Option,
    Thresholds,
)
from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_USAGE, f"{self.prog}: {visible(message)} (see {self.prog} --help)\n")


def parser() -> argparse.ArgumentParser:
    """What takes a line that was typed apart; `command` is the name of the command, the rest what it is given.

    >>> typed = parser().parse_args(["build", "--workers", "4"])
    >>> typed.command, value_of(typed, WORKERS)
    ('build', 4)

    What is wrong with a line is said on one line of standard error, with exit code 2.
    """
    parser = _Parser(
        prog="python -m pipeline",
        description="zhengwen: crawled Chinese documents into a clean open dataset, with an account of every change.",
        epilog=f"Each command has its own --help. {' '.join(CODES_SAID.split())}",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    build = _command(
        commands,
        "build",
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
        "publish by other limits what a build has cleaned, without cleaning it again",
        """Decides anew which of the documents that a build left in OUTPUT/stages are published: by the limits that are
        given here, and with the documents that somebody admits. Then it writes, checks and publishes the dataset as
        build does. The raw folder is not read.""",
        ["judge --minimum-han 20", "judge --output result --admit admitted.tsv"],
    )
    for option in (*JUDGED_AT, *JUDGING, LOG):
        _option(judge, option)
    judge.add_argument("--verbose", action="store_true", help="show the log of the run, and details of errors")

    validate = _command(
        commands,
        "validate",
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
        "learn which lines are furniture of their site, for --furniture",
        """Cleans every file below the raw folder in memory and writes a lexicon of the lines that stand at the head or
        the tail of so many pages of one site that they are the site's: its menu, its footer. Look it through, take it
        into your version control, and give it to the other commands with --furniture. Learn with the options that you
        build with. The same documents give the same bytes.""",
        ["learn furniture.json", "learn --raw crawl furniture.json", "build --raw crawl --furniture furniture.json"],
    )
    learn.add_argument("lexicon", metavar="LEXICON", help="the file to write, in the place of an earlier one")
    for option in (RAW, *LEARNING):
        _option(learn, option)
    return parser


JUDGED_AT: tuple[Option[Any], ...] = (*(option for option in PLACES if option is not RAW), WORKERS)
"""Where tables are judged, by how many processes, and what the result is called."""

LEARNING = tuple(option for option in CLEANING if option is not FURNITURE)
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
    parser.set_defaults(command=name)
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


def value_of(arguments: argparse.Namespace, option: Option[Any]) -> Any:  # noqa: ANN401  whatever the option has
    """What an option is set to: on the command line, in the environment, or not at all."""
    given = getattr(arguments, option.name)
    return option.default if given is None else option.read(given)


def choices_of(arguments: argparse.Namespace, options: Sequence[Option[Any]] = CLEANING) -> Choices:
    """What documents are cleaned with; raises :class:`pipeline.options.BadOption` for what an option cannot be."""
    return Choices(**{option.name: value_of(arguments, option) for option in options})


def thresholds_of(arguments: argparse.Namespace) -> Thresholds:
    """The limits of the verdict; raises as :func:`choices_of` does."""
    return Thresholds(**{option.name: value_of(arguments, option) for option in THRESHOLDS})


def judging_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """What is judged by, refused before anything heavy is imported."""
    thresholds_of(arguments)
    if admit := value_of(arguments, ADMIT):
        read_admissions(Path(admit))
    return {option.name: value_of(arguments, option) for option in JUDGING}
