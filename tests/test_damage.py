"""What cleaning makes of damage whose truth is known: clean text stays, reversible damage goes, losses are said.

Here belong laws over ``damage.py``. Single examples of a step are cases, in ``tests/cases/``.
"""

from __future__ import annotations

import difflib
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from damage import (
    LOST,
    PAIRS,
    PLACES,
    RAW_CHINESE,
    TWICE,
    Damage,
    as_entities,
    as_unicode_escapes,
    can_encode,
    clean_clauses,
    clean_lines,
    clean_texts,
    cut_short,
    in_places,
    in_turn,
    reversible,
    with_lost_byte,
    with_stray_byte,
)
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline.recipe import clean
from pipeline.steps.escapes import decode_escapes
from pipeline.steps.mojibake import repair_mojibake
from pipeline.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from _pytest.mark import ParameterSet
    from damage import Place

    from pipeline.document import Document

    Readings = tuple[tuple[str, str], ...]

LOSSY_FLAGS = {"mojibake_lossy", "replacement_characters"}

# Many laws, a few texts each; the same ones in every run.
few = settings(max_examples=8, derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate])

NOT_YET = frozenset((Path(__file__).parent / "damage_not_undone.txt").read_text("utf-8").splitlines())


def case(*values: object, id: str) -> ParameterSet:  # noqa: A002  as pytest calls it
    """A case of a law; one that is known not to hold yet breaks the build as soon as it does."""
    marks = [pytest.mark.xfail(reason="not undone so far")] if id in NOT_YET else []
    return pytest.param(*values, id=id, marks=marks)


lines = st.lists(st.sampled_from(clean_lines()), min_size=4, max_size=12)


def decoded(content: bytes) -> Document:
    """The document after the first stage; its bytes have to be had back from it."""
    document = clean(content, through="decode")
    assert content == document.decoding.encode(document.history.original)
    return document


def text_of(document: Document) -> str:
    """The text, without a byte-order mark's trace; empty where it was set aside."""
    return (document.text or "").removeprefix("\ufeff")


def flags_of(document: Document) -> set[str]:
    """The flags that the first stage has set."""
    return {finding.value for finding in document.history.findings if finding.kind == "flag"}


def kept_and_made_up(got: str, damage: Damage) -> tuple[float, set[str]]:
    """The share of the known characters that are there in their order; and characters from nowhere."""
    matching = difflib.SequenceMatcher(None, got, damage.known, autojunk=False).get_matching_blocks()
    kept = "".join(damage.known[block.b : block.b + block.size] for block in matching).replace(LOST, "")
    known = damage.known.replace(LOST, "")
    return len(kept) / max(1, len(known)), {*got} - {*damage.truth, LOST} - {*damage.content.decode()}


# ------------------------------------------------------------------------------------------------------- clean text


@pytest.mark.parametrize("name", clean_texts())
def test_a_clean_text_gets_no_edit(name: str) -> None:
    """Policies, news, notices, poems, tables, names, and a text that quotes mojibake, stay as they are."""
    text = clean_texts()[name]
    for step in (repair_mojibake, decode_escapes):
        assert text == Text(text).revise(step).value
        assert () == Text(text).revise(step).findings


@few
@given(st.text(max_size=40), lines)
def test_intact_lines_stay_whatever_stands_beside_them(anything: str, beside: list[str]) -> None:
    """Characters drawn at random are nothing that lines of Chinese could be repaired by."""
    revised = Text("".join([*beside[:2], anything, "\n", *beside[2:]])).revise(repair_mojibake).value
    assert revised.startswith("".join(beside[:2]))
    assert revised.endswith("".join(beside[2:]))


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        case(name, codec, id=f"{name} in {codec}")
        for name, text in clean_texts().items()
        for codec in RAW_CHINESE
        if can_encode(text, codec)
    ],
)
def test_a_clean_text_is_read_in_every_codec(name: str, codec: str) -> None:
    """What lies in another codec is decoded, and that is all."""
    text = clean_texts()[name]
    document = decoded(text.encode(codec))
    assert text == text_of(document)
    assert set() == flags_of(document)


@pytest.mark.parametrize("codec", ["shift_jis", "cp932", "euc_jp", "euc_kr", "utf-8"])
def test_other_languages_are_not_repaired(codec: str) -> None:
    """Japanese with half-width kana, and Korean, are read and left alone."""
    text = {
        "euc_kr": "도서관은 다음 달부터 새로운 대출 제도를 시작합니다. 많은 관심을 부탁드립니다.\n",
    }.get(codec, "図書館では、来月から新しい仕組みを始めます。ﾊﾝｶｸ ﾉ ｶﾅ も、そのまま残ります。\n")
    assert text == text_of(decoded(text.encode(codec)))


# -------------------------------------------------------------------------------------------------- reversible damage


def names_of(readings: Readings) -> str:
    """How a test of these readings is called."""
    return ", then ".join(f"{written} as {read}" for written, read in readings)


