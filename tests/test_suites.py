"""The suites as they stand in their files: complete, readable, and in step with the data dictionary."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sound_dataset import Row, good, write

from pipeline.columns import TABLES
from pipeline.validate import EXPECTATIONS, BadSuite, complete_suites, load_suites, run_suites
from pipeline.validate.generated import formatted, generated, rewrite, with_generated
from pipeline.validate.suites import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable


def _suite(tmp_path: Path, *expectations: Row, name: str = "documents") -> Path:
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "documents.json").write_text(json.dumps({"name": name, "expectations": expectations}), "utf-8")
    return tmp_path


def _expectation(**changes: Any) -> Row:  # noqa: ANN401  any part of it
    row: Row = {
        "type": "expect_column_values_to_be_unique",
        "kwargs": {"column": "id"},
        "severity": "critical",
        "meta": {"name": "a", "why": "because"},
    }
    return row | changes


# ------------------------------------------------------------------------------------------------ what a suite is
def test_an_expectation_that_great_expectations_does_not_know_fails_the_load(tmp_path: Path) -> None:
    """It would log the fact, drop the expectation, and pass the suite without it."""
    unknown = _expectation(type="expect_column_values_to_be_bananas", meta={"name": "b", "why": "because"})
    suites = load_suites(_suite(tmp_path / "suites", _expectation(), unknown))
    with pytest.raises(BadSuite, match=r"does not know the type of 'b' \(expect_column_values_to_be_bananas\)"):
        run_suites(write(good(), tmp_path / "dataset"), suites)


def test_an_argument_that_an_expectation_does_not_take_fails_the_load(tmp_path: Path) -> None:
    """A slip in an argument's name must not weaken an expectation."""
    odd = _expectation(type="expect_column_values_to_be_between", kwargs={"column": "char_count", "minimum": 1})
    suites = load_suites(_suite(tmp_path / "suites", odd))
    with pytest.raises(BadSuite, match="does not take it"):
        run_suites(write(good(), tmp_path / "dataset"), suites)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ([_expectation(), _expectation()], "'a' is there 2 times"),
        ([_expectation(meta={"name": "a", "why": " "})], "'a' gives no reason"),
        ([_expectation(severity="fatal")], "severity 'fatal'"),
        ([_expectation(meta={"name": "a"})], "not a suite of expectations: KeyError"),
    ],
)
def test_an_expectation_needs_name_reason_and_severity(broken: list[Row], message: str, tmp_path: Path) -> None:
    """The suites are for people to read."""
    with pytest.raises(BadSuite, match=message):
        load_suites(_suite(tmp_path, *broken))


def test_a_suite_of_no_table_fails_the_load(tmp_path: Path) -> None:
    """A suite that nothing runs would pass for ever."""
    with pytest.raises(BadSuite, match="nothing to look at for 'poems'"):
        load_suites(_suite(tmp_path, name="poems"))


def test_every_published_table_has_a_suite() -> None:
    """One for each, and one for the columns of all of them; every file of the folder is run."""
    assert sorted([*TABLES, "columns"]) == [suite.table for suite in load_suites()]
    assert [suite.table for suite in load_suites()] == sorted(file.stem for file in EXPECTATIONS.iterdir())


def test_no_reason_is_given_twice_by_hand() -> None:
    """Each says what it is for; only the generated ones are of a kind."""
    for suite in load_suites():
        reasons = [each.why for each in suite.expectations if not each.generated]
        assert len(reasons) == len(set(reasons))


# ------------------------------------------------------------------------------------------------ the generated part
def test_the_generated_part_is_current() -> None:
    """A column that is new in columns.py is new in its suite."""
    stale = [
        table
        for table in TABLES
        if formatted(with_generated(json.loads((EXPECTATIONS / f"{table}.json").read_text("utf-8"))))
        != (EXPECTATIONS / f"{table}.json").read_text("utf-8")
    ]
    assert [] == stale, "run `make expectations`"


@pytest.mark.parametrize("table", TABLES)
def test_order_nullability_and_vocabularies_are_those_of_the_data_dictionary(table: str) -> None:
    """All columns in their order, no nulls just where there must be none, every closed list."""
    by_name = {each["meta"]["name"]: each["kwargs"] for each in generated(table)}
    assert [column.name for column in TABLES[table]] == by_name["columns_in_order"]["column_list"]
    required = {f"{column.name}_not_null" for column in TABLES[table] if not column.nullable}
    assert required == {name for name in by_name if name.endswith("_not_null")}
    closed = {f"{column.name}_known": list(column.vocabulary) for column in TABLES[table] if column.vocabulary}
    closed.pop("quality_flags_known", None)  # a list: looked into by a derived column
    assert closed == {name: kwargs["value_set"] for name, kwargs in by_name.items() if name.endswith("_known")}


