"""The way back from the published tables to the raw bytes, with the masked characters at hand and without."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_dataset import dataset_of, document, record, rows

from pipeline.edits import Edit, Layer
from pipeline.rebuilding import Rebuilt, check_rebuilds, locate, rebuild_all, rebuild_document
from pipeline.redaction import MASK, Words, merged, redact
from pipeline.sources.files import BadInput, Input
from pipeline.tables import unread
from pipeline.text import Outcome, View
from pipeline.validate.exactness import rebuilding_result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pipeline.edits import Span
    from pipeline.staging import Staged
    from pipeline.text import Step


def replace(old: str, new: str, rule: str) -> Step:
    """A step that replaces every occurrence of a string."""

    def step(view: View) -> Outcome:
        edits, at = [], view.text.find(old)
        while at >= 0:
            edits.append(Edit(at, old, new, rule))
            at = view.text.find(old, at + len(old))
        return Outcome(edits)

    return step


MAIL = "li@example.com"
RAW = f"\ufeff联系邮箱：ｌi@example.com，来信即復。\r\n附言：█{MAIL}█"
PERSONAL = [(6, 20), (32, 46)]


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    """A dataset in which an address is widened, joined with its neighbours, cut out and masked, and other documents."""
    masked = document(
        RAW.encode(),
        steps={
            "decode": [replace("\ufeff", "", "character.bom")],
            "convert": [
                replace("ｌi", "li", "width.folded"),
                replace("\r\n", "\n", "space.line_end"),
                replace("復", "复", "script.t2s"),
                replace("com，来信", "com，欢迎来信", "test.widened"),
            ],
            "split": [
                replace(f"附言：█{MAIL}█", "", "field.summary"),
                replace(MAIL, "[EMAIL]", "personal.email"),
                replace("：[", "：  [", "space.example"),
            ],
        },
        personal=PERSONAL,
        summary=f"附言：█{MAIL}█",
        captions=[{"text": "来信请寄ｌi@example.com。", "credit": None, "line": 1}],
        labels_raw=[{"label": "联系邮箱", "value": "[EMAIL]", "line": 1}],
    )
    return dataset_of(
        {
            "masked.txt": masked,
            "damaged.txt": document("人工智能产业".encode() + b"\xff" + "发展规划\n".encode()),
            "gbk.txt": document("各区人民政府，各委办局。".encode("gb18030"), encoding="gb18030"),
            "same.txt": document("各区人民政府，各委办局。".encode()),
            "refused.txt": document(b"1, 2"),
            "pipe": unread(Input("pipe", tmp_path, None, None, "unreadable", "a named pipe, not a file")),
        },
        tmp_path / "output",
    )


def _contents(staged: Staged, redactions: Path | None) -> dict[str, Rebuilt]:
    return {
        row["raw_path"]: rebuild_document(staged.dataset, row["id"], redactions)
        for row in rows(staged.dataset, "documents")
    }


def test_every_document_rebuilds_to_its_bytes_where_the_redactions_are_at_hand(staged: Staged) -> None:
    """The tables and the redactions together lead to the exact bytes, damaged ones, too."""
    found = _contents(staged, staged.redactions)
    expected = {
        "masked.txt": RAW.encode(),
        "damaged.txt": "人工智能产业".encode() + b"\xff" + "发展规划\n".encode(),
        "gbk.txt": "各区人民政府，各委办局。".encode("gb18030"),
    }
    assert expected == {path: rebuilt.content for path, rebuilt in found.items()}
    assert [] == check_rebuilds(staged.dataset, staged.redactions)
    result = rebuild_all(staged.dataset, staged.redactions)
    assert (3, 3, 0, 0) == (result.documents, result.exact, result.withheld_documents, result.withheld_chars)


def test_without_the_redactions_the_withheld_characters_are_counted(staged: Staged) -> None:
    """What was masked cannot be had back from the dataset; everything else still rebuilds."""
    found = _contents(staged, None)
    assert (None, True) == (found["masked.txt"].content, found["masked.txt"].withheld_chars >= 2 * len(MAIL))
    assert 0 == found["gbk.txt"].withheld_chars
    result = rebuild_all(staged.dataset, None)
    assert (3, 2, 1, []) == (result.documents, result.exact, result.withheld_documents, result.failures)


def test_no_personal_data_is_left_in_any_table(staged: Staged) -> None:
    """Neither the address nor the form that it had on the way stands anywhere in the dataset, JSON lines included."""
    stored = "".join(str(rows(staged.dataset, table)) for table in ("documents", "sections", "edits", "files"))
    stored += "".join(file.read_text("utf-8") for file in (staged.dataset / "jsonl").iterdir())
    assert [False, False, False] == [word in stored for word in (MAIL, "ｌi@example.com", "@example")]
    assert [(6, "ｌi@example.com"), (32, MAIL)] == [
        (row["start"], row["text"]) for row in pq.read_table(staged.redactions).to_pylist()
    ]


def test_the_masks_are_as_long_as_what_they_hide_and_the_tokens_stay(staged: Staged) -> None:
    """An edit that touches personal data says so; a token that stands for it gives nothing away."""
    (name,) = (row["id"] for row in rows(staged.dataset, "documents") if row["raw_path"] == "masked.txt")
    edits = {row["rule"]: row for row in rows(staged.dataset, "edits") if row["doc_id"] == name}
    assert ("██", "██", True) == tuple(edits["width.folded"][key] for key in ("before", "after", "redacted"))
    assert (MASK * 14, "[EMAIL]", True) == tuple(
        edits["personal.email"][key] for key in ("before", "after", "redacted")
    )
    assert ("附言：█" + MASK * 14 + "█", "") == tuple(edits["field.summary"][key] for key in ("before", "after"))
    assert ("復", "复", False) == tuple(edits["script.t2s"][key] for key in ("before", "after", "redacted"))


def test_what_an_edit_did(staged: Staged) -> None:
    """Deletion, replacement and a move into a column are told apart; positions are those of both texts."""
    (name,) = (row["id"] for row in rows(staged.dataset, "documents") if row["raw_path"] == "masked.txt")
    edits = [row for row in rows(staged.dataset, "edits") if row["doc_id"] == name]
    assert list(range(len(edits))) == [row["seq"] for row in edits]
    kinds = {row["rule"]: (row["op"], row["moved_to"]) for row in edits}
    assert ("delete", None) == kinds["character.bom"]
    assert ("replace", None) == kinds["script.t2s"]
    assert ("move", "summary") == kinds["field.summary"]
    for row in edits:
        assert len(row["before"]) == row["end"] - row["start"]
        assert row["redacted"] or row["before"] != row["after"]


def test_files_and_quarantine_account_for_every_input(staged: Staged) -> None:
    """Each input has one row in `files`; what was set aside has its reason, a duplicate the id that stands for it."""
    files = {row["raw_path"]: row for row in rows(staged.dataset, "files")}
    expected = {
        "damaged.txt": "published",
        "gbk.txt": "published",
        "masked.txt": "published",
        "pipe": "quarantined",
        "refused.txt": "quarantined",
        "same.txt": "duplicate",
    }
    assert expected == {path: row["status"] for path, row in files.items()}
    assert files["gbk.txt"]["doc_id"] == files["same.txt"]["duplicate_of"]
    assert [("pipe", "unreadable"), ("refused.txt", "empty_body")] == [
        (row["raw_path"], row["reason"]) for row in rows(staged.dataset, "quarantine")
    ]


def test_the_raw_bytes_of_an_irregular_stretch_with_personal_data_are_withheld(tmp_path: Path) -> None:
    """In a codec with states a whole line may be irregular: where it holds an address, its bytes are private, too."""
    content = b"~{1#~}~{Od~} li@example.com\n" + "人工智能".encode("hz")
    one = document(
        content, encoding="hz", personal=[(4, 18)], steps={"split": [replace(MAIL, "[EMAIL]", "personal.email")]}
    )
    assert one.decoding.irregular
    staged = dataset_of({"a.txt": one}, tmp_path)
    assert MAIL.encode() not in b"".join(file.read_bytes() for file in staged.dataset.rglob("*") if file.is_file())
    assert content == rebuild_document(staged.dataset, one.id, staged.redactions).content
    withheld = rebuild_document(staged.dataset, one.id, None)
    assert (None, True) == (withheld.content, withheld.withheld_chars >= len(MAIL))


def _alter(dataset: Path, table: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
    (file,) = (dataset / "data").glob(f"{table}-*.parquet")
    stored = pq.read_table(file)
    altered = stored.to_pylist()
    change(altered)
    pq.write_table(pa.Table.from_pylist(altered, stored.schema), file)


def _set(key: str, value: object) -> Callable[[list[dict[str, Any]]], None]:
    return lambda table: table[0].__setitem__(key, value)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("documents", _set("text", "别的内容")),
        ("documents", _set("raw_sha256", "0" * 64)),
        ("documents", lambda table: table.reverse()),
        ("documents", lambda table: table.pop()),
        ("edits", lambda table: table.pop()),
        ("edits", _set("before", "x")),
        ("edits", _set("doc_id", "0" * 32)),
        ("edits", _set("doc_id", "f" * 32)),
        ("files", _set("irregular", [])),
        ("files", _set("doc_id", None)),
        ("files", lambda table: table.append(table[0])),
    ],
)
def test_whatever_is_altered_is_found(
    staged: Staged, table: str, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    """A change in any of the tables shows as a document that does not rebuild: the check can fail."""
    _alter(staged.dataset, table, change)
    assert check_rebuilds(staged.dataset, staged.redactions)


def test_wrong_redactions_are_found(staged: Staged) -> None:
    """With other characters in the place of the masks, the bytes are others."""
    stored = pq.read_table(staged.redactions)
    altered = [{**row, "text": "x" * len(row["text"])} for row in stored.to_pylist()]
    pq.write_table(pa.Table.from_pylist(altered, stored.schema), staged.redactions)
    assert 1 == len(check_rebuilds(staged.dataset, staged.redactions))


def test_an_unknown_id_is_said_so(staged: Staged) -> None:
    """A user's slip ends in one line that says where the ids are."""
    with pytest.raises(BadInput, match=r"no document in .* has the id 'nothing'"):
        rebuild_document(staged.dataset, "nothing", None)


