"""What running the suites gives: a result for each expectation, rows named so that a person finds them, no texts.

The tables here are small and made by hand. What makes each expectation fail is in ``test_expectations_fire.py``; suites
on what a build writes are run in ``test_orchestration.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from sound_dataset import document, failed, good, run, run_on, stretch, write

from pipeline.columns import TABLES, schema
from pipeline.sources.files import BadInput
from pipeline.validate import load_suites, run_suites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _about(*tables: str) -> Callable[[str], bool]:
    return lambda name: name.partition(".")[0] in tables


def test_a_sound_dataset_keeps_every_promise(tmp_path: Path) -> None:
    """Policy in Chinese, Markdown about git with its markers, English with half-width marks: nothing fires.

    Great Expectations gives results in its own order; ours come in the order of the suites, none missing.
    """
    results = run(good(), tmp_path)
    assert set() == failed(results)
    assert [f"{suite.table}.{each.name}" for suite in load_suites() for each in suite.expectations] == list(results)


def test_an_empty_dataset_keeps_every_promise(tmp_path: Path) -> None:
    """Of no input, nothing becomes; no expectation stumbles over a table without rows."""
    results = run({name: [] for name in TABLES}, tmp_path, inputs=0)
    assert {"documents.date_published_often_stated"} == failed(results)  # none of none is no share
    assert not any(result.blocks for result in results.values())


def test_what_asks_for_the_number_of_inputs_has_no_result_without_it(tmp_path: Path) -> None:
    """Of a dataset that was downloaded, nobody knows how many files it was made from."""
    names = set(run(good(), tmp_path, inputs=None, only=_about("files")))
    assert "files.row_for_every_input" not in names
    assert "files.outcomes_add_up" in names


def test_what_was_found_is_said(tmp_path: Path) -> None:
    """Rows are counted against the inputs, and the message has the number."""
    results = run(good(), tmp_path, inputs=6, only=lambda name: name.endswith("row_for_every_input"))
    assert results["files.row_for_every_input"].message.startswith("found 5.")
    assert results["files.row_for_every_input"].blocks


def test_a_ratio_warns_and_does_not_block(tmp_path: Path) -> None:
    """Three odd documents of three are worth a warning; the dataset is published all the same."""
    rows = good()
    rows["documents"] = [
        document(f"编号{number}，内容很短的一篇。", row["raw_path"]) for number, row in enumerate(rows["documents"])
    ]
    rows["sections"] = rows["edits"] = rows["conflicts"] = []
    rows["scripts"] = list(map(stretch, rows["documents"]))
    results = run(rows, tmp_path, only=_about("documents"))
    assert {"documents.date_published_often_stated", "documents.text_of_usual_length"} == failed(results)
    assert not any(result.blocks for result in results.values())


def test_rows_that_fail_are_named(tmp_path: Path) -> None:
    """By id or path; sections, edits, conflicts and stretches by their document and their position in it."""
    rows = good()
    rows["documents"].append(dict(rows["documents"][1]))
    rows["edits"][1]["op"] = "insert"
    rows["sections"][2]["level"] = 0
    rows["conflicts"][1]["rule"] = "conflict.odd"
    rows["scripts"][1]["configuration"] = "hk2s"
    rows["quarantine"][0]["detail"] = ""
    results = run(rows, tmp_path)
    plan, lesson, news = (row["id"] for row in rows["documents"][:3])
    assert (lesson, lesson) == results["documents.id_unique"].failing
    assert (f"{plan}/1",) == results["edits.op_fits"].failing
    assert (f"{plan}/2",) == results["sections.level_in_range"].failing
    assert (f"{news}/1",) == results["conflicts.rule_known"].failing
    assert (f"{plan}/1",) == results["scripts.configuration_fits"].failing
    assert ("broken.txt",) == results["quarantine.detail_stated"].failing
    assert "1 of 9 fail." in results["edits.op_fits"].message


def test_columns_in_another_order_are_named(tmp_path: Path) -> None:
    """Order and place are said of the columns that moved."""
    fields = list(schema(TABLES["files"]))
    moved = pa.schema([fields[1], fields[0], *fields[2:]])
    results = run_on(write(good(), tmp_path, schemas={"files": moved}), only=_about("files", "columns"))
    assert {"files.columns_in_order", "columns.as_declared"} == failed(results)
    assert {"files.raw_path", "files.raw_sha256"} == set(results["columns.as_declared"].failing)


def test_a_column_of_another_type_is_named(tmp_path: Path) -> None:
    """A wider integer is another type: whoever reads it into a schema of their own would stumble."""
    fields = [
        field.with_type(pa.int64()) if field.name == "char_count" else field for field in schema(TABLES["documents"])
    ]
    folder = write(good(), tmp_path, schemas={"documents": pa.schema(fields)})
    results = run_on(folder, only=_about("documents", "columns"))
    assert {"documents.char_count_type", "columns.as_declared"} == failed(results)
    assert ("documents.char_count",) == results["columns.as_declared"].failing


def test_a_missing_column_fails_and_says_so(tmp_path: Path) -> None:
    """What cannot be looked at has failed, and the rest is looked at all the same."""
    fields = pa.schema([field for field in schema(TABLES["files"]) if field.name != "status"])
    missing = failed(run_on(write(good(), tmp_path, schemas={"files": fields}), only=_about("files", "columns")))
    expected = {"columns.as_declared", "files.columns_in_order"}
    expected |= {f"files.status_{rest}" for rest in ("not_null", "known", "type")}
    assert expected <= missing


def test_results_never_hold_texts(tmp_path: Path) -> None:
    """A text may hold personal data or whole works; a result names ids, no matter what failed."""
    rows = good()
    secret = "秘" * 60 + " \u00a0\n\n<br>"
    rows["documents"] = [document(secret, row["raw_path"]) for row in rows["documents"]]
    for edit in rows["edits"]:
        edit |= {"before": secret, "after": secret, "moved_to": secret, "rule": secret, "op": secret}
    for conflict in rows["conflicts"]:
        conflict |= {"style": secret, "ours": secret, "label_theirs": secret, "resolution": secret, "rule": secret}
    for one in rows["scripts"]:
        one |= {"script": secret, "configuration": secret}
    rows["quarantine"][0] |= {"reason": secret, "stage": secret}
    assert "秘" not in repr(run(rows, tmp_path))


def test_a_dataset_without_json_lines_fails(tmp_path: Path) -> None:
    """What is missing is not in step with anything."""
    folder = write(good(), tmp_path)
    (folder / "jsonl" / "documents-00000.jsonl").unlink()
    assert {"documents.json_lines_fit", "documents.json_lines_complete"} == failed(
        run_on(folder, only=_about("documents"))
    )


def test_a_folder_that_is_no_dataset_is_bad_input(tmp_path: Path) -> None:
    """The message says what is missing, and where."""
    with pytest.raises(BadInput, match=r"no data/documents-\*\.parquet"):
        run_suites(tmp_path, load_suites())
