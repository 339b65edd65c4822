"""The figures of an asset: what is counted in the tables on disk, against the same rows counted one by one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import columns, figures, ledger
from pipeline.plots import Bars, Histogram, Timeline, draw
from pipeline.sources.files import BadInput, find_inputs
from pipeline.stages import write_stages
from pipeline.staging import stage_dataset

SAMPLES = Path(__file__).parents[1] / "raw"
SHAPES = {"raw_documents": ledger.RAW_DOCUMENTS, "judged_documents": columns.JUDGED_DOCUMENTS, **columns.STAGE_TABLES}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run over the project's samples leaves, up to the staged dataset."""
    folder = tmp_path_factory.mktemp("output")
    inputs = list(find_inputs(SAMPLES))
    ledger.write_inputs(inputs, folder)
    write_stages(inputs, folder, assets=list(columns.STAGE_TABLES))
    ledger.judge_documents(folder)
    stage_dataset(folder)
    return folder


def rows_of(folder: Path, pattern: str = "part-*.parquet") -> list[dict[str, Any]]:
    """All rows of a table, one by one."""
    return [row for file in sorted(folder.glob(pattern)) for row in pq.ParquetFile(file).read().to_pylist()]


def write(output: Path, asset: str, *shards: list[dict[str, Any]]) -> None:
    """A table with these rows in so many files; what is not given is null, or empty where it may not be null."""
    folder = output / "stages" / asset
    folder.mkdir(parents=True)
    empty: dict[str, Any] = {}
    for column in SHAPES[asset]:
        kind = column.type
        blank: Any = [] if pa.types.is_list(kind) else "" if pa.types.is_string(kind) else 0
        empty[column.name] = None if column.nullable else blank
    for number, rows in enumerate(shards):
        table = pa.Table.from_pylist([{**empty, **row} for row in rows], columns.schema(SHAPES[asset]))
        pq.write_table(table, folder / f"part-{number:05}.parquet")


def edit(rule: str) -> dict[str, Any]:
    """An edit as a stage table has it."""
    return {"layer": 0, "step": "step", "rule": rule, "start": 0, "before": "a", "after": "b"}


def counts(figure: object) -> dict[str, int]:
    """The bars of a figure."""
    assert isinstance(figure, Bars)
    return {row.name: row.times for row in figure.rows if row.times}


# ------------------------------------------------------------------------------------------------ a whole run
def test_each_asset_of_a_run_has_its_plots(output: Path) -> None:
    """Those that the pages show, in their order; each of them can be drawn."""
    expected = {
        "raw_documents": ["sizes", "suffixes"],
        "decoded_documents": ["encodings", "certainty"],
        "reconciled_documents": ["edits"],
        "converted_documents": ["scripts", "edits"],
        "split_documents": ["lengths", "dates", "edits"],
        "judged_documents": ["outcome"],
        "staged_dataset": ["lengths", "dates", "scripts", "edits"],
    }
    found = {asset: figures.of_asset(output, asset) for asset in expected}
    assert expected == {asset: list(figures_of_asset) for asset, figures_of_asset in found.items()}
    assert all(draw(figure) for figures_of_asset in found.values() for figure in figures_of_asset.values())


@pytest.mark.parametrize("asset", ["reconciled_documents", "converted_documents", "split_documents"])
def test_edits_of_a_stage_are_those_in_its_table(output: Path, asset: str) -> None:
    """By rule, as one would count them row by row."""
    expected = Counter(edit["rule"] for row in rows_of(output / "stages" / asset) for edit in row["edits"])
    assert expected == counts(figures.of_asset(output, asset)["edits"])


