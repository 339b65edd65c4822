"""The expectations: a sound table passes, a damaged one fails just where it is damaged, an unknown type fails the load.

The tables here are small and made by hand; suites on what a build writes are run in ``test_orchestration.py``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.columns import TABLES, schema
from pipeline.sources.files import BadInput
from pipeline.validate import (
    EXPECTATIONS,
    BadSuite,
    CheckResult,
    load_suites,
    run_suites,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[str, list[Row]]

CHINESE = (
    "一、总体要求\n到二〇三〇年，全市建成三个人工智能算力中心，服务两百家企业。\n"
    "（一）基本原则。坚持需求牵引，坚持安全可控，坚持开放协作，稳步推进。\n二、组织实施\n各区要明确责任部门，按季度报告进展。"
)
MARKDOWN = (
    "Reading a merge conflict\n=======\nGit stops where two people changed one sentence, and writes both down.\n"
    "<<<<<<< HEAD\nThe city opens three pilot sites.\n=======\nThe city opens five pilot sites.\n>>>>>>> draft-b\n"
    "Delete what you do not want, and the three lines of markers with it: `git add`, `git commit`."
)
ENGLISH = (
    "The district opened a training base for algorithm engineers on Tuesday, officials said.\n"
    "It covers 1,700 square meters; 40 companies have moved in so far, and more are expected."
)


def _declared(table: str) -> list[str]:
    return list(schema(TABLES[table]).names)


def _sections(text: str, *headings: tuple[str, str, int, int | None]) -> list[Row]:
    starts = [text.index(marker + title) for marker, title, _, _ in headings]
    rows = []
    for index, (marker, title, level, parent) in enumerate(headings):
        later = [
            start
            for start, (_, _, other, _) in zip(starts, headings, strict=True)
            if start > starts[index] and other <= level
        ]
        end = min(later, default=len(text) + 1) - 1
        rows.append(
            {
                "index": index,
                "parent": parent,
                "level": level,
                "marker": marker,
                "title": title,
                "inline": title == "基本原则",
                "char_start": starts[index],
                "char_end": end,
            }
        )
    return rows


def _document(text: str, raw_path: str, **fields: Any) -> Row:  # noqa: ANN401
    digest = hashlib.sha256(raw_path.encode()).hexdigest()
    han = sum("\u3007" == c or "\u4e00" <= c <= "\u9fff" for c in text)
    language = "zh-Hans" if han else "en"
    row: Row = dict.fromkeys(_declared("documents"))
    row |= {name: [] for name in ("dates", "authors", "editors", "keywords", "captions", "sections", "labels_raw")}
    row |= {
        "id": digest[:32],
        "text": text,
        "source": "example",
        "title_status": "absent",
        "doc_type": "other",
        "language": language,
        "raw_language": language,
        "is_translation": False,
        "rights_status": "unknown",
        "quality_flags": [],
        "region_codes": [],
        "char_count": len(text),
        "han_count": han,
        "paragraph_count": len(text.split("\n")),
        "raw_path": raw_path,
        "raw_sha256": digest,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "cluster_id": digest[:32],
    }
    return row | fields


def _file(raw_path: str, status: str, **fields: Any) -> Row:  # noqa: ANN401
    digest = hashlib.sha256(raw_path.encode()).hexdigest()
    row: Row = dict.fromkeys(_declared("files"))
    row |= {
        "raw_path": raw_path,
        "raw_sha256": digest,
        "bytes": 9,
        "status": status,
        "encoding": "utf-8",
        "irregular": [],
    }
    row["runs"] = [{"start_byte": 0, "end_byte": 9, "encoding": "utf-8"}]
    return row | {"doc_id": digest[:32] if status == "published" else None} | fields


def _good(where: str = "") -> Rows:
    """Three documents, a duplicate, and a file that was set aside; with `where`, other ones below that folder."""
    text = f"{CHINESE}\n文件编号为{where}零。"
    plan = _document(
        text,
        f"{where}policy/plan.txt",
        sections=_sections(
            text, ("一、", "总体要求", 1, None), ("（一）", "基本原则", 2, 0), ("二、", "组织实施", 1, None)
        ),
        url="https://example.org/plan",
        title="《算力中心建设方案",
        title_status="truncated",
        date_published=dt.date(2018, 1, 18),
        published_at=dt.datetime(2018, 1, 17, 16, 25, tzinfo=dt.UTC),
        date_precision="minute",
        date_basis="header_line",
        dates=[
            {
                "role": "published",
                "edtf": "2018-01-18",
                "date": dt.date(2018, 1, 18),
                "precision": "minute",
                "basis": "header_line",
                "text": "2018/1/18 00:25",
                "line": 2,
            }
        ],
        view_count=12,
        quality_flags=["pii_redacted", "title_truncated"],
        region_codes=["110109"],
    )
    lesson = _document(f"{MARKDOWN}\nThis was lesson {where}1.", f"{where}notes/git.md")
    news = _document(f"{ENGLISH}\nThis was base {where}2.", f"{where}news/base.txt", cluster_id=lesson["id"])
    return {
        "documents": [plan, lesson, news],
        "sections": [{"doc_id": plan["id"]} | section for section in plan["sections"]],
        "edits": [],
        "files": [
            _file(f"{where}policy/plan.txt", "published"),
            _file(f"{where}notes/git.md", "published"),
            _file(f"{where}news/base.txt", "published"),
            _file(f"{where}news/base-copy.txt", "duplicate", duplicate_of=news["id"]),
            _file(f"{where}broken.txt", "quarantined", raw_sha256=None, bytes=None, encoding=None, runs=[]),
        ],
        "quarantine": [
            {"raw_path": f"{where}broken.txt", "reason": "unreadable", "detail": "no permission", "stage": "read"}
        ],
    }


def _write(rows: Rows, folder: Path, *, schemas: dict[str, pa.Schema] | None = None) -> Path:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name, columns in TABLES.items():
        loose = pa.schema([pa.field(field.name, field.type) for field in schema(columns)])
        strict = (schemas or {}).get(name, schema(columns))
        try:
            table = pa.Table.from_pylist(rows[name], schema=strict)
            table.validate(full=True)
            pq.write_table(table, folder / "data" / f"{name}-00000.parquet")
        except (pa.ArrowException, ValueError):
            pq.write_table(pa.Table.from_pylist(rows[name], schema=loose), folder / "data" / f"{name}-00000.parquet")
    return folder


def _failed(results: list[CheckResult]) -> set[str]:
    return {f"{result.table}.{result.name}" for result in results if not result.success}


def _run(rows: Rows, folder: Path, *, inputs: int | None = 5) -> list[CheckResult]:
    return run_suites(_write(rows, folder), load_suites(), inputs=inputs)


def test_a_sound_dataset_keeps_every_promise(tmp_path: Path) -> None:
    """Policy in Chinese, Markdown about git with its markers, English with half-width marks: nothing fires."""
    assert set() == _failed(_run(_good(), tmp_path))


def test_there_is_a_result_for_every_expectation(tmp_path: Path) -> None:
    """Great Expectations gives results in its own order; ours come in the order of the suites, none missing."""
    expected = [(suite.table, each.name) for suite in load_suites() for each in suite.expectations]
    assert expected == [(result.table, result.name) for result in _run(_good(), tmp_path)]


def test_what_asks_for_the_number_of_inputs_has_no_result_without_it(tmp_path: Path) -> None:
    """Of a dataset that was downloaded, nobody knows how many files it was made from."""
    names = {f"{result.table}.{result.name}" for result in _run(_good(), tmp_path, inputs=None)}
    assert "files.row_for_every_input" not in names
    assert "files.outcomes_add_up" in names


def _set(table: str, row: int, **fields: Any) -> Callable[[Rows], None]:  # noqa: ANN401
    def damage(rows: Rows) -> None:
        rows[table][row].update(fields)

    return damage


def _text(text: str, row: int = 2) -> Callable[[Rows], None]:
    """Another text, with everything counted and hashed anew: only what is said of texts can fire."""

    def damage(rows: Rows) -> None:
        was = rows["documents"][row]
        anew = _document(text, was["raw_path"], cluster_id=was["cluster_id"], quality_flags=was["quality_flags"])
        rows["documents"][row] = anew

    return damage


def _section(**fields: Any) -> Callable[[Rows], None]:  # noqa: ANN401
    def damage(rows: Rows) -> None:
        rows["documents"][0]["sections"][1].update(fields)

    return damage


def _drop(table: str, row: int) -> Callable[[Rows], None]:
    def damage(rows: Rows) -> None:
        del rows[table][row]

    return damage


LONG = "各区要明确责任部门，按季度报告进展，重大事项随时报告，确保各项任务落到实处，并及时总结推广好的经验和做法。"
ANOTHER_ID = "0" * 32
DAMAGE: dict[str, tuple[Callable[[Rows], None], set[str]]] = {
    "a word outside its vocabulary": (_set("documents", 2, doc_type="essay"), {"documents.doc_type_known"}),
    "a flag that is not on the list": (_set("documents", 2, quality_flags=["odd"]), {"documents.quality_flags_known"}),
    "flags that are not sorted": (
        _set("documents", 2, quality_flags=["title_missing", "source_missing"]),
        {"documents.quality_flags_known"},
    ),
    "the hash of another text": (_set("documents", 2, text_sha256="0" * 64), {"documents.text_sha256_fits"}),
    "a wrong length": (
        _set("documents", 2, char_count=7),
        {"documents.char_count_fits", "documents.text_of_usual_length"},
    ),
    "a wrong count of Han": (_set("documents", 2, han_count=7), {"documents.han_count_fits"}),
    "a wrong count of lines": (_set("documents", 2, paragraph_count=7), {"documents.paragraph_count_fits"}),
    "an id that is not the hash's beginning": (
        _set("documents", 2, id="1" * 32, cluster_id="1" * 32),
        {
            "documents.id_from_raw_bytes",
            "documents.listed_in_files",
            "files.published_is_document",
            "files.duplicate_has_original",
        },
    ),
    "a cluster of nobody": (_set("documents", 2, cluster_id=ANOTHER_ID), {"documents.cluster_exists"}),
    "a script as an address": (_set("documents", 2, url="javascript:x"), {"documents.url_is_web_address"}),
    "a title that is said to be absent": (_set("documents", 2, title="A base"), {"documents.title_agrees"}),
    "a date without its basis": (
        _set("documents", 2, date_published=dt.date(2020, 1, 1)),
        {"documents.date_published_explained"},
    ),
    "a date in the future": (
        _set("documents", 0, date_published=dt.date(2999, 1, 1), published_at=None),
        {"documents.date_published_plausible"},
    ),
    "a time on another day": (
        _set("documents", 0, date_published=dt.date(2018, 1, 17)),
        {"documents.published_at_agrees"},
    ),
    "a role that is not known": (
        lambda rows: rows["documents"][0]["dates"][0].update(role="birthday"),
        {"documents.dates_known"},
    ),
    "a code of five digits": (_set("documents", 2, region_codes=["11010"]), {"documents.region_codes_well_formed"}),
    "a section that ends behind the text": (
        _section(char_end=9999),
        {"documents.sections_nest"},
    ),
    "a section that starts in its heading": (
        lambda rows: rows["documents"][0]["sections"][1].update(
            char_start=rows["documents"][0]["sections"][1]["char_start"] + 1
        ),
        {"documents.sections_begin_with_heading"},
    ),
    "a section that is not in the table": (_drop("sections", 1), {"documents.sections_tabled"}),
    "a path out of the folder": (
        _set("files", 4, raw_path="../broken.txt"),
        {"files.raw_path_relative", "files.quarantined_is_listed", "files.hashed_unless_unread"},
    ),
    "a document that nobody lists": (
        _set("files", 2, status="duplicate", doc_id=None, duplicate_of=None),
        {
            "documents.listed_in_files",
            "files.published_is_document",
            "files.duplicate_has_original",
        },
    ),
    "a duplicate of nothing": (_set("files", 3, duplicate_of=ANOTHER_ID), {"files.duplicate_has_original"}),
    "a hash that is not there": (_set("files", 3, raw_sha256=None), {"files.hashed_unless_unread"}),
    "bytes that no run has": (_set("files", 1, bytes=10), {"files.runs_cover"}),
    "a status that is not known": (
        _set("files", 4, status="lost"),
        {"files.status_known", "files.quarantined_is_listed", "files.encoding_stated", "files.runs_cover"},
    ),
    "a blank line": (_text(LONG + "\n\n" + LONG), {"documents.text_without_blank_lines"}),
    "a control character": (_text(LONG + "\x07。"), {"documents.text_without_control_characters"}),
    "a no-break space": (_text(LONG + "\u00a0。"), {"documents.text_without_invisible_spaces"}),
    "a lost character": (_text(LONG + "\ufffd。"), {"documents.text_without_lost_characters"}),
    "mojibake": (_text(LONG + "锟斤拷锟斤拷。"), {"documents.text_without_mojibake"}),
    "UTF-8 read as Latin-1": (
        _text(LONG + "äººå·¥æ™ºèƒ½ Ã\x80Ã\x81Ã\x82"),
        {"documents.text_without_mojibake", "documents.text_without_control_characters"},
    ),
    "an open conflict": (
        _text(f"{LONG}\n<<<<<<< HEAD\n设立三个试点。\n=======\n设立五个试点。\n>>>>>>> draft\n{LONG}"),
        {"documents.text_without_open_conflicts"},
    ),
    "pinyin behind characters": (
        _text("产(chǎn)业(yè)发(fā)展(zhǎn)数(shù)据" * 6 + LONG),
        {"documents.text_without_pinyin_artefacts"},
    ),
    "tags of a page": (_text(LONG + "<br/>&nbsp;"), {"documents.text_without_markup"}),
    "a label at the head": (_text("来源：某报\n" + LONG), {"documents.text_without_label_at_its_head"}),
    "the end marker": (_text(LONG + "（完）"), {"documents.text_without_end_marker"}),
    "the editor's line": (_text(LONG + "\n（责任编辑：张三）"), {"documents.text_without_editor_line"}),
    "an invitation to share": (_text(LONG + "\n分享让更多人看到"), {"documents.text_without_share_lines"}),
    "a disclaimer": (_text(LONG + "\n本网转载并不代表本网赞同其观点。"), {"documents.text_without_disclaimer"}),
    "a mail address": (_text(LONG + "联系邮箱：office@example.org。"), {"documents.text_without_mail_addresses"}),
    "a mobile number": (_text(LONG + "电话：13800138000。"), {"documents.text_without_mobile_numbers"}),
    "an identity number": (_text(LONG + "证件号：110101199003070011。"), {"documents.text_without_identity_numbers"}),
    "folded punctuation": (_text(LONG.replace("，", ",") * 6), {"documents.punctuation_full_width"}),
    "Traditional characters": (_text("產業發展與數據開放，應當協調推進。" * 4), {"documents.script_simplified"}),
    "Latin letters for Han": (
        _text("算力中心 " + "data center operations " * 12 + "建设。"),
        {"documents.han_prevails"},
    ),
    "a text that is not composed": (_text(ENGLISH + " Cafe\u0301.", 2), {"documents.text_composed"}),
    "hardly any text": (_text("短文。"), {"documents.text_of_usual_length"}),
    "views below zero": (_set("documents", 0, view_count=-1), {"documents.view_count_not_negative"}),
    "an address that runs on": (_set("documents", 0, url="https://example.org 来源"), {"documents.url_well_formed"}),
    "an id in capitals": (
        _set("documents", 2, id="A" * 32, cluster_id="A" * 32),
        {
            "documents.id_well_formed",
            "documents.id_from_raw_bytes",
            "documents.listed_in_files",
            "files.published_is_document",
            "files.duplicate_has_original",
        },
    ),
    "one path for two documents": (
        lambda rows: rows["documents"][2].update(raw_path=rows["documents"][1]["raw_path"]),
        {"documents.raw_path_unique", "documents.listed_in_files", "files.published_is_document"},
    ),
    "a document from outside": (
        _set("documents", 2, raw_path="../base.txt"),
        {"documents.raw_path_relative", "documents.listed_in_files", "files.published_is_document"},
    ),
    "a hash that is too short": (
        _set("documents", 2, raw_sha256="0" * 63),
        {"documents.raw_sha256_well_formed", "documents.id_from_raw_bytes", "documents.listed_in_files"},
    ),
    "one text twice": (
        lambda rows: _text(rows["documents"][1]["text"])(rows),
        {"documents.text_unique"},
    ),
    "no text": (_text(""), {"documents.text_not_empty", "documents.text_of_usual_length"}),
    "a size below zero": (_set("files", 4, bytes=-1), {"files.bytes_not_negative"}),
    "more than sure": (_set("files", 0, encoding_confidence_0_to_1=1.5), {"files.encoding_confidence_is_share"}),
    "line ends of no kind": (_set("files", 0, newline="both"), {"files.newline_known"}),
    "a file's hash that is too short": (_set("files", 3, raw_sha256="0" * 63), {"files.raw_sha256_well_formed"}),
    "a path in two rows": (
        lambda rows: rows["files"][3].update(raw_path=rows["files"][2]["raw_path"]),
        {"files.raw_path_unique", "files.published_is_document"},
    ),
    "a step that stopped": (
        lambda rows: rows["quarantine"][0].update(reason="step_failed"),
        {"files.steps_held", "files.hashed_unless_unread"},
    ),
    "a title with half of its brackets": (
        _set("documents", 0, title_status="stated"),
        {"documents.title_balanced"},
    ),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What fails for each damage: each is done to rows of its own, and all of them are looked at in one run."""
    whole: Rows = {name: [] for name in TABLES}
    folder_of: dict[str, str] = {}
    for number, (damage, _) in enumerate(DAMAGE.values()):
        rows = _good(f"{number:02}/")
        damage(rows)
        for name, some in rows.items():
            whole[name] += some
        folder_of |= {row["id"]: f"{number:02}" for row in rows["documents"]}
        folder_of |= {row["raw_path"]: f"{number:02}" for row in rows["files"]}
    failed: dict[str, set[str]] = {f"{number:02}": set() for number in range(len(DAMAGE))}
    for result in _run(whole, tmp_path_factory.mktemp("dataset"), inputs=None):
        for row in result.failing:
            if (
                result.name != "hardly_any_set_aside"
            ):  # said of all files together: in a good table one of them fails it
                failed[folder_of[row]].add(f"{result.table}.{result.name}")
    return dict(zip(DAMAGE, failed.values(), strict=True))


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_seen_where_it_is_and_nowhere_else(what: str, seen: dict[str, set[str]]) -> None:
    """Each damage makes the expectations fail that are about it, and no other."""
    assert DAMAGE[what][1] == seen[what]