def texts_with(place: Place, readings: Readings, *, is_reversible: bool) -> st.SearchStrategy[str]:
    """Texts in which the lines of a place lose something by these readings, or all of them nothing."""
    fitting = []
    for line in (*clean_lines(), *clean_clauses()):
        spans = place._replace(every=1).spans(line)
        if spans and can_be_written(line, spans, readings):
            is_whole = reversible(line, spans, *readings) == spans
            fitting += [line] if is_whole == is_reversible else []
    if not fitting:
        return st.nothing()
    part = st.tuples(st.sampled_from(fitting), *[st.sampled_from(clean_lines())] * (place.every - 1)).map("".join)
    return st.lists(part, min_size=4, max_size=8).map("".join)


def can_be_written(line: str, spans: list[tuple[int, int]], readings: Readings) -> bool:
    """Whether the first codec has every character of the spans."""
    return all(can_encode(line[start:end], readings[0][0]) for start, end in spans)


ALL_READINGS = [*((pair,) for pair in PAIRS), *TWICE]


@pytest.mark.parametrize(
    ("readings", "place"),
    [
        case(readings, place, id=f"{names_of(readings)}, {place.name}")
        for readings in ALL_READINGS
        for place in PLACES
        if not texts_with(place, readings, is_reversible=True).is_empty
    ],
)
def test_a_wrong_reading_is_undone(readings: Readings, place: Place) -> None:
    """Whole texts, lines, and runs inside lines come back character by character."""

    @few
    @given(texts_with(place, readings, is_reversible=True))
    def law(text: str) -> None:
        damage = in_places(text, place.spans(text), *readings)
        assert damage.is_reversible
        assert text == text_of(decoded(damage.content))

    law()


@pytest.mark.parametrize("name", [name for name in clean_texts() if name != "names"])
def test_what_a_misread_text_quotes_stays_quoted(name: str) -> None:
    """A text that was misread as a whole is repaired as a whole, mojibake that it quotes is not."""
    text = clean_texts()[name]
    damage = in_places(text, [(0, len(text))], ("utf-8", "latin-1"))
    assert text == text_of(decoded(damage.content))


@pytest.mark.parametrize(
    "escape", [as_unicode_escapes, as_entities, lambda text: as_entities(text, is_hexadecimal=True)]
)
@few
@given(lines=lines)
def test_escapes_are_decoded(escape: Callable[[str], Damage], lines: list[str]) -> None:
    """A text that is made of numbers becomes one of characters."""
    damage = escape("".join(lines))
    assert damage.truth == text_of(decoded(damage.content))


# ------------------------------------------------------------------------------------------------ irreversible damage

LEAST_KEPT = {LOST: 0.8, "?": 0.5}
"""Of the characters that are known, by what stands for lost bytes: a question mark hides how many they were."""

HOPELESS = ("big5", "cp950", "big5hkscs")
"""Read in these, UTF-8 loses two characters of three, and so does GBK read as UTF-8: no more is asked than a flag."""


def is_hopeless(pair: tuple[str, str]) -> bool:
    """Whether a wrong reading leaves next to nothing."""
    return pair[1] == "utf-8" or (pair[0] == "utf-8" and pair[1] in HOPELESS)


@pytest.mark.parametrize(
    ("pair", "place", "lost"),
    [
        case(pair, place, lost, id=f"{names_of((pair,))}, {place.name}, {lost!a}")
        for pair in PAIRS
        for place in PLACES[:2]
        for lost in LEAST_KEPT
        if not texts_with(place, (pair,), is_reversible=False).is_empty and not (is_hopeless(pair) and lost == "?")
    ],
)
def test_what_is_lost_is_flagged_and_nothing_made_up(pair: tuple[str, str], place: Place, lost: str) -> None:
    """Most of what is known is kept, no character comes from nowhere, and the text says that some are gone."""

    @few
    @given(texts_with(place, (pair,), is_reversible=False))
    def law(text: str) -> None:
        damage = in_places(text, place.spans(text), pair, lost=lost)
        document = decoded(damage.content)
        kept, made_up = kept_and_made_up(text_of(document), damage)
        assert set() == made_up
        assert is_hopeless(pair) or kept >= LEAST_KEPT[lost]
        assert flags_of(document) & LOSSY_FLAGS or not document.verdict.accepted

    law()


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be"])
@given(drawn=lines)
@few
def test_a_file_that_is_cut_short_loses_its_last_character_alone(codec: str, drawn: list[str]) -> None:
    """The rest is there, and U+FFFD says where the last one was."""
    text = in_codec(drawn, codec)
    damage = cut_short(text, codec)
    document = decoded(damage.content)
    assert damage.known == text_of(document)
    assert {"replacement_characters"} == flags_of(document)


