"""A small dataset made by hand, sound in every respect, for the tests of what is expected of one.

Here belongs what a sound dataset is, and how its rows are written. How it can be damaged is in ``broken_tables.py``;
datasets that the project's own steps make are in ``small_dataset.py``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.columns import OPEN_RIGHTS, TABLES, schema
from pipeline.corpus.signals import measured
from pipeline.validate import CheckResult, Expectation, Suite, load_suites, run_suites

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pipeline.column import Column

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[str, list[Row]]

CHINESE = (
    "一、总体要求\n到二〇三〇年，全市建成三个人工智能算力中心，服务两百家企业。\n"
    "（一）基本原则。坚持需求牵引，坚持安全可控，坚持开放协作，稳步推进。\n二、组织实施\n各区要明确责任部门，按季度报告进展。"
)
PLANNED = (
    "按照《算力发展条例》（国发〔2020〕3号，以下简称《条例》）和《算力建设办法》，到2030年建成5至8个公共平台，"
    "力争到2035年形成全国领先的产业体系。"
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

JSON_ALONE = "json lines alone"
"""The rows that stand in the JSON lines and in no Parquet file."""

IN_JSON = "in json"
"""The key of a document under which stands what its JSON line has otherwise than the Parquet row."""

OPEN_ALONE = "open copies alone"
"""Rows that stand in `open` and nowhere else."""

IN_OPEN = "in open"
"""In a document: what stands in its copy in `open` instead; None where that is missing."""

BESIDE = (JSON_ALONE, OPEN_ALONE)
"""What is there beside the tables."""


class Put(NamedTuple):
    """An edit by its place in the text after it: `after` stands at `at`, where `before` was."""

    at: int
    before: str
    after: str
    rule: str


class How(NamedTuple):
    """How a dataset is written and looked at: in so many buckets, so many values at a time."""

    buckets: int
    gathered: int


AT_ONCE, IN_PARTS = How(1, 10**9), How(2, 100)


def good(where: str = "") -> Rows:
    """Three documents, one in two scripts, one with conflicts, a duplicate, a file set aside; `where` makes others."""
    head = "《算力中心建设方案…\n"
    text = f"{CHINESE}\n{PLANNED}\n文件编号为{where}零，电话[PHONE]。"
    headings = (("一、", "总体要求", 1, None), ("（一）", "基本原则", 2, 0), ("二、", "组织实施", 1, None))
    plan = document(
        text,
        f"{where}policy/plan.txt",
        sections=_sections(text, *headings),
        url="https://example.org/plan",
        title="《算力中心建设方案",
        title_status="truncated",
        script="mixed",
        traditional_share_0_to_1=0.75,
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
    lesson = document(f"{MARKDOWN}\nThis was lesson {where}1.", f"{where}notes/git.md")
    news = document(
        f"{ENGLISH}\nThis was base {where}2.",
        f"{where}news/base.txt",
        quality_flags=["conflict_markers_removed", "conflict_resolved"],
    )
    return {
        "documents": [plan, lesson, news],
        "sections": [{"doc_id": plan["id"], **section} for section in plan["sections"]],
        "edits": [
            *edits(
                plan,
                ("convert", "strip_pinyin", [_put(text, "体", "(tǐ)", ""), _put(text, "（一", "(yī)", "")]),
                ("convert", "convert_script", [_put(head + text, "业", "業", "业", "script.t2s")]),
                ("split", "cut_header", [Put(0, head, "", "field.title")]),
                ("split", "mask_personal_data", [_put(text, "[PHONE]", "█" * 11, "[PHONE]", "personal.phone")]),
                ("split", "restore_punctuation", [_comma(text, "牵引"), _comma(text, "可控")]),
            ),
            *edits(
                news,
                ("reconcile", "resolve_conflicts", [Put(4, "", "district ", "conflict.merged_line")]),
                ("convert", "strip_controls", [Put(88, "\x07", "", "character.control")]),
            ),
        ],
        "conflicts": _conflicts(news),
        "scripts": [
            stretch(plan, end=60, script="Hans", han_count=40, simplified_count=2, traditional_share_0_to_1=0.0),
            stretch(
                plan,
                stretch_index=1,
                start=60,
                end=120,
                script="Hant",
                configuration="t2s",
                han_count=30,
                traditional_count=6,
                letter_count=2,
                traditional_share_0_to_1=1.0,
            ),
            stretch(lesson, letter_count=200),
            stretch(news, end=100, letter_count=80),
        ],
        "references": _references(plan),
        "targets": _targets(plan),
        "issuers": [
            _issuer(plan, 0, "北京市经信局", basis="label", start=0),
            _issuer(plan, 1, "京政发", "北京市人民政府", level="province", region_code="110000", start=10),
        ],
        "files": [
            _file(f"{where}policy/plan.txt", "published"),
            _file(f"{where}notes/git.md", "published"),
            _file(f"{where}news/base.txt", "published"),
            _file(f"{where}news/base-copy.txt", "duplicate", duplicate_of=news["id"], duplicate_basis="same_text"),
            _file(f"{where}broken.txt", "quarantined", raw_sha256=None, bytes=None, encoding=None, runs=[]),
        ],
        "quarantine": [
            {"raw_path": f"{where}broken.txt", "reason": "unreadable", "detail": "no permission", "stage": "read"}
        ],
        JSON_ALONE: [],
        OPEN_ALONE: [],
    }


def document(text: str, raw_path: str, **fields: Any) -> Row:  # noqa: ANN401  any column's value
    """A document with this text, counted and hashed, and otherwise as little as can be."""
    digest = hashlib.sha256(raw_path.encode()).hexdigest()
    han = sum("\u3007" == c or "\u4e00" <= c <= "\u9fff" for c in text)
    language = "zh-Hans" if han else "en"
    row: Row = dict.fromkeys(declared("documents"))
    row |= {name: [] for name in ("dates", "authors", "editors", "keywords", "captions", "sections", "labels_raw")}
    row |= {
        "id": digest[:32],
        "text": text,
        "source": "example",
        "title_status": "absent",
        "doc_type": "other",
        "language": language,
        "raw_language": language,
        "script": "Hans" if han else "other",
        "is_translation": False,
        "rights_status": "unknown",
        "quality_flags": [],
        "region_codes": [],
        "paragraph_count": len(text.split("\n")),
        **measured(text)._asdict(),
        "raw_path": raw_path,
        "raw_sha256": digest,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "cluster_id": digest[:32],
        "cluster_size": 1,
        "canonical_basis": "alone",
        "similarity_0_to_1": 1.0,
    }
    return row | fields


def edits(of: Row, *passes: tuple[str, str, Sequence[Put]]) -> list[Row]:
    """The rows of a document's edits: for each pass its stage, its step, and what it did."""
    rows: list[Row] = []
    for layer, (stage, step, puts) in enumerate(passes):
        grown = 0
        for put in puts:
            start = put.at - grown
            grown += len(put.after) - len(put.before)
            moves = put.rule.startswith("field.") and not put.after
            op = "move" if moves else "delete" if not put.after else "insert" if not put.before else "replace"
            rows.append(
                {
                    "doc_id": of["id"],
                    "seq": len(rows),
                    "layer": layer,
                    "stage": stage,
                    "step": step,
                    "rule": put.rule,
                    "rule_version": "0123456789ab",
                    "op": op,
                    "start": start,
                    "end": start + len(put.before),
                    "out_start": put.at,
                    "before": put.before,
                    "after": put.after,
                    "moved_to": put.rule.removeprefix("field.") if moves else None,
                    "redacted": "█" in put.before,
                }
            )
    return rows


