"""What is shown on a terminal or a page: nothing that commands it, nothing that nobody sees."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.orchestration.previews import as_code
from pipeline.visible import UNSEEN, visible


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_nothing_that_commands_a_terminal_is_left(text: str) -> None:
    """Whatever goes in, what comes out is one line that a terminal only prints."""
    assert UNSEEN.search(visible(text)) is None


def test_every_control_and_format_character_of_unicode_is_known() -> None:
    """The pattern is written by hand, since to ask for each character takes too long at every start."""
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    points = (chr(point) for point in range(sys.maxunicode + 1))
    missing = [f"{ord(c):04x}" for c in points if unicodedata.category(c) in unseen and not UNSEEN.match(c)]
    assert [] == missing


@pytest.mark.parametrize("sound", ["正文（zhèng wén）", "a b\u00a0c\u3000d", "naïve – “quoted” …", "𠮷 〇 々"])
def test_what_a_reader_sees_is_left_alone(sound: str) -> None:
    """Text in any script, wide and narrow spaces, signs."""
    assert sound == visible(sound)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("<script>alert(1)</script>", "`<script>alert(1)</script>`"),
        ("[click](javascript:x)", "`[click](javascript:x)`"),
        ("a | b", "`a \\| b`"),
        ("`` ` ``", "``` `` ` `` ```"),
        ("a\n\n# heading", "`a↵↵# heading`"),
        ("\u202eevil", "`\\u202eevil`"),
        ("", "–"),
        (" \u3000", "–"),
    ],
)
def test_raw_text_in_a_preview_is_code(hostile: str, shown: str) -> None:
    """No HTML, no links, no cell of a table more than there are: a span of code is shown as it stands."""
    assert shown == as_code(hostile)


@given(st.text(max_size=40))
def test_a_span_of_code_cannot_be_left(text: str) -> None:
    """The fence is longer than any run of back ticks within."""
    shown = as_code(text)
    if shown != "–":
        fence = len(shown) - len(shown.lstrip("`"))
        assert "`" * fence not in shown[fence:-fence]
        assert "\n" not in shown
