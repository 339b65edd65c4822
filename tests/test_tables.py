"""Stage tables: a row for every input in each, with the exact schema, whatever became of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_dataset import STAGE_NAMES, document, record

from pipeline import columns, tables
from pipeline.document import REASONS, Verdict
from pipeline.edits import Edit
from pipeline.recipe import STAGES, clean
from pipeline.sources.files import Input, find_inputs
from pipeline.stages import write_stages
from pipeline.tables import layers_leading_to, stage_tables, string_array, unread
from pipeline.text import Finding, Outcome, View

if TYPE_CHECKING:
    from pipeline.tables import Record

ASSETS = tuple(columns.STAGE_TABLES)
HERE = Path("raw")


def halve(view: View) -> Outcome:
    """Put an ASCII comma in the place of each full-width one."""
    return Outcome([Edit(n, "，", ",", "test.halved") for n, one in enumerate(view.text) if one == "，"])


def drop_last(view: View) -> Outcome:
    """Delete the last character, and say so."""
    return Outcome(
        [Edit(len(view.text) - 1, view.text[-1], "", "test.dropped")], [Finding("flag", "text_gap_suspected")]
    )


def _row(record: Record, asset: str) -> dict[str, object]:
    (row,) = stage_tables([record], assets=[asset])[asset].to_pylist()
    return row


def test_the_stages_and_the_tables_go_together() -> None:
    """Each stage has its table, in the same order, and the names of the stages are those of the data dictionary."""
    assert (ASSETS, STAGE_NAMES) == (tuple(stage.asset for stage in STAGES), tuple(stage.name for stage in STAGES))


@pytest.mark.parametrize("asset", ASSETS)
def test_every_table_has_exactly_its_schema(asset: str) -> None:
    """Columns, order, types and nullability are those of the data dictionary, for no rows and for any."""
    records = [
        unread(Input("a", HERE, None, None, "unreadable", "a device, not a file")),
        record("b", document("标题，正文".encode(), steps={"convert": [halve]}), HERE),
    ]
    expected = columns.schema(columns.STAGE_TABLES[asset])
    for rows in ([], records):
        table = stage_tables(rows, assets=[asset])[asset]
        table.validate(full=True)
        assert (expected, len(rows)) == (table.schema, table.num_rows)


def test_the_text_after_each_stage_stands_in_its_table() -> None:
    """Texts and edits are those of the stage, and the number of an edit's pass counts through all stages."""
    one = record("a", document("标题，正文。".encode(), steps={"reconcile": [drop_last], "split": [halve]}), HERE)
    rows = {asset: _row(one, asset) for asset in ASSETS}
    texts = [rows[asset]["text"] for asset in ASSETS]
    assert ["标题，正文。", "标题，正文", "标题，正文", "标题,正文"] == texts
    expected = [
        [],
        [{"layer": 0, "step": "drop_last", "rule": "test.dropped", "start": 5, "before": "。", "after": ""}],
        [],
        [{"layer": 1, "step": "halve", "rule": "test.halved", "start": 2, "before": "，", "after": ","}],
    ]
    assert expected == [rows[asset]["edits"] for asset in ASSETS]
    assert [[], ["text_gap_suspected"], ["text_gap_suspected"]] == [rows[asset]["flags"] for asset in ASSETS[:3]]


def test_the_text_is_null_from_the_stage_on_that_set_the_document_aside() -> None:
    """The reason stands in that stage's row and in those after it; the verdict on its quality changes nothing."""
    content = "标题，正文。".encode()
    for number, stage in enumerate(STAGES):
        whole = document(content)
        depths = dict.fromkeys(STAGE_NAMES[:number], 0)
        verdict = Verdict("step_failed", "halve", stage.name)
        one = record("a", replace(whole, depths=depths, verdict=verdict), HERE)
        rows = [_row(one, asset) for asset in ASSETS]
        assert [True] * number + [False] * (4 - number) == [row["text"] is not None for row in rows]
        assert [None] * number + ["step_failed"] * (4 - number) == [row["set_aside"] for row in rows]
    refused = record("a", document(content, verdict=Verdict("too_short", "2 Han", "corpus")), HERE)
    split = _row(refused, "split_documents")
    assert ("标题，正文。", None, None) == (split["text"], split["set_aside"], split["set_aside_stage"])
    assert _row(record("a", document(content), HERE), "split_documents") == split


def test_a_document_that_cannot_be_laid_out_is_set_aside_alone() -> None:
    """A missing field, a value of a wrong type or a lone surrogate sets that one document aside, not the batch."""

    def find_broken(view: View) -> Outcome:
        return Outcome((), [Finding("test", "\ud800", (0, len(view.text)))])

    def break_text(view: View) -> Outcome:
        return Outcome([Edit(0, view.text[0], "\ud800", "test.broken")])

    good = record("good", document("正文".encode()), HERE)
    records = [
        good,
        record("missing", document("正文".encode(), doc_type=None), HERE),
        record("wrong", document("正文".encode(), view_count="many"), HERE),
        record("surrogate", document("正文".encode(), steps={"convert": [break_text]}), HERE),
        record("found", document("正文".encode(), steps={"reconcile": [find_broken]}), HERE),
    ]
    _, laid_out = tables.laid_out(records, assets=ASSETS)
    split = laid_out["split_documents"].to_pylist()
    assert ["正文", None, None, None, None] == [row["text"] for row in split]
    assert [None, "split", "split", "convert", "reconcile"] == [row["set_aside_stage"] for row in split]
    assert {"step_failed"} == {row["set_aside"] for row in split[1:]}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_strings_are_cut_out_of_the_joined_text(strings: list[str]) -> None:
    """The Arrow strings are those that were joined, whatever their characters take in UTF-8."""
    lengths = np.array([len(one) for one in strings], np.int32)
    array = string_array("".join(strings), lengths)
    array.validate(full=True)
    assert strings == array.to_pylist()


