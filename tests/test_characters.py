"""Characters brought into one form: laws over arbitrary texts.

Single decisions are cases in `cases/`, one file a step.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.steps.characters import (
    compose,
    decode_entities,
    normalise_line_ends,
    strip_byte_order_mark,
    strip_controls,
)
from pipeline.steps.lost_characters import flag_lost_characters
from pipeline.text import Text

if TYPE_CHECKING:
    from pipeline.text import Step

STEPS = (strip_byte_order_mark, flag_lost_characters, normalise_line_ends, strip_controls, decode_entities, compose)

TOKENS = (
    *(
        "人工",
        "智能",
        "A",
        "1",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\r\r\n",
        "\x85",
        "\u2028",
        "\x0c",
        "\x00",
        "\x9d",
        "\xad",
        "\t",
    ),
    *("\ufeff", "\u200b", "\u200c", "\u200d", "\u200e", "\u202a", "\u061c", "\ufe0f", "\ufe00", "\U000e0100", "\ufffc"),
    *(
        "\U000e0041",
        "\U0001f3f4",
        "\U000e007f",
        "👨",
        "❤",
        "ش",
        "क",
        "\ue863",
        "\U000f0000",
        "\ufffd",
        "锟斤拷",
        "“",
        "”",
    ),
    *(
        "e",
        "\u0301",
        "\u0323",
        "\u0307",
        "\uf9fd",
        "\u212b",
        "\u1112",
        "\u1161",
        "\u11ab",
        "가",
        "か",
        "\u3099",
        "\u0f71\u0f72",
    ),
    *(
        "&nbsp;",
        "&nbsp",
        "&amp;",
        "amp;",
        "&#38;",
        "nbsp;",
        "&lt;",
        "&gt;",
        "&#13;",
        "&#10;",
        "&#8203;",
        "&#97;",
        "&",
        "#",
        ";",
    ),
    *(
        "<br>",
        "</p>",
        "<p>",
        "<b>",
        "<em>",
        "</em>",
        "<",
        ">",
        "<p style='x'>",
        "/",
        "p",
        "br",
        "`",
        "# ",
        "```",
        "HTML",
    ),
)
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@given(value=texts)
@settings(max_examples=150, deadline=None)
def test_a_step_is_undone_and_leaves_its_own_output_alone(step: Step, value: str) -> None:
    """Undoing restores the text, and a second run has nothing to do."""
    text = Text(value).revise(step)

    assert value == text.original
    assert text.value == Text(text.value).revise(step).value


@given(texts)
@settings(max_examples=150, deadline=None)
def test_line_ends_are_line_feeds(value: str) -> None:
    """No other line end is left, and no line feed is lost."""
    text = Text(value).revise(normalise_line_ends).value

    assert [] == re.findall("[\r\x0b\x0c\x85\u2028\u2029]", text)
    assert value.count("\n") <= text.count("\n")


@given(st.lists(st.sampled_from(["第一条", "a", "\U0001f600", "\r\n", "\n"]), max_size=30).map("".join))
def test_windows_text_loses_its_carriage_returns_only(value: str) -> None:
    """The quick way for a text whose only other line end is CRLF gives what a replacement gives."""
    assert value.replace("\r\n", "\n") == Text(value).revise(normalise_line_ends).value


@given(texts)
@settings(max_examples=150, deadline=None)
def test_composed_text_is_nfc(value: str) -> None:
    """The result is what Unicode's own normalisation gives."""
    assert unicodedata.normalize("NFC", value) == Text(value).revise(compose).value


@given(texts)
@settings(max_examples=150, deadline=None)
def test_controls_are_gone_and_the_visible_stays(value: str) -> None:
    """No control is left but white space and line ends; what can be seen stays, in order."""
    text = Text(value).revise(strip_controls).value

    assert [] == re.findall("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060-\u2064\ufeff\u00ad\ufffc]", text)
    assert [c for c in value if c.isalnum()] == [c for c in text if c.isalnum()]


@given(texts)
@settings(max_examples=150, deadline=None)
def test_prose_without_signs_of_html_is_left_alone(value: str) -> None:
    """Without an ampersand and an angle bracket there is nothing to decode."""
    value = value.replace("&", "").replace("<", "")

    assert value == Text(value).revise(decode_entities).value
