"""A folder of documents that are full of payloads: in texts, in names, and in everything they say of themselves.

Here belongs where a payload is hidden. What the payloads are, and how it is heard that one ran, belongs in
:mod:`watching`.
"""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import os
import re
from typing import TYPE_CHECKING, NamedTuple

import yaml
from containers import SENTENCE, tarred, warc_record, zipped
from watching import payloads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_NO_NAME = re.compile("[/\x00-\x1f]")
_LONGEST_NAME = 200
_KEYS = ("title", "author", "source", "url", "tags", "description", "content", "署名")
_LABELS = ("标题", "来源", "作者", "链接", "关键词", "摘要", "发布机构", "索引号", "文号", "编辑")
_ABOUT = ("name", "description", "creator", "contact", "license", "version", "citation")


class Hidden(NamedTuple):
    """Where a payload is hidden, and which."""

    field: str
    payload: str


class Hiding:
    """Numbers payloads as they are hidden: `hidden` says what each number is."""

    def __init__(self, address: str) -> None:
        self.hidden: list[Hidden] = []
        self._payloads, self._address = payloads(), address

    def __call__(self, index: int, field: str) -> str:
        """The payload of this index with a number of its own, to be put into `field`."""
        payload = self._payloads[index % len(self._payloads)]
        self.hidden.append(Hidden(field, payload.name))
        return payload.numbered(len(self.hidden) - 1, self._address)

    def __len__(self) -> int:
        """How many payloads there are."""
        return len(self._payloads)


def write_documents(raw: Path, address: str, *, every: bool) -> Hiding:
    """Write the folder; each payload once in every carrier, or (unless `every`) in two of them."""
    hiding = Hiding(address)
    kinds = itertools.cycle(_CARRIERS)
    chosen: dict[str, list[int]] = {name: [] for name in _CARRIERS}
    for index in range(len(hiding)):
        for name in _CARRIERS if every else (next(kinds), next(kinds)):
            chosen[name].append(index)
    raw.mkdir(parents=True)
    for name, carrier in _CARRIERS.items():
        folder = raw / name
        folder.mkdir()
        carrier(folder, chosen[name], hiding)
    return hiding


def write_about(file: Path, hiding: Hiding) -> None:
    """What is said about the dataset, in which every key that may be any text is a payload."""
    said = {key: hiding(index * 7, f"about: {key}") for index, key in enumerate(_ABOUT)}
    file.write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")


def _body(payload: str, number: int) -> str:
    return f"第{number}号文。{SENTENCE}\n{payload}\n{SENTENCE}{payload}到本年底完成任务，{number}项。"


def _named(payload: str) -> str:
    """A payload as the name of a file."""
    name = _NO_NAME.sub("", payload).encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    return name if name.strip(".") else "甲"


def _in_records(folder: Path, indexes: list[int], hiding: Hiding) -> None:
    lines = []
    for index in indexes:
        record = {key: hiding(index, f"record: {key}") for key in _KEYS}
        record[hiding(index, "record: a key")] = hiding(index, "record: its value")
        record["content"] = _body(record["content"], index)
        record["url"] = record["url"] if index % 2 else f"https://example.org/{record['url']}"
        lines.append(json.dumps(record, ensure_ascii=index % 3 == 0))
    lines.append('{"broken": "' + hiding(0, "record: a broken one"))
    (folder / "records.jsonl").write_text("\n".join(lines), "utf-8")


def _in_labels(folder: Path, indexes: list[int], hiding: Hiding) -> None:
    for index in indexes:
        head = "\n".join(f"{label}：{hiding(index, f'label: {label}')}" for label in _LABELS)
        own = f"{hiding(index, 'label: a name')}：甲"
        name = f"{index} {_named(hiding(index, 'name of a file'))}.txt"
        text = f"{head}\n{own}\n\n{_body(hiding(index, 'text'), index)}"
        encoding = "gb18030" if index % 2 else "utf-8"
        (folder / name).write_bytes(text.encode(encoding, "replace"))


def _in_pages(folder: Path, indexes: list[int], hiding: Hiding) -> None:
    for index in indexes:
        said = html.escape(hiding(index, "page: what its head says"))
        linked = json.dumps({"@type": "NewsArticle", "headline": hiding(index, "page: JSON-LD")})
        page = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{hiding(index, "page: title")}</title>
