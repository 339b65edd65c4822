"""Values taken from a revised text at the layer that they deserve, with personal data masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.edits import Edit
from pipeline.metadata.reading import Reader
from pipeline.steps.paragraphs import tidy_lines, tidy_spaces
from pipeline.steps.personal_data import find_personal_data, mask_personal_data
from pipeline.steps.punctuation import restore_punctuation
from pipeline.steps.script import convert_script as convert
from pipeline.text import Finding, Outcome, Text, View

if TYPE_CHECKING:
    from pipeline.text import Step

TRADITIONAL = "推動人工智能產業發展，建設創新試驗區；鼓勵企業與學術機構開展聯合研究，關注長遠規劃。"
SIMPLIFIED = "推动人工智能产业发展，建设创新试验区；鼓励企业与学术机构开展联合研究，关注长远规划。"


def convert_script(view: View) -> Outcome:
    """A conversion that changes lengths: 鹽 becomes 食盐, 計算機 becomes 电脑, as a vocabulary of phrases would."""
    words = {"鹽": "食盐", "計算機": "电脑", "業": "业"}
    edits = []
    for word, simple in words.items():
        at = view.text.find(word)
        while at >= 0:
            edits.append(Edit(at, word, simple, "script.example"))
            at = view.text.find(word, at + 1)
    return Outcome(edits)


def note(kind: str, phrase: str) -> Step:
    """A step that notes where a phrase stands."""

    def find(view: View) -> Outcome:
        at = view.text.index(phrase)
        return Outcome((), [Finding(kind, "", (at, at + len(phrase)))])

    return find


def test_original_script_without_a_conversion() -> None:
    """Nothing was converted, so there is no other script."""
    assert None is Reader(Text("甲地发布方案。\n").revise(tidy_lines)).original_script()


def test_original_script_with_equal_lengths() -> None:
    """The published text with the script edits alone undone: cuts, spaces and marks stay as they are."""
    folded = TRADITIONAL.replace("，", ",").replace("；", ";")
    history = Text(f"　　{folded * 8}\n\n關 於 智 能 的 通 知\n").revise(convert)
    for step in (tidy_spaces, tidy_lines, restore_punctuation):
        history = history.revise(step)

    assert f"{SIMPLIFIED * 8}\n关于智能的通知" == history.value
    assert f"{TRADITIONAL * 8}\n關於智能的通知" == Reader(history).original_script()


def test_original_script_with_unequal_lengths() -> None:
    """Edits that change a length are put back whole."""
    history = Text("　　鹽業與計算機。\n\n計算機").revise(convert_script).revise(tidy_lines)

    assert "食盐业與电脑。\n电脑" == history.value
    assert "鹽業與計算機。\n計算機" == Reader(history).original_script()


def test_original_script_keeps_the_mask() -> None:
    """A masked datum is masked in the original script as well."""
    history = Text(f"{TRADITIONAL}電話：010-66000000。\n").revise(convert).revise(find_personal_data)
    history = history.revise(mask_personal_data).revise(tidy_lines)

    assert f"{SIMPLIFIED}电话：[PHONE]。" == history.value
    assert f"{TRADITIONAL}電話：[PHONE]。" == Reader(history).original_script()


def test_a_value_at_each_layer() -> None:
    """The same span as it was converted, as it was decoded, and as it was written."""
    history = Text(f"標　題：產業\n{TRADITIONAL}\n").revise(convert).revise(note("title", "标　题：产业"))
    reader = Reader(history.revise(tidy_lines))
    finding = next(reader.found("title"))

    assert ("标　题：产业", "標　題：產業", "標　題：產業") == (
        reader.converted(finding),
        reader.decoded(finding),
        reader.as_written(finding),
    )


def test_values_are_masked_in_the_order_of_the_text() -> None:
    """Several data within one value, found in another order, are all masked, and what stands between them stays."""
    line = "电话：010-66000000，邮箱：a.b@example.org，手机：13800000000，其他"
    history = Text(line).revise(find_personal_data).revise(note("value", line))

    assert "电话：[PHONE]，邮箱：[EMAIL]，手机：[PHONE]，其他" == Reader(history).converted(
        next(Reader(history).found("value"))
    )


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 4, "甲：[EMAIL]"),
        (2, 17, "[EMAIL]"),
        (5, 19, "[EMAIL]，乙"),
        (16, 19, "[EMAIL]，乙"),
        (17, 19, "，乙"),
        (0, 2, "甲："),
    ],
)
def test_a_value_that_overlaps_a_datum(start: int, end: int, expected: str) -> None:
    """One character of a datum in a value is enough for the token; beside it there is none."""
    history = Text("甲：a.b@example.org，乙").revise(find_personal_data)

    assert expected == Reader(history).converted(Finding("value", span=(start, end), depth=0))


def test_masks_follow_the_text() -> None:
    """A value that is taken after the datum was masked, or before it was converted, has its token."""
    page = f"{TRADITIONAL}\n\n　　郵箱：a.b@example.org\n"
    history = Text(page).revise(convert).revise(find_personal_data).revise(mask_personal_data).revise(tidy_lines)
    reader = Reader(history)
    at = history.value.index("邮箱")

    assert "邮箱：[EMAIL]" == reader.converted(
        Finding("value", span=(at, len(history.value)), depth=len(history.revisions))
    )
    assert "郵箱：[EMAIL]" == reader.decoded(
        Finding("value", span=(at, len(history.value)), depth=len(history.revisions))
    )


@pytest.mark.parametrize(
    ("page", "phrase", "expected"),
    [
        ("甲\n乙\n\n丙", "丙", 4),
        ("甲\r\n乙\r\n丙", "丙", 3),
        ("甲\r乙\r丙", "丙", 3),
        ("甲", "甲", 1),
        ("\n\n甲", "甲", 3),
    ],
)
def test_lines_count_from_one_in_the_decoded_text(page: str, phrase: str, expected: int) -> None:
    """A line is that of the raw text, whatever its line ends."""
    reader = Reader(Text(page).revise(note("value", phrase)))

    assert expected == reader.line(next(reader.found("value")))


@given(st.lists(st.sampled_from(["甲", "a.b@example.org", "13800000000", "，", "\n", "x"]), max_size=12), st.data())
def test_no_datum_in_any_span(parts: list[str], data: st.DataObject) -> None:
    """Whatever span is taken, no datum is whole in it."""
    page = "，".join(parts)
    history = Text(page).revise(find_personal_data)
    start = data.draw(st.integers(0, len(page)))
    end = data.draw(st.integers(start, len(page)))
    taken = Reader(history).converted(Finding("value", span=(start, end)))

    assert "a.b@example.org" not in taken
    assert "13800000000" not in taken
