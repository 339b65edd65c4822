"""Containers made for tests, byte for byte, and what the sources find in them.

Here belongs what several tests of sources make. What is expected of it stands in the tests.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from pipeline.options import MAXIMUM_BYTES
from pipeline.sources.files import find_inputs, read_input

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SENTENCE = "各区人民政府要抓好落实，推动人工智能产业创新发展。"


class Found(NamedTuple):
    """One input: its bytes where it can be read, else why it is set aside."""

    content: bytes | None = None
    reason: str | None = None
    detail: str = ""


def found_in(raw: Path, *, maximum_bytes: int = MAXIMUM_BYTES.preset) -> dict[str, Found]:
    """What is below a folder, by `raw_path`, in its order; each is read as a run would read it."""
    inputs = find_inputs(raw, maximum_bytes=maximum_bytes)
    found = {
        one.raw_path: Found(read_input(one) if one.reason is None else None, one.reason, one.detail) for one in inputs
    }
    assert len(inputs) == len(found)
    return found


def zipped(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive with these files; the same bytes whenever it is made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return packed.getvalue()


def tarred(files: Mapping[str, bytes | tarfile.TarInfo]) -> bytes:
    """A tar archive with these files; a head in the place of bytes is taken as it is."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", encoding="utf-8", errors="surrogateescape") as archive:
        for name, content in files.items():
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = b"" if isinstance(content, tarfile.TarInfo) else content
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def gzipped(content: bytes) -> bytes:
    """The bytes in gzip, without a time."""
    return gzip.compress(content, mtime=0)


def warc_record(
    content: bytes,
    *,
    kind: str = "response",
    address: str = "https://www.example.org/a.html",
    status: str = "200 OK",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A record of a web archive; a response has the head of the server's answer before its content."""
    headers = {"Content-Type": "text/html; charset=utf-8"} if headers is None else headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    block = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + content if kind == "response" else content
    fields = {
        "WARC-Type": kind,
        "WARC-Target-URI": address,
        "WARC-Date": "2024-03-05T08:09:10Z",
        "Content-Type": "application/http; msgtype=response" if kind == "response" else headers.get("Content-Type", ""),
        "Content-Length": str(len(block)),
    }
    head = "WARC/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
    return head.encode() + block + b"\r\n\r\n"
