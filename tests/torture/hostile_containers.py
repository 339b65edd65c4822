"""Archives that are made to do harm: bombs, names that lead out, links and devices, lies about sizes.

Here belongs how each is made, byte for byte. What becomes of them is asked in :mod:`hostility`.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

import pyarrow as pa
from containers import SENTENCE, gzipped, tarred, warc_record, zipped

from pipeline.options import MAXIMUM_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT = f"{SENTENCE}\n".encode() * 4
_ZEROS = bytes(1 << 20)
_WAYS_OUT = (
    "../a.txt",
    "../../../../../../etc/cron.d/a",
    "/etc/passwd",
    "a/../../b.txt",
    "..\\..\\b.txt",
    "C:\\Windows\\a.txt",
    "\\\\server\\share\\a.txt",
    "..",
    ".",
    "",
    "a/./../..//../c.txt",
    "~/.bashrc",
    "a\x00/../b.txt",
    "%2e%2e/a.txt",
    "．．/a.txt",
    "..%c0%af..%c0%afa.txt",
    "CON",
    "a" * 5_000 + ".txt",
    "/".join("d" for _ in range(3_000)) + "/a.txt",
    "a.txt!/b.txt",
    "a.jsonl#L1",
    "-rf",
    "a\nb.txt",
    "\x1b]8;;x\x07a.txt",
)


def containers(*, long: bool) -> Iterator[tuple[str, bytes]]:
    """Each by its name; the long form has larger ones."""
    scale = 8 if long else 1
    yield from _bombs(scale)
    yield from just_below(scale)
    yield from tar_archives(scale)
    yield from _zip_archives(scale)
    yield from _streams(scale)
    yield from _records(scale)


def _bombs(scale: int) -> Iterator[tuple[str, bytes]]:
    zeros = zlib.compressobj(9)
    packed = b"".join(zeros.compress(_ZEROS) for _ in range(64 * scale)) + zeros.flush()
    many = 64 * scale << 20
    yield "zeros.txt.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed[2:-4] + struct.pack("<II", 0, many & 0xFFFFFFFF)
    yield "zeros.txt.bz2", bz2.compress(bytes(many))
    yield "zeros.tar.xz", lzma.compress(tarred({"a.txt": bytes(many // 8)}))
    yield "zeros.txt.xz", lzma.compress(bytes(many))
    yield "zeros.jsonl.gz", gzip.compress(b" " * many)
    yield "zeros.warc.gz", gzip.compress(b"WARC/1.0\r\n" + b"A" * many)
    yield "lines.jsonl.gz", gzip.compress(b"[" * many)
    yield "zeros.zip", zipped({f"{n}.txt": _ZEROS * 8 for n in range(8 * scale)})
    inner = zipped({"a.txt": _ZEROS * 8})
    for depth in range(6):
        inner = zipped({f"{n}.zip": inner for n in range(4 if depth < 4 else 2)})
    yield "nested.zip", inner
    yield (
        "nested.tar.gz",
        gzipped(tarred({"b.tar.gz": gzipped(tarred({"c.tar.gz": gzipped(tarred({"a.txt": _TEXT}))}))})),
    )
    yield "gz in gz.txt.gz", gzip.compress(gzip.compress(gzip.compress(bytes(many))))
    yield "overlapping.zip", _overlapping(200 * scale)
    yield "quine.zip", _self_like()


def just_below(scale: int) -> Iterator[tuple[str, bytes]]:
    """Many documents of which each is what one may be, and little is there: all of them together are a burst."""
    large = MAXIMUM_BYTES.preset - 1
    yield "many sparse.tar", b"".join(_sparse(large, at=large - 4) for _ in range(500 * scale)) + bytes(1024)
    yield "many parts.tar", _sparse(large, blocks=4_000 * scale) + bytes(1024)
    file, size = tarred({"a.txt": b""})[:512], {"GNU.sparse.size": str(large)}
    for name, said in (
        ("parts", {"GNU.sparse.offset": "0", "GNU.sparse.numbytes": "0"}),
        ("map", {"GNU.sparse.map": "0,0"}),
    ):
        yield f"many sparse by {name}.tar", (_head(size | said) + file) * (500 * scale) + bytes(1024)
    numbers = b"%d\n" % (1 << 40) + b"1\n" * (1 << 20) * scale
    sparse = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(large)}
    yield "many numbers.tar.gz", gzipped(_head(sparse) + tarred({"a.txt": numbers}))
    page = pa.Codec("brotli").compress(bytes(large + 2), asbytes=True)
    yield "many packed pages.warc", warc_record(page, headers={"Content-Encoding": "br"}) * (500 * scale)
    page = gzip.compress(gzip.compress(bytes(large)))
    yield "many packed twice.warc", warc_record(page, headers={"Content-Encoding": "gzip, gzip"}) * (500 * scale)
    yield "many pages.warc.gz", gzipped(warc_record(bytes(1 << 20))) * (500 * scale)
    many = bz2.BZ2Compressor()
    bomb = b"".join(many.compress(bytes(100_000_000)) for _ in range(10 * scale)) + many.flush()
    yield "at once.zip", _said_to_be(zipfile.ZIP_BZIP2, bomb)
    yield "many rows.jsonl.gz", gzipped(b'{"text": "a"}\n' * (4_000_000 * scale))
    yield "many rows.csv.gz", gzipped(b"title,content\n" + b"a,b\n" * (4_000_000 * scale))
    rows = b'{"text": "a"}\n' * (20_000 * scale)
    yield "rows under a long name.tar", tarred({"n" * 1_000_000 + ".jsonl": rows})
    yield "rows under a long name.zip", zipped({"n" * 60_000 + ".jsonl": rows})
    yield "rows under a long header.csv", b"content," + b"n" * 16_000 + b"\n" + b"a,b\n" * (200_000 * scale)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        inner = lzma.compress(bytes(large))
        for number in range(20 * scale):
            archive.writestr(f"{number}.txt.xz", inner)
    yield "many packed.zip", packed.getvalue()


def _said_to_be(method: int, packed: bytes) -> bytes:
    """An archive whose one file is said to be packed in this way, and to be small."""
    made = bytearray(zipped({"a.txt": packed}, method=zipfile.ZIP_STORED))
    entry = made.index(b"PK\x01\x02")
    struct.pack_into("<H", made, 8, method)
    struct.pack_into("<H", made, entry + 10, method)
    struct.pack_into("<I", made, entry + 24, 100)
    return bytes(made)


def _overlapping(count: int) -> bytes:
    """A directory of which every entry names the same bytes (as in David Fifield's better zip bomb, 2019)."""
    packed = zipped({"a.txt": _ZEROS * 16})
    end = packed.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", packed, end + 16)[0]
    entry = packed[start:end]
    entries = entry * count
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)
    return packed[:start] + entries + tail