<meta name="author" content="{said}"><meta property="og:title" content="{said}">
<meta property="og:url" content="{said}"><script type="application/ld+json">{linked}</script>
</head><body><h1>{hiding(index, "page: heading, raw")}</h1><h2>{html.escape(hiding(index, "page: heading"))}</h2>
<p>{SENTENCE}{html.escape(hiding(index, "page: text"))}</p><p>{_body(hiding(index, "page: text, raw"), index)}</p>
<p><a href="{html.escape(hiding(index, "page: link"))}">详情</a><img alt="{said}" src="{said}"></p>
<table><tr><td>{html.escape(hiding(index, "page: cell"))}</td><td>甲</td></tr></table></body></html>"""
        (folder / f"{index}.html").write_text(page, "utf-8", errors="replace")


def _in_markdown(folder: Path, indexes: list[int], hiding: Hiding) -> None:
    for index in indexes:
        head = "\n".join(
            f"{key}: {hiding(index, f'front matter: {key}')!r}" for key in ("title", "author", "url", "tags")
        )
        text = f"---\n{head}\n---\n\n# {hiding(index, 'Markdown: heading')}\n\n"
        text += f"{_body(hiding(index, 'Markdown: text'), index)}\n\n"
        text += f"一、{hiding(index, 'heading of a section')}\n\n{SENTENCE}\n\n"
        text += f"（一）{hiding(index, 'heading below')}\n\n{SENTENCE}\n"
        (folder / f"{index}.md").write_text(text, "utf-8", errors="replace")


def _in_conflicts(folder: Path, indexes: list[int], hiding: Hiding) -> None:
    for index in indexes:
        ours, base, theirs = (
            _one_line(hiding(index, f"conflict: label of {side}")) for side in ("ours", "base", "theirs")
        )
        text = (
            f"{SENTENCE}\n<<<<<<< {ours}\n第一种说法：{SENTENCE}{hiding(index, 'conflict: ours')}\n||||||| {base}\n"
            f"原来的说法。{hiding(index, 'conflict: base')}\n=======\n"
            f"第二种说法不是这样，{hiding(index, 'conflict: theirs')}各区都没有完成。\n"
            f">>>>>>> {theirs}\n{SENTENCE}第{index}条。\n"
        )
        (folder / f"{index}.txt").write_text(text, "utf-8", errors="replace")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _set_aside(folder: Path, indexes: list[int], hiding: Hiding) -> None:
    for index in indexes:
        (folder / f"short {index} {_named(hiding(index, 'name of one set aside'))}").write_text(
            hiding(index, "text of one set aside"), "utf-8", errors="replace"
        )
        (folder / f"picture {index} {_named(hiding(index, 'name of a picture'))}.png").write_bytes(
            b"\x89PNG\r\n\x1a\n" + hiding(index, "a picture").encode("utf-8", "replace") + bytes(64)
        )
    (folder / _named(hiding(0, "name of a link"))).symlink_to("/etc/hostname")
    os.mkfifo(folder / _named(hiding(1, "name of a pipe")))


def _in_archives(folder: Path, indexes: list[int], hiding: Hiding) -> None:
    def files(kind: str) -> Iterator[tuple[str, bytes]]:
        for index in indexes:
            name = hiding(index, f"{kind}: name of a file").replace("\x00", "")
            way = ("", "../", "/")[index % 3]
            yield (
                f"{way}{name[:200]} {index}.txt",
                _body(hiding(index, f"{kind}: text"), index).encode("utf-8", "replace"),
            )

    (folder / "a.zip").write_bytes(zipped(dict(files("ZIP"))))
    (folder / "a.tar").write_bytes(tarred(dict(files("tar"))))


def _in_web_archives(folder: Path, indexes: list[int], hiding: Hiding) -> None:
    records = []
    for index in indexes:
        heading, text = hiding(index, "web archive: heading"), hiding(index, "web archive: text")
        page = f"<html><body><h1>{heading}</h1><p>{_body(text, index)}</p></body></html>"
        address = _one_line(hiding(index, "web archive: address")).replace("\x00", "")
        headers = {"Content-Type": "text/html; charset=utf-8", "X-Said": _one_line(hiding(index, "web archive: head"))}
        records.append(warc_record(page.encode("utf-8", "replace"), address=address, headers=headers))
    (folder / "a.warc").write_bytes(b"".join(records))


def _in_tables(folder: Path, indexes: list[int], hiding: Hiding) -> None:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["title", "source", "url", "content", hiding(0, "table: name of a column")])
    for index in indexes:
        cells = [hiding(index, f"table: {name}") for name in ("title", "source", "url")]
        writer.writerow([*cells, _body(hiding(index, "table: text"), index), hiding(index, "table: a cell")])
    (folder / "a.csv").write_text(written.getvalue(), "utf-8", errors="replace")


_CARRIERS: dict[str, Callable[[Path, list[int], Hiding], None]] = {
    "records": _in_records,
    "labels": _in_labels,
    "pages": _in_pages,
    "markdown": _in_markdown,
    "conflicts": _in_conflicts,
    "set aside": _set_aside,
    "archives": _in_archives,
    "web archives": _in_web_archives,
    "tables": _in_tables,
}
"""The kinds of documents in which payloads are hidden, by the name of their folder."""
