"""What grows and is no document: containers with many small members, and collections of documents that are alike.

Here belongs how each is built, of any size, and what of the pipeline is given it. The measuring is in `linear_time.py`.
"""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import json
import lzma
import tarfile
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import pyarrow as pa
from collection import Entry, became
from containers import tarred, warc_record, zipped
from distinct_inputs import han
from linear_time import Growing, Times
from slow_inputs import PROSE

from pipeline.corpus import near
from pipeline.sources.files import find_inputs, read_input
from pipeline.time_limit import time_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SECONDS = 120
"""So long the largest of them may take, of the processor's time."""


def _texts(size: int) -> Iterator[tuple[str, bytes]]:
    """Small texts of so many bytes together, each with a name."""
    number = 0
    while size > 0:
        text = f"{han(number)}。".encode()
        yield f"{number}.txt", text
        size -= len(text)
        number += 1


def _lines(size: int) -> bytes:
    return b"".join(b'{"title": "a", "content": "%s"}\n' % text for _, text in _texts(size))


def _rows(size: int) -> bytes:
    return b"title,content\n" + b"".join(b"%s,%s\n" % (name.encode(), text) for name, text in _texts(size))


def _wide_row(size: int) -> bytes:
    """Rows of many fields each; the first one is as long as names of columns may be."""
    fields = [f"a{number}" for number in range(2_000)]
    row = b",".join([b"1"] * len(fields)) + b",%s\n"
    rows = max(2, size // len(row))
    return ",".join([*fields, "content\n"]).encode() + b"".join(row % han(n).encode() for n in range(rows))


def _quoted_rows(size: int) -> bytes:
    """One field of many lines, and quotes in it."""
    return b'title,content\na,"' + b"".join(b'%s ""b""\n' % text for _, text in _texts(size)) + b'"\n'


def _tar_with_heads(size: int) -> bytes:
    """A tar archive whose members have PAX heads before them: names that no other head can hold."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, text in _texts(size):
            head = tarfile.TarInfo(f"{han(len(name)) * 20}/{name}")
            head.size, head.pax_headers = len(text), {"comment": name}
            archive.addfile(head, io.BytesIO(text))
    return packed.getvalue()


def _one_tar_head(size: int) -> bytes:
    """A tar archive with one PAX head of many fields."""
    packed = io.BytesIO()
    fields = {f"zhengwen.{name}": text.decode() for name, text in _texts(size)}
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, pax_headers=fields) as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return packed.getvalue()


_CONTAINERS: Final[dict[str, tuple[str, Callable[[int], bytes]]]] = {
    "lines of JSON": ("a.jsonl", _lines),
    "records of JSON": (
        "a.json",
        lambda size: json.dumps([{"content": text.decode()} for _, text in _texts(size)]).encode(),
    ),
    "fields of one record": ("a.jsonl", lambda size: json.dumps({n: t.decode() for n, t in _texts(size)}).encode()),
    "rows of a table": ("a.csv", _rows),
    "rows of two thousand fields": ("a.csv", _wide_row),
    "lines of one row": ("a.csv", _quoted_rows),
    "records of a web archive": ("a.warc", lambda size: b"".join(warc_record(text) for _, text in _texts(size))),
    "fields of one record of a web archive": (
        "a.warc",
        lambda size: warc_record(PROSE.encode(), headers={f"X-{n}": t.decode("latin-1") for n, t in _texts(size)}),
    ),
    "files of a tar archive": ("a.tar", lambda size: tarred(dict(_texts(size)))),
    "files of a tar archive with PAX heads": ("a.tar", _tar_with_heads),
    "fields of one PAX head": ("a.tar", _one_tar_head),
    "files of a ZIP archive": ("a.zip", lambda size: zipped(dict(_texts(size)))),
    "streams of a gzip file": ("a.txt.gz", lambda size: b"".join(gzip.compress(t, mtime=0) for _, t in _texts(size))),
    "streams of a bzip2 file": ("a.txt.bz2", lambda size: b"".join(bz2.compress(t) for _, t in _texts(size))),
    "streams of an xz file": ("a.txt.xz", lambda size: b"".join(lzma.compress(t, preset=0) for _, t in _texts(size))),
    "frames of a Zstandard file": (
        "a.txt.zst",
        lambda size: b"".join(pa.Codec("zstd").compress(t, asbytes=True) for _, t in _texts(size)),
    ),
}
"""By what there is much of: the name of a file, and its bytes for texts of so many bytes."""


def containers() -> Iterator[Growing]:
    """Every container of many small members, or of much in one."""
    for what, (name, made) in _CONTAINERS.items():
        yield Growing(what, _reading(name, made))


def _reading(name: str, made: Callable[[int], bytes]) -> Callable[[int], Times]:
    made = functools.lru_cache(maxsize=2)(made)  # to build one takes longer than to read it, and each is read often

    def seconds(size: int) -> Times:
        with tempfile.TemporaryDirectory(prefix="zhengwen-") as folder:
            (Path(folder) / name).write_bytes(made(size))
            with time_limit(_SECONDS):
                began = time.process_time()
                found = find_inputs(Path(folder))
                between = time.process_time()
                for one in found:
                    if one.reason is None:
                        read_input(one)
        return Times({"find": between - began, "read": time.process_time() - between})

    return seconds


_NOTICE = "".join(f"{number}、各级人民政府要加强{han(number * 977)}，落实{han(number * 131)}。" for number in range(12))

_FULLEST = 50
"""So many leaders of a group are remembered here, and not a thousand: from there on, time grows as the documents do."""

_ALIKE: Final[dict[str, Callable[[int], Entry]]] = {
    "alike in all but a word": lambda n: Entry(f"{n}.txt", f"{_NOTICE}{han(n)}。"),
    "alike, with names of their own": lambda n: Entry(f"{n}.txt", f"{_NOTICE}{han(n)}。", title=f"{han(n)}的通知"),
    "alike, with numbers of their own": lambda n: Entry(f"{n}.txt", f"{_NOTICE}共{n}项。", number=f"国发〔2020〕{n}号"),
    "the same text": lambda n: Entry(f"{n}.txt", _NOTICE),
    "alike each to the next": lambda n: Entry(
        f"{n}.txt", "".join(f"各级政府要加强{han(number * 977)}。" for number in range(n, n + 12))
    ),
}


def alike() -> Iterator[Growing]:
    """Collections of documents that are alike; their size is how many they are."""
    for what, made in _ALIKE.items():
        yield Growing(f"documents {what}", _standing(made))


def _standing(made: Callable[[int], Entry]) -> Callable[[int], Times]:
    def seconds(size: int) -> Times:
        entries = [made(number) for number in range(size)]
        with patch.object(near, "FULLEST", _FULLEST), time_limit(_SECONDS):
            began = time.process_time()
            standing = became(entries)
        assert len(standing) == size
        return Times({"near-duplicates": time.process_time() - began})

    return seconds