def _self_like() -> bytes:
    """An archive that says that it holds itself: its one stored file is the archive up to its directory."""
    head = zipped({"quine.zip": b""}, method=zipfile.ZIP_STORED)
    for _ in range(3):
        head = zipped({"quine.zip": head}, method=zipfile.ZIP_STORED)
    return head


def tar_archives(scale: int) -> Iterator[tuple[str, bytes]]:
    """Heads that lie, that lead elsewhere, that do not end, and that are very many."""
    for number, name in enumerate(_WAYS_OUT):
        yield f"way out {number}.tar", tarred({name or "empty": _TEXT})
    kinds = {
        "symbolic link": tarfile.SYMTYPE,
        "hard link": tarfile.LNKTYPE,
        "device": tarfile.CHRTYPE,
        "disk": tarfile.BLKTYPE,
        "pipe": tarfile.FIFOTYPE,
        "contiguous": tarfile.CONTTYPE,
        "unknown": b"Z",
        "sparse": tarfile.GNUTYPE_SPARSE,
    }
    for name, kind in kinds.items():
        for target in ("/etc/passwd", "../../../etc/passwd", "b.txt"):
            info = tarfile.TarInfo("a.txt")
            info.type, info.linkname, info.mode = kind, target, 0o4777
            yield f"{name} to {len(target)}.tar", tarred({"a.txt": info, "b.txt": _TEXT})
    info = tarfile.TarInfo("a.txt")
    info.size = 1 << 62
    yield "size that lies.tar", info.tobuf(tarfile.GNU_FORMAT) + _TEXT
    negative = bytearray(tarfile.TarInfo("a.txt").tobuf())
    negative[124:136] = b"\xff" * 12
    negative[148:156] = b"        "
    negative[148:156] = b"%06o\0 " % sum(negative)
    yield "negative size.tar", bytes(negative) + _TEXT
    yield "sparse.tar", _sparse(1 << 40) + bytes(1024)
    pax = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.realsize": str(1 << 50),
        "GNU.sparse.name": "a.txt",
    }
    yield "sparse pax.tar", _with_pax(pax)
    yield "pax size.tar", _with_pax({"size": str(1 << 60)})
    yield "pax size negative.tar", _with_pax({"size": "-1"})
    yield "pax not a number.tar", _with_pax({"size": "９" * 5_000, "mtime": "nan", "uid": "1e999"})
    yield "pax path.tar", _with_pax({"path": "../../etc/passwd"})
    yield "pax names.tar", _with_pax({f"k{n}": "v" * 100 for n in range(1_000)})
    yield "many members.tar", tarred({f"{n}.txt": b"" for n in range(5_000 * scale)})
    yield "one name.tar", tarred({"a.txt": _TEXT})[:1024] * 500 + bytes(1024)
    yield "concatenated.tar", tarred({"a.txt": _TEXT}) + tarred({"b.txt": _TEXT})
    yield "global heads.tar", _with_pax({"path": "a.txt"}, kind=tarfile.XGLTYPE) * 3
    file = tarred({"a.txt": b""})[:512]
    yield "long global name.tar", _head({"path": "n" * 1_000_000}, kind=tarfile.XGLTYPE) + file * (4_000 * scale)
    for kind in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME):
        yield f"many heads {kind.decode()}.tar", _head({"path": "n" * 9_000}, kind=kind) * (200 * scale) + file
    yield "digits.tar", _head({}, also=b"1" * (1 << 19)) + file
    yield "records without a sign.tar", _head({}, also=b"4 a\n" * (1 << 17) + b"6 a=b\n") + file
    keys = ({f"k{n * 100 + m}": "v" for m in range(100)} for n in range(1_000 * scale))
    yield "many global heads.tar", b"".join(_head(one, kind=tarfile.XGLTYPE) + file for one in keys) + bytes(1024)


