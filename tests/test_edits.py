"""The algebra of edits: what a layer promises, for every text and every set of edits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.edits import Edit, Layer, StaleEdit
from pipeline.rewriting import rewriting

TEXTS = st.text(alphabet=st.sampled_from("業企发展(yè)，。\n a\U00020000\u3000"), max_size=60)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text, and sorted, disjoint edits on it, insertions and deletions among them."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    edits: list[Edit] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if edits and start <= edits[-1].end:
            continue
        rule = draw(st.sampled_from(["a.one", "a.two"]))
        edits.append(Edit(start, text[start:end], draw(st.text(alphabet="业後x", max_size=4)), rule))
    return text, edits


@given(edited())
def test_undo_restores(case: tuple[str, list[Edit]]) -> None:
    """Undoing a layer gives the text before it, character for character."""
    text, edits = case
    layer = Layer.of(text, edits)

    assert text == layer.undo(layer.apply(text))


@given(edited())
def test_the_edits_that_change_something_come_back(case: tuple[str, list[Edit]]) -> None:
    """A layer gives back the edits that it was made of, but for those that change nothing."""
    text, edits = case

    assert [edit for edit in edits if edit.before != edit.after] == list(Layer.of(text, edits))


@given(edited())
def test_applying_is_replacing_each_stretch(case: tuple[str, list[Edit]]) -> None:
    """Applying a layer equals replacing the stretches one after another, from the end."""
    text, edits = case
    expected = text
    for edit in reversed(edits):
        expected = expected[: edit.start] + edit.after + expected[edit.end :]

    assert expected == Layer.of(text, edits).apply(text)


@given(edited(), st.data())
def test_a_kept_character_maps_to_itself(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    """The origin of a span without edits is the same characters, and its way onward leads back."""
    text, edits = case
    layer = Layer.of(text, edits)
    after = layer.apply(text)
    touched = {i for edit in layer for i in range(edit.start, edit.end)}
    kept = [i for i in range(len(text)) if i not in touched]
    if not kept:
        return
    start = data.draw(st.sampled_from(kept))
    new_start, new_end = layer.onward((start, start + 1))

    assert text[start] == after[new_start:new_end]
    assert (start, start + 1) == layer.origin((new_start, new_end))


@given(edited(), st.data())
def test_an_origin_holds_everything_that_the_span_came_from(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    """A wider span has a wider origin, and the whole text comes from within the whole text."""
    text, edits = case
    layer = Layer.of(text, edits)
    length = layer.out_length
    a = data.draw(st.integers(0, length))
    b = data.draw(st.integers(a, length))
    c = data.draw(st.integers(a, b))
    outer, inner = layer.origin((a, b)), layer.origin((a, c))

    assert 0 <= outer[0] <= outer[1] <= len(text)
    assert inner[0] == outer[0]
    assert inner[1] <= outer[1]


@given(TEXTS)
def test_rewriting_accounts_for_an_opaque_converter(text: str) -> None:
    """The edits of a converter lead to what the converter gives, also where lengths change."""

    def convert(value: str) -> str:
        return value.replace("業企", "业").replace("業", "业").replace("发", "發發").replace("\U00020000", "x")

    layer = rewriting(text, convert, "script.test")

    assert convert(text) == layer.apply(text)
    assert text == layer.undo(layer.apply(text))


def test_rewriting_keeps_positions_within_equal_lengths() -> None:
    """Within an edit of equal length, position i comes from position i."""
    layer = rewriting("企業發展", lambda text: text.replace("業發", "业发"), "script.test")

    assert (2, 3) == layer.origin((2, 3))


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([Edit(0, "發", "", "a.b")], "expected '發' at 0, found '企'"),
        ([Edit(0, "企業", "", "a.b"), Edit(1, "業", "", "a.c")], "overlaps the edit before it"),
    ],
)
def test_wrong_edits_are_refused(edits: list[Edit], message: str) -> None:
    """An edit that does not stand in the text, or overlaps another, is a defect and says where."""
    with pytest.raises(StaleEdit, match=message):
        Layer.of("企業", edits)


def test_a_layer_refuses_another_text() -> None:
    """A layer is not applied to a text that it was not made on."""
    layer = Layer.of("企業", [Edit(1, "業", "业", "a.b")])

    with pytest.raises(StaleEdit):
        layer.apply("企业")
    with pytest.raises(StaleEdit):
        layer.undo("企業業")


@given(st.text(st.sampled_from("a　\n𠮷業"), max_size=30), st.data())
def test_deletions_given_as_columns_are_those_given_one_by_one(text: str, data: st.DataObject) -> None:
    """A layer of deletions knows its result, and it is the result; each span keeps its rule."""
    gone = [at for at in range(len(text)) if data.draw(st.booleans())]
    rules = ("space.one", "space.two", "space.three")
    codes = [data.draw(st.integers(0, 2)) for _ in gone]
    starts = np.array(gone, np.int32)
    layer = Layer.of_deletions(text, starts, starts + np.int32(1), np.array(codes, np.int16), rules)
    same = Layer.of(text, [Edit(at, text[at], "", rules[code]) for at, code in zip(gone, codes, strict=True)])

    assert list(same) == list(layer)
    assert same.apply(text) == layer.apply(text) == layer.apply("".join(list(text)))
    assert text == layer.undo(layer.apply(text))
    assert set(layer.rules) == {rules[code] for code in codes}


@given(st.text(st.sampled_from("a\r\n𠮷"), max_size=12))
def test_a_character_is_deleted_wherever_it_stands(text: str) -> None:
    """The layer that is made at once has the same edits as one made of them."""
    layer = Layer.without(text, "\r", "line.crlf")
    same = Layer.of(text, [Edit(at, "\r", "", "line.crlf") for at, found in enumerate(text) if found == "\r"])

    assert list(same) == list(layer)
    assert text.replace("\r", "") == layer.apply(text) == same.apply(text)
    assert text == layer.undo(layer.apply(text))
