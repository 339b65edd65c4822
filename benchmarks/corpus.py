"""The documents that the benchmarks are run on: a folder of them, or a tar archive of one.

A folder may hold `raw/` and beside it `manifest.jsonl`, which says what each file is written in: a line for each, with
`file` (its path below `raw/`) and `encoding`.
"""

from __future__ import annotations

import json
import os
import tarfile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

DECODED_FILES = 4
"""How many files the decoded documents are divided among, so that a peer can give each of its workers some."""

_NAMES = {"utf-16-le-nobom": "utf-16-le", "utf-16-be-bom": "utf-16", "big5": "cp950"}
"""What Python calls the codecs of a manifest; Windows' tables read what is called Big5."""


class Made(NamedTuple):
    """A corpus as it is measured: how many documents, how many bytes, and who said what they are written in."""

    documents: int
    bytes: int
    codecs_from: str


def files_of(corpus: Path, scratch: Path) -> list[Path]:
    """The files of a folder or an archive, which is unpacked below `scratch`; lists of files are no documents."""
    folder = corpus
    if corpus.is_file():
        folder = scratch / "corpus"
        with tarfile.open(corpus) as archive:
            archive.extractall(folder, filter="data")
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".jsonl")


def stay_on_one_core() -> None:
    """Bind this process, and those that it starts, to one core, where the system lets it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def write_corpus(corpus: Path, into: Path, *, times: int = 1) -> Made:
    """Write a corpus as the benchmark of peers reads it, so many times over, and say what it is.

    Below `into` stand `raw/`, `manifest.jsonl`, and `decoded/`: JSON Lines for those who cannot decode. In every copy
    but the first the lines of a document stand in another order, so that none is the same as its original. A file of
    which nobody knows the codec is left out.
    """
    codecs, codecs_from = _codecs(corpus)
    (into / "decoded").mkdir(parents=True)
    decoded = [into / "decoded" / f"{number}.jsonl" for number in range(DECODED_FILES)]
    count = size = 0
    files = [path.open("w", encoding="utf-8") for path in decoded]
    manifest = (into / "manifest.jsonl").open("w", encoding="utf-8")
    for copy in range(times):
        for path, name, codec in codecs:
            content = path.read_bytes()
            if copy:
                content = _shuffled(content.decode(codec, "replace"), copy, count).encode(codec, "replace")
            target = into / "raw" / str(copy) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            row = {"file": f"{copy}/{name}", "encoding": codec}
            manifest.write(json.dumps(row, ensure_ascii=False) + "\n")
            document = {"id": row["file"], "text": content.decode(codec, "replace")}
            files[count % DECODED_FILES].write(json.dumps(document, ensure_ascii=False) + "\n")
            count, size = count + 1, size + len(content)
    for file in (*files, manifest):
        file.close()
    return Made(count, size, codecs_from)


def read_manifest(folder: Path) -> list[tuple[Path, str]]:
    """The files that :func:`write_corpus` has written, and what each is written in."""
    rows = map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines())
    return [(folder / "raw" / row["file"], row["encoding"]) for row in rows]


def _codecs(corpus: Path) -> tuple[list[tuple[Path, str, str]], str]:
    """Each file, its name, and its codec; and who says so."""
    manifest = corpus / "manifest.jsonl"
    if manifest.is_file():
        rows = map(json.loads, manifest.read_text("utf-8").splitlines())
        named = [(row["file"], _NAMES.get(row["encoding"], row["encoding"])) for row in rows]
        return [(corpus / "raw" / name, name, codec) for name, codec in named], "the manifest of the corpus"
    from pipeline.detection.encoding import detect_encoding

    found = []
    for path in files_of(corpus, corpus):
        detection = detect_encoding(path.read_bytes())
        if detection.reason is None:
            codec = max(detection.runs, key=lambda run: run.end_byte - run.start_byte).encoding
            found.append((path, path.relative_to(corpus).as_posix(), codec))
    return found, "zhengwen's detection, since the corpus has no manifest"


def _shuffled(text: str, copy: int, number: int) -> str:
    import numpy as np

    lines = text.removeprefix("\N{BYTE ORDER MARK}").splitlines()
    order = np.random.default_rng(copy).permutation(len(lines))
    return "\n".join([*(lines[at] for at in order), f"{copy}-{number}", ""])