def test_figures_of_a_dataset_are_those_of_its_tables(output: Path) -> None:
    """Lengths, months of publication, scripts as crawled, edits by rule."""
    data = output / ".staging" / "dataset" / "data"
    documents, edits = rows_of(data, "documents-*.parquet"), rows_of(data, "edits-*.parquet")
    found = figures.of_dataset(output / ".staging" / "dataset")
    lengths, dates = found["lengths"], found["dates"]
    assert isinstance(lengths, Histogram)
    assert isinstance(dates, Timeline)
    sizes = [row["char_count"] for row in documents]
    assert (len(sizes), min(sizes), max(sizes)) == (lengths.total, lengths.least, lengths.greatest)
    days = [row["date_published"] for row in documents if row["date_published"]]
    assert Counter(12 * day.year + day.month - 1 for day in days) == dict(dates.months)
    assert f"Dates: {len(days)} of {len(documents)} documents" in dates.title
    assert sum(row["raw_language"] == "zh-Hans" for row in documents) == counts(found["scripts"])["Simplified"]
    assert Counter(row["rule"] for row in edits) == counts(found["edits"])


def test_outcomes_are_those_that_were_judged(output: Path) -> None:
    """Published, duplicates, and each reason for which something was set aside."""
    rows = rows_of(output / "stages" / "judged_documents")
    expected = Counter(f"set aside: {row['reason']}" if row["reason"] else row["status"] for row in rows)
    figure = figures.of_asset(output, "judged_documents")["outcome"]
    assert expected == counts(figure)
    assert f"Outcome: {expected['published']} of {len(rows)} files published" == figure.title


def test_edits_that_were_counted_are_not_counted_again(output: Path) -> None:
    """Who has the numbers of a run gives them."""
    found = figures.of_asset(output, "converted_documents", edits={"script.t2s": 7})
    assert {"script.t2s": 7} == counts(found["edits"])


# ------------------------------------------------------------------------------------------------ single figures
def test_suffixes_are_those_of_names(tmp_path: Path) -> None:
    """In lower case; of members and of lines of a file, that of the file; a hidden file's name is none."""
    names = ["a/b.txt", "A.TXT", "x.tar.gz", "c.d/e", ".hidden", "z.zip!/f.htm", "rows.jsonl#L12", "end.", "a.b\nc"]
    write(tmp_path, "raw_documents", [{"raw_path": name} for name in names])
    expected = {".txt": 2, ".gz": 1, "none": 3, ".htm": 1, ".jsonl": 1, ".b\nc": 1}
    assert expected == counts(figures.of_asset(tmp_path, "raw_documents")["suffixes"])


def test_files_that_could_not_be_read_have_no_size(tmp_path: Path) -> None:
    """They are not taken for empty ones, which count."""
    write(tmp_path, "raw_documents", [{"bytes": 0}, {"bytes": None}, {"bytes": 1_000}])
    figure = figures.of_asset(tmp_path, "raw_documents")["sizes"]
    assert isinstance(figure, Histogram)
    assert (2, 1, 1_000) == (figure.total, figure.zeros, figure.greatest)
    assert "Sizes: 2 files of 0 B to 1 kB" == figure.title


def test_encodings_that_are_not_sure_stand_apart(tmp_path: Path) -> None:
    """Below 0.9, which is not taken for the nearest number in single precision; files not decoded are left out."""
    found = [("utf8_strict", 1.0), ("scored", 0.9), ("scored", 0.899), ("runs", 0.2), (None, None)]
    names = ("encoding_method", "encoding_confidence_0_to_1")
    write(tmp_path, "decoded_documents", [dict(zip(names, one, strict=True)) for one in found])
    figure = figures.of_asset(tmp_path, "decoded_documents")["certainty"]
    assert isinstance(figure, Bars)
    assert {
        "valid UTF-8": 1,
        "candidates compared": 1,
        "candidates compared, below 0.9": 1,
        "several in one file, below 0.9": 1,
    } == counts(figure)
    assert ["below 0.9" in row.name for row in figure.rows] == [row.tone == "warn" for row in figure.rows]
    assert "Confidence: 2 of 4 encodings found with less than 0.9" == figure.title


def test_a_file_without_an_encoding_is_counted_and_is_not_the_subject(tmp_path: Path) -> None:
    """The bars add up to all files."""
    write(tmp_path, "decoded_documents", [{"encoding": "utf-8"}, {"encoding": "utf-8"}], [{"encoding": None}])
    figure = figures.of_asset(tmp_path, "decoded_documents")["encodings"]
    assert isinstance(figure, Bars)
    assert {"utf-8": 2, "not decoded": 1} == counts(figure)
    assert ["rest"] == [row.tone for row in figure.rows if row.name == "not decoded"]
    assert "Encodings: utf-8 in 2 of 3 files" == figure.title