def _with_pax(said: dict[str, str], *, kind: bytes = tarfile.XHDTYPE) -> bytes:
    return _head(said, kind=kind) + tarred({"a.txt": _TEXT})


def _head(said: dict[str, str], *, kind: bytes = tarfile.XHDTYPE, also: bytes = b"") -> bytes:
    """A head that says this of the next file, or of all of them, and then these bytes."""
    records = b""
    for key, value in said.items():
        rest = f" {key}={value}\n".encode()
        size = len(rest) + 1
        while len(str(size)) + len(rest) != size:
            size = len(str(size)) + len(rest)
        records += str(size).encode() + rest
    records += also
    head = tarfile.TarInfo("pax")
    head.type, head.size = kind, len(records)
    return head.tobuf() + records.ljust(-(-len(records) // 512) * 512, b"\0")


def _sparse(size: int, *, at: int = 0, blocks: int = 0) -> bytes:
    """GNU's old form: a file of this size of which 4 bytes are there; so many blocks say where other parts are."""
    head = bytearray(tarfile.TarInfo("a.txt").tobuf(tarfile.GNU_FORMAT))
    head[124:136] = b"%011o\0" % 4
    head[156:157] = tarfile.GNUTYPE_SPARSE
    head[386:398], head[398:410] = b"%011o\0" % at, b"%011o\0" % 4
    head[482:483] = b"\1" if blocks else b"\0"
    head[483:495] = b"\x80" + size.to_bytes(11, "big")
    head[148:156] = b"        "
    head[148:156] = b"%06o\0 " % sum(head)
    part = b"%011o\0" % 1 * 42
    parts = b"".join(part + bytes((number < blocks - 1,)) + bytes(7) for number in range(blocks))
    return bytes(head) + parts + b"abcd".ljust(512, b"\0")


def _zip_archives(scale: int) -> Iterator[tuple[str, bytes]]:
    for number, name in enumerate(_WAYS_OUT):
        try:
            yield f"way out {number}.zip", zipped({name or "empty": _TEXT})
        except ValueError:
            continue  # zipfile writes no such name
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for kind, mode in (("link", 0o120777), ("device", 0o020666), ("pipe", 0o010666), ("socket", 0o140666)):
            info = zipfile.ZipInfo(f"{kind}.txt")
            info.external_attr, info.create_system = mode << 16, 3
            archive.writestr(info, "/etc/passwd")
    yield "special files.zip", packed.getvalue()
    plain = zipped({"a.txt": _TEXT, "b.txt": _TEXT})
    encrypted = bytearray(plain)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[plain.index(signature) + offset] |= 1
    yield "encrypted.zip", bytes(encrypted)
    directory = plain.index(b"PK\x01\x02")
    for name, offset, value in (
        ("small", 24, 1),
        ("large", 24, 0xFFFFFFF0),
        ("zip64", 24, 0xFFFFFFFF),
        ("packed", 20, 0xFFFFFFF0),
    ):
        lying = bytearray(plain)
        struct.pack_into("<I", lying, directory + offset, value)
        yield f"size that lies {name}.zip", bytes(lying)
    for name, offset in (("start", 42), ("disk", 34), ("method", 10)):
        lying = bytearray(plain)
        struct.pack_into("<H", lying, directory + offset, 0xFFF0)
        yield f"{name} that lies.zip", bytes(lying)
    yield "zip64.zip", _zip64(plain)
    end = plain.rindex(b"PK\x05\x06")
    lying = bytearray(plain)
    struct.pack_into("<HH", lying, end + 8, 0xFFFF, 0xFFFF)
    yield "count that lies.zip", bytes(lying)
    yield "many members.zip", zipped({f"{n}.txt": b"" for n in range(5_000 * scale)}, method=zipfile.ZIP_STORED)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for _ in range(200):
            archive.writestr(zipfile.ZipInfo("a.txt"), _TEXT)
            archive.NameToInfo.clear()
    yield "one name.zip", packed.getvalue()
    yield "before it a program.zip", b"MZ" + bytes(1_000) + plain
    yield "comment.zip", plain[:-2] + struct.pack("<H", 60_000) + b"PK\x05\x06" * 15_000
    yield "extra fields.zip", plain.replace(b"a.txt", b"a.txt")[:28] + b"\xff\xff" + plain[30:]


def _zip64(plain: bytes) -> bytes:
    """A directory at the end of the world, with more entries than there are bytes."""
    end = plain.rindex(b"PK\x05\x06")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1 << 60, 1 << 60, 1 << 62, 1 << 61)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return plain[:end] + record + locator + tail


def _streams(scale: int) -> Iterator[tuple[str, bytes]]:
    yield "many parts.txt.gz", gzipped(b"") * (20_000 * scale) + gzipped(_TEXT)
    yield "rubbish behind.txt.gz", gzipped(_TEXT) + b"\0" * 100 + b"x" * 100
    yield "long name.txt.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + b"n" * (1 << 20) + b"\0" + gzipped(_TEXT)[10:]
    yield "extra.txt.gz", b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\xff\xff" + bytes(70_000)
    yield "dictionary.txt.xz", lzma.compress(_TEXT, preset=9)
    large = bytearray(lzma.compress(_TEXT, format=lzma.FORMAT_ALONE))
    large[1:5] = b"\xff\xff\xff\xff"
    yield "dictionary of 4 GB.lzma.xz", bytes(large)
    yield "window.txt.zst", b"\x28\xb5\x2f\xfd\x00\xff" + bytes(64)
    yield (
        "run.txt.zst",
        b"\x28\xb5\x2f\xfd\x00\x88" + b"".join(b"\x02\x00\x10\x41" for _ in range(2_000 * scale)) + b"\x03\x00\x10\x41",
    )


def _records(scale: int) -> Iterator[tuple[str, bytes]]:
    deep = 20_000 * scale
    text = SENTENCE * 3
    yield "deep.jsonl", (f'{{"content": "{text}", "x": {"[" * deep}{"]" * deep}}}\n' * 2).encode()
    below = '{"a":' * deep + "1" + "}" * deep
    yield "deep objects.json", f'[{{"content": "{text}", "x": {below}}}]'.encode()
    yield "deep and open.jsonl", b'{"a":' * deep + b"\n" + f'{{"content": "{text}"}}\n'.encode()
    yield (
        "numbers.jsonl",
        f'{{"content": "{text}", "id": {"9" * deep}, "date": -{"9" * deep}e{"9" * 99}}}\n'.encode() * 2,
    )
    yield (
        "keys.jsonl",
        ('{"content": "' + text + '", ' + ", ".join(f'"k{n}": {n}' for n in range(deep)) + "}\n").encode(),
    )
    yield "one key.jsonl", ("{" + '"content": "甲", ' * deep + f'"content": "{text}"}}\n').encode()
    yield (
        "many columns.csv",
        (",".join(["content", *("c" for _ in range(deep))]) + "\n" + text + "," * deep + "\n").encode(),
    )
    yield "quotation marks.csv", ("content,b\n" + '"' * deep + "\n" + f"{text},乙\n").encode()
    yield (
        "pickle.jsonl",
        b"\x80\x04\x95\x1e\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94.",
    )
    yield "chunks.warc", warc_record(b"f" * 4_000 + b"\r\n" + text.encode(), headers={"Transfer-Encoding": "chunked"})
    yield "length.warc", warc_record(text.encode()).replace(b"Content-Length: ", b"Content-Length: " + b"9" * 4_000)
    yield "length below zero.warc", warc_record(text.encode()).replace(b"Content-Length: ", b"Content-Length: -")
    yield (
        "packed again.warc",
        warc_record(gzip.compress(bytes((64 * scale) << 20)), headers={"Content-Encoding": "gzip"}),
    )
    packed = text.encode()
    for _ in range(40):
        packed = gzip.compress(packed)
    yield "packed forty times.warc", warc_record(packed, headers={"Content-Encoding": ", ".join(["gzip"] * 40)})
    yield "heads.warc", b"WARC/1.0\r\n" + b"X: y\r\n" * deep + b"\r\n"
    yield "one head.warc", b"WARC/1.0\r\nX: " + b"y" * (1 << 20)