@pytest.mark.parametrize("byte", [b"\xff", b"\x80", b"\xb0", b"\xe4"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5"])
@given(drawn=lines)
@few
def test_a_stray_byte_costs_no_other_line(codec: str, byte: bytes, drawn: list[str]) -> None:
    """In UTF-8 it costs nothing, in a codec of two bytes a few characters beside it."""
    text = in_codec(drawn, codec)
    damage = with_stray_byte(text, codec, byte)
    got = text_of(decoded(damage.content))
    if codec == "utf-8" or byte == b"\xff":
        assert text == got.replace(LOST, "")
    assert lines_kept(got, damage) >= text.count("\n") - 1
    assert characters_gone(got, damage) <= MOST_GONE.get(codec, 3)


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be"])
@given(drawn=lines)
@few
def test_a_lost_byte_costs_no_other_line(codec: str, drawn: list[str]) -> None:
    """In UTF-8 it costs its character, in a codec of two bytes a few beside it."""
    damage = with_lost_byte(in_codec(drawn, codec), codec)
    got = text_of(decoded(damage.content))
    if codec == "utf-8":
        assert damage.known.replace(LOST, "") == got.replace(LOST, "")
    assert characters_gone(got, damage) <= MOST_GONE.get(codec, 3)


MOST_GONE = {"utf-8": 1, "gb18030": 7, "big5": 7}
"""Characters beside a byte without a character: up to the end of a line, or up to where the codec falls into step by
itself, a few may read no worse in one way than in another."""


def characters_gone(got: str, damage: Damage) -> int:
    """How many of the known characters are not there in their order."""
    known = damage.known.replace(LOST, "")
    matching = difflib.SequenceMatcher(None, got, known, autojunk=False).get_matching_blocks()
    return len(known) - sum(block.size for block in matching)


def in_codec(drawn: list[str], codec: str) -> str:
    """Those of the lines that a codec can write; where they are few, others instead."""
    fitting = [line for line in drawn if can_encode(line, codec)]
    return "".join(fitting if len(fitting) >= 4 else [line for line in clean_lines() if can_encode(line, codec)][:9])


def lines_kept(got: str, damage: Damage) -> int:
    """How many of the lines are there unchanged, each at its place."""
    return sum(map(str.__eq__, got.splitlines(), damage.truth.splitlines()))


@pytest.mark.parametrize("names", [("utf-8", "gb18030"), ("gb18030", "utf-8")])
@given(drawn=lines)
@few
def test_lines_in_turn_in_two_codecs_are_read(names: tuple[str, str], drawn: list[str]) -> None:
    """Each line is read in its own codec."""
    damage = in_turn("".join(drawn), names)
    assert damage.truth == text_of(decoded(damage.content))


# ---------------------------------------------------------------------------------------------------------- any bytes

edited = st.builds(
    lambda lines, codec, tail, places, byte: functools.reduce(
        lambda content, place: content[:place] + byte + content[place + 1 :],
        places,
        "".join(lines).encode(codec, "ignore") + tail.encode(codec, "ignore"),
    ),
    lines,
    st.sampled_from(RAW_CHINESE),
    st.sampled_from(["", "ê̄", "䶰", "𠮷", "の①∕", "绡绨绫绮绯绱"]),
    st.lists(st.integers(0, 400), max_size=3),
    st.sampled_from([b"", b"\xff", b"\xb0", b"a", b"\xe4\xba"]),
)
any_bytes = st.one_of(
    st.binary(max_size=300),
    edited,
    st.lists(st.sampled_from([*"锛銆鐨涓ㄛ﹝縲ã€Â¤ï¼\u0081\\u4eba&#20154;\n中的，"]), max_size=80).map(
        lambda drawn: "".join(drawn).encode()
    ),
)


@given(any_bytes)
def test_any_bytes_go_to_text_and_back(content: bytes) -> None:
    """No bytes stop the first stage, and from what it makes of them they can be had back."""
    document = decoded(content)
    assert document.verdict.reason != "step_failed"
    assert content == document.decoding.encode(document.history.original)


@pytest.mark.parametrize("readings", [((written, read),) for written, read in PAIRS])
@given(text=st.data())
@few
def test_repairing_again_changes_nothing(readings: Readings, text: st.DataObject) -> None:
    """What was repaired is clean; and every edit stands where it says, and can be undone."""
    place = text.draw(st.sampled_from(PLACES))
    drawn = text.draw(lines.filter(lambda drawn: can_encode("".join(drawn), readings[0][0])))
    wrong = in_places("".join(drawn), place.spans("".join(drawn)), *readings).content.decode()
    once = Text(wrong).revise(repair_mojibake)
    assert once.value == Text(once.value).revise(repair_mojibake).value
    assert wrong == once.original
    for layer in (revision.layer for revision in once.revisions):
        for edit, start in zip(layer, layer.out_starts.tolist(), strict=True):
            assert edit.before == wrong[edit.start : edit.end]
            assert edit.after == once.value[start : start + len(edit.after)]
            assert (edit.start, edit.end) == once.origin((start, start + len(edit.after)))