def test_rewriting_makes_the_generated_part_anew_and_leaves_the_rest(tmp_path: Path) -> None:
    """Names, reasons and order of what is written by hand stay; a second time, nothing changes."""
    by_hand = [_expectation(meta={"name": name, "why": "because《》"}) for name in ("z", "a")]
    stale = _expectation(meta={"name": "gone_type", "why": "because", "generated": True})
    file = tmp_path / "sections.json"
    content = {"name": "sections", "meta": {"about": "…"}, "expectations": [by_hand[0], stale, by_hand[1]]}
    file.write_text(json.dumps(content), "utf-8")

    assert {f"{table}.json" for table in TABLES} == {path.name for path in rewrite(tmp_path)}
    assert {**content, "expectations": [*generated("sections"), *by_hand]} == json.loads(file.read_text("utf-8"))
    assert [] == rewrite(tmp_path)
    assert set(TABLES) == {suite.table for suite in load_suites(tmp_path)}


def test_a_suite_is_laid_out_for_people() -> None:
    """Arguments in one line, letters as they are; also letters that stand for something else in JSON or here."""
    suite = {"name": "a", "expectations": [_expectation(kwargs={"regex": '\\d"\0001《', "mostly": 0.5})]}
    line = '      "kwargs": {"regex": "\\\\d\\"\\u00001《", "mostly": 0.5},'
    assert line in formatted(suite).splitlines()
    assert suite == json.loads(formatted(suite))


def _copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXPECTATIONS, tmp_path / "expectations"))


def test_the_suites_of_this_project_are_complete() -> None:
    """What is checked with is what the folder holds."""
    assert load_suites() == complete_suites()


@pytest.mark.parametrize("table", sorted(KEYS))
def test_a_suite_that_is_missing_fails_the_load(table: str, tmp_path: Path) -> None:
    """Without it, everything would pass that it forbids."""
    folder = _copy(tmp_path)
    (folder / f"{table}.json").unlink()
    with pytest.raises(BadSuite, match=f"there is no suite for {table}: put the files back"):
        complete_suites(folder)


def _edited(folder: Path, table: str, edit: Callable[[dict[str, Any]], object]) -> Path:
    file = folder / f"{table}.json"
    content = json.loads(file.read_text("utf-8"))
    edit(content)
    file.write_text(json.dumps(content), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda suite: suite.update(expectations=[]), "there is no expectation in it"),
        (lambda suite: suite["expectations"].pop(1), "run `make expectations`"),
        (lambda suite: suite["expectations"][1].update(severity="warning"), "run `make expectations`"),
        (
            lambda suite: suite["expectations"][-1].update(type="expect_column_values_to_be_bananas"),
            "does not know the type of .*bananas",
        ),
        (lambda suite: suite["expectations"][-1]["meta"].update(name="a name/b"), "cannot be the name of a check"),
    ],
)
def test_a_suite_that_lacks_something_fails_the_load(
    edit: Callable[[dict[str, Any]], object], message: str, tmp_path: Path
) -> None:
    """One line names the file and what to do, before anything is run."""
    folder = _edited(_copy(tmp_path), "quarantine", edit)
    with pytest.raises(BadSuite, match=message) as refused:
        complete_suites(folder)
    assert "quarantine.json" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_load_knows_every_type_without_great_expectations() -> None:
    """Its import takes seconds, and the UI loads the suites at its start."""
    code = "import sys, pipeline.validate as v; v.complete_suites(); print('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False" == done.stdout.strip()


def test_a_type_that_is_misspelt_is_one_line_on_standard_error(tmp_path: Path) -> None:
    """Great Expectations would print a traceback of its own."""
    folder = _edited(
        _copy(tmp_path),
        "files",
        lambda suite: suite["expectations"][-1]["kwargs"].update(nonsense=1),
    )
    code = (
        "import sys; from pathlib import Path; from pipeline.validate import asking, load_suites\n"
        "suite = next(s for s in load_suites(Path(sys.argv[1])) if s.table == 'files')\n"
        "try: asking.gx_suite(suite, suite.expectations)\n"
        "except Exception as error: print(type(error).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    assert ("BadSuite", "") == (done.stdout.strip(), done.stderr)