def test_where_the_dataset_is(staged: Staged, tmp_path: Path) -> None:
    """An output folder and a bare dataset are taken; redactions count only where they are those of the dataset."""
    assert (staged.dataset, staged.redactions) == locate(staged.path)
    assert (staged.dataset, staged.redactions) == locate(staged.dataset)
    shutil.copytree(staged.dataset, tmp_path / "copy")
    assert (tmp_path / "copy", None) == locate(tmp_path / "copy")
    (staged.redactions.parent / "dataset.sha256").write_text("0" * 64, "ascii")
    assert (staged.dataset, None) == locate(staged.path)
    with pytest.raises(BadInput, match="holds no dataset"):
        locate(tmp_path)


@pytest.mark.parametrize("name", ["redactions.parquet", "published.parquet", "dataset.sha256", "SHA256SUMS"])
def test_a_private_folder_that_was_changed_is_said(staged: Staged, name: str) -> None:
    """Without it the dataset is whole, but not all of it goes back to its bytes: nobody is to find out too late."""
    assert rebuilding_result(staged.dataset, staged.redactions).success
    file = staged.redactions.with_name(name)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    dataset, redactions = locate(staged.path)
    assert redactions is None
    result = rebuilding_result(dataset, redactions)
    assert not result.success
    assert "private/ cannot be used, so that personal data is withheld: private/" in result.message
    shutil.rmtree(file.parent)
    assert rebuilding_result(dataset, None).success


