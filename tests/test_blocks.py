"""The lines of a text, asked for from either end: what they are does not depend on who asked first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.blocks import Block, Blocks, blocks, line_above, line_at, line_below, lines_with

LINES = st.sampled_from(["甲", "　乙丙 ", "", " \t", "丁", "\u00a0戊己\u3000"])
TEXTS = st.lists(LINES, max_size=300).map("\n".join)


def every_block(text: str) -> list[Block]:
    """The blocks of a text, found one after the other in the plainest way."""
    found, start = [], 0
    for line in text.split("\n"):
        kept = line.strip()
        if kept:
            at = start + line.index(kept[0])
            found.append(Block(at, at + len(kept), kept, start, start + len(line)))
        start += len(line) + 1
    return found


@given(TEXTS)
def test_all_of_them(text: str) -> None:
    """Counted, gone through and taken one by one."""
    plain = every_block(text)

    assert plain == list(Blocks(text))
    assert len(plain) == len(Blocks(text))
    assert bool(plain) == bool(Blocks(text))
    assert plain == [Blocks(text)[index] for index in range(len(plain))]


@given(TEXTS, st.lists(st.tuples(st.integers(0, 80), st.integers(1, 80)), min_size=1, max_size=6))
def test_some_of_them_in_any_order(text: str, asked: list[tuple[int, int]]) -> None:
    """From the first line, from the last one, from the middle; what was found before changes nothing."""
    plain, found = every_block(text), Blocks(text)
    for start, count in asked:
        assert plain[start : start + count] == list(found[start : start + count])
        assert plain[-count:] == list(found[-count:])
        assert plain[start:] == list(found[start:])
        assert plain[start:-count] == list(found[start:-count])
        assert plain[::-1][:count] == list(found.upwards(count))
        assert (len(plain) > start) == found.reaches(start)
        if start < len(plain):
            assert plain[start] == found[start]
            assert plain[-start - 1] == found[-start - 1]


@given(TEXTS)
def test_by_offset(text: str) -> None:
    """The line that an offset is in, the one above it and the one below."""
    plain, found = every_block(text), blocks(text)
    for index, block in enumerate(plain):
        assert block == line_at(text, block.start) == line_at(text, block.end - 1)
        assert index == found.index_at(block.start) == found.index_at(block.line_end)
        assert (plain[index - 1] if index else None) == line_above(text, block)
        assert (plain[index + 1] if index + 1 < len(plain) else None) == line_below(text, block)
        assert text[block.line_start : block.line_end] == found.lines[index]


@given(TEXTS)
def test_by_a_word(text: str) -> None:
    """Each line with the word once, in order."""
    assert [block for block in every_block(text) if "己" in block.text] == list(lines_with(text, "己"))
