"""What has to hold for any bytes whatever: one function for each part of the pipeline that is given hostile input.

Here belong the laws. Where the bytes come from (Hypothesis, a coverage-guided fuzzer, the kept regressions) is said in
`fuzzing.py` and in `tests/test_fuzzing.py`.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from containers import tarred, warc_record, zipped

from pipeline import recipe, tables
from pipeline.conflicts.grammar import parse, render
from pipeline.conflicts.nodes import split_lines
from pipeline.decoding import ENCODINGS, decode
from pipeline.document import REASONS, rebuild
from pipeline.sources.files import Input, find_inputs, read_input
from pipeline.sources.members import Unreadable
from pipeline.steps.conflicts import resolve_conflicts
from pipeline.steps.pinyin import strip_pinyin
from pipeline.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.text import Step

_ASSETS: Final = [stage.asset for stage in recipe.STAGES]
_CODECS: Final = sorted(ENCODINGS)
NAMES: Final = (
    *("a.zip", "a.tar", "a.jsonl", "a.json", "a.csv", "a.tsv", "a.warc", "a.txt.gz", "a.tar.gz", "a.jsonl.bz2"),
    *("a.csv.xz", "a.txt.zst", "a.wet", "a.txt"),
)
"""The names that a container may have here: one for each format, and for each way in which a file is compressed."""

_MOST_CLEANED: Final = 5
"""So many members of a container are cleaned; every one is read."""

_MAXIMUM_BYTES: Final = 1 << 18


def decoding(content: bytes) -> None:
    """Any bytes decode in any codec with an account that leads back to them, and in text that UTF-8 can hold."""
    codec = _CODECS[content[0] % len(_CODECS)] if content else "utf-8"
    for encoding in (codec, "utf-8", "gb18030"):
        text, account = decode(content, encoding)
        assert account.encode(text) == content
        text.encode()
    border = len(content) // 2
    runs = [(0, border, codec), (border, len(content), "utf-8")]
    text, account = decode(content, runs)
    assert account.encode(text) == content


def document(content: bytes) -> None:
    """Any bytes become a row, cleaned or set aside for a reason of the list, that leads back to them."""
    cleaned = recipe.clean(content, source="a.txt")
    reason = cleaned.verdict.reason
    assert reason is None or reason in REASONS
    assert reason != "step_failed", cleaned.verdict.detail
    assert rebuild(cleaned) == content
    found = Input("a.txt", Path("a.txt"), len(content), cleaned.raw_sha256)
    one = tables.record(found, cleaned)
    assert one.verdict.reason != "step_failed", one.verdict.detail
    fitting, laid_out = tables.laid_out([one], assets=_ASSETS)
    assert fitting[0].verdict.reason != "step_failed", fitting[0].verdict.detail
    for table in laid_out.values():
        table.validate(full=True)
        assert table["raw_path"].to_pylist() == ["a.txt"]


def conflicts(content: bytes) -> None:
    """Any text is read into conflicts and written again as it was; resolving them can be undone."""
    text = content.decode("utf-8", "replace")
    lines = split_lines(text)
    assert render(parse(lines)) == text
    _revised(text, [resolve_conflicts])


def pinyin(content: bytes) -> None:
    """Pinyin is taken out of any text so that it can be put in again."""
    _revised(content.decode("utf-8", "replace"), [strip_pinyin])


def splitting(content: bytes) -> None:
    """The split stage takes any text, also one that no stage before it has tidied, and its columns can be read."""
    history = _revised(content.decode("utf-8", "replace"), recipe.STAGES[-1].steps)
    readings = recipe.read(history)
    size = len(history.original)
    assert all(0 <= start <= end <= size for start, end in readings.personal)


def containers(content: bytes) -> None:
    """Any bytes under any name are inputs, each read as it was found or set aside for a reason of the list."""
    name, content = (NAMES[content[0] % len(NAMES)], content[1:]) if content else ("a.txt", b"")
    with tempfile.TemporaryDirectory(prefix="zhengwen-") as folder:
        raw = Path(folder)
        (raw / name).write_bytes(_sealed(name, content))
        found = find_inputs(raw, maximum_bytes=_MAXIMUM_BYTES)
        assert found
        assert len({one.raw_path for one in found}) == len(found)
        cleaned = 0
        for one in found:
            assert one.reason is None or one.reason in REASONS
            one.raw_path.encode()
            if one.reason is not None:
                continue
            try:
                inner = read_input(one)
            except Unreadable as error:
                raise AssertionError(one.raw_path) from error
            if cleaned < _MOST_CLEANED:
                cleaned += 1
                result = recipe.clean(inner, source=one.raw_path, header=one.header, encoding=one.encoding)
                assert result.verdict.reason != "step_failed", result.verdict.detail
                assert rebuild(result) == inner


def _sealed(name: str, content: bytes) -> bytes:
    """The bytes in a container of this name, where their first bit asks for it: chance makes no checksums.

    A sealed one is damaged where their second bit asks for that: one byte of it is another.
    """
    choice, inner = (content[0], content[1:]) if content else (0, b"")
    if not choice & 1:
        return inner
    parts = {f"{n}.txt": part for n, part in enumerate(inner.split(b"\n\n"))}
    made = _packed(name, inner, parts)
    if choice & 2 and made:
        place = zlib.crc32(inner) % len(made)
        made = made[:place] + bytes([made[place] ^ (1 << (choice >> 5))]) + made[place + 1 :]
    return made[: len(made) * 3 // 4] if choice & 4 else made


def _packed(name: str, inner: bytes, parts: dict[str, bytes]) -> bytes:
    """A sound container of this name; the bytes themselves where the name is none of these."""
    texts = [json.dumps(part.decode("utf-8", "replace")).encode() for part in parts.values()]
    lines = b"\n".join(b'{"title": "a", "text": %s}' % text for text in texts)
    cells = [b'"%s"' % part.replace(b'"', b'""') for part in parts.values()]
    rows, tabbed = (
        b"\n".join(sign.join(row) for row in ((b"title", b"content"), *((b"a", cell) for cell in cells)))
        for sign in (b",", b"\t")
    )
    made: dict[str, Callable[[], bytes]] = {
        "a.zip": lambda: zipped(parts),
        "a.tar": lambda: tarred(dict(parts)),
        "a.tar.gz": lambda: gzip.compress(tarred(dict(parts)), mtime=0),
        "a.txt.gz": lambda: gzip.compress(inner, mtime=0),
        "a.txt.zst": lambda: pa.Codec("zstd").compress(inner, asbytes=True),
        "a.warc": lambda: b"".join(map(warc_record, parts.values())),
        "a.wet": lambda: b"".join(warc_record(part, kind="conversion") for part in parts.values()),
        "a.jsonl": lambda: lines,
        "a.jsonl.bz2": lambda: bz2.compress(lines),
        "a.json": lambda: b"[" + b",".join(b'{"text": %s}' % text for text in texts) + b"]",
        "a.csv": lambda: rows,
        "a.csv.xz": lambda: lzma.compress(rows),
        "a.tsv": lambda: tabbed,
    }
    return made.get(name, lambda: inner)()


def _revised(text: str, steps: Sequence[Step]) -> Text:
    """The text after some steps, each of whose edits can be undone."""
    history = Text(text)
    for step in steps:
        before = history.value
        history = history.revise(step)
        if history.value != before:
            assert history.revisions[-1].layer.undo(history.value) == before
        history.value.encode()
    assert history.original == text
    return history


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "decoding": decoding,
    "document": document,
    "conflicts": conflicts,
    "pinyin": pinyin,
    "splitting": splitting,
    "containers": containers,
}
"""Every law, by the name of the folder that keeps its regressions."""
