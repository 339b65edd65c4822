"""The published files as users load them: pandas, DuckDB, Polars, datasets, and plain JSON."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from small_dataset import SPAM, dataset_of, document, rows

from pipeline import columns
from pipeline.edits import Edit
from pipeline.enrichment.issuers import Issuer
from pipeline.enrichment.references import references
from pipeline.enrichment.targets import targets
from pipeline.steps.conflicts import resolve_conflicts
from pipeline.steps.script import convert_script
from pipeline.text import Outcome, View

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "一、总体要求\n各区人民政府，各委办局。\u2028附言：“\x85”"
SECTION = {
    "index": 0,
    "parent": None,
    "level": 1,
    "marker": "一、",
    "title": "总体要求",
    "inline": False,
    "char_start": 0,
    "char_end": len(TEXT),
}


def cut_first(view: View) -> Outcome:
    """Take the first line out as the title."""
    end = view.text.index("\n") + 1
    return Outcome([Edit(0, view.text[:end], "", "field.title")])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of two documents, one with every kind of value, one with as few as may be; and a file set aside."""
    full = document(
        ("标题\n" + TEXT).encode(),
        steps={"split": [cut_first]},
        title="标题",
        title_status="stated",
        date_published=dt.date(2018, 1, 18),
        published_at=dt.datetime(2018, 1, 18, 1, 25, tzinfo=dt.UTC),
        view_count=12,
        keywords=["人工智能", "产业"],
        sections=[SECTION],
        references=references("《甲市算力条例》（国发〔2020〕3号）"),
        targets=targets("到2025年，产业规模达到3000亿元，建成2至3个平台。"),
        issuers=[Issuer("甲局", None, None, None, "label", 0, 2)],
        dates=[
            {
                "role": "published",
                "edtf": "2018-01-18",
                "date": dt.date(2018, 1, 18),
                "precision": "minute",
                "basis": "header_line",
                "text": "2018/1/18 09:25",
                "line": 2,
            }
        ],
    )
    conflict = "<<<<<<< HEAD\n本月底前报送。\n=======\n本月内报送。\n>>>>>>> draft\n"
    steps = {"reconcile": [resolve_conflicts], "convert": [convert_script]}
    bare = document(f"现将有关事项通知如下。\n{conflict}".encode(), steps=steps)
    refused = document("短".encode(), **SPAM)
    documents = {"full.txt": full, "bare.txt": bare, "refused.txt": refused}
    return dataset_of(documents, tmp_path_factory.mktemp("output")).dataset