def test_layers_come_back_from_their_rows() -> None:
    """What a stage table says of the edits is enough to undo them."""
    whole = document("一，二，三。".encode(), steps={"convert": [halve], "split": [drop_last]})
    edits = [edit for asset in ASSETS for edit in _row(record("a", whole, HERE), asset)["edits"]]  # type: ignore[attr-defined]
    layers = layers_leading_to(
        len(whole.history.value),
        np.array([edit["layer"] for edit in edits], np.int32),
        starts=np.array([edit["start"] for edit in edits], np.int32),
        befores=[edit["before"] for edit in edits],
        afters=[edit["after"] for edit in edits],
        rules=[edit["rule"] for edit in edits],
    )
    text = whole.history.value
    for layer in reversed(layers):
        text = layer.undo(text)
    assert whole.history.original == text
    assert [list(layer) for layer in whole.layers] == [list(layer) for layer in layers]


def _raw(folder: Path) -> Path:
    folder.mkdir()
    for number in range(7):
        (folder / f"{number}.txt").write_text(f"第{number}号文件，关于人工智能产业发展的若干意见。\n", "utf-8")
    (folder / "binary.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (folder / "broken").symlink_to("nowhere")
    return folder


def test_the_stages_on_disk(tmp_path: Path) -> None:
    """Every table has a row for every input, the report counts them, and what they say is what `clean` says."""
    inputs = find_inputs(_raw(tmp_path / "raw"))
    seen: list[tuple[int, int]] = []
    reports = write_stages(
        inputs, tmp_path / "output", assets=ASSETS, progress=lambda done, whole: seen.append((done, whole))
    )
    assert [(9, 9)] == seen
    for stage in STAGES:
        rows = pq.read_table(tmp_path / "output" / "stages" / stage.asset).to_pylist()
        assert [found.raw_path for found in inputs] == [row["raw_path"] for row in rows]
        report = reports[stage.asset]
        assert (9, 7) == (report.rows, report.texts_out)
        assert sum(row["text"] is not None for row in rows) == report.texts_out
        assert sum(len(row["edits"]) for row in rows) == report.edits.total()
        for row in rows:
            file = tmp_path / "raw" / row["raw_path"]
            if file.exists():
                assert clean(file.read_bytes()).text_after(stage.name) == row["text"]
    decoded = reports["decoded_documents"]
    assert (9, 2) == (decoded.texts_in, decoded.set_aside.total())
    assert decoded.set_aside.keys() <= REASONS.keys()
    assert json.dumps([list(row) for row in decoded.preview])


def test_only_the_tables_asked_for_are_written(tmp_path: Path) -> None:
    """One asset alone takes the documents as far as it needs, and leaves the other tables as they are."""
    inputs = find_inputs(_raw(tmp_path / "raw"))
    write_stages(inputs, tmp_path, assets=["converted_documents"])
    assert ["converted_documents"] == [path.name for path in (tmp_path / "stages").iterdir()]
    write_stages(inputs[:2], tmp_path, assets=["decoded_documents", "split_documents"])
    rows = {path.name: pq.read_table(path).num_rows for path in (tmp_path / "stages").iterdir()}
    assert {"converted_documents": 9, "decoded_documents": 2, "split_documents": 2} == rows


def test_an_interrupted_run_leaves_the_former_tables(tmp_path: Path) -> None:
    """A table is replaced when all of its shards are written, and not before."""
    inputs = find_inputs(_raw(tmp_path / "raw"))
    write_stages(inputs, tmp_path, assets=["decoded_documents"])

    def interrupt(done: int, whole: int) -> None:
        raise KeyboardInterrupt(done, whole)

    with pytest.raises(KeyboardInterrupt):
        write_stages(inputs[:3], tmp_path, assets=["decoded_documents"], progress=interrupt)
    assert 9 == pq.read_table(tmp_path / "stages" / "decoded_documents").num_rows


def test_an_unknown_asset_is_refused(tmp_path: Path) -> None:
    """A name that is no stage table is a mistake of the caller, and nothing is written."""
    with pytest.raises(ValueError, match="there is no stage table decoded"):
        write_stages([], tmp_path, assets=["decoded"])


def test_a_file_that_changed_since_is_set_aside(tmp_path: Path) -> None:
    """The run goes on without it."""
    raw = _raw(tmp_path / "raw")
    inputs = find_inputs(raw)
    (raw / "0.txt").write_text("别的内容", "utf-8")
    (raw / "1.txt").unlink()
    reports = write_stages(inputs, tmp_path, assets=["decoded_documents"])
    assert (5, 3) == (reports["decoded_documents"].texts_out, reports["decoded_documents"].set_aside["unreadable"])
