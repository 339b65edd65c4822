"""Archives: every file in one is an input of its own, and a hostile archive is a row, never an error of the run."""

from __future__ import annotations

import bz2
import contextlib
import io
import itertools
import lzma
import random
import re
import shutil
import subprocess
import tarfile
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from containers import SENTENCE, Found, found_in, gzipped, tarred, zipped
from hostile_containers import just_below, tar_archives

from pipeline.options import MAXIMUM_BYTES
from pipeline.sources import containers
from pipeline.sources.files import find_inputs, read_input
from pipeline.sources.members import Unreadable
from pipeline.sources.named import read_named
from pipeline.sources.streams import MOST_TIMES, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.sources.remote import RemoteFile

TEXTS = {"b.txt": SENTENCE.encode(), "a/c.txt": SENTENCE.encode("gbk"), "空.txt": b""}

PACKED = {
    "news.zip": zipped(TEXTS),
    "news.tar": tarred(TEXTS),
    "news.tar.gz": gzipped(tarred(TEXTS)),
    "news.tgz": gzipped(tarred(TEXTS)),
    "news.tar.bz2": bz2.compress(tarred(TEXTS)),
    "news.tar.xz": lzma.compress(tarred(TEXTS)),
    "NEWS.TAR.ZST": pa.Codec("zstd").compress(tarred(TEXTS), asbytes=True),
}


@pytest.mark.parametrize("name", PACKED)
def test_every_file_of_an_archive_is_an_input(tmp_path: Path, name: str) -> None:
    """In the order of the archive, with the exact bytes that were packed; the archive itself has no row."""
    (tmp_path / name).write_bytes(PACKED[name])
    assert [(f"{name}!/{file}", Found(content)) for file, content in TEXTS.items()] == list(found_in(tmp_path).items())


def test_a_compressed_file_is_an_archive_of_one(tmp_path: Path) -> None:
    """What is compressed alone comes out under its own name."""
    (tmp_path / "a.txt.gz").write_bytes(gzipped(SENTENCE.encode()))
    assert {"a.txt.gz!/a.txt": Found(SENTENCE.encode())} == found_in(tmp_path)


def test_members_can_be_read_in_any_order(tmp_path: Path) -> None:
    """A run reads them one after the other; who asks in another order gets the same bytes."""
    files = {f"{number}.txt": f"{number}：{SENTENCE}".encode() for number in range(20)}
    for name, packed in {"a.zip": zipped(files), "b.tar.gz": gzipped(tarred(files))}.items():
        (tmp_path / name).write_bytes(packed)
    inputs = find_inputs(tmp_path)
    expected = {one.raw_path: files[one.raw_path.rpartition("/")[2]] for one in inputs}
    inputs = inputs[::2] + inputs[::-2]
    assert expected == {one.raw_path: read_input(one) for one in inputs}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", PACKED["news.zip"]),
        ("a.docx", PACKED["news.zip"]),
        ("a.zip", SENTENCE.encode()),
        ("a.tar", SENTENCE.encode() * 100),
        ("a.gz", SENTENCE.encode()),
        ("a.tgz", SENTENCE.encode()),
    ],
)
def test_name_and_content_have_to_agree(tmp_path: Path, name: str, content: bytes) -> None:
    """An archive under another name, and a text under the name of an archive, are files as they are."""
    (tmp_path / name).write_bytes(content)
    assert {name: Found(content)} == found_in(tmp_path)


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    """It is a file like any other, set aside as binary, with size and hash."""
    (tmp_path / "a.zip").write_bytes(zipped({"b.zip": PACKED["news.zip"], "c.tgz": PACKED["news.tgz"]}))
    reason = ("binary", "an archive in an archive, which is not opened")
    assert [("a.zip!/b.zip", *reason), ("a.zip!/c.tgz!/c.tar", *reason)] == [
        (one.raw_path, one.reason, one.detail) for one in find_inputs(tmp_path) if one.raw_sha256
    ]


def test_litter_in_an_archive_has_no_row(tmp_path: Path) -> None:
    """What systems leave behind is no document there either."""
    (tmp_path / "a.zip").write_bytes(
        zipped({"__MACOSX/._a.txt": b"x", "x/.DS_Store": b"x", "x/Thumbs.db": b"x", "x/": b"", "x/a.txt": b"1"})
    )
    assert {"a.zip!/x/a.txt": Found(b"1")} == found_in(tmp_path)