ELSEWHERE = {
    "columns.as_declared",
    "documents.columns_in_order",
    "documents.date_published_often_stated",
    "documents.id_unique",
    "files.columns_in_order",
    "files.hardly_any_set_aside",
    "files.outcomes_add_up",
    "files.row_for_every_input",
}
"""What is damaged in a test of its own, most of it because it is said of a table as a whole."""


def test_every_expectation_is_seen_to_fail() -> None:
    """One that was never seen to fail may be one that cannot."""
    damaged = ELSEWHERE.union(*(failing for _, failing in DAMAGE.values()))
    for suite in load_suites():
        for each in suite.expectations:
            if each.type.endswith("_to_not_be_null") or each.kwargs.get("value_set") not in (None, [True]):
                continue  # all of them in the two tests below
            assert f"{suite.table}.{each.name}" in damaged


@pytest.mark.parametrize("table", ["documents", "files"])
def test_every_null_where_there_must_be_none_fails(table: str, tmp_path: Path) -> None:
    """One row for each column that must not be null, with a null in it: each is found, and found once."""
    required = [column.name for column in TABLES[table] if not column.nullable]
    rows: Rows = {name: [] for name in TABLES}
    for number, column in enumerate(required):
        good = _good(f"{number:02}/")[table][1]
        rows[table].append(good | {column: None})
    results = {result.name: result for result in _run(rows, tmp_path, inputs=None) if result.table == table}
    found = {column: results[f"{column}_not_null"] for column in required}
    assert dict.fromkeys(required, 1) == {column: result.unexpected for column, result in found.items()}
    assert all(result.blocks for result in found.values())


