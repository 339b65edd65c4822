"""The quick look for a class of characters: it answers what the pattern answers."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.character_class import CharacterClass

TONES, MARKS, HALVES = "[āáǎà]", "[\\u0300-\\u036f]", "[\\ud83c-\\ud83e]"
CLASSES = {pattern: CharacterClass(pattern) for pattern in (TONES, MARKS)}
texts = st.text(st.one_of(st.sampled_from("aāǎ\u0301業\udc00"), st.characters()), max_size=12)


@given(st.lists(texts, max_size=6))
def test_it_answers_what_the_pattern_answers(several: list[str]) -> None:
    """For one text after the other, and for one that was asked about before."""
    for text in [*several, *several]:
        assert [re.search(pattern, text) is not None for pattern in CLASSES] == [
            found.may_occur_in(text) for found in CLASSES.values()
        ]


def test_a_class_that_is_made_later_is_looked_for_too() -> None:
    """Also in the text that was asked about last; a character beyond the basic plane counts as its halves."""
    text = "人工\U0001f600智能"
    assert not CLASSES[TONES].may_occur_in(text)

    assert CharacterClass(HALVES).may_occur_in(text)
    assert not CharacterClass(HALVES).may_occur_in("人工智能")