# ------------------------------------------------------------------------------------------------------------- names
def _legacy_names(names: list[bytes]) -> bytes:
    """A ZIP archive whose names stand in it as these bytes, without saying what they are in."""
    places = [f"{number:x>{len(name)}}" for number, name in enumerate(names)]
    packed = zipped({place: SENTENCE.encode() for place in places})
    for place, name in zip(places, names, strict=True):
        packed = packed.replace(place.encode(), name)
    return packed


@pytest.mark.parametrize("encoding", ["gbk", "big5", "utf-8"])
def test_names_that_do_not_say_what_they_are_in(tmp_path: Path, encoding: str) -> None:
    """Their bytes are weighed together; code page 437, which the format prescribes, was nobody's."""
    names = ["工作方案.txt", "產業發展規劃.txt" if encoding == "big5" else "产业发展规划.txt", "a/通知.txt"]
    (tmp_path / "a.zip").write_bytes(_legacy_names([name.encode(encoding) for name in names]))
    assert [f"a.zip!/{name}" for name in names] == list(found_in(tmp_path))


def test_a_name_in_no_encoding(tmp_path: Path) -> None:
    """What no codec explains is percent-encoded, as in folders."""
    (tmp_path / "a.zip").write_bytes(_legacy_names([b"50%-\xff\xff.txt"]))
    assert ["a.zip!/50%25-%FF%FF.txt"] == list(found_in(tmp_path))


def test_two_files_of_one_name(tmp_path: Path) -> None:
    """An archive may hold a name twice, and a folder may be called like a member: every one has a row of its own."""
    twice = zipped({"a.txt": b"1", "b.txt": b"2"}, method=zipfile.ZIP_STORED).replace(b"b.txt", b"a.txt")
    (tmp_path / "a.zip").write_bytes(twice)
    (tmp_path / "a.zip!").mkdir()
    (tmp_path / "a.zip!" / "a.txt").write_text("3")
    found = found_in(tmp_path)
    assert {"a.zip!/a.txt", "a.zip!/a.txt#2", "a.zip!/a.txt#3"} == set(found)
    assert {b"1", b"2", b"3"} == {one.content for one in found.values()}


