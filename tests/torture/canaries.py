"""Personal data that must not come out: a number or an address of its own in each place, and a search for every one.

Here belongs how canaries are written, where they are put, and what of an output is searched. No canary is anybody's:
numbers count up from a range that no example of the tests has, addresses are of `example`.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from containers import SENTENCE, warc_record, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_WIDE = str.maketrans("0123456789@.-", "０１２３４５６７８９＠．－")


class Canary(NamedTuple):
    """A piece of personal data: how it is written, what of it is looked for, and where it was put."""

    form: str
    place: str
    written: str
    sought: str


def _identity(number: int) -> str:
    digits = f"110105{1950 + number % 50}{1 + number % 12:02}{1 + number % 28:02}{number % 1000:03}"
    return digits + "10X98765432"[sum(int(one) * weight for one, weight in zip(digits, _WEIGHTS, strict=True)) % 11]


def _mobile(number: int) -> str:
    return f"139{40_000_000 + number * 7_919:08}"


FORMS: dict[str, Callable[[int], tuple[str, str]]] = {
    "mobile": lambda n: (_mobile(n), _mobile(n)),
    "mobile in groups": lambda n: (f"{_mobile(n)[:3]} {_mobile(n)[3:7]} {_mobile(n)[7:]}", _mobile(n)),
    "mobile with hyphens": lambda n: (f"{_mobile(n)[:3]}-{_mobile(n)[3:7]}-{_mobile(n)[7:]}", _mobile(n)),
    "mobile with a country": lambda n: (f"+86 {_mobile(n)}", _mobile(n)),
    "mobile, full-width": lambda n: (_mobile(n).translate(_WIDE), _mobile(n)),
    "landline": lambda n: (f"010-{60_000_000 + n * 7_919}", f"010{60_000_000 + n * 7_919}"),
    "landline in brackets": lambda n: (f"（0571）{70_000_000 + n * 7_919}", f"0571{70_000_000 + n * 7_919}"),
    "identity": lambda n: (_identity(n), _identity(n)),
    "identity, full-width": lambda n: (_identity(n).translate(_WIDE), _identity(n)),
    "address": lambda n: (f"kanari{n:04}x@mail.example", f"kanari{n:04}x"),
    "address, full-width sign": lambda n: (f"kanari{n:04}x＠mail.example", f"kanari{n:04}x"),
    "address, spelt": lambda n: (f"kanari{n:04}x[at]mail.example", f"kanari{n:04}x"),
    "Taiwan": lambda n: (f"0912-{100 + n % 900}-{(n * 7) % 1000:03}", f"0912{100 + n % 900}{(n * 7) % 1000:03}"),
    "Hong Kong": lambda n: (f"+852 9{n:03} {(n * 7) % 10_000:04}", f"8529{n:03}{(n * 7) % 10_000:04}"),
}
"""How each kind is written, from a number: in the text, and as it is sought, without what stands between its signs."""

_JOINTS = re.compile(r"(?<=[0-9])[ ()（）\u00a0\u2010-\u2015+-]{1,3}(?=[0-9])")
_CANDIDATE = re.compile(r"kanari[0-9]{4}x|[0-9]{9,}[0-9X]*", re.IGNORECASE)


class Canaries:
    """Writes canaries, each once, and knows them all."""

    def __init__(self) -> None:
        self.all: list[Canary] = []

    def __call__(self, form: str, place: str) -> str:
        """A canary of this form, to be put in this place."""
        written, sought = FORMS[form](len(self.all) + 1)
        self.all.append(Canary(form, place, written, sought))
        return written

    def found_in(self, text: str) -> list[Canary]:
        """Those that stand in a text, in whatever width and grouping."""
        folded = unicodedata.normalize("NFKC", text)
        joined = _JOINTS.sub("", folded)
        runs = {found.casefold() for one in {folded, joined} for found in _CANDIDATE.findall(one)}
        return [one for one in self.all if any(one.sought.casefold() in run for run in runs)]


def write_canaries(raw: Path, canaries: Canaries, *, forms: Sequence[str] = tuple(FORMS)) -> None:
    """Write documents with a canary of every form in every place."""
    raw.mkdir(parents=True, exist_ok=True)
    for number, form in enumerate(forms):

        def put(place: str, form: str = form) -> str:
            return canaries(form, place)

        for name, content in _documents(put, number):
            path = raw / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _documents(put: Callable[[str], str], n: int) -> Iterator[tuple[str, bytes]]:
    body = f"甲市第{n}号通告。{SENTENCE}"
    yield (
        f"labels/{n}.txt",
        (
            f"标题：关于{n}号线的通告\n来源：甲市日报 电话：{put('source')}\n作者：张某 {put('author')}\n"
            f"关键词：交通；{put('keywords')}\n摘要：联系电话：{put('summary')}。\n"
            f"经办：李某 电话 {put('another label')}\n\n"
            f"{body}\n联系人：王某，联系电话：{put('text')}。\n图为现场，拍摄者电话：{put('caption')}\n"
            f"一、报名，电话：{put('heading')}\n{SENTENCE}\n（责任编辑：赵某 电话：{put('furniture')}）\n"
        ).encode("gb18030" if n % 2 else "utf-8"),
    )
    traditional = f"標題：關於第{n}號線的通告\n\n各區人民政府應當抓好落實，聯絡電話：{put('Traditional text')}。"
    traditional += f"{n}號線將於年底開通，請乘客留意。\n"
    yield f"traditional/{n}.txt", traditional.encode("utf-8" if n % 2 else "big5", "replace")
    yield (
        f"conflicts/{n}.txt",
        (
            f"{body}\n<<<<<<< 电话 {put('label of ours')}\n请致电{put('ours')}，由李某接听。\n"
            f"||||||| 电话 {put('label of base')}\n请致电{put('base')}。\n"
            f"=======\n来函寄甲路，电话：{put('theirs')}，没有人值守。\n"
            f">>>>>>> 电话 {put('label of theirs')}\n{SENTENCE}\n"
            f"<<<<<<< HEAD\n=======\n热线电话：{put('the only side')}。\n>>>>>>> b\n"
        ).encode(),
    )
    linked = json.dumps({"@type": "NewsArticle", "headline": f"电话：{put('page: JSON-LD')}"})
    page = f"""<html><head><meta charset="utf-8"><title>第{n}号</title>
