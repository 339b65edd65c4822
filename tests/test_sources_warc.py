"""Web archives: each page is an input of its own, with the heads that it came with, and its address is read."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
import pytest
from containers import SENTENCE, found_in, gzipped, warc_record

import pipeline
from pipeline.sources.files import find_inputs, read_input

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.document import Document

PAGE = f"<html><head><title>某市方案_甲网</title></head><body><h1>某市方案</h1><p>{SENTENCE}</p></body></html>"
INFO = warc_record(b"software: x\r\n", kind="warcinfo", headers={"Content-Type": "application/warc-fields"})
REQUEST = warc_record(b"GET / HTTP/1.1\r\n\r\n", kind="request", headers={"Content-Type": "application/http"})


def cleaned(raw: Path) -> dict[str, Document]:
    """What becomes of every page, as in a run; each leads back to its bytes."""
    documents = {}
    for one in find_inputs(raw):
        content = read_input(one)
        documents[one.raw_path] = pipeline.clean(content, source=one.raw_path)
        assert content == pipeline.rebuild(documents[one.raw_path])
    return documents


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_every_page_is_an_input(tmp_path: Path, name: str) -> None:
    """The records are counted, and those with pages are inputs; in gzip, each record is packed by itself."""
    page = warc_record(PAGE.encode())
    text = warc_record(
        SENTENCE.encode(), kind="conversion", headers={"Content-Type": "text/plain"}, address="https://example.org/b"
    )
    records = [INFO, REQUEST, page, text]
    (tmp_path / name).write_bytes(b"".join(map(gzipped, records) if name.endswith("gz") else records))
    found = found_in(tmp_path)
    assert {f"{name}#R3": page[:-4], f"{name}#R4": text[:-4]} == {path: one.content for path, one in found.items()}
    first, second = cleaned(tmp_path).values()
    assert (SENTENCE, "某市方案", "https://www.example.org/a.html", "www.example.org") == (
        first.text,
        *(first.fields[name] for name in ("title", "url", "source_site")),
    )
    assert (SENTENCE, "https://example.org/b") == (second.text, second.fields["url"])
    labels = [(row["label"], row["value"], row["line"]) for row in first.fields["labels_raw"]]
    expected = [("WARC-Target-URI", "https://www.example.org/a.html", 3), ("WARC-Date", "2024-03-05T08:09:10Z", 4)]
    assert expected == labels


def test_the_address_that_a_page_says(tmp_path: Path) -> None:
    """What the page says goes before where it was fetched from."""
    page = PAGE.replace("<title>", '<link rel="canonical" href="https://example.org/c.html"><title>')
    (tmp_path / "a.warc").write_bytes(warc_record(page.encode()))
    (document,) = cleaned(tmp_path).values()
    assert "https://example.org/c.html" == document.fields["url"]


@pytest.mark.parametrize("encoding", ["gbk", "big5", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("said", ["", "; charset=gb2312"])
def test_pages_in_other_encodings(tmp_path: Path, encoding: str, said: str) -> None:
    """The heads are ASCII whatever the page is in; what the server says of it is evidence."""
    sentence = "各區要抓好落實，推動產業發展。" if encoding == "big5" else SENTENCE
    text = PAGE.replace(SENTENCE, sentence)
    (tmp_path / "a.warc").write_bytes(warc_record(text.encode(encoding), headers={"Content-Type": f"text/html{said}"}))
    (document,) = cleaned(tmp_path).values()
    assert {sentence: sentence, "各區要抓好落實，推動產業發展。": "各区要抓好落实，推动产业发展。"}[
        sentence
    ] == document.text
    assert "某市方案" == document.fields["title"]


def packed_with(codec: Literal["brotli", "zstd"], page: str) -> bytes:
    """A page packed by Arrow, which knows what Python does not."""
    return pa.compress(page.encode(), codec, asbytes=True)


PACKED = {
    "gzip": gzipped(PAGE.encode()),
    "x-gzip": gzipped(PAGE.encode()),
    "deflate": zlib.compress(PAGE.encode()),
    "deflate, raw": zlib.compress(PAGE.encode())[2:-4],
    "gzip, unpacked already": PAGE.encode(),
    "br": packed_with("brotli", PAGE),
    "br, unpacked already": PAGE.encode(),
    "zstd": packed_with("zstd", PAGE),
    "identity": PAGE.encode(),
}


def test_a_page_packed_twice(tmp_path: Path) -> None:
    """What was packed last is unpacked first."""
    record = warc_record(packed_with("brotli", PAGE), headers={"Content-Encoding": "gzip, br"})
    twice = warc_record(gzipped(packed_with("brotli", PAGE)), headers={"Content-Encoding": "br, gzip"})
    (tmp_path / "a.warc").write_bytes(record + twice)
    for found in found_in(tmp_path).values():
        assert (found.content or b"").endswith(PAGE.encode())


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("chunked", [True, False])
def test_packed_pages(tmp_path: Path, packing: str, *, chunked: bool) -> None:
    """How a page was packed for the way is undone, as far as it has not been; the bytes are the heads and the page."""
    body = PACKED[packing]
    headers = {"Content-Type": "text/html", "Content-Encoding": packing.partition(",")[0]}
    if chunked:
        headers["Transfer-Encoding"] = "chunked"
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:])) + b"0\r\n\r\n"
    (tmp_path / "a.warc").write_bytes(warc_record(body, headers=headers))
    (found,) = found_in(tmp_path).values()
    assert (found.content or b"").endswith(b"\r\n\r\n" + PAGE.encode())
    (document,) = cleaned(tmp_path).values()
    assert SENTENCE == document.text


@pytest.mark.parametrize(
    ("record", "reason", "detail"),
    [
        (warc_record(b"\x89PNG", headers={"Content-Type": "image/png"}), "binary", "no page, but image/png"),
        (warc_record(b"a()", headers={"Content-Type": "text/javascript"}), "binary", "no page, but text/javascript"),
        (warc_record(PAGE.encode(), status="404 Not Found"), "unreadable", "the server answered 404"),
        (warc_record(b"", status="301 Moved"), "unreadable", "the server answered 301"),
        (warc_record(b"1" * 3000), "too_large", "more than 2000 bytes, the limit"),
        (
            warc_record(gzipped(b"1" * 3000), headers={"Content-Encoding": "gzip"}),
            "too_large",
            "more than 2000 bytes, the limit",
        ),
        (
            warc_record(b"\x0b\x02", headers={"Content-Encoding": "compress"}),
            "unreadable",
            "the page is packed with compress, which nothing here can unpack",
        ),
        (
            warc_record(packed_with("brotli", PAGE)[:-9], headers={"Content-Encoding": "br"}),
            "unreadable",
            "it is damaged or cut short: Truncated compressed stream",
        ),
        (
            warc_record(packed_with("brotli", "1" * 3000), headers={"Content-Encoding": "br"}),
            "too_large",
            "more than 2000 bytes, the limit",
        ),
        (
            warc_record(gzipped(PAGE.encode())[:-9], headers={"Content-Encoding": "gzip"}),
            "unreadable",
            "the packed page is cut short",
        ),
        (
            warc_record(b"\x1f\x8b\x08xyz", headers={"Content-Encoding": "gzip"}),
            "unreadable",
            "the packed page cannot be unpacked",
        ),
    ],
)
def test_records_without_a_page(tmp_path: Path, record: bytes, reason: str, detail: str) -> None:
    """They are set aside, with their bytes where they are not too many; those behind them are read."""
    (tmp_path / "a.warc").write_bytes(record + warc_record(PAGE.encode()))
    first, second = find_inputs(tmp_path, maximum_bytes=2000)
    assert ("a.warc#R1", reason, detail) == (first.raw_path, first.reason, first.detail)
    assert (reason == "too_large") == (first.raw_sha256 is None)
    assert ("a.warc#R2", None) == (second.raw_path, second.reason)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (warc_record(PAGE.encode())[:-60], "record 2 is cut short"),
        (warc_record(PAGE.encode())[:40], "the head of record 2 does not end"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "record 2 has no head, or one without a length"),
        (b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\n", "without a length"),
        (b"WARC/1.0\r\n\r\n", "record 2 has no head"),
        (b"WARC/1.0\r\n" + b"a: b\r\n" * 20_000, "the head of record 2 does not end"),
        (b"<html>", "behind record 1 stands something else"),
    ],
)
def test_an_archive_that_is_damaged(tmp_path: Path, rest: bytes, said: str) -> None:
    """Records read so far count, and the file has a row that says what became of the rest."""
    (tmp_path / "a.warc").write_bytes(warc_record(PAGE.encode()) + rest)
    found = found_in(tmp_path)
    assert [("a.warc#R1", None), ("a.warc", "unreadable")] == [(path, one.reason) for path, one in found.items()]
    assert said in found["a.warc"].detail


def test_a_text_about_web_archives(tmp_path: Path) -> None:
    """A file that is called so and is none, and a text that speaks of the format, stay what they are."""
    (tmp_path / "a.warc").write_text(SENTENCE, "utf-8")
    assert ["a.warc"] == list(found_in(tmp_path))
    text = f"一条记录的开头是：\nWARC/1.0\nWARC-Type: response\n{SENTENCE}"
    assert text == pipeline.clean(text.encode()).text