@pytest.mark.parametrize("pack", [zipped, tarred], ids=["zip", "tar"])
def test_names_that_lead_out(tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """A name that leads out of the archive is `unsafe_path`; one that only goes round is a name."""
    raw = tmp_path / "raw"
    raw.mkdir()
    files = {"../../a.txt": b"1", "/etc/a.txt": b"2", "a/../../b.txt": b"3", "C:/a.txt": b"4", "a/../b.txt": b"5"}
    (raw / "a.zip" if pack is zipped else raw / "a.tar").write_bytes(pack(files))
    found = found_in(raw)
    assert ["unsafe_path"] * 4 + [None] == [one.reason for one in found.values()]
    assert ["raw"] == [path.name for path in tmp_path.iterdir()]
    assert [] == [path for path in found if ".." in path.split("/")]
    (path,) = (path for path, one in found.items() if one.reason is None)
    assert path.endswith("!/a/%2E%2E/b.txt")
    assert b"5" == read_named(str(raw / path), maximum_bytes=100).content


# ----------------------------------------------------------------------------------------------------------- hostile
def _link(target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo("x")
    info.type, info.linkname = kind, target
    return info


def test_what_is_no_file_in_a_tar_archive(tmp_path: Path) -> None:
    """Links, pipes and devices have a row with the reason; nothing is followed."""
    files: dict[str, bytes | tarfile.TarInfo] = {"a/b.txt": SENTENCE.encode()}
    special = {
        "a/within": (_link("b.txt"), "unreadable"),
        "a/round": (_link("../a/b.txt"), "unreadable"),
        "a/out": (_link("../../b.txt"), "unsafe_path"),
        "absolute": (_link("/etc/passwd"), "unsafe_path"),
        "hard": (_link("a/b.txt", tarfile.LNKTYPE), "unreadable"),
        "hard-out": (_link("../b.txt", tarfile.LNKTYPE), "unsafe_path"),
        "pipe": (_link("", tarfile.FIFOTYPE), "unreadable"),
        "device": (_link("", tarfile.CHRTYPE), "unreadable"),
    }
    for name, (info, _) in special.items():
        info.name = name
        files[name] = info
    (tmp_path / "a.tar").write_bytes(tarred(files))
    expected = {"a.tar!/a/b.txt": None} | {f"a.tar!/{name}": reason for name, (_, reason) in special.items()}
    assert expected == {path: one.reason for path, one in found_in(tmp_path).items()}


def test_a_link_in_a_zip_archive(tmp_path: Path) -> None:
    """The text of a link is no document."""
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert {"a.zip!/link": Found(None, "unreadable", "a link, not a file")} == found_in(tmp_path)


def test_encrypted_files(tmp_path: Path) -> None:
    """An encrypted file is unreadable; the others in its archive are read."""
    packed = bytearray(zipped({"a.txt": b"1", "b.txt": b"2"}))
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(packed)
    expected = {"a.zip!/a.txt": Found(None, "unreadable", "it is encrypted"), "a.zip!/b.txt": Found(b"2")}
    assert expected == found_in(tmp_path)


def test_a_damaged_file_in_a_zip_archive(tmp_path: Path) -> None:
    """What is wrong with one file, its checksum or how it is packed, is wrong with it alone."""
    packed = bytearray(zipped({"a.txt": b"11111", "b.txt": b"22222", "c.txt": b"3"}, method=zipfile.ZIP_STORED))
    packed[packed.index(b"11111")] ^= 1
    packed[packed.index(b"PK\x01\x02", packed.index(b"PK\x01\x02") + 1) + 10] = 99
    (tmp_path / "a.zip").write_bytes(packed)
    found = found_in(tmp_path)
    assert ["unreadable", "unreadable", None] == [one.reason for one in found.values()]
    assert "CRC-32" in found["a.zip!/a.txt"].detail


def test_a_truncated_zip_archive(tmp_path: Path) -> None:
    """Its directory stood at the end: the archive is one row."""
    (tmp_path / "a.zip").write_bytes(PACKED["news.zip"][:-30])
    ((path, found),) = found_in(tmp_path).items()
    assert ("a.zip", "unreadable") == (path, found.reason)


@pytest.mark.parametrize("compressed", [False, True])
def test_a_truncated_tar_archive(tmp_path: Path, *, compressed: bool) -> None:
    """Files read so far count, and the archive has a row that says what became of the rest."""
    noise = random.Random(0)  # noqa: S311  the same bytes each time
    files = {f"{number}.txt": noise.randbytes(100_000) for number in range(5)}
    packed = tarred(files)[:350_000]
    name = "a.tar.gz" if compressed else "a.tar"
    (tmp_path / name).write_bytes(gzipped(tarred(files))[:350_000] if compressed else packed)
    found = found_in(tmp_path)
    assert [name, *(f"{name}!/{number}.txt" for number in range(3))] == sorted(found)
    assert found[name].reason == "unreadable"
    assert found[name].detail.startswith("behind 3 documents it is damaged or cut short")
    assert found[f"{name}!/1.txt"].content == files["1.txt"]


def test_a_damaged_head_in_a_tar_archive(tmp_path: Path) -> None:
    """Python's reader takes it for the end of the archive, and would say nothing."""
    packed = bytearray(tarred(TEXTS))
    packed[1024 + 3] ^= 0xFF  # the name in the second head, whose checksum then is wrong
    (tmp_path / "a.tar").write_bytes(packed)
    reasons = {path: one.reason for path, one in found_in(tmp_path).items()}
    assert {"a.tar!/b.txt": None, "a.tar": "unreadable"} == reasons


@pytest.mark.parametrize("between", [b"", bytes(512 * 7)], ids=["at once", "behind zeros"])
def test_archives_behind_one_another(tmp_path: Path, between: bytes) -> None:
    """`cat a.tar b.tar` has an end in its middle, behind which its files would be lost without a word."""
    two = tarred({"a.txt": b"one"}) + between + tarred({"b.txt": b"two"})
    (tmp_path / "a.tar").write_bytes(two)
    assert {"a.tar!/a.txt": b"one", "a.tar!/b.txt": b"two"} == {
        name: found.content for name, found in found_in(tmp_path).items()
    }
    (tmp_path / "a.tar").write_bytes(two + b"x" * 512)
    assert ("unreadable", "behind 2 documents it is damaged or cut short: invalid header") == found_in(tmp_path)[
        "a.tar"
    ][1:]
    for behind in (b"", bytes(100), bytes(512), bytes(20_000)):
        (tmp_path / "a.tar").write_bytes(two + behind)
        assert 2 == len(found_in(tmp_path))


def test_an_empty_archive(tmp_path: Path) -> None:
    """It has a row: every file has one, or its members have."""
    (tmp_path / "a.zip").write_bytes(zipped({}))
    (tmp_path / "b.tar").write_bytes(tarred({}))
    (tmp_path / "c.zip").write_bytes(zipped({"folder/": b""}))
    empty = Found(None, "unreadable", "it holds no document")
    found = found_in(tmp_path)
    assert {"a.zip": empty, "c.zip": empty} == {path: one for path, one in found.items() if path != "b.tar"}


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """It is not unpacked beyond the limit; the others are."""
    files = {"large.txt": b"1" * 1001, "limit.txt": b"1" * 1000}
    (tmp_path / "a.zip").write_bytes(zipped(files))
    (tmp_path / "b.tgz").write_bytes(gzipped(tarred(files)))
    large = Found(None, "too_large", "more than 1000 bytes, the limit")
    found = found_in(tmp_path, maximum_bytes=1000)
    assert {"a.zip!/large.txt": large, "a.zip!/limit.txt": Found(b"1" * 1000)} == dict(list(found.items())[:2])
    assert found["b.tgz!/large.txt"] == large


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.tar.gz", "bomb.tar.xz", "bomb.gz"])
def test_a_bomb(tmp_path: Path, name: str) -> None:
    """What unpacks to many times its size is too large, and nobody waits until it has."""
    zeros = {f"{number}.txt": bytes(300_000) for number in range(200)}
    packed = {
        "bomb.zip": lambda: zipped(zeros, method=zipfile.ZIP_LZMA),
        "bomb.tar.gz": lambda: gzipped(tarred(zeros)),
        "bomb.tar.xz": lambda: lzma.compress(tarred(zeros)),
        "bomb.gz": lambda: gzipped(bytes(60_000_000)),
    }[name]()
    (tmp_path / name).write_bytes(packed)
    found = found_in(tmp_path, maximum_bytes=500_000)
    last = found.get(name) or found[f"{name}!/bomb"]
    assert last.reason == "too_large"
    assert len(found) <= 1 + MOST_TIMES * len(packed) / 300_000


def test_an_archive_that_changed(tmp_path: Path) -> None:
    """Between finding and reading an archive may be replaced: its members are unreadable then, never others."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": b"1", "b.txt": b"2"}))
    first, second = find_inputs(tmp_path)
    path.write_bytes(zipped({"a.txt": b"3"}))
    for one in (first, second):
        with pytest.raises(Unreadable, match="changed"):
            read_input(one)
    path.unlink()
    with pytest.raises(Unreadable, match="cannot be read"):
        read_input(second._replace(place=first.place))


def test_an_archive_that_lost_most_of_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them is missed at once: nobody goes through what is left for every one that is gone."""
    files = {f"{number}.txt": b"%d" % number for number in range(50)}
    path = tmp_path / "a.tar"
    path.write_bytes(tarred(files))
    inputs = find_inputs(tmp_path)
    path.write_bytes(tarred(dict(list(files.items())[:5])))
    times: list[object] = []

    def counted(where: Path | RemoteFile) -> io.BufferedReader:
        times.append(where)
        return opened(where)

    monkeypatch.setattr(containers, "opened", counted)
    read = []
    for one in inputs:
        with contextlib.suppress(Unreadable):
            read.append(read_input(one))
    assert list(files.values())[:5] == read
    assert 1 == len(times)


@pytest.mark.parametrize("name", sorted(PACKED))
def test_any_damage_is_a_row(tmp_path: Path, name: str) -> None:
    """Whatever is done to the bytes of an archive, finding and reading its files goes through."""
    noise = random.Random(name)  # noqa: S311  the same damage each time
    for number in range(40):
        packed = bytearray(PACKED[name])
        for _ in range(noise.randrange(1, 6)):
            packed[noise.randrange(len(packed))] = noise.randrange(256)
        del packed[noise.randrange(len(packed) // 2, len(packed) + 1) :]
        (tmp_path / f"{number}-{name}").write_bytes(packed)
    inputs = find_inputs(tmp_path)
    assert len({one.raw_path for one in inputs}) == len(inputs) >= 40
    assert all(read_input(one) is not None for one in inputs if one.reason is None)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME], ids=["pax", "long name"])
def test_a_head_without_end(tmp_path: Path, kind: bytes) -> None:
    """The head of a file in a tar archive may say that it is as long as a disk: nobody reads so much at once."""
    head = tarfile.TarInfo("x")
    head.type, head.size = kind, 1 << 30
    content = tarred({"a.txt": b"1"})[:1024] + head.tobuf() + b"1" * (3 << 20)
    (tmp_path / "a.tar.gz").write_bytes(gzipped(content))
    expected = Found(None, "unreadable", "behind one document the head of a file is longer than 1048576 bytes")
    assert {"a.tar.gz": expected, "a.tar.gz!/a.txt": Found(b"1")} == found_in(tmp_path)


def _hostile(name: str) -> bytes:
    """A container that `make torture` reads as well."""
    return next(made for one, made in itertools.chain(tar_archives(1), just_below(1)) if one == name)


def test_a_sparse_file_is_no_document(tmp_path: Path) -> None:
    """Thirty bytes say that a file is as large as one may be: many such together are a burst, and no text has gaps."""
    for name in ("many sparse.tar", "many sparse by parts.tar", "many sparse by map.tar", "many numbers.tar.gz"):
        (tmp_path / name).write_bytes(_hostile(name))
    found = found_in(tmp_path)
    assert {("unreadable", "a sparse file, of which the archive leaves out the gaps")} == {
        one[1:] for one in found.values()
    }
    assert 1501 == len(found)


@pytest.mark.skipif(shutil.which("tar") is None, reason="there is no tar")
@pytest.mark.parametrize("form", ["gnu", "posix"])
def test_files_beside_sparse_ones(tmp_path: Path, form: str) -> None:
    """As tar packs them: those before and behind them are read, and one that has no gaps, whatever it is called."""
    files = tmp_path / "files"
    files.mkdir()
    for name in ("a.txt", "c.txt"):
        (files / name).write_text(SENTENCE, "utf-8")
    with (files / "b.db").open("wb") as file:
        for place in range(0, 40_000_000, 1_000_000):
            file.seek(place)
            file.write(b"1")
    (tmp_path / "raw").mkdir()
    command = ["tar", "-S", f"--format={form}", "-cf", str(tmp_path / "raw" / "a.tar"), "a.txt", "b.db", "c.txt"]
    subprocess.run(command, cwd=files, check=True)
    sparse = Found(None, "unreadable", "a sparse file, of which the archive leaves out the gaps")
    text = Found(SENTENCE.encode())
    assert {"a.tar!/a.txt": text, "a.tar!/b.db": sparse, "a.tar!/c.txt": text} == found_in(tmp_path / "raw")


def test_a_file_without_gaps_that_is_called_sparse(tmp_path: Path) -> None:
    """On a disk that compresses, `tar -S` takes every file for one."""
    head = bytearray(tarred({"a.txt": b"abcd"})[:512])
    head[156:157], head[386:410], head[483:495] = b"S", b"%011o\0%011o\0" % (0, 4), b"%011o\0" % 4
    head[257:265] = b"ustar  \0"
    head[148:156] = b"        "
    head[148:156] = b"%06o\0 " % sum(head)
    (tmp_path / "a.tar").write_bytes(bytes(head) + tarred({"a.txt": b"abcd"})[512:])
    assert {"a.tar!/a.txt": Found(b"abcd")} == found_in(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        *("rows under a long name.tar", "rows under a long name.zip", "rows under a long header.csv"),
        *("many packed pages.warc", "many packed twice.warc", "many rows.jsonl.gz"),
    ],
)
def test_documents_that_are_too_much_together(tmp_path: Path, name: str) -> None:
    """Each is small enough; their rows, names and packed pages count as well."""
    made = _hostile(name)
    (tmp_path / name).write_bytes(made)
    found = find_inputs(tmp_path)
    limit = max(MAXIMUM_BYTES.preset, MOST_TIMES * len(made))
    (rest,) = (one for one in found if one.raw_path == name)
    said = f"documents? it comes to more than {limit} bytes, the limit for a file of {len(made)}"
    assert "too_large" == rest.reason
    assert re.search(said, rest.detail)
    assert sum(len(one.raw_path) + len(one.header) + (one.bytes or 0) for one in found) <= limit


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_files_in_a_zip_archive_are_unpacked_by_and_by(tmp_path: Path, method: int) -> None:
    """However they are packed: what comes out is what was packed, a wrong checksum is seen, and nobody takes it all."""
    content = random.Random(0).randbytes(200_000) + bytes(3_000_000)  # noqa: S311  the same bytes each time
    packed = bytearray(zipped({"a.txt": content, "b.txt": b"", "c.txt": b"1"}, method=method))
    (tmp_path / "a.zip").write_bytes(packed)
    assert [content, b"", b"1"] == [one.content for one in found_in(tmp_path).values()]
    packed[packed.index(b"PK\x01\x02") + 16] ^= 1
    (tmp_path / "a.zip").write_bytes(packed)
    first, *others = found_in(tmp_path).values()
    assert ("unreadable", True) == (first.reason, "CRC-32" in first.detail or "checksum" in first.detail)
    assert [Found(b""), Found(b"1")] == others


def test_a_zip_archive_that_unpacks_at_once(tmp_path: Path) -> None:
    """A gigabyte in a kilobyte of bzip2, which zipfile would hold as a whole: not a tenth of it is held."""
    (tmp_path / "a.zip").write_bytes(_hostile("at once.zip"))
    tracemalloc.start()
    try:
        (found,) = find_inputs(tmp_path, maximum_bytes=1_000_000)
        assert ("a.zip", "too_large") == (found.raw_path, found.reason)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_what_a_head_of_posix_says(tmp_path: Path) -> None:
    """Names of any length and letters, and sizes; what one says of all files is none of this one's."""
    names = ["数" * 200 + ".txt", "a=b\n c.txt", "d" * 300 + "/e.txt"]
    packed = io.BytesIO()
    with tarfile.open(
        fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "0" * 40}
    ) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size, info.pax_headers = 4, {"SCHILY.xattr.user.a=b": "c=d", "mtime": "1.5"}
            archive.addfile(info, io.BytesIO(b"abcd"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "../" + "f" * 300
        archive.addfile(link)
    (tmp_path / "a.tar").write_bytes(packed.getvalue())
    found = found_in(tmp_path)
    assert "unsafe_path" == found.pop("a.tar!/link").reason
    assert {f"a.tar!/{name}": Found(b"abcd") for name in names} == found


@pytest.mark.parametrize(
    "record", [b"4 a\n", b"999 path=a\n", b"0 path=a\n", b"3 path=a\n", b"path=a\n", b"9 size=-1\n"]
)
def test_a_head_of_posix_that_is_none(tmp_path: Path, record: bytes) -> None:
    """Whoever reads on beyond a record, or from it again, reads without end."""
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(record)
    (tmp_path / "a.tar").write_bytes(info.tobuf() + record.ljust(512, b"\0") + tarred({"a.txt": b"1"}))
    assert {"a.tar": Found(None, "unreadable", "the head of a file cannot be read")} == found_in(tmp_path)


@pytest.mark.parametrize("behind", [b"", bytes(512), bytes(4096)])
def test_a_head_behind_which_no_file_stands(tmp_path: Path, behind: bytes) -> None:
    """The archive was cut there, and says so: what is missing is a document."""
    info = tarfile.TarInfo("pax")
    info.type = tarfile.XHDTYPE
    (tmp_path / "a.tar").write_bytes(tarred({"a.txt": b"1"})[:1024] + info.tobuf() + behind)
    rest = Found(None, "unreadable", "behind one document the head of a file cannot be read")
    assert {"a.tar": rest, "a.tar!/a.txt": Found(b"1")} == found_in(tmp_path)


@pytest.mark.parametrize("kind", ["x", "g", "L"])
def test_heads_without_end(tmp_path: Path, kind: str) -> None:
    """Each is read within the one before it; how many there may be is the same wherever it is read."""
    name = f"many heads {kind}.tar"
    (tmp_path / name).write_bytes(_hostile(name))
    assert {name: Found(None, "unreadable", "one file has more than 16 heads")} == found_in(tmp_path)


@pytest.mark.parametrize("name", ["digits.tar", "records without a sign.tar", "long global name.tar"])
def test_heads_that_were_slow(tmp_path: Path, name: str) -> None:
    """Python's reader takes hours for them, or the whole memory."""
    (tmp_path / name).write_bytes(_hostile(name))
    assert all(len(found.raw_path) < 100 for found in find_inputs(tmp_path))
