"""Folders that lie elsewhere, and which engine cleans: all that needs neither Ray nor a network.

Here belongs what is the same as for a folder on a disk, and what is said where it cannot be had.
"""

from __future__ import annotations

import io
import pickle
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from pipeline.__main__ import main
from pipeline.engines.choosing import Engine
from pipeline.options import BadOption, Choices
from pipeline.sources.files import ENDED, BadInput, find_inputs, look_of, read_input
from pipeline.sources.members import Unreadable
from pipeline.sources.remote import RemoteFile, RemoteFolder, folder_named

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

RAW = Path(__file__).parents[1] / "raw"
TEXT = "标题：关于试点的通知\n\n各区应当推动人工智能与实体经济深度融合。\n"
CRAWL = RemoteFolder("memory://crawl")


@pytest.fixture
def memory() -> Iterator[MemoryFileSystem]:
    """The file system `memory://`, with nothing in it."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    yield files
    files.store.clear()


def _zip(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return packed.getvalue()


# ------------------------------------------------------------------------------------------------ what is found
@pytest.mark.parametrize("protocol", ["memory", "local"])
def test_a_folder_elsewhere_has_the_inputs_of_a_copy_on_a_disk(memory: MemoryFileSystem, protocol: str) -> None:
    """Names, hashes, reasons and bytes are the same, of members of containers, too."""
    memory.put(f"{RAW}/", "/crawl", recursive=True)
    address = "memory://crawl" if protocol == "memory" else f"local://{RAW}"
    there, here = find_inputs(folder_named(address)), find_inputs(RAW)
    assert len(here) > 30
    assert [one._replace(path=Path()) for one in here] == [one._replace(path=Path()) for one in there]
    assert [one.key for one in here] == [one.key for one in there]
    contents = [[read_input(one) for one in inputs if one.reason is None] for inputs in (here, there)]
    assert contents[0] == contents[1]


def test_litter_and_the_description_are_left_out_and_a_name_leads_nowhere(memory: MemoryFileSystem) -> None:
    """As on a disk; a store may have any name for its objects."""
    for name in ("README.md", "sub/README.md", ".DS_Store", "a/.gitkeep", "a/文.txt", "../out.txt"):
        memory.store[f"/crawl/{name}"] = memory.open(f"/made/{name.rpartition('/')[2]}", "wb")
        memory.store[f"/crawl/{name}"].write(TEXT.encode())
    found = {one.raw_path: (one.reason, one.detail) for one in find_inputs(CRAWL)}
    unsafe = ("unsafe_path", "a name that leads out of the raw folder")
    assert {"%2E%2E/out.txt": unsafe, "a/文.txt": (None, ""), "sub/README.md": (None, "")} == found


def test_a_file_that_cannot_be_read_elsewhere_is_a_row(
    memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a file system raises, it is that file's, and the others are found."""
    memory.pipe("/crawl/a.txt", TEXT.encode())
    memory.pipe("/crawl/b.txt", TEXT.encode())
    whole = MemoryFileSystem.open

    def opened(self: MemoryFileSystem, path: str, mode: str = "rb", **more: Any) -> Any:  # noqa: ANN401
        if path.endswith("b.txt"):
            message = "the token has expired"
            raise LookupError(message)
        return whole(self, path, mode, **more)

    found = find_inputs(CRAWL)
    monkeypatch.setattr(MemoryFileSystem, "open", opened)
    with pytest.raises(Unreadable, match="the file cannot be read: Input/output error"):
        read_input(found[1])
    assert [(None, ""), ("unreadable", "it cannot be read: Input/output error")] == [
        (one.reason, one.detail) for one in find_inputs(CRAWL)
    ]


def test_a_file_that_changed_since_it_was_found_is_not_read(memory: MemoryFileSystem) -> None:
    """Its hash is another one; a file that has gone says so."""
    memory.pipe("/crawl/a.txt", TEXT.encode())
    (found,) = find_inputs(CRAWL)
    memory.pipe("/crawl/a.txt", TEXT.replace("试点", "示范").encode())
    with pytest.raises(Unreadable, match="changed while the run went on"):
        read_input(found)
    memory.rm("/crawl/a.txt")
    with pytest.raises(Unreadable, match="No such file or directory"):
        read_input(found)


