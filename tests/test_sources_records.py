"""Files of records: each line, element or row is an input of its own, and what it says beside its text is read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from containers import SENTENCE, Found, found_in, gzipped, tarred, zipped
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.records.json_values import is_object, object_values
from pipeline.records.table_rows import cells, goes_on
from pipeline.sources import containers, table_files
from pipeline.sources.files import find_inputs, read_input
from pipeline.sources.json_lines import json_records
from pipeline.sources.streams import Budget
from pipeline.sources.table_files import table_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.document import Document
    from pipeline.sources.members import Member

PLAN = {
    "title": "某市人工智能产业行动方案",
    "url": "https://www.example.gov.cn/art/a.html",
    "pub_date": "2023-05-30 09:25",
    "source": "某市日报",
    "tags": ["智能", "产业"],
    "text": f"为推进创新，制定本方案。\n{SENTENCE}\n联系电话：0440-55550100。",
}
OLD = {"標題": "人工智慧產業", "正文": "各區要抓好落實，企業發展，產業興旺。", "id": 7}
RECORDS: list[dict[str, Any]] = [PLAN, OLD]


def cleaned(raw: Path) -> dict[str, Document]:
    """What becomes of every input that can be read, as in a run; each leads back to its bytes."""
    documents = {}
    for one in find_inputs(raw):
        if one.reason is None:
            content = read_input(one)
            document = pipeline.clean(content, source=one.raw_path, header=one.header, encoding=one.encoding)
            assert content == pipeline.rebuild(document)
            documents[one.raw_path] = document
    return documents


def json_lines(records: list[dict[str, Any]], *, ascii_only: bool = False) -> str:
    """One record a line."""
    return "".join(json.dumps(record, ensure_ascii=ascii_only) + "\n" for record in records)


def table(records: list[list[str]], **dialect: Any) -> str:  # noqa: ANN401  what the standard library takes
    """The rows as the standard library writes them."""
    written = io.StringIO()
    csv.writer(written, **dialect).writerows(records)
    return written.getvalue()


# -------------------------------------------------------------------------------------------------------- JSON Lines
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_every_line_is_an_input(tmp_path: Path, encoding: str) -> None:
    """With the exact bytes of the line, line end included; blank lines hold nothing."""
    text = json_lines([PLAN]) + "\n \r\n" + json_lines([OLD]).replace("\n", "\r\n")
    (tmp_path / "a.jsonl").write_bytes(text.encode(encoding))
    lines = text.encode(encoding).splitlines(keepends=True)
    assert {"a.jsonl#L1": Found(lines[0]), "a.jsonl#L4": Found(lines[3])} == found_in(tmp_path)


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_a_record_says(tmp_path: Path, encoding: str, *, ascii_only: bool) -> None:
    """The text is that of its key, and the other keys are columns, labels and dates, whatever was escaped."""
    (tmp_path / "a.jsonl").write_bytes(json_lines(RECORDS, ascii_only=ascii_only).encode(encoding))
    plan, old = cleaned(tmp_path).values()
    assert f"为推进创新，制定本方案。\n{SENTENCE}\n联系电话：[PHONE]。" == plan.text
    expected = {
        "title": "某市人工智能产业行动方案",
        "url": "https://www.example.gov.cn/art/a.html",
        "date_published": dt.date(2023, 5, 30),
        "date_basis": "label",
        "source_name": "某市日报",
        "source_site": "www.example.gov.cn",
        "keywords": ["智能", "产业"],
    }
    assert expected == {name: plan.fields[name] for name in expected}
    labels = {row["label"]: row["value"] for row in plan.fields["labels_raw"]}
    assert {**{key: PLAN[key] for key in ("title", "url", "pub_date", "source")}, "tags": "智能\n产业"} == labels
    assert ("各区要抓好落实，企业发展，产业兴旺。", "人工智慧产业") == (old.text, old.fields["title"])


def test_personal_data_in_what_is_cut_around(tmp_path: Path) -> None:
    """A number that no key of ours names, and whose word is escaped, is found for what it is."""
    record = {"contact": "联系电话：0440-55550100", "text": SENTENCE}
    (tmp_path / "a.jsonl").write_text(json_lines([record], ascii_only=True))
    (document,) = cleaned(tmp_path).values()
    assert ["0440-55550100"] == [document.history.original[slice(*span)] for span in document.personal]


def test_lines_that_are_no_records(tmp_path: Path) -> None:
    """They are set aside with their bytes; the last line of a file that was cut short is one."""
    bad = ['["甲"]', '"甲"', "正文", '{"text": "甲', "[" * 100_000, '{"a": ' * 100_000, '{"n": 1' + "0" * 5000 + "}"]
    (tmp_path / "a.jsonl").write_text(json_lines([PLAN]) + "\n".join(bad), "utf-8")
    found = find_inputs(tmp_path)
    assert [None, *["unreadable"] * 6, None] == [one.reason for one in found]
    assert [len(line.encode()) for line in bad[:-2]] == [(one.bytes or 0) - 1 for one in found[1:-2]]
    assert all(one.raw_sha256 for one in found)


def test_a_line_that_is_too_long(tmp_path: Path) -> None:
    """It is too large, and those behind it are read."""
    (tmp_path / "a.jsonl").write_text(json_lines([{"text": "1"}, {"text": "2" * 5000}, {"text": "3"}]))
    large = Found(None, "too_large", "more than 1000 bytes, the limit")
    assert [("a.jsonl#L2", large)] == [
        pair for pair in found_in(tmp_path, maximum_bytes=1000).items() if pair[1].reason
    ]
    assert len(found_in(tmp_path, maximum_bytes=1000)) == 3


def test_lines_are_read_as_they_are_asked_for() -> None:
    """A file of any length: the first record is there before the second has been written."""

    class Endless(io.RawIOBase):
        """More and more lines."""

        read_bytes = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:  # noqa: ANN401  memory
            line = b'{"text": "1"}\n'
            buffer[: len(line)] = line
            self.read_bytes += len(line)
            return len(line)

    endless = Endless()
    stream: Any = io.BufferedReader(endless)
    found: Iterator[Member] = json_records(stream, 1000, Budget(0, least=1000))
    assert ["#L1", "#L2", "#L3"] == [next(found).suffix for _ in range(3)]
    assert endless.read_bytes < 1000


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.jsonl.gz", gzipped),
        ("a.ndjson.zst", lambda content: pa.Codec("zstd").compress(content, asbytes=True)),
    ],
)
def test_compressed_lines(tmp_path: Path, name: str, pack: Any) -> None:  # noqa: ANN401  either of two
    """They are named as if the file were not compressed, and so is what is left of one that was cut short."""
    content = json_lines(RECORDS * 1000).encode()
    (tmp_path / name).write_bytes(pack(content))
    lines = content.splitlines(keepends=True)
    assert {f"{name}#L{number}": Found(line) for number, line in enumerate(lines, 1)} == found_in(tmp_path)


def test_a_compressed_file_that_was_cut_short(tmp_path: Path) -> None:
    """Records read so far count, and the file has a row that says what became of the rest."""
    content = "".join(json.dumps({"id": number * 7919 % 10007, "text": SENTENCE}) + "\n" for number in range(20_000))
    packed = gzipped(content.encode())
    (tmp_path / "a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    found = find_inputs(tmp_path)
    assert 1000 < len(found) < 20_000
    assert ["a.jsonl.gz"] == [one.raw_path for one in found if one.reason]
    assert f"behind {len(found) - 1} documents it is damaged or cut short" in found[-1].detail


def test_records_in_an_archive(tmp_path: Path) -> None:
    """An archive holds files, and a file holds records: both are opened."""
    lines = json_lines(RECORDS).encode()
    files = {"x/a.jsonl": lines, "b.csv": b"title,text\n1,2\n", "c.jsonl.gz": gzipped(lines), "d.txt": b"1"}
    (tmp_path / "a.zip").write_bytes(zipped(files))
    (tmp_path / "b.tgz").write_bytes(gzipped(tarred(files)))
    inside = ["x/a.jsonl#L1", "x/a.jsonl#L2", "b.csv#L2", "c.jsonl.gz#L1", "c.jsonl.gz#L2", "d.txt"]
    found = found_in(tmp_path)
    assert [f"{name}!/{path}" for name in ("a.zip", "b.tgz") for path in inside] == list(found)
    assert [one.reason for one in found.values()] == [None] * 12


# ------------------------------------------------------------------------------------------------------------- arrays
def test_an_array_of_objects(tmp_path: Path) -> None:
    """Each element is an input with its own bytes, whatever stands around it; one that is no object is set aside."""
    elements = [json.dumps(PLAN, ensure_ascii=False, indent=2), "7", json.dumps(OLD, ensure_ascii=False)]
    (tmp_path / "a.json").write_text(f"[\n {' , '.join(elements[:1] + elements[2:] + elements[1:2])} \n]", "utf-8")
    expected = {
        "a.json#R1": Found(elements[0].encode()),
        "a.json#R2": Found(elements[2].encode()),
        "a.json#R3": Found(None, "unreadable", "it is no JSON object, or was cut short"),
    }
    assert expected == found_in(tmp_path)


def test_a_file_that_begins_in_english(tmp_path: Path) -> None:
    """Its first kilobytes tell little of its encoding; its lines are read, each in what it is in."""
    english = "The city’s plan was published. " * 40
    texts = [english] * 60 + [f"誠{SENTENCE}", f"第一条\\n{SENTENCE}"]
    lines = [json.dumps({"id": n, "text": text}, ensure_ascii=False).encode("gbk") for n, text in enumerate(texts)]
    lines.append(json.dumps({"id": 0, "text": SENTENCE}, ensure_ascii=False).encode())
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    found = find_inputs(tmp_path)
    assert {None} == {one.reason for one in found}
    documents = list(cleaned(tmp_path).values())
    assert [f"誠{SENTENCE}", SENTENCE] == [documents[place].text for place in (-3, -1)]


def test_the_head_of_a_file_is_long(tmp_path: Path) -> None:
    """What a table is written in is seen beyond its first lines, which say nothing of it."""
    rows = [["title", "text"], *([f"{n}", f"No {n}."] for n in range(600)), ["喆", "喆"], ["方案", SENTENCE * 9]]
    (tmp_path / "a.csv").write_bytes("".join(f"{title},{text}\n" for title, text in rows).encode("gbk"))
    assert {"gb18030"} == {one.encoding for one in find_inputs(tmp_path)}


def test_an_array_in_big5(tmp_path: Path) -> None:
    """A backslash may be the second byte of a character there."""
    elements = [json.dumps({"text": f"產業成功許可「{word}」"}, ensure_ascii=False) for word in ("功", "許", "蓋")]
    content = f"[{', '.join(elements)}]".encode("big5")
    assert b'\\"' not in "".join(elements).encode()
    (tmp_path / "a.json").write_bytes(content)
    assert [element.encode("big5") for element in elements] == [one.content for one in found_in(tmp_path).values()]


@pytest.mark.parametrize(
    ("text", "records", "last"),
    [
        ('[{"text": "1"}, {"text": "2"', 1, "behind one document it is no JSON from character 16 on"),
        ('[{"text": "1"}, {"text": "2"}', 2, "behind 2 documents it ends before its last bracket"),
        ('[{"text": "1"}, ' + "[" * 100_000, 1, "behind one document it is no JSON from character 16 on"),
    ],
)
def test_an_array_that_was_cut_short(tmp_path: Path, text: str, records: int, last: str) -> None:
    """Elements read so far count, and the file has a row that says what became of the rest."""
    (tmp_path / "a.json").write_text(text)
    found = found_in(tmp_path)
    assert (records + 1, Found(None, "unreadable", last)) == (len(found), found["a.json"])


def test_an_array_that_is_too_large(tmp_path: Path) -> None:
    """It is read whole, so the limit of one document is its own; the row says what to do."""
    (tmp_path / "a.json").write_text(json.dumps([PLAN] * 10))
    (found,) = find_inputs(tmp_path, maximum_bytes=1000)
    assert ("a.json", "too_large") == (found.raw_path, found.reason)
    assert "JSON Lines" in found.detail


@pytest.mark.parametrize(
    "text",
    [
        *(json.dumps(PLAN), json.dumps(PLAN, indent=1), "[1, 2]", "{}", '"甲"', "正文"),
        json.dumps([{"region": 11, "name": "甲市"}]),
        '{"region": 11}\n{"region": 12}\n',
        f"[\n<<<<<<< HEAD\n{json.dumps(PLAN)}\n=======\n{json.dumps(OLD)}\n>>>>>>> b\n]",
        f"[{json.dumps(PLAN)},\n<<<<<<< HEAD\n{json.dumps(PLAN)}\n=======\n{json.dumps(OLD)}\n>>>>>>> b\n]",
    ],
)
def test_a_json_file_that_is_one_document(tmp_path: Path, text: str) -> None:
    """One object, what is no collection of texts, and what somebody has merged and not looked at: a file as it is."""
    (tmp_path / "a.json").write_text(text, "utf-8")
    assert {"a.json": Found(text.encode())} == found_in(tmp_path)


def test_a_file_that_is_one_record(tmp_path: Path) -> None:
    """It is opened whatever it is called: its content says what it is."""
    (tmp_path / "a.txt").write_text(json.dumps(PLAN, indent=1), "utf-8")
    assert "某市日报" == cleaned(tmp_path)["a.txt"].fields["source_name"]


def test_lines_in_a_file_that_is_called_json(tmp_path: Path) -> None:
    """Two lines, each of which is an object, show what it is."""
    (tmp_path / "a.json").write_text(json_lines(RECORDS), "utf-8")
    assert ["a.json#L1", "a.json#L2"] == list(found_in(tmp_path))


# -------------------------------------------------------------------------------------------------------------- tables
ROWS = [
    ["标题", "发布日期", "来源", "正文"],
    ["某市方案", "2023-05-30", "某市日报", f"第一条 “总则”。\n{SENTENCE}"],
    ['含"引号"与,逗号', "", "", f"共 2 处；{SENTENCE}"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "big5"])
@pytest.mark.parametrize("dialect", [{}, {"delimiter": "\t"}, {"delimiter": ";"}, {"quoting": csv.QUOTE_ALL}])
def test_every_row_is_an_input(tmp_path: Path, encoding: str, dialect: dict[str, Any]) -> None:
    """As the standard library wrote it: the bytes are those of its lines, and the first row has none."""
    rows = [
        [cell.replace("标题", "標題").replace("发布", "發布").replace("来源", "來源") for cell in row] for row in ROWS
    ]
    if encoding == "big5":
        rows = [
            rows[0],
            ["甲市方案", "2023-05-30", "甲市日報", "第一條 總則。\n各區要抓好落實"],
            ['含"引號"', "", "", "企業,發展"],
        ]
    else:
        rows = ROWS
    content = table(rows, **dialect).encode(encoding)
    name = "a.tsv" if dialect.get("delimiter") == "\t" else "a.csv"
    (tmp_path / name).write_bytes(content)
    inputs = find_inputs(tmp_path)
    assert [f"{name}#L2", f"{name}#L4"] == [one.raw_path for one in inputs]
    assert content == content[: content.index(b"\n") + 1] + b"".join(map(read_input, inputs))
    first, second = cleaned(tmp_path).values()
    expected = (rows[1][3].split("\n")[0], rows[1][0], dt.date(2023, 5, 30))
    if encoding != "big5":
        assert expected == ((first.text or "").split("\n")[0], first.fields["title"], first.fields["date_published"])
        assert (rows[2][3], rows[2][0]) == (second.text, second.fields["title"])
    assert "標題" not in (first.text or "") + (second.text or "")


def test_rows_that_do_not_fit(tmp_path: Path) -> None:
    """A row with another number of cells is set aside with its bytes; a forgotten quotation mark costs one line."""
    lines = [b"title,text\n", b"1,a,b\n", b'2,"a\n', b"3,c\n", b"4,d\n", b'5,"e"\n', b"\n", b"6\n", b"7,g"]
    (tmp_path / "a.csv").write_bytes(b"".join(lines))
    found = {one.raw_path: one.reason for one in find_inputs(tmp_path)}
    assert {"a.csv#L2": "unreadable", "a.csv#L3": "unreadable", "a.csv#L8": "unreadable"} == {
        path: reason for path, reason in found.items() if reason
    }
    assert ["a.csv#L4", "a.csv#L5", "a.csv#L6", "a.csv#L9"] == [path for path, reason in found.items() if not reason]


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    """It costs its line, not the file; and no time that grows with the square of the lines."""
    (tmp_path / "a.csv").write_text('title,text\n1,"a\n' + "2,b\n" * 50)
    found = find_inputs(tmp_path)
    assert ["unreadable", *[None] * 50] == [one.reason for one in found]
    (tmp_path / "a.csv").write_text('title,text\n1,"a\n' + "2,b\n" * 100_000)
    assert ["unreadable"] == [one.reason for one in find_inputs(tmp_path)]  # with all its lines


def test_a_row_that_is_too_large(tmp_path: Path) -> None:
    """A row, or one of its lines, beyond the limit is too large; those behind it are read."""
    (tmp_path / "a.csv").write_text(
        f'title,text\n1,"{"a" * 900}\n{"b" * 900}"\n2,{"c" * 2000}\n3,"\n{"d" * 2000}"\n4,e\n'
    )
    reasons = {one.raw_path: one.reason for one in find_inputs(tmp_path, maximum_bytes=1000)}
    assert {"a.csv#L2": "too_large", "a.csv#L4": "too_large"}.items() <= reasons.items()
    assert reasons["a.csv#L7"] is None


@pytest.mark.parametrize("text", ["年份,占比\n2023,7\n", "正文\n一行。\n", "甲,乙\n丙,丁\n", ""])
def test_a_table_of_other_things(tmp_path: Path, text: str) -> None:
    """A table without a column of texts is a file as it is."""
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert {"a.csv": Found(text.encode())} == found_in(tmp_path)


def test_a_table_without_rows(tmp_path: Path) -> None:
    """It has a row, as every file has one, or its members have."""
    (tmp_path / "a.csv").write_text("标题,正文\n", "utf-8")
    assert {"a.csv": Found(None, "unreadable", "it holds no document")} == found_in(tmp_path)


CELLS = st.lists(st.lists(st.text("甲乙,\";\t\n a'|", max_size=8), min_size=3, max_size=3), min_size=1, max_size=6)


@given(CELLS, st.sampled_from(",;\t|"))
def test_rows_are_those_of_the_standard_library(rows: list[list[str]], separator: str) -> None:
    """Whatever it writes is read as the same cells, row by row, and the rows together are the file."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="\n").writerows([["title", "date", "text"], *rows])
    content = written.getvalue().encode()
    header = separator.join(["title", "date", "text"]).encode() + b"\n"
    found = list(table_rows(io.BufferedReader(io.BytesIO(content)), 10_000, Budget(0, least=10_000)))
    assert content == header + b"".join(one.content or b"" for one in found)
    texts = [(one.content or b"").decode() for one in found]
    read = [[text[slice(*span)].replace('""', '"') for span in cells(text, separator)] for text in texts]
    assert rows == read
    assert all(not goes_on(text, separator, within=False) for text in texts if "\n" not in text[:-1])


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_values_are_those_of_the_standard_library(value: Any) -> None:  # noqa: ANN401  any JSON
    """Every string and number of an object is found, in its order, and nothing else."""

    def leaves(inner: Any) -> Iterator[str]:  # noqa: ANN401
        if isinstance(inner, dict):
            for one in inner.values():
                yield from leaves(one)
        elif isinstance(inner, list):
            for one in inner:
                yield from leaves(one)
        elif not isinstance(inner, bool):
            yield json.dumps(inner)

    text = json.dumps({"a": value})
    assert is_object(text)
    found = [
        text[start - (text[start - 1] == '"') : end + (text[end] == '"')]
        for start, end in (one.span for one in object_values(text))
    ]
    assert list(leaves(value)) == found


