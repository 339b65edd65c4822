"""The programs that are measured beside each other; each runs as a process of its own and imports only what it needs.

    python benchmarks/candidates.py NAME CORPUS OUTPUT [WORKERS]

`CORPUS` is what :func:`corpus.write_corpus` has written. `build`, and data-juicer, are commands themselves.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.document import Document


def floor(corpus: Path, output: Path, _: int) -> None:
    """Read, decode with the known codec, one regex, SHA-256, one Parquet file: nothing that decodes can be faster."""
    import hashlib
    import re

    import pyarrow as pa
    import pyarrow.parquet as pq
    from corpus import read_manifest

    controls = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]+")
    texts, digests = [], []
    for path, codec in read_manifest(corpus):
        content = path.read_bytes()
        digests.append(hashlib.sha256(content).hexdigest())
        texts.append(controls.sub("", content.decode(codec, "replace")))
    table = pa.table({"sha256": pa.array(digests, pa.string()), "text": pa.array(texts, pa.string())})
    pq.write_table(table, output / "documents.parquet", compression="zstd", use_dictionary=False)


def naive(corpus: Path, output: Path, _: int) -> None:
    """What one writes by hand: chardet, OpenCC in Python, two regexes; JSON Lines."""
    import re

    import chardet
    import opencc
    from corpus import read_manifest

    conflict = re.compile(r"^<{7} .*\n((?:.*\n)*?)={7}\n((?:.*\n)*?)>{7} .*$\n?", re.MULTILINE)
    pinyin = re.compile("[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{1,6}[)）]")
    convert = opencc.OpenCC("t2s").convert

    def cleaned() -> Iterator[dict[str, Any]]:
        for path, _ in read_manifest(corpus):
            content = path.read_bytes()
            text = content.decode(chardet.detect(content)["encoding"] or "utf-8", "replace")
            yield {"id": path.name, "text": convert(pinyin.sub("", conflict.sub(r"\1\2", text)))}

    _write_lines(cleaned(), output)


def clean(corpus: Path, output: Path, _: int) -> None:
    """`pipeline.clean` on every file: detection, all stages, and the whole account; the text as JSON Lines."""
    _write_lines(({"id": one.source, "text": one.text, "edits": one.edit_count} for one in _documents(corpus)), output)


def clean_and_read(corpus: Path, output: Path, _: int) -> None:
    """The same, with the metadata of every document read and written."""
    rows = ({"id": one.source, "edits": one.edit_count, **one.fields, "text": one.text} for one in _documents(corpus))
    _write_lines(rows, output)


def datatrove(corpus: Path, output: Path, workers: int) -> None:
    """The reader, FTFY formatter and writer of datatrove, with OpenCC in C++ as a step between them."""
    executor = importlib.import_module("datatrove.executor").LocalPipelineExecutor
    formatter = importlib.import_module("datatrove.pipeline.formatters").FTFYFormatter
    reader = importlib.import_module("datatrove.pipeline.readers").JsonlReader
    writer = importlib.import_module("datatrove.pipeline.writers").JsonlWriter

    def simplify(data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        del rank, world_size
        convert = importlib.import_module("opencc").OpenCC("t2s").convert
        for document in data:
            document.text = convert(document.text)
            yield document

    steps = [
        reader(str(corpus / "decoded")),
        formatter(),
        simplify,
        writer(str(output / "documents"), compression=None),
    ]
    executor(pipeline=steps, tasks=workers, workers=workers, logging_dir=str(output / "logs")).run()


CANDIDATES = {program.__name__: program for program in (floor, naive, clean, clean_and_read, datatrove)}


def _documents(corpus: Path) -> Iterator[Document]:
    from pipeline import clean as cleaned

    root = corpus / "raw"
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield cleaned(path.read_bytes(), source=path.relative_to(root).as_posix())


def _write_lines(rows: Iterable[dict[str, Any]], output: Path) -> None:
    with (output / "documents.jsonl").open("w", encoding="utf-8", errors="backslashreplace") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


if __name__ == "__main__":
    name, corpus, output, *workers = sys.argv[1:]
    CANDIDATES[name](Path(corpus), Path(output), int(*workers or ["1"]))