def _conflicts(of: Row) -> list[Row]:
    """A conflict, another one inside its first side, and behind them a marker that had lost its conflict."""
    inner = "<<<<<<< a\nThe district opened a base.\n=======\nThe district opened a base.\n>>>>>>> b\n"
    sides = {"ours": inner, "theirs": "The base opened.\n", "base": "The base.\n"}
    labels = {"label_ours": "HEAD", "label_theirs": "draft-b"}
    ends = 4 + sum(map(len, sides.values())) + len("<<<<<<< HEAD\n||||||| \n=======\n>>>>>>> draft-b\n")
    same = {"ours": "The district opened a base.\n", "theirs": "The district opened a base.\n"}
    rows: list[Row] = [
        {"start": 4, "end": ends, "style": "merge diff3", "resolution": "merged", **labels, **sides},
        {
            "start": 17,
            "end": 17 + len(inner),
            "label_ours": "a",
            "label_theirs": "b",
            "resolution": "identical",
            **same,
        },
        {"start": 300, "end": 315, "style": "lone", "resolution": "lone_marker", "label_theirs": "master"},
    ]
    rules = ("conflict.merged_side", "conflict.equal_side", "conflict.lone_marker")
    plain = {**dict.fromkeys(declared("conflicts")), "doc_id": of["id"], "style": "merge"}
    return [
        {**plain, "conflict_index": index, "rule": rule, **row}
        for index, (row, rule) in enumerate(zip(rows, rules, strict=True))
    ]