@pytest.mark.parametrize("table", ["documents", "files"])
def test_every_word_outside_its_vocabulary_fails(table: str, tmp_path: Path) -> None:
    """One row for each closed list, with a word that is not on it: each is found, by the row's name."""
    closed = [column.name for column in TABLES[table] if column.vocabulary and column.name != "quality_flags"]
    rows: Rows = {name: [] for name in TABLES}
    for number, column in enumerate(closed):
        rows[table].append(_good(f"{number:02}/")[table][1] | {column: "odd"})
    key = {"documents": "id", "files": "raw_path"}[table]
    names = {column: rows[table][number][key] for number, column in enumerate(closed)}
    results = {result.name: result for result in _run(rows, tmp_path, inputs=None) if result.table == table}
    assert {column: (name,) for column, name in names.items()} == {
        column: results[f"{column}_known"].failing for column in closed
    }


def test_most_files_set_aside_is_worth_a_warning(tmp_path: Path) -> None:
    """Nothing may be wrong with the pipeline, and the folder may be the wrong one."""
    rows = _good()
    for number in range(5):
        path = f"picture{number}.png"
        rows["files"].append(rows["files"][4] | {"raw_path": path})
        rows["quarantine"].append(rows["quarantine"][0] | {"raw_path": path})
    results = _run(rows, tmp_path, inputs=10)
    assert {"files.hardly_any_set_aside"} == _failed(results)
    assert not any(result.blocks for result in results)