def test_a_file_of_one_process_is_sent_with_its_bytes(memory: MemoryFileSystem) -> None:
    """Another process has a memory of its own; a file of any other system is sent as its name."""
    memory.pipe("/crawl/a.zip", _zip(a=TEXT, b=TEXT * 2))
    packed = pickle.dumps(find_inputs(CRAWL))
    memory.rm("/crawl/a.zip")
    assert [TEXT.encode(), TEXT.encode() * 2] == [read_input(one) for one in pickle.loads(packed)]  # noqa: S301
    assert packed.count(b"PK\x05\x06") == 1  # once, however many members it has
    assert len(pickle.dumps(RemoteFile(RemoteFolder("s3://crawl"), "a.txt"))) < 200


def test_a_folder_elsewhere_looks_new_once_a_file_is(memory: MemoryFileSystem) -> None:
    """That is what the sensor goes by."""
    memory.pipe("/crawl/a.txt", TEXT.encode())
    before = look_of(CRAWL)
    assert before == look_of(CRAWL)
    memory.pipe("/crawl/b.txt", TEXT.encode())
    assert before != look_of(CRAWL)


# ------------------------------------------------------------------------------------------------ what is refused
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("memory://nowhere", "'memory://nowhere' does not exist: name the folder"),
        ("memory://crawl/a.txt", "'memory://crawl/a.txt' is no folder: name the folder"),
        ("nosuch://crawl", "'nosuch://crawl' cannot be listed (Protocol not known: nosuch): name the folder"),
        ("memory://empty", "'memory://empty' holds no document: put files there"),
    ],
)
def test_a_folder_that_cannot_be_had_is_said_in_one_line(
    memory: MemoryFileSystem, address: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What, where and what to do, from a call and from the command line."""
    memory.pipe("/crawl/a.txt", TEXT.encode())
    memory.pipe("/empty/README.md", b"")
    with pytest.raises(BadInput) as refused:
        find_inputs(folder_named(address))
    assert str(refused.value).startswith(said)
    assert 2 == main(["build", "--raw", address, "--output", str(tmp_path)])
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"pipeline: {said}")


def test_a_build_of_a_folder_elsewhere_is_that_of_a_copy(memory: MemoryFileSystem, tmp_path: Path) -> None:
    """Every file of the dataset."""
    raw = tmp_path / "raw"
    shutil.copytree(RAW, raw)
    memory.put(f"{raw}/", "/crawl", recursive=True)
    for name, address in (("here", str(raw)), ("there", "memory://crawl")):
        assert 0 == main(["build", "--raw", address, "--output", str(tmp_path / name)])
    here, there = tmp_path / "here" / "dataset", tmp_path / "there" / "dataset"
    files = [path.relative_to(here) for path in here.rglob("*") if path.is_file()]
    assert len(files) > 15
    assert [] == [name for name in files if (here / name).read_bytes() != (there / name).read_bytes()]


# ------------------------------------------------------------------------------------------------ engines
def test_an_engine_that_is_not_installed_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Before anything is read or started."""
    monkeypatch.setattr("pipeline.engines.choosing.find_spec", lambda _: None)
    arguments = ["build", "--raw", str(RAW), "--output", str(tmp_path / "output"), "--engine", "ray"]
    assert 2 == main(arguments)
    (line,) = capsys.readouterr().err.splitlines()
    assert (
        "pipeline: the engine ray needs Ray, which is not installed: install it (pip install 'zhengwen[ray]')" in line
    )
    assert not (tmp_path / "output").exists()


def test_an_address_of_rays_client_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The build has to run where Ray Data does; and an engine that nobody has is none."""
    monkeypatch.setattr("pipeline.engines.choosing.find_spec", lambda _: object())
    with pytest.raises(BadOption, match=r"is for Ray's client: run this on a machine of the cluster"):
        Engine("ray", "ray://head:10001").checked()
    with pytest.raises(BadOption, match="engine is 'spark': give local or ray"):
        Engine("spark").checked()  # type: ignore[arg-type]


def test_a_file_that_ends_the_process_that_looks_at_it_is_a_row(tmp_path: Path) -> None:
    """An engine with processes of its own asks which file it was; the others are found as ever."""
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(TEXT, "utf-8")

    def run(function: Any, batches: Any, *, rescue: Any = None) -> Generator[Any]:  # noqa: ANN401
        return (function(rescue(go, lambda one: one.files != ("b.txt",))) for go in batches)

    found = find_inputs(tmp_path, maximum_bytes=Choices().maximum_bytes, run=run)
    assert [("a.txt", ""), ("b.txt", ENDED), ("c.txt", "")] == [(one.raw_path, one.detail) for one in found]