def _full(found: list[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in found if row["raw_path"] == "full.txt")


def test_json_lines_have_every_key_in_every_row(dataset: Path) -> None:
    """One document a line for every reader of lines; dates are ISO 8601, sections are inside, the order is the same."""
    (file,) = (dataset / "jsonl").iterdir()
    lines = file.read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    names = [column.name for column in columns.TABLES["documents"]]
    assert [names, names] == [list(row) for row in found]
    assert [row["id"] for row in rows(dataset, "documents")] == [row["id"] for row in found]
    row = _full(found)
    assert (TEXT, "2018-01-18", "2018-01-18T01:25:00Z") == (row["text"], row["date_published"], row["published_at"])
    assert ([SECTION], "2018-01-18") == (row["sections"], row["dates"][0]["date"])


def test_documents_are_sorted_and_ids_unique(dataset: Path) -> None:
    """The rows of `documents` come by id, and each id is the beginning of the hash of the raw bytes."""
    found = [row["id"] for row in rows(dataset, "documents")]
    assert sorted(set(found)) == found
    assert found == [row["raw_sha256"][:32] for row in rows(dataset, "documents")]


def test_sections_are_those_of_the_documents(dataset: Path) -> None:
    """The table of sections is the column of sections, unnested."""
    (row,) = rows(dataset, "sections")
    assert {"doc_id": _full(rows(dataset, "documents"))["id"], **SECTION} == row


def test_what_was_read_in_a_text_is_numbered_and_typed(dataset: Path) -> None:
    """Rows of a document come in their order; figures are numbers, and what is not said is null."""
    first, second = rows(dataset, "targets")
    assert (0, 300_000_000_000.0, None) == (first["target_index"], first["value"], first["value_max"])
    assert (1, 2.0, 3.0, 2025) == (second["target_index"], second["value"], second["value_max"], second["year"])
    (reference,), (issuer,) = rows(dataset, "references"), rows(dataset, "issuers")
    assert ("甲市算力条例", "国发〔2020〕3号", "国务院") == tuple(
        reference[name] for name in ("title", "doc_number", "issuer")
    )
    assert ("甲局", None, "label") == (issuer["name"], issuer["level"], issuer["basis"])


def test_no_type_that_readers_stumble_over(dataset: Path) -> None:
    """No large strings, no dictionaries, no unsigned integers, and times in microseconds."""
    kinds = {str(one.type) for file in dataset.glob("data/*.parquet") for one in pq.read_schema(file)}
    assert [] == [kind for kind in kinds if any(bad in kind for bad in ("large_", "dictionary", "uint", "map<", "[ns"))]


def test_pandas(dataset: Path) -> None:
    """A data frame has the columns in their order; lists come as arrays."""
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    frame = pandas.read_parquet(dataset / "data" / "documents-00000.parquet").set_index("raw_path")
    assert ([column.name for column in columns.TABLES["documents"] if column.name != "raw_path"]) == list(frame.columns)
    assert (TEXT, ["人工智能", "产业"]) == (frame.loc["full.txt", "text"], list(frame.loc["full.txt", "keywords"]))
    assert str(frame["published_at"].dtype).startswith("datetime64[")


def test_duckdb(dataset: Path) -> None:
    """DuckDB reads Parquet and JSON lines by their names, and unnests sections."""
    duckdb = pytest.importorskip("duckdb", reason="needs DuckDB (dependency group dev)")
    query = "select title, date_published, len(sections) from '{}' where raw_path = 'full.txt'"
    expected = [("标题", dt.date(2018, 1, 18), 1)]
    assert expected == duckdb.sql(query.format(dataset / "data" / "documents-*.parquet")).fetchall()
    assert expected == duckdb.sql(query.format(dataset / "jsonl" / "documents-*.jsonl")).fetchall()
    joined = duckdb.sql(
        f"select d.raw_path, e.op, e.moved_to from '{dataset}/data/edits-*.parquet' e "  # noqa: S608
        f"join '{dataset}/data/documents-*.parquet' d on d.id = e.doc_id where e.op = 'move'"
    )
    assert [("full.txt", "move", "title")] == joined.fetchall()


def test_polars(dataset: Path) -> None:
    """Polars reads all files of a table at once."""
    polars = pytest.importorskip("polars", reason="needs Polars (dependency group dev)")
    frame = polars.read_parquet(dataset / "data" / "documents-*.parquet")
    (row,) = frame.filter(polars.col("raw_path") == "full.txt").to_dicts()
    assert (TEXT, [SECTION], dt.date(2018, 1, 18)) == (row["text"], row["sections"], row["date_published"])


@pytest.mark.parametrize("table", columns.TABLES)
def test_datasets(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    """`datasets` loads each table as the card configures it, with the features that the card lists."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets", reason="needs Hugging Face datasets (dependency group dev)")
    name = "full" if table == "documents" else table
    loaded = datasets.load_dataset(str(dataset), name, split="train", cache_dir=str(tmp_path))
    streamed = datasets.load_dataset(str(dataset), name, split="train", streaming=True)
    assert list(loaded) == list(streamed)
    expected = rows(dataset, table)
    assert len(expected) == len(loaded)
    assert [column.name for column in columns.TABLES[table]] == loaded.column_names
    if table == "documents":
        assert (TEXT, [SECTION]) == (_full(list(loaded))["text"], _full(list(loaded))["sections"])


def test_datasets_takes_the_documents_when_no_table_is_named(dataset: Path, tmp_path: Path) -> None:
    """The default configuration is that of the documents."""
    datasets = pytest.importorskip("datasets", reason="needs Hugging Face datasets (dependency group dev)")
    loaded = datasets.load_dataset(str(dataset), split="train", cache_dir=str(tmp_path))
    assert {"full.txt", "bare.txt"} == set(loaded["raw_path"])