def test_an_input_without_a_row_fails(tmp_path: Path) -> None:
    """Rows are counted against the inputs, and against what became of them."""
    rows = _good()
    del rows["files"][4]
    results = _run(rows, tmp_path)
    assert {"files.row_for_every_input", "files.outcomes_add_up"} == _failed(results)
    assert "found 4" in next(result.message for result in results if result.name == "row_for_every_input")


def test_a_ratio_warns_and_does_not_block(tmp_path: Path) -> None:
    """Three odd documents of three are worth a warning; the dataset is published all the same."""
    rows = _good()
    for row in rows["documents"]:
        row |= {"date_published": None, "published_at": None, "date_precision": None, "date_basis": None}
    for number in range(3):
        _text(f"编号{number}。", number)(rows)
    rows["sections"] = []
    results = _run(rows, tmp_path)
    expected = {"documents.date_published_often_stated", "documents.text_of_usual_length"}
    assert expected == _failed(results)
    assert not any(result.blocks for result in results)


def test_two_documents_of_one_id_fail(tmp_path: Path) -> None:
    """An id that is there twice is named, once for each row."""
    rows = _good()
    rows["documents"].append(dict(rows["documents"][1]))
    results = {result.name: result for result in _run(rows, tmp_path) if result.table == "documents"}
    assert not results["id_unique"].success
    assert results["id_unique"].blocks
    assert (rows["documents"][1]["id"],) * 2 == results["id_unique"].failing
    assert 2 == results["id_unique"].unexpected


