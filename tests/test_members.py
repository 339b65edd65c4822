"""Documents in containers, all the way: their rows, their duplicates, the way back, and how a person names one."""

from __future__ import annotations

import json
import os
import random
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from containers import SENTENCE, gzipped, tarred, warc_record, zipped

from pipeline import explaining
from pipeline.__main__ import main
from pipeline.columns import STAGE_TABLES
from pipeline.learning import learn
from pipeline.ledger import judge_documents, write_inputs
from pipeline.rebuilding import rebuild_all, rebuild_document
from pipeline.sources.files import find_inputs, look_of, read_input
from pipeline.stages import write_stages
from pipeline.staging import stage_dataset

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "甲县档案馆开放了老照片，市民可以来辨认旧街的名字。"
HEAD = "<!doctype html><html><head><title>某市方案_甲网</title></head>"
PAGE = f"{HEAD}<body><h1>某市方案</h1><p>{SENTENCE}</p></body></html>"
RECORD = {"title": "老照片", "pub_date": "2023-05-30", "text": OTHER + "联系电话：0440-55550100。"}

NOISE = random.Random(0).randbytes(100_000)  # noqa: S311  the same bytes each time

FILES = {
    "a/crawl.zip": zipped({"one.txt": f"{SENTENCE}\n".encode(), "two.html": PAGE.encode(), "bad/../../x.txt": b"1"}),
    "a/plain.txt": f"{SENTENCE}\n".encode(),
    "b/rows.jsonl": f"{json.dumps(RECORD)}\n{{\n".encode(),
    "b/rows.csv": f'标题,正文\r\n"甲""乙","{OTHER}\n{SENTENCE}"\r\n'.encode("gbk"),
    "c/crawl.warc.gz": gzipped(warc_record(PAGE.encode(), address="https://www.example.org/1.html")),
    "c/pack.tar.gz": gzipped(
        tarred({"deep/rows.jsonl": f"{json.dumps(RECORD)}\n".encode(), "empty.txt": b"", "noise": NOISE})
    )[:-50_000],
}


def crawl(raw: Path, names: list[str]) -> None:
    """The files below a folder, written in this order."""
    for name in names:
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_bytes(FILES[name])


