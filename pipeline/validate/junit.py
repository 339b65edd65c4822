"""Results as JUnit XML, which GitHub, GitLab, Jenkins and others show beside a change.

Here belongs what stands where in the file. There is no standard; what is written is what the readers of all three take:
a suite for each table, a case for each check, messages both as attribute (Jenkins) and as text (GitLab).
"""

from __future__ import annotations

import os
import re
import tempfile
import xml.etree.ElementTree as ET  # nothing is parsed here
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.validate.results import CheckResult

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, escaped or not: most control characters, surrogates, U+FFFE and U+FFFF."""

_ROOT, _HEAD_BYTES = b"<testsuite", 2_000
"""What stands within so many bytes of the beginning of a report, be it one of another tool."""


def junit_xml(results: Sequence[CheckResult]) -> bytes:
    """A test report: a critical promise that is not kept is a failure, one that is worth a warning a skipped test.

    >>> from pipeline.validate.results import CheckResult
    >>> kept = CheckResult("files", "id_unique", "", "id", "critical", True, 0, (), "Why.")
    >>> print(junit_xml([kept]).decode())
    <?xml version='1.0' encoding='utf-8'?>
    <testsuites name="zhengwen" tests="1" failures="0" errors="0" skipped="0">
      <testsuite name="files" tests="1" failures="0" errors="0" skipped="0">
        <testcase classname="zhengwen.files" name="id_unique" />
      </testsuite>
    </testsuites>
    <BLANKLINE>

    JUnit knows no warnings, and a skipped test is the only outcome beside success that fails no build. Nothing says how
    long a check took: they are run together.
    """
    root = ET.Element("testsuites", _counts("zhengwen", results, errors=0))
    for table in dict.fromkeys(result.table for result in results):
        here = [result for result in results if result.table == table]
        suite = ET.SubElement(root, "testsuite", _counts(table, here, errors=0))
        for result in here:
            case = ET.SubElement(
                suite, "testcase", {"classname": _clean(f"zhengwen.{table}"), "name": _clean(result.name)}
            )
            if not result.success:
                _tell(case, result)
    return _written(root)


def junit_error(message: str) -> bytes:
    """The report of a run that could not check the dataset: one test, which is an error."""
    root = ET.Element("testsuites", _counts("zhengwen", (), errors=1))
    suite = ET.SubElement(root, "testsuite", _counts("dataset", (), errors=1))
    case = ET.SubElement(suite, "testcase", {"classname": "zhengwen.dataset", "name": "can_be_checked"})
    ET.SubElement(case, "error", {"message": _clean(message), "type": "not checked"}).text = _clean(message)
    return _written(root)


def check_file_writable(file: Path) -> None:
    """Make the folder of `file` where it is missing and try whether it can be written; to be called before all work.

    Raises :class:`pipeline.sources.files.BadInput` where it cannot, and where a file is there that is no such report.
    """
    if file.is_dir():
        message = f"{os.fspath(file)!r} is a folder: name a file for the report (--junit FILE)"
        raise BadInput(message)
    try:
        if file.is_file() and file.stat().st_size and _ROOT not in file.read_bytes()[:_HEAD_BYTES]:
            message = f"{os.fspath(file)!r} is there and is no test report: name another file (--junit FILE)"
            raise BadInput(message)
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise _unwritable(file, error) from error


@contextmanager
def reported(file: Path | None) -> Iterator[None]:
    """Whatever goes wrong inside is written to `file` as the report, and goes on being an error.

    So somebody who reads reports alone sees a run that could not check anything, and no earlier report.
    """
    try:
        yield
    except Exception as error:
        if file is not None:
            write_report(file, junit_error(str(error)))
        raise


def write_report(file: Path, report: bytes) -> None:
    """Write a report; a file that is there is replaced, and is whole at every moment.

    What a link leads to is replaced, and not the link; a pipe or a device is written to.
    """
    file = Path(os.path.realpath(file))
    fresh = file.with_name(f".{file.name}.fresh")
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(report)
            return
        fresh.write_bytes(report)
        fresh.replace(file)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise _unwritable(file, error) from error


def _unwritable(file: Path, error: OSError) -> BadInput:
    name = os.fspath(file)
    return BadInput(f"{name!r} cannot be written ({error.strerror}): allow it, or name another file (--junit FILE)")


def _counts(name: str, results: Sequence[CheckResult], *, errors: int) -> dict[str, str]:
    outcomes = [result.outcome for result in results]
    return {
        "name": _clean(name),
        "tests": str(len(outcomes) + errors),
        "failures": str(outcomes.count("failed")),
        "errors": str(errors),
        "skipped": str(outcomes.count("warning")),
    }


def _tell(case: ET.Element, result: CheckResult) -> None:
    """What was not kept, and the rows by which it was not."""
    if result.blocks:
        message = _clean(result.message)
        told = ET.SubElement(case, "failure", {"message": message, "type": _clean(result.type)})
    else:
        message = _clean(f"warning: {result.message}")
        told = ET.SubElement(case, "skipped", {"message": message})
    told.text = "\n".join([message, *(_clean(row) for row in result.rows())])


def _clean(text: str) -> str:
    """The text on one line, and without what XML cannot hold."""
    return " ".join(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text).split())


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True)) + b"\n"