def stretch(of: Row, **fields: Any) -> Row:  # noqa: ANN401  any column's value
    """A document's text as one stretch in its script, in which nothing but Han is counted."""
    counts = {column: 0 for column in declared("scripts") if column.endswith("_count")}
    row: Row = {**dict.fromkeys(declared("scripts")), **counts, "doc_id": of["id"], "stretch_index": 0}
    row |= {"start": 0, "end": len(of["text"]), "script": of["script"], "han_count": of["han_count"]}
    return row | fields


def _references(of: Row) -> list[Row]:
    """A reference with everything, and one with a title alone."""
    plain: Row = dict.fromkeys(declared("references"))
    plain |= {"doc_id": of["id"], "basis": "genre", "is_draft": False, "mention_count": 1}
    number = {
        "doc_number": "国发〔2020〕3号",
        "issuer": "国务院",
        "basis": "number",
        "alias": "条例",
        "mention_count": 2,
    }
    number |= _span(of, "国发〔2020〕3号", "number_") | _span(of, "《条例》", "alias_", within=1)
    return [
        {**plain, "reference_index": 0, "title": "算力发展条例", **_span(of, "《算力发展条例》"), **number},
        {**plain, "reference_index": 1, "title": "算力建设办法", **_span(of, "《算力建设办法》")},
    ]


def _targets(of: Row) -> list[Row]:
    """A target that is a range, and one without a figure."""
    figure = {"kind": "target", "value": 5.0, "value_max": 8.0, "unit": "个", "relation": "range", "year": 2030}
    goal = "力争到2035年形成全国领先的产业体系"
    rows: list[Row] = [
        {**figure, "text": "建成5至8个公共平台", "indicator": "公共平台", **_span(of, "5至8个", "value_")},
        {"kind": "qualitative", "text": goal, "indicator": "形成全国领先的产业体系", "year": 2035},
    ]
    plain: Row = {**dict.fromkeys(declared("targets")), "doc_id": of["id"], "year_basis": "sentence"}
    return [
        {**plain, "target_index": index, **row, **_span(of, row["text"]), **_span(of, row["indicator"], "indicator_")}
        for index, row in enumerate(rows)
    ]


def _issuer(
    of: Row,
    index: int,
    name: str,
    normalised: str | None = None,
    **fields: Any,  # noqa: ANN401  any column's value
) -> Row:
    row: Row = {**dict.fromkeys(declared("issuers")), "doc_id": of["id"], "issuer_index": index, "basis": "doc_number"}
    row |= {"name": name, "normalised": normalised} | fields
    return row | {"end": row["start"] + len(name)}


def _span(of: Row, words: str, what: str = "", *, within: int = 0) -> Row:
    """Where words stand in a document's text, without so many characters at each end."""
    at = of["text"].index(words)
    return {f"{what}start": at + within, f"{what}end": at + len(words) - within}


def declared(table: str) -> list[str]:
    """The columns that a table has by the data dictionary."""
    return list(schema(TABLES[table]).names)


