"""The sample documents in `raw/` are what `raw/README.md` says they are.

Only what can be checked without cleaning belongs here: the table, the bytes and that the texts are original. What the
pipeline makes of the samples does not.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from pipeline.sources.files import find_inputs, read_input

PROJECT: Final = Path(__file__).resolve().parents[1]
RAW: Final = PROJECT / "raw"
README: Final = RAW / "README.md"
SEEDS: Final = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "seeds"

ROW: Final = re.compile(
    r"^\| `(?P<file>[^`|]+)` \| (?P<encoding>[^|]+) \| (?P<shows>[^|]+) \| (?P<becomes>[^|]+) \|$", re.MULTILINE
)
ENCODING: Final = re.compile(
    r"`(?P<codec>[a-z0-9-]+)`(?P<bom>, BOM)?(?:, (?P<ends>CRLF|both))?|none \((?:binary|set aside)\)"
)
LINE_ENDS: Final = {None: {"\n"}, "CRLF": {"\r\n"}, "both": {"\n", "\r\n"}}
SAME_BYTES: Final = re.compile(r"same bytes as `([^`]+)`")
NOT_HAN: Final = re.compile("[^\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
LONGEST_SHARED_RUN: Final = 29
"""Han characters in a row that a sample may share with a real document: more would be a copied passage."""

BYTE_ORDER_MARKS: Final = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}

FAULTS: Final = {
    "policy/action-plan-header-line.txt": ("\u00a0" * 6, "浏览量:\n", "《关于加快培育\n"),
    "policy/furniture-words-bom.txt": ("\n3D打印", "尽职免责", "中华老字号", "\n分享经济", "\n扫码乘车", "昇腾"),
    "policy/interpretation-labelled.txt": ("总结: \u3000\u3000", "关键词: \n", "<<<<<<< Updated upstream\n=======\n"),
    "policy/rare-characters-gb18030.txt": ("㟁", "䢺", "𬱖", "㛃", "䶮"),
    "notices/official-notice-gbk.txt": ("〔2024〕7号", "\r\n（此件公开发布）"),
    "notices/solicitation-contact.txt": ("opinions@example.com", "0440-55550100", "\n分享到："),
    "news/launch-captions-folded.txt": ("供图\n", "(完)"),
    "news/harbour-forum-machine-english.txt": (" , ", "(Editors in charge:"),
    "news/alliance-pinyin.txt": ("業(yè)", "產(chǎn)", "網(wǎn\u0261)", "發(fa\u0304)", "(草案)"),
    "news/taipei-software-big5.txt": ("軟體", "資訊", "接著"),
    "news/hongkong-clinic-utf16le.txt": ("衞", "裏", "綫"),
    "news/bozhou-gloss.txt": ("安徽亳(bó)州",),
    "speeches/opening-remarks.txt": ("\n\u3000\u3000", "上官\u3000试"),
    "hard/conflict-rival-prose.txt": ("\n||||||| base\n",),
    "hard/git-lesson-untouched.md": ("\n=======\n\n", "\n    <<<<<<< HEAD\n"),
    "hard/pdf-spaces.txt": ("政 府 信 息", "检索 模型"),
    "hard/forum-html-remains.txt": (
        "&nbsp;",
        "<br />",
        "\a",
        "\v",
        "\u00ad",
        "\u200b",
        "\u2060",
        "\ufeff",
        "<10",
        "R&D",
    ),
    "hard/damaged-characters.txt": ("\ufffd", "锟斤拷"),
    "hard/pinyin-byte-shift.txt": ("?shù)",),
    "collections/notices.jsonl#L1": ("\\u4e3a\\u65b9\\u4fbf", "\\n"),
    "collections/market-reports.csv#L4": ('""会报价""', ",品名"),
    "pages/street-lights-gb2312.html": ("<nav>", "&lt;24", "R&amp;D", "、\r\n   桥洞", "charset=gb2312"),
    "pages/harvest.warc.gz#R2": ("WARC-Target-URI: https://news.qinlan", "\r\n\r\n<!doctype html>\n"),
}
"""Strings that an editor or a formatter would be likely to tidy away, each the very thing that its file shows."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of the table: a file below `raw/`, or a document in one, and what the table says of its bytes."""

    file: str
    codec: str | None
    bom: bool
    ends: str | None
    same_bytes_as: str | None

    @property
    def content(self) -> bytes:
        """The bytes of the file; none where it cannot be read."""
        found = INPUTS[self.file]
        return read_input(found) if found.reason is None else b""

    def text(self) -> str:
        """Decode strictly, without the byte order mark; empty for a binary file."""
        if self.codec is None:
            return ""
        mark = BYTE_ORDER_MARKS[self.codec] if self.bom else b""
        return self.content.removeprefix(mark).decode(self.codec, errors="strict")


def listed() -> list[Sample]:
    """Read the table of `raw/README.md`."""
    samples = []
    for row in ROW.finditer(README.read_text(encoding="utf-8")):
        encoding = ENCODING.fullmatch(row["encoding"])
        assert encoding is not None, f"{row['file']}: cannot read the encoding {row['encoding']!r}"
        same = SAME_BYTES.search(row["shows"])
        samples.append(
            Sample(
                file=row["file"],
                codec=encoding["codec"],
                bom=encoding["bom"] is not None,
                ends=encoding["ends"],
                same_bytes_as=same[1] if same else None,
            )
        )
    return samples


def han_only(text: str) -> str:
    """Drop all but Han characters, so that a copy is found across changed punctuation and layout."""
    return NOT_HAN.sub("", text)