def dataset_of(raw: Path, output: Path) -> Path:
    """The dataset of a folder, without Dagster."""
    inputs = find_inputs(raw)
    output.mkdir()
    write_inputs(inputs, output)
    write_stages(inputs, output, assets=list(STAGE_TABLES))
    judge_documents(output)
    return stage_dataset(output).dataset


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of the files, and the dataset that was made of them."""
    folder = tmp_path_factory.mktemp("members")
    crawl(folder / "raw", list(FILES))
    return folder / "raw", dataset_of(folder / "raw", folder / "output")


def rows(dataset: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a table."""
    files = sorted((dataset / "data").glob(f"{name}-*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def test_every_member_has_a_row(made: tuple[Path, Path]) -> None:
    """With a status of its own; the same bytes, and the same text, are published once."""
    raw, dataset = made
    files = {row["raw_path"]: row for row in rows(dataset, "files")}
    assert [found.raw_path for found in find_inputs(raw)] == list(files)
    expected = {
        "a/crawl.zip!/bad/%2E%2E/%2E%2E/x.txt": "quarantined",
        "a/crawl.zip!/one.txt": "published",
        "a/crawl.zip!/two.html": "duplicate",
        "a/plain.txt": "duplicate",
        "b/rows.csv#L2": "published",
        "b/rows.jsonl#L1": "published",
        "b/rows.jsonl#L2": "quarantined",
        "c/crawl.warc.gz#R1": "duplicate",
        "c/pack.tar.gz": "quarantined",
        "c/pack.tar.gz!/deep/rows.jsonl#L1": "duplicate",
        "c/pack.tar.gz!/empty.txt": "quarantined",
    }
    assert expected == {path: files[path]["status"] for path in expected}
    assert set(expected) == set(files)
    reasons = {row["raw_path"]: row["reason"] for row in rows(dataset, "quarantine")}
    assert {"unsafe_path", "unreadable", "empty_body"} == set(reasons.values())
    assert "unreadable" == reasons["c/pack.tar.gz"]


def test_every_member_rebuilds(made: tuple[Path, Path]) -> None:
    """From the tables alone to the bytes of the member; and all of them at once."""
    raw, dataset = made
    inputs = {found.raw_path: found for found in find_inputs(raw)}
    redactions = dataset.parent / "private" / "redactions.parquet"
    for row in rows(dataset, "documents"):
        assert read_input(inputs[row["raw_path"]]) == rebuild_document(dataset, row["id"], redactions).content
    assert [] == rebuild_all(dataset, redactions).failures
    assert "0440-55550100" not in json.dumps([rows(dataset, name) for name in ("documents", "edits")], default=str)


def test_a_member_is_explained(made: tuple[Path, Path]) -> None:
    """By its path in the dataset, and as it lies there now."""
    raw, dataset = made
    published = "\n".join(explaining.lines(explaining.of_dataset(dataset, "b/rows.csv#L2")))
    assert "record.syntax" in published
    assert "field.title" in published
    assert raw.is_dir()


def test_the_order_of_files_does_not_matter(made: tuple[Path, Path], tmp_path: Path) -> None:
    """The same files, written in another order, make the same dataset, byte for byte."""
    _, dataset = made
    crawl(tmp_path / "raw", list(reversed(FILES)))
    again = dataset_of(tmp_path / "raw", tmp_path / "output")
    assert (dataset / "SHA256SUMS").read_bytes() == (again / "SHA256SUMS").read_bytes()


def test_a_person_names_a_member(made: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """`clean` and `explain` take the name that the dataset has; for a container they say what to name."""
    raw, _ = made
    assert 0 == main(["clean", f"{raw}/b/rows.csv#L2"])
    assert f"{OTHER}\n{SENTENCE}\n" == capsys.readouterr().out
    assert 0 == main(["explain", f"{raw}/c/pack.tar.gz!/deep/rows.jsonl#L1", "--rule", "record"])
    assert "record.escape" in capsys.readouterr().out
    for name, said in {
        "b/rows.csv": "holds documents: name one of them, such as ",
        "b/rows.csv#L9": "its last document is ",
        "b/rows.jsonl#L2": "cannot be read: it is no JSON object",
        "a/crawl.zip!/bad/%2E%2E/%2E%2E/x.txt": "cannot be read: a name that leads out of the archive",
        "a/plain.txt!/a.txt": "it is one",
        "a/none.zip!/a.txt": "cannot be read (No such file or directory)",
    }.items():
        assert 2 == main(["clean", f"{raw}/{name}"])
        message = capsys.readouterr().err
        assert (said in message, 1) == (True, len(message.splitlines()))


def test_a_container_that_changes_is_seen(tmp_path: Path) -> None:
    """The sensor looks at files from outside: an archive that is another one changes the folder."""
    (tmp_path / "a.zip").write_bytes(zipped({"a.txt": b"1"}))
    before = look_of(tmp_path)
    (tmp_path / "a.zip").write_bytes(zipped({"a.txt": b"1", "b.txt": b"2"}))
    assert before != look_of(tmp_path)


def test_furniture_is_learned_from_members(tmp_path: Path) -> None:
    """The site is that of the folder in the archive, or the one that a record's address names."""
    texts = ["".join(chr(0x4E00 + 997 * number + 7 * n) for n in range(60)) + "。" for number in range(9)]
    pages = {
        f"www.example.org/{number}.txt": f"甲市之窗\n{text[:9]}\n{text}\n".encode() for number, text in enumerate(texts)
    }
    records = [
        {"url": f"https://www.example.com/{number}", "text": f"乙市之窗\n{text[9:18]}\n{text[:59:-1]}{text[:40]}。"}
        for number, text in enumerate(texts)
    ]
    (tmp_path / "crawl.zip").write_bytes(zipped(pages))
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    learned = learn(tmp_path)
    assert (["乙市之窗", "甲市之窗"], 2) == (sorted(entry.line for entry in learned.lexicon.entries), learned.sites)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_that_is_called_like_an_archive(tmp_path: Path) -> None:
    """It is not opened, as no pipe is."""
    os.mkfifo(tmp_path / "a.zip")
    (found,) = find_inputs(tmp_path)
    assert ("a.zip", "unreadable") == (found.raw_path, found.reason)