def write(rows: Rows, folder: Path, *, schemas: Mapping[str, pa.Schema] | None = None, buckets: int = 1) -> Path:
    """Write the rows as a dataset, whatever they are; `schemas` are those of tables that are not as declared.

    In several buckets, each row of a sorted table goes where its document's id says.
    """
    for name in ("data", "jsonl"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    copies = [
        _as_said(row, IN_OPEN) for row in rows["documents"] if row.get(IN_OPEN, row.get("rights_status") in OPEN_RIGHTS)
    ]
    copies += rows.get(OPEN_ALONE, [])
    lines = [*rows["documents"], *rows.get(JSON_ALONE, [])]
    for number in range(buckets):
        for name, columns in TABLES.items():
            in_order = name in ("files", "quarantine")
            key = "id" if name == "documents" else "doc_id"
            if in_order and number:
                continue
            some = [row for row in rows[name] if in_order or _bucket(row.get(key), buckets) == number]
            _write_table(some, folder / "data" / f"{name}-{number:05}.parquet", columns, (schemas or {}).get(name))
        if some := [row for row in copies if _bucket(row.get("id"), buckets) == number]:
            (folder / "open").mkdir(exist_ok=True)
            loose = pa.schema([pa.field(field.name, field.type) for field in schema(TABLES["documents"])])
            pq.write_table(pa.Table.from_pylist(some, schema=loose), folder / "open" / f"documents-{number:05}.parquet")
        said = [_json_line(row) for row in lines if _bucket(row.get("id"), buckets) == number]
        (folder / "jsonl" / f"documents-{number:05}.jsonl").write_text("".join(said), "utf-8")
    return folder


def _bucket(name: object, buckets: int) -> int:
    return sum(str(name).encode()) % buckets


def _write_table(rows: list[Row], file: Path, columns: tuple[Column, ...], declared: pa.Schema | None) -> None:
    loose = pa.schema([pa.field(field.name, field.type) for field in schema(columns)])
    try:
        table = pa.Table.from_pylist(rows, schema=declared or schema(columns))
        table.validate(full=True)
        pq.write_table(table, file)
    except (pa.ArrowException, ValueError):
        pq.write_table(pa.Table.from_pylist(rows, schema=loose), file)


def run(
    rows: Rows,
    folder: Path,
    *,
    inputs: int | None = 5,
    only: Callable[[str], bool] | None = None,
    how: How = AT_ONCE,
) -> Results:
    """What comes of the expectations on these rows, by table and name; `only` chooses among them."""
    return run_on(write(rows, folder, buckets=how.buckets), inputs=inputs, only=only, how=how)


Results: TypeAlias = dict[str, CheckResult]


def run_on(
    dataset: Path, *, inputs: int | None = 5, only: Callable[[str], bool] | None = None, how: How = AT_ONCE
) -> Results:
    """What comes of the expectations on a dataset, by table and name; `only` chooses among them."""
    suites = [
        _with(suite, [each for each in suite.expectations if only is None or only(f"{suite.table}.{each.name}")])
        for suite in load_suites()
    ]
    chosen = [suite for suite in suites if suite.expectations]
    results = run_suites(dataset, chosen, inputs=inputs, gathered=how.gathered)
    return {f"{result.table}.{result.name}": result for result in results}


def failed(results: Results) -> set[str]:
    """The expectations that were not met."""
    return {name for name, result in results.items() if not result.success}


def _with(suite: Suite, expectations: Sequence[Expectation]) -> Suite:
    return replace(suite, expectations=tuple(expectations))


def _json_line(row: Row) -> str:
    return json.dumps(_as_said(row, IN_JSON), ensure_ascii=False, default=_iso) + "\n"


def _as_said(row: Row, where: str) -> Row:
    """A row as it stands elsewhere."""
    return {name: value for name, value in {**row, **(row.get(where) or {})}.items() if name not in (IN_JSON, IN_OPEN)}


def _iso(value: dt.date) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, dt.datetime) else value.isoformat()


def _put(text: str, behind: str, before: str, after: str, rule: str = "pinyin.artifact") -> Put:
    """An edit behind the first place where `behind` stands, or on it where that is what it put there."""
    at = text.index(behind)
    return Put(at if after else at + len(behind), before, after, rule)


def _comma(text: str, behind: str) -> Put:
    return Put(text.index(behind) + len(behind), ",", "，", "punctuation.full_width")


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


def _file(raw_path: str, status: str, **fields: Any) -> Row:  # noqa: ANN401  any column's value
    digest = hashlib.sha256(raw_path.encode()).hexdigest()
    row: Row = dict.fromkeys(declared("files"))
    row |= {
        "raw_path": raw_path,
        "raw_sha256": digest,
        "bytes": 9,
        "status": status,
        "encoding": "utf-8",
        "encoding_confidence_0_to_1": 1.0,
        "newline": "lf",
        "bom": False,
        "irregular": [],
    }
    row["runs"] = [{"start_byte": 0, "end_byte": 9, "encoding": "utf-8"}]
    return row | {"doc_id": digest[:32] if status == "published" else None} | fields
