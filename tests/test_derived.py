"""What the checks look at beside the published columns: the way back, siblings, and values of any kind at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sound_dataset import JSON_ALONE, Put, Rows, document, edits, good

from pipeline.columns import SCRIPTS, TABLES, schema
from pipeline.derived import derive
from pipeline.derived.replaying import Account, accounts
from pipeline.derived.scripts import Written
from pipeline.derived.sections import of_sections
from pipeline.derived.whole import whole_of
from pipeline.edits import Edit, Layer, StaleEdit
from pipeline.redaction import redact
from pipeline.tables import layers_leading_to
from pipeline.validate.frames import narrow_frame
from pipeline.validate.suites import load_suites

SUITES = {suite.table: suite.expectations for suite in load_suites()}
ALPHABET = st.sampled_from("業企发展(yè)，。\n a█\U00020000")


def _tables(rows: Rows) -> dict[str, pa.Table]:
    return {name: pa.Table.from_pylist(rows[name], schema=schema(columns)) for name, columns in TABLES.items()}


# ------------------------------------------------------------------------------------------------ the way back
@st.composite
def cleaned(draw: st.DrawFn) -> tuple[list[Layer], str]:
    """Layers of edits, one on the text that the other leads to, and the text that the last one leads to."""
    text = draw(st.text(ALPHABET, max_size=40))
    layers = []
    for _ in range(draw(st.integers(1, 3))):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
        made = [
            Edit(start, text[start:end], draw(st.text(ALPHABET, max_size=3)), "a.rule")
            for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        layers.append(Layer.of(text, made))
        text = layers[-1].apply(text)
    return layers, text


def _account(layers: list[Layer], redacted: list[list[bool]] | None = None) -> Account | None:
    """The account of these layers by way of the table; None where they change nothing."""
    rows = [
        {
            "doc_id": "a",
            "layer": number,
            "start": edit.start,
            "before": edit.before,
            "after": edit.after,
            "moved_to": None,
            "redacted": redacted is not None and redacted[number][position],
        }
        for number, layer in enumerate(layers)
        for position, edit in enumerate(layer)
    ]
    types = pa.schema([schema(TABLES["edits"]).field(name).with_nullable(nullable=True) for name in _COLUMNS])
    return accounts(pa.Table.from_pylist(rows, schema=types)).get("a")


_COLUMNS = ("doc_id", "layer", "start", "before", "after", "moved_to", "redacted")


@given(cleaned(), st.data())
def test_edits_replay_just_where_they_can_be_undone(case: tuple[list[Layer], str], data: st.DataObject) -> None:
    """On the text that they led to, and on no text in which something else stands where they put something.

    A text that is shorter than an edit's place is no text for it, also where the edit put nothing there.
    """
    layers, text = case
    account = _account(layers)
    if account is None:
        return
    assert account.replays(text)
    at = data.draw(st.integers(0, len(text)))
    other = text[:at] + data.draw(st.text(ALPHABET, max_size=2)) + text[at + data.draw(st.integers(0, 2)) :]
    assert account.replays(other) <= _undone(layers, other)
    if len(other) == len(text):
        assert account.replays(other) == _undone(layers, other)


def _undone(layers: list[Layer], text: str) -> bool:
    made = [(number, edit) for number, layer in enumerate(layers) for edit in layer]
    again = layers_leading_to(
        len(text),
        np.array([number for number, _ in made], np.int32),
        starts=np.array([edit.start for _, edit in made], np.int32),
        befores=[edit.before for _, edit in made],
        afters=[edit.after for _, edit in made],
        rules=[edit.rule for _, edit in made],
    )
    try:
        for layer in reversed(again):
            text = layer.undo(text)
    except StaleEdit:
        return False
    return True


@given(cleaned(), st.data())
def test_edits_replay_with_masks(case: tuple[list[Layer], str], data: st.DataObject) -> None:
    """A mask may hide any character, in the account of one layer or of several."""
    layers, text = case
    start = data.draw(st.integers(0, layers[0].length))
    span = (start, data.draw(st.integers(start, layers[0].length)))
    masked = redact(layers, [span])
    account = _account([one.layer for one in masked], [one.redacted.tolist() for one in masked])
    assert account is None or account.replays(text)


def test_a_mask_hides_nothing_where_nothing_is_redacted() -> None:
    """Without a redaction, █ is a character like any other."""
    account = _account([Layer.of("甲", [Edit(0, "甲", "█", "a.rule")])])
    assert account is not None
    assert account.replays("█")
    assert not account.replays("乙")


def test_what_was_moved_is_not_deleted() -> None:
    """The share is of the raw text, and counts what neither the text nor a column has any more."""
    one = document("正文", "a.txt")
    rows = edits(one, ("split", "a_step", [Put(0, "标题", "", "field.title"), Put(2, "广告", "", "boilerplate.nav")]))
    account = accounts(pa.Table.from_pylist(rows, schema=schema(TABLES["edits"])))[one["id"]]
    assert 2 / 6 == account.deleted_share(2)


# ------------------------------------------------------------------------------------------------ siblings
def test_a_section_in_a_long_sibling_is_found_behind_a_short_one() -> None:
    """Each is compared with all siblings that start before it, and with no section of another parent or document."""
    spans = [("a", 0, None, 0, 100), ("a", 1, None, 10, 20), ("a", 2, None, 30, 40), ("a", 3, 0, 0, 9)]
    spans += [("b", 0, None, 5, 10), ("a", 4, None, 100, 101)]
    names = ("doc_id", "index", "parent", "char_start", "char_end")
    tables = _tables({**{name: [] for name in TABLES}, "sections": []})
    tables["sections"] = pa.Table.from_pylist([dict(zip(names, span, strict=True)) for span in spans])
    expected = [True, False, False, True, True, True]
    assert expected == np.asarray(of_sections(tables)["derived_behind_siblings"]).tolist()


# ------------------------------------------------------------------------------------------------ scripts
@pytest.mark.parametrize(
    ("script", "stretches", "fits"),
    [
        ("Hans", {"Hans"}, True),
        ("Hans", {"Hans", "Hant"}, True),
        ("Hans", {"Hant"}, False),
        ("Hant-TW", {"Hant"}, False),
        ("Japanese", {"other", "Japanese"}, True),
        ("mixed", {"mixed"}, True),
        ("mixed", {"Hans", "Korean"}, True),
        ("mixed", {"Hans"}, False),
        ("other", {"other"}, True),
        ("other", {"Japanese"}, True),
        ("other", set(), False),
        ("Hans", set(), False),
        ("odd", {"Hans"}, False),
    ],
)
def test_a_document_is_in_a_script_of_its_stretches(script: str, stretches: set[str], fits: bool) -> None:  # noqa: FBT001
    """In one of theirs, in several where it is mixed, in none where letters outweigh them all."""
    in_script = {one: frozenset({"a"} if one in stretches else {"b"}) for one in SCRIPTS}
    assert fits == Written(in_script, {}, frozenset()).fits("a", script)


# ------------------------------------------------------------------------------------------------ any values
ODD: tuple[pa.Array[Any], ...] = (
    pa.nulls(1),
    pa.array([[1]]),
    pa.array([[None]], pa.list_(schema(TABLES["documents"]).field("sections").type.value_type)),
    pa.array([b"\xff"]),
    pa.array(["odd"]),
    pa.array([-(2**62)]),
    pa.array([10**8], pa.date32()),
    pa.array([dt.datetime(2018, 1, 18)]),  # noqa: DTZ001  a time without a zone is one of the odd values
    pa.array([2**62], pa.timestamp("us", "UTC")),
)


@pytest.mark.parametrize("table", TABLES)
def test_values_of_any_kind_are_a_promise_that_is_not_kept_and_no_error(table: str) -> None:
    """Whatever stands in a column, there is a value for each row, and a frame to look at."""
    tables = _tables(good())
    for name in tables[table].column_names:
        for value in ODD:
            odd = pa.concat_arrays([value] * tables[table].num_rows)
            at = tables[table].column_names.index(name)
            damaged = {**tables, table: tables[table].set_column(at, name, odd)}
            derived = derive(damaged, json_lines=["{", "[]", "\n"])
            for other, rows in damaged.items():
                assert {rows.num_rows} >= {len(values) for values in derived[other].values()}
            assert tables[table].num_rows == len(narrow_frame(damaged[table], derived[table], SUITES[table]))


def test_a_table_without_columns_is_looked_at() -> None:
    """No column is a column full of nulls, here: that it is missing is for another check to say."""
    whole = _tables(good())
    for name in TABLES:
        derived = derive({**whole, name: pa.table({})})
        assert set(derived) == {*TABLES, "columns"}


def test_json_lines_beyond_the_rows_are_no_rows() -> None:
    """There is a value for each document, however many lines there are."""
    tables = _tables(good())
    assert not any(derive(tables, json_lines=[])["documents"]["derived_json_line_fits"])
    assert 3 == len(derive(tables, json_lines=["{}"] * 5)["documents"]["derived_json_line_fits"])
    assert JSON_ALONE not in tables


@pytest.mark.parametrize(
    ("details", "counted"), [(["a_step: x"], 0), (["a_step: x", "no end after 1 s"], 0), (["a"] * 2, 2)]
)
def test_a_step_that_stops_on_one_file_alone_says_nothing_of_the_code(details: list[str], counted: int) -> None:
    """Else a single document could keep a small folder from being published."""
    rows = [{"raw_path": f"{n}.txt", "reason": "step_failed", "detail": detail} for n, detail in enumerate(details)]
    quarantine = pa.Table.from_pylist(rows, schema=schema(TABLES["quarantine"]))
    assert counted == len(whole_of(list, [], [quarantine]).step_failed)