def test_a_text_is_converted_once_however_many_edits_that_took(tmp_path: Path) -> None:
    """Over all files of the table; two scripts in one text are named together; what was set aside is no text."""
    write(
        tmp_path,
        "converted_documents",
        [
            {"edits": [edit("script.t2s"), edit("line.crlf"), edit("script.t2s")]},
            {"edits": [edit("line.crlf")]},
            {"set_aside": "binary"},
        ],
        [{"edits": [edit("script.tw2s"), edit("script.t2s")]}, {"edits": []}, {"edits": [edit("script.new")]}],
    )
    found = figures.of_asset(tmp_path, "converted_documents")
    assert {
        "from Traditional": 1,
        "from Traditional and from Traditional of Taiwan": 1,
        "script.new": 1,
        "left as it was": 2,
    } == counts(found["scripts"])
    assert "Scripts: 3 of 5 texts converted" == found["scripts"].title
    assert {"script.t2s": 3, "script.tw2s": 1, "script.new": 1, "line.crlf": 2} == counts(found["edits"])


def test_dates_say_of_how_many_and_when_most(tmp_path: Path) -> None:
    """A text without a date counts in the message; where two years are equal, neither leads."""
    days = [dt.date(2018, 1, 31), dt.date(2018, 12, 1), dt.date(1969, 12, 31), None]
    write(tmp_path, "split_documents", [{"char_count": 9, "date_published": day} for day in days], [{}])
    figure = figures.of_asset(tmp_path, "split_documents")["dates"]
    assert isinstance(figure, Timeline)
    assert ((12 * 1969 + 11, 1), (12 * 2018, 1), (12 * 2018 + 11, 1)) == figure.months
    assert "Dates: 3 of 4 texts say when they were published, 2 in 2018" == figure.title

    write(tmp_path / "equal", "split_documents", [{"char_count": 9, "date_published": day} for day in days[1:]])
    equal = figures.of_asset(tmp_path / "equal", "split_documents")["dates"]
    assert "Dates: 2 of 3 texts say when they were published" == equal.title


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], "Lengths: 0 texts"),
        ([1], "Lengths: 1 text of 1 character"),
        ([30, 1_200], "Lengths: 2 texts of 30 to 1,200 characters"),
        ([0, 100, 200, 300, 9_999], "Lengths: half of the 5 texts have 100 to 300 characters"),
        ([5, 5, 5, 5, 80], "Lengths: at least half of the 5 texts have 5 characters"),
    ],
)
def test_lengths_say_what_is_usual(tmp_path: Path, lengths: list[int], expected: str) -> None:
    """The middle half, which no extreme value moves; of a few texts, the shortest and the longest."""
    write(tmp_path, "split_documents", [{"char_count": length} for length in lengths])
    assert expected == figures.of_asset(tmp_path, "split_documents")["lengths"].title


# ------------------------------------------------------------------------------------------------ what is not there
def test_tables_without_rows_have_figures_of_nothing(tmp_path: Path) -> None:
    """They are no error, and have no plot."""
    for asset in SHAPES:
        write(tmp_path, asset, [])
    found = [figure for asset in SHAPES for figure in figures.of_asset(tmp_path, asset).values()]
    assert 11 == len(found)
    assert [None] * 11 == [draw(figure) for figure in found]


@pytest.mark.parametrize("asset", ["raw_documents", "reconciled_documents", "staged_dataset", "published_dataset"])
def test_a_table_that_is_missing_is_named(tmp_path: Path, asset: str) -> None:
    """With what to do about it."""
    with pytest.raises(BadInput, match=r"parquet in .*: run all stages"):
        figures.of_asset(tmp_path, asset)


def test_an_asset_that_is_not_known_has_no_figures(tmp_path: Path) -> None:
    """A new asset has none until somebody decides which."""
    assert {} == figures.of_asset(tmp_path, "new_documents")