LETTERS = st.text("ab█复", max_size=12)


@st.composite
def revised(draw: st.DrawFn) -> tuple[str, list[Layer], list[Span]]:
    """A text, some layers of edits on it, and spans of it."""
    text = original = draw(LETTERS)
    layers = []
    for number in range(draw(st.integers(0, 4))):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
        cuts = cuts[: len(cuts) // 2 * 2]
        rule = "personal.email" if number == 2 else "test.changed"
        edits = {a: Edit(a, text[a:b], draw(LETTERS), rule) for a, b in zip(cuts[::2], cuts[1::2], strict=True)}
        layer = Layer.of(text, edits.values())
        layers.append(layer)
        text = layer.apply(text)
    place = st.integers(0, len(original))
    spans = draw(st.lists(st.tuples(place, place).map(lambda pair: (min(pair), max(pair))), max_size=2))
    return original, layers, spans


@given(revised())
def test_every_character_that_stems_from_personal_data_is_masked(case: tuple[str, list[Layer], list[Span]]) -> None:
    """Followed character by character, what is personal is masked in every edit that takes it away or puts it there.

    Of what an edit of another length puts there, all is, and what is put between two such characters; no token is.
    """
    original, layers, spans = case
    personal = [any(start <= at < end for start, end in spans) for at in range(len(original))]
    for layer, (masked, flags) in zip(layers, redact(layers, spans), strict=True):
        following: list[bool] = []
        at = 0
        for edit, hidden, flag in zip(layer, masked, flags.tolist(), strict=True):
            here = personal[edit.start : edit.end]
            between = not here and 0 < edit.start < len(personal) and all(personal[edit.start - 1 : edit.start + 1])
            if edit.rule == "personal.email" and here:
                follows = [False] * len(edit.after)
            elif len(edit.before) == len(edit.after):
                follows = here
            else:
                follows = [any(here) or between] * len(edit.after)
            assert hidden.before == "".join(MASK if one else c for c, one in zip(edit.before, here, strict=True))
            assert hidden.after == "".join(MASK if one else c for c, one in zip(edit.after, follows, strict=True))
            assert flag == any(here + follows)
            following += personal[at : edit.start] + follows
            at = edit.end
        personal = following + personal[at:]


@given(revised())
def test_many_spans_go_onward_as_one_does(case: tuple[str, list[Layer], list[Span]]) -> None:
    """Whatever was edited, all at once lie where each of them does."""
    _, layers, _ = case
    for layer in layers:
        every = [(start, end) for start in range(layer.length + 1) for end in range(start, layer.length + 1)]
        assert [layer.onward(one) for one in every] == list(map(tuple, layer.all_onward(np.array(every)).tolist()))


@given(st.lists(st.text("ab", min_size=5, max_size=40), max_size=30), st.text("ab", max_size=80))
def test_every_word_is_masked_wherever_it_stands(words: list[str], value: str) -> None:
    """Whatever stands in a value and is one of the words, or begins like a long one, is masked, and nothing else is."""
    hidden = [False] * len(value)
    for at in range(len(value)):
        for word in words:
            if value.startswith(word[:32], at):
                alike = [one for one in words if one[:32] == word[:32]]
                end = at + max(map(len, alike))
                hidden[at:end] = [True] * len(hidden[at:end])
    assert Words(words).masked(value) == "".join(MASK if one else c for c, one in zip(value, hidden, strict=True))


def test_thousands_of_addresses_are_masked_in_linear_time() -> None:
    """A directory of contacts: an eighth of it takes about an eighth of the time, as do words in its metadata."""

    def seconds(count: int) -> float:
        contacts = [f"a{number}@b{number}.cn" for number in range(count)]
        text = " ".join(contacts)
        ends = np.cumsum([len(one) + 1 for one in contacts]) - 1
        spans = [(int(end) - len(one), int(end)) for end, one in zip(ends, contacts, strict=True)]
        tokens = Layer.of(text, [Edit(start, text[start:end], "[EMAIL]", "personal.email") for start, end in spans])
        start = time.process_time()
        (token,) = redact([tokens], spans)
        assert not set(token.layer.befores) - {MASK}
        assert not set(Words(contacts).masked(text)) - {MASK, " "}
        return time.process_time() - start

    assert seconds(16_000) < 3 * 8 * max(seconds(2_000), 0.005)


@settings(max_examples=25)
@given(cases=st.lists(revised(), min_size=1, max_size=8))
def test_every_account_leads_back(
    tmp_path_factory: pytest.TempPathFactory, cases: list[tuple[str, list[Layer], list[Span]]]
) -> None:
    """Whatever was edited and masked, the tables and the redactions give the exact bytes; without them none fails."""
    documents = {}
    for number, (text, layers, spans) in enumerate(cases):
        prefix = f"{number}:"
        steps = [_shifted(layer, len(prefix)) for layer in layers]
        personal = [(start + len(prefix), end + len(prefix)) for start, end in merged(spans)]
        documents[f"{number}.txt"] = document((prefix + text).encode(), steps={"convert": steps}, personal=personal)
    staged = dataset_of(documents, tmp_path_factory.mktemp("output"))
    assert [] == check_rebuilds(staged.dataset, staged.redactions)
    assert [] == check_rebuilds(staged.dataset, None)


def _shifted(layer: Layer, by: int) -> Step:
    edits: Sequence[Edit] = [edit._replace(start=edit.start + by) for edit in layer]
    return lambda _: Outcome(edits)


def test_the_record_of_a_document_is_that_of_its_input(tmp_path: Path) -> None:
    """The name under which a document was found is the one in every table."""
    assert "sub/a.txt" == record("sub/a.txt", document("正文".encode()), tmp_path).raw_path
