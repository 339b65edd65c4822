"""A text and its revisions: the laws that hold whatever the steps are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pipeline.edits import Edit
from pipeline.text import NOTHING, Finding, Outcome, Text, View, name_of

if TYPE_CHECKING:
    from pipeline.text import Step


def replacing(pattern: str, after: str) -> Step:
    """A step that replaces every match of a pattern."""

    def replace(view: View) -> Outcome:
        return Outcome([Edit(m.start(), m.group(), after, "test.replace") for m in re.finditer(pattern, view.text)])

    return replace


STEPS = st.lists(
    st.sampled_from(
        [
            replacing("[a-c]", ""),
            replacing("d+", "乙"),
            replacing("(?=e)", "甲"),
            replacing("乙甲", "丙丁"),
            replacing("x", "y"),
        ]
    ),
    max_size=6,
)
TEXTS = st.text(alphabet="abcdex乙甲", max_size=50)


@given(TEXTS, STEPS)
def test_stacked_layers_restore(value: str, steps: list[Step]) -> None:
    """However many steps revised a text, undoing all of them restores it."""
    text = Text(value)
    for step in steps:
        text = text.revise(step)

    assert value == text.original
    assert value == text.at(0)


@given(TEXTS, STEPS, st.data())
def test_spans_map_back_to_the_raw_text(value: str, steps: list[Step], data: st.DataObject) -> None:
    """A span of the last text has an origin within the first; the whole stays within the whole."""
    text = Text(value)
    for step in steps:
        text = text.revise(step)
    start = data.draw(st.integers(0, len(text.value)))
    end = data.draw(st.integers(start, len(text.value)))
    first, last = text.origin((start, end))

    assert 0 <= first <= last <= len(value)


@given(TEXTS)
def test_an_untouched_character_is_found_again(value: str) -> None:
    """A character that no step touches has itself as its origin."""
    text = Text(value + "末").revise(replacing("[a-e]", "")).revise(replacing("x", "yy"))
    start, end = text.origin((len(text.value) - 1, len(text.value)))

    assert "末" == text.original[start:end]


def test_a_step_without_edits_leaves_no_revision() -> None:
    """Findings are kept with the depth at which they were made; no edits, no revision."""

    def look(_: View) -> Outcome:
        return Outcome((), (Finding("flag", "seen", (0, 1)),))

    text = Text("ab").revise(replacing("b", "")).revise(look)

    assert 1 == len(text.revisions)
    assert [Finding("flag", "seen", (0, 1), depth=1)] == list(text.findings)


def test_a_view_finds_an_earlier_span_again() -> None:
    """A step can ask where an earlier finding lies now."""
    seen: list[tuple[tuple[int, int], str]] = []

    def mark(_: View) -> Outcome:
        return Outcome((), (Finding("mark", "", (2, 4)),))

    def ask(view: View) -> Outcome:
        seen.extend((view.here(finding), view.text_of(finding)) for finding in view.found("mark"))
        return NOTHING

    Text("aabb").revise(mark).revise(replacing("a", "")).revise(ask)

    assert [((0, 2), "bb")] == seen


def test_a_configured_step_is_named_after_its_class() -> None:
    """The account names a function, or the class of a configured step."""

    class DropSpaces:
        def __call__(self, _: View) -> Outcome:
            return NOTHING

    assert "DropSpaces" == name_of(DropSpaces())