def test_a_row_of_very_many_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lines are not all kept; and where very many lines behind it are no rows, the rest of the file is one."""
    monkeypatch.setattr(table_files, "_MOST_LINES", 200)
    monkeypatch.setattr(containers, "MOST_SET_ASIDE", 50)
    (tmp_path / "a.csv").write_text(f'标题,正文\n甲,{SENTENCE}\n乙,"{"a" * 9}\n' + "a\n" * 1000, "utf-8")
    found = found_in(tmp_path)
    assert Found(None, "too_large", "a row of more than 200 lines") == found["a.csv#L3"]
    rest = "behind 52 documents so many, 50, could not be read in a row that the rest is not looked at"
    assert Found(None, "unreadable", rest) == found["a.csv"]
    assert 53 == len(found)


def test_records_with_a_zero(tmp_path: Path) -> None:
    """A character that programs leave behind does not make a file of lines one of UTF-16."""
    line = json.dumps({"text": SENTENCE * 4}, ensure_ascii=False).replace("落", "落\0", 1)
    (tmp_path / "a.jsonl").write_text(f"{line}\n{line}\n", "utf-8")
    assert ["a.jsonl#L1", "a.jsonl#L2"] == list(found_in(tmp_path))
    assert {SENTENCE * 4} == {document.text for document in cleaned(tmp_path).values()}
    (tmp_path / "a.jsonl").write_bytes(f"{line}\n{line}\n".encode("utf-16"))
    assert ["a.jsonl"] == list(found_in(tmp_path))