def test_columns_in_another_order_fail(tmp_path: Path) -> None:
    """Order and place are said of the columns that moved."""
    fields = list(schema(TABLES["files"]))
    moved = pa.schema([fields[1], fields[0], *fields[2:]])
    results = run_suites(_write(_good(), tmp_path, schemas={"files": moved}), load_suites(), inputs=5)
    assert {"files.columns_in_order", "columns.as_declared"} == _failed(results)
    named = next(result for result in results if result.name == "as_declared")
    assert {"files.raw_path", "files.raw_sha256"} == set(named.failing)


def test_a_column_of_another_type_fails(tmp_path: Path) -> None:
    """A wider integer is another type: whoever reads it into a schema of their own would stumble."""
    fields = [
        field.with_type(pa.int64()) if field.name == "char_count" else field for field in schema(TABLES["documents"])
    ]
    results = run_suites(_write(_good(), tmp_path, schemas={"documents": pa.schema(fields)}), load_suites(), inputs=5)
    assert [("documents.char_count",)] == [result.failing for result in results if not result.success]


def test_a_missing_column_fails_and_says_so(tmp_path: Path) -> None:
    """What cannot be looked at has failed, and the rest is looked at all the same."""
    fields = pa.schema([field for field in schema(TABLES["files"]) if field.name != "status"])
    failed = _failed(run_suites(_write(_good(), tmp_path, schemas={"files": fields}), load_suites(), inputs=5))
    assert {"columns.as_declared", "files.columns_in_order", "files.status_not_null", "files.status_known"} <= failed


