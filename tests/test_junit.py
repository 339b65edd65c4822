"""Test reports for build servers: well-formed whatever a dataset holds, and counted as their readers count."""

from __future__ import annotations

import os
import re
import shlex
import stat
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.__main__ import main
from pipeline.sources.files import BadInput
from pipeline.validate import CheckResult
from pipeline.validate.junit import check_file_writable, junit_error, junit_xml, reported, write_report

ROOT = Path(__file__).resolve().parents[1]
SEVERITIES: tuple[Literal["critical", "warning"], ...] = ("critical", "warning")

anything = st.text(st.characters(codec=None, categories=None))
"""Every code point: control characters, lone surrogates and noncharacters are likely in what a crawl leaves."""


def _result(**changes: Any) -> CheckResult:  # noqa: ANN401
    kept = CheckResult("files", "id_unique", "expect_it", "id", "critical", True, 0, (), "A file stands once.")  # noqa: FBT003
    return kept._replace(**changes)


@st.composite
def results(draw: st.DrawFn) -> CheckResult:
    """A result of any check on any dataset."""
    failing = tuple(draw(st.lists(anything, max_size=3)))
    return CheckResult(
        draw(anything),
        draw(anything),
        draw(anything),
        draw(anything),
        draw(st.sampled_from(SEVERITIES)),
        draw(st.booleans()),
        draw(st.integers(0, 9)),
        failing,
        draw(anything),
    )


def _sums(of: ET.Element) -> tuple[int, ...]:
    return tuple(int(of.attrib[name]) for name in ("tests", "failures", "errors", "skipped"))


def _counted(of: ET.Element) -> tuple[int, ...]:
    return tuple(len(list(of.iter(name))) for name in ("testcase", "failure", "error", "skipped"))


@given(st.lists(results(), max_size=5))
def test_a_report_is_well_formed_and_adds_up(given_results: list[CheckResult]) -> None:
    """It is read back, has a case for each check, and every sum is that of what is inside."""
    root = ET.fromstring(junit_xml(given_results))  # noqa: S314  our own
    assert len(given_results) == len(list(root.iter("testcase")))
    assert [_counted(suite) for suite in (root, *root)] == [_sums(suite) for suite in (root, *root)]
    assert len({result.table for result in given_results}) == len(root)


@given(anything)
def test_an_error_is_well_formed(message: str) -> None:
    """Whatever the message quotes."""
    root = ET.fromstring(junit_error(message))  # noqa: S314  our own
    assert (1, 0, 1, 0) == _sums(root) == _counted(root)


def test_a_broken_promise_is_a_failure_and_says_which_rows() -> None:
    """The message stands in an attribute and in the text, since each reader shows another; rows one on a line."""
    broken = _result(success=False, unexpected=25, failing=("a.txt", "b\x1b\n.txt"), message="25 of 30 fail. Why.")
    root = ET.fromstring(junit_xml([broken]))  # noqa: S314  our own
    case = root[0][0]
    assert ("zhengwen.files", "id_unique") == (case.attrib["classname"], case.attrib["name"])
    assert {"message": "25 of 30 fail. Why.", "type": "expect_it"} == case[0].attrib
    assert "25 of 30 fail. Why.\na.txt\nb\N{REPLACEMENT CHARACTER} .txt\nand 23 more" == case[0].text


def test_a_warning_fails_no_build() -> None:
    """It is a skipped test that says what it warns of."""
    root = ET.fromstring(junit_xml([_result(success=False, severity="warning"), _result(table="edits")]))  # noqa: S314
    assert (2, 0, 0, 1) == _sums(root)
    assert ["files", "edits"] == [suite.attrib["name"] for suite in root]
    assert "warning: A file stands once." == root[0][0][0].attrib["message"]


def test_a_report_takes_the_place_of_the_former(tmp_path: Path) -> None:
    """Also where the former is the longer one; its folder is made, and nothing else is left there."""
    file = tmp_path / "reports" / "junit.xml"
    check_file_writable(file)
    write_report(file, b"<testsuites>a long one")
    check_file_writable(file)
    write_report(file, b"short")
    assert {file: b"short"} == {path: path.read_bytes() for path in file.parent.iterdir()}


def test_a_place_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    """It is said before anything is checked."""
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(BadInput, match="is a folder: name a file"):
        check_file_writable(tmp_path)
    with pytest.raises(BadInput, match="is there and is no test report"):
        check_file_writable(tmp_path / "file")
    assert b"mine" == (tmp_path / "file").read_bytes()
    with pytest.raises(BadInput, match="cannot be written"):
        check_file_writable(tmp_path / "file" / "junit.xml")
    with pytest.raises(BadInput, match="cannot be written"):
        write_report(tmp_path / "file" / "junit.xml", b"")


def test_what_goes_wrong_is_reported_and_goes_on(tmp_path: Path) -> None:
    """A build server that reads an earlier report would show that all is well."""
    file = tmp_path / "junit.xml"
    file.write_bytes(b"all is well")
    problem = BadInput("'data' holds no dataset")
    with pytest.raises(BadInput), reported(file):
        raise problem
    error = next(ET.parse(file).iter("error"))  # noqa: S314  our own
    assert "'data' holds no dataset" == error.attrib["message"]
    with pytest.raises(BadInput), reported(None):
        raise problem
    assert [file] == list(tmp_path.iterdir())


# ------------------------------------------------------------------------------------------------ docs/validating.md
def _blocks(kind: str) -> list[str]:
    page = (ROOT / "docs" / "validating.md").read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def _commands(value: object) -> list[str]:
    """Every command of a recipe, at whatever depth."""
    if isinstance(value, dict):
        named = [value[key] for key in ("run", "script", "before_script") if key in value]
        lines = [line for each in named for line in (each if isinstance(each, list) else each.splitlines())]
        return lines + [line for each in value.values() for line in _commands(each)]
    return [line for each in value for line in _commands(each)] if isinstance(value, list) else []


def test_the_commands_of_the_page_are_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Each is taken as it stands: only the dataset is not where it says."""
    recipes = [yaml.safe_load(block) for block in _blocks("yaml")]
    lines = [line for block in _blocks("sh") for line in block.splitlines()] + _commands(recipes)
    calls = [shlex.split(line, comments=True) for line in lines if "-m pipeline" in line]
    assert 2 == len(recipes)
    assert len(calls) > 3
    for call in calls:
        assert 0 == _exit_code([*call[call.index("pipeline") + 1 :], "--help"])
        used = {word for word in call if word.startswith("--")}
        assert used <= set(capsys.readouterr().out.split())


def test_the_links_of_the_page_lead_somewhere() -> None:
    """To files that are there."""
    text = (ROOT / "docs" / "validating.md").read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert links
    assert [] == [link for link in links if not (ROOT / "docs" / link).exists()]


def _exit_code(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0)


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    """Who links a report to where it is collected finds it there."""
    target, link = tmp_path / "kept" / "report.xml", tmp_path / "report.xml"
    target.parent.mkdir()
    target.write_text("old")
    link.symlink_to(target)
    write_report(link, b"<testsuites/>")
    assert link.is_symlink()
    assert b"<testsuites/>" == target.read_bytes()


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """`--junit /dev/stdout` must not put a file in the place of a device; a pipe stands for it here."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_report(pipe, b"<testsuites/>")
        assert b"<testsuites/>" == os.read(reader, 100)
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