<meta name="author" content="张某 电话 {put("page: author")}">
<meta name="description" content="电话：{put("page: description")}"><script>var tel = "{put("page: script")}";</script>
<script type="application/ld+json">{linked}</script>
<!-- 电话：{put("page: comment")} --></head><body><p>{body}联系电话：{put("page: text")}</p>
<a href="mailto:{put("page: link")}">来信</a><img alt="电话 {put("page: alt")}" src="tel:{put("page: src")}">
<table><tr><td>电话</td><td>{put("page: cell")}</td></tr></table></body></html>"""
    yield f"pages/{n}.html", page.encode()
    record = {
        "title": f"关于{n}号线的通告 电话：{put('record: title')}",
        "author": f"张某 电话：{put('record: author')}",
        "url": f"https://example.org/?tel={put('record: url')}",
        "source": f"甲报 电话：{put('record: source')}",
        "电话": put("record: a key of its own"),
        "crawl": {"ip": "10.0.0.1", "contact": f"电话：{put('record: inside another')}"},
        "content": f"{body}联系电话：{put('record: text')}。",
    }
    yield f"records/{n}.jsonl", "\n".join(json.dumps(record, ensure_ascii=n % 2 == 0) for _ in "12").encode()
    table = f"title,content,tel\n通告{n},{body}，电话：{put('table: text')}。,电话：{put('table: a cell')}\n"
    yield f"tables/{n}.csv", (table + table.splitlines()[1] + "\n").encode()
    front = f"---\ntitle: 通告{n}\nauthor: 张某\ncontact: 电话：{put('front matter')}\n---\n\n"
    front += f"# 通告{n}\n\n{body}\n\n电话：{put('Markdown')}\n"
    yield f"markdown/{n}.md", front.encode()
    archive = {
        f"{n}/a.txt": f"{body}\n电话：{put('archive: text')}".encode(),
        f"{n}/b.txt": f"电话：{put('archive: too short')}".encode(),
    }
    yield f"archives/{n}.zip", zipped(archive)
    answer = warc_record(
        f"<p>{body}电话：{put('web archive: text')}</p>".encode(),
        address=f"https://www.example.org/{n}.html",
        headers={"Content-Type": "text/html; charset=utf-8", "Set-Cookie": f"tel={put('web archive: cookie')}"},
    )
    yield f"web/{n}.warc", answer
    yield f"aside/{n} short.txt", f"电话：{put('set aside: too short')}".encode()
    yield (
        f"aside/{n} record.jsonl",
        f'{{"title": "a", "content": "{body}"}}\n{{"content": "电话：{put("set aside: broken")}'.encode(),
    )
    yield f"aside/{n} English.txt", (f"The office will be closed. Phone: {put('set aside: English')}. " * 3).encode()
    repeated = f"电话：{put('set aside: repeated')}\n" * 400
    yield f"aside/{n} repeated.txt", repeated.encode()
    lossy = f"{body}电话：{put('damaged text')}。".encode("gb18030").replace("实".encode("gb18030"), b"\xff\xff")
    yield f"damaged/{n}.txt", lossy
    copy = f"{body}电话：{put('duplicate')}。".encode()
    yield f"copies/{n} a.txt", copy
    yield f"copies/{n} b.txt", copy + b"\n"


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """Everything that a file says: its bytes, and of tables and databases every value and every description."""
    content = path.read_bytes()
    yield "bytes", content.decode("utf-8", "replace")
    if path.suffix == ".parquet":
        file = pq.ParquetFile(io.BytesIO(content))
        yield "metadata", str(file.schema_arrow.metadata)
        for name, column in zip(file.schema_arrow.names, file.read().columns, strict=True):
            yield name, "\n".join(_values(column))
    elif path.suffix in (".js", ".json", ".jsonl"):
        yield (
            "unescaped",
            re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), content.decode("utf-8", "replace")),
        )
    elif content.startswith(b"SQLite format 3"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            for line in database.iterdump():
                yield "rows", re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), line)
        database.close()


def _values(column: pa.ChunkedArray[Any]) -> Iterator[str]:
    for value in column.to_pylist():
        yield from _leaves(value)


def _leaves(value: Any) -> Iterator[str]:  # noqa: ANN401  whatever a cell holds
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
    elif value is not None:
        yield str(value)


def leaks(canaries: Canaries, files: Sequence[Path], under: Path) -> list[tuple[str, str, Canary]]:
    """Where a canary stands: the file, what of it, and which."""
    return [
        (path.relative_to(under).as_posix(), what, canary)
        for path in files
        for what, text in texts_of(path)
        for canary in canaries.found_in(text)
    ]