def passages(text: str, length: int) -> set[str]:
    """All passages of so many Han characters in a row."""
    han = han_only(text)
    return {han[start : start + length] for start in range(len(han) - length + 1)}


INPUTS: Final = {found.raw_path: found for found in find_inputs(RAW)}
SAMPLES: Final = listed()
TEXTS: Final = [sample for sample in SAMPLES if sample.codec is not None]
PLAIN: Final = {sample.file: sample for sample in SAMPLES}


def test_the_table_lists_exactly_the_files() -> None:
    """Each input below `raw/` has one row, and each row has one."""
    assert sorted(INPUTS) == sorted(sample.file for sample in SAMPLES)


def test_what_cannot_be_read_is_listed_as_such() -> None:
    """The table says of a row that it is set aside where nothing is read of it."""
    aside = [
        row["file"] for row in ROW.finditer(README.read_text(encoding="utf-8")) if "(set aside)" in row["encoding"]
    ]
    assert sorted(aside) == sorted(path for path, found in INPUTS.items() if found.reason is not None)


def test_every_line_of_the_table_is_read() -> None:
    """No row is skipped because it is laid out in another way."""
    lines = [line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert len(lines) - len(("heading", "rule")) == len(SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_names_are_plain(sample: Sample) -> None:
    """A sample lies in a sub-folder under a lower-case ASCII name; what it holds may be called anything."""
    file = re.split("!/|#", sample.file)[0]
    assert re.fullmatch(r"[a-z]+/[a-z0-9-]+\.(txt|md|html|csv|jsonl|zip|tar\.gz|warc\.gz)", file)


@pytest.mark.parametrize("sample", TEXTS, ids=lambda sample: sample.file)
def test_the_named_encoding_is_exact(sample: Sample) -> None:
    """The bytes decode strictly with the named codec, and the text gives the same bytes again."""
    mark = BYTE_ORDER_MARKS[sample.codec or ""] if sample.bom else b""
    assert sample.content == mark + sample.text().encode(sample.codec or "")


@pytest.mark.parametrize("sample", TEXTS, ids=lambda sample: sample.file)
def test_a_byte_order_mark_stands_where_the_table_says_so(sample: Sample) -> None:
    """Only the files marked BOM begin with one."""
    assert sample.bom == sample.content.startswith(tuple(BYTE_ORDER_MARKS.values()))


@pytest.mark.parametrize("sample", TEXTS, ids=lambda sample: sample.file)
def test_line_ends_are_as_the_table_says(sample: Sample) -> None:
    """A file marked CRLF has no other line end, and the others have no CR at all, but for one marked both."""
    ends = set(re.findall(r"\r\n|\r|\n", sample.text()))
    assert LINE_ENDS[sample.ends] == ends


@pytest.mark.parametrize("sample", [s for s in TEXTS if s.codec != "utf-8"], ids=lambda sample: sample.file)
def test_other_encodings_are_not_utf8_as_well(sample: Sample) -> None:
    """A file said to be in another encoding cannot be read as UTF-8 by mistake."""
    with pytest.raises(UnicodeDecodeError):
        sample.content.decode("utf-8")


def test_the_gb18030_sample_needs_gb18030() -> None:
    """The GB 18030 file holds characters that GBK has not."""
    with pytest.raises(UnicodeDecodeError):
        PLAIN["policy/rare-characters-gb18030.txt"].content.decode("gbk")


def test_the_binary_sample_is_a_picture_cut_short() -> None:
    """The file for the quarantine begins as a PNG, has no end chunk and is no UTF-8 text."""
    content = PLAIN["hard/truncated-picture.txt"].content
    expected = (True, False, True)
    assert expected == (content.startswith(b"\x89PNG\r\n\x1a\n"), b"IEND" in content, b"\x00" in content)


def test_only_the_stated_duplicate_is_a_duplicate() -> None:
    """No two files are byte-identical apart from the pair that the table names."""
    groups: defaultdict[bytes, set[str]] = defaultdict(set)
    for sample in SAMPLES:
        if sample.content:
            groups[sample.content].add(sample.file)
    expected = [{sample.file, sample.same_bytes_as} for sample in SAMPLES if sample.same_bytes_as]
    assert expected == [files for files in groups.values() if len(files) > 1]
    assert len(expected) == 1


@pytest.mark.parametrize("file", sorted(FAULTS))
def test_the_fault_is_still_there(file: str) -> None:
    """Nothing has tidied away what the file is there to show."""
    text = PLAIN[file].text()
    assert [] == [fault for fault in FAULTS[file] if fault not in text]


def test_annotated_characters_are_annotated_everywhere() -> None:
    """In the pinyin sample a character that is annotated once is annotated, in the same way, at every occurrence."""
    text = PLAIN["news/alliance-pinyin.txt"].text()
    pairs = re.findall(r"(.)\(([^()\u3400-\u9fff]+)\)", text)
    readings = dict(pairs)
    bare = [c for c, reading in readings.items() if text.count(c) != text.count(f"{c}({reading})")]
    assert [] == bare
    assert len(pairs) > 2 * len(readings)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real documents to compare with are not on this machine")
@pytest.mark.parametrize("sample", TEXTS, ids=lambda sample: sample.file)
def test_no_passage_is_copied(sample: Sample) -> None:
    """No 30 Han characters in a row stand in a real document too, whatever punctuation or layout lies between."""
    length = LONGEST_SHARED_RUN + 1
    known: set[str] = set().union(*(passages(seed.read_text(encoding="utf-8"), length) for seed in SEEDS.glob("*.txt")))
    assert known, "the real documents have no Han text"
    assert set() == passages(sample.text(), length) & known