def test_results_never_hold_texts(tmp_path: Path) -> None:
    """A text may hold personal data or whole works; a result names ids, no matter what failed."""
    rows = _good()
    for row in range(3):
        _text("秘" * 60 + " \u00a0\n\n<br>", row)(rows)
    assert "秘" not in repr(_run(rows, tmp_path))


def test_a_folder_that_is_no_dataset_is_bad_input(tmp_path: Path) -> None:
    """The message says what is missing, and where."""
    with pytest.raises(BadInput, match=r"no data/documents-\*\.parquet"):
        run_suites(tmp_path, load_suites())


# ------------------------------------------------------------------------------------------------ suites
def _suite(tmp_path: Path, *expectations: Row, name: str = "documents") -> Path:
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "documents.json").write_text(json.dumps({"name": name, "expectations": expectations}), "utf-8")
    return tmp_path


def _expectation(**changes: Any) -> Row:  # noqa: ANN401
    row: Row = {
        "type": "expect_column_values_to_be_unique",
        "kwargs": {"column": "id"},
        "severity": "critical",
        "meta": {"name": "a", "why": "because"},
    }
    return row | changes


def test_an_expectation_that_great_expectations_does_not_know_fails_the_load(tmp_path: Path) -> None:
    """It would log the fact, drop the expectation, and pass the suite without it."""
    unknown = _expectation(type="expect_column_values_to_be_bananas", meta={"name": "b", "why": "because"})
    suites = load_suites(_suite(tmp_path / "suites", _expectation(), unknown))
    with pytest.raises(BadSuite, match=r"does not know the type of 'b' \(expect_column_values_to_be_bananas\)"):
        run_suites(_write(_good(), tmp_path / "dataset"), suites)


def test_an_argument_that_an_expectation_does_not_take_fails_the_load(tmp_path: Path) -> None:
    """A slip in an argument's name must not weaken an expectation."""
    odd = _expectation(type="expect_column_values_to_be_between", kwargs={"column": "char_count", "minimum": 1})
    suites = load_suites(_suite(tmp_path / "suites", odd))
    with pytest.raises(BadSuite, match="does not take it"):
        run_suites(_write(_good(), tmp_path / "dataset"), suites)


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


@pytest.mark.parametrize("table", ["documents", "files"])
def test_vocabularies_are_those_of_the_data_dictionary(table: str) -> None:
    """A word that is new in columns.py must be new in the suite."""
    declared = {column.name: list(column.vocabulary) for column in TABLES[table] if column.vocabulary}
    declared.pop("quality_flags", None)  # a list: looked into by a derived column
    suite = next(suite for suite in load_suites() if suite.table == table)
    stated = {
        each.column: each.kwargs["value_set"] for each in suite.expectations if each.name == f"{each.column}_known"
    }
    assert declared == stated


@pytest.mark.parametrize("table", ["documents", "files"])
def test_order_and_nullability_are_those_of_the_data_dictionary(table: str) -> None:
    """The suite lists every column, and asks for no nulls just where the dictionary does."""
    suite = next(suite for suite in load_suites() if suite.table == table)
    by_name = {each.name: each for each in suite.expectations}
    assert _declared(table) == by_name["columns_in_order"].kwargs["column_list"]
    required = {column.name for column in TABLES[table] if not column.nullable}
    assert required == {each.column for each in suite.expectations if each.type.endswith("to_not_be_null")}


def test_suites_are_files_of_this_project() -> None:
    """Every file of the folder is run."""
    assert [suite.table for suite in load_suites()] == sorted(file.stem for file in EXPECTATIONS.iterdir())
