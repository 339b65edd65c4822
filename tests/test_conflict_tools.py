"""Conflicts as tools really write them: both sides, the base and the labels are found, exactly.

Here belong laws over what ``conflict_tools.py`` makes of the documents of ``conflict_documents.py``. What the grammar
and the step do with other texts stands in ``test_conflicts.py``.
"""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

import pytest
from conflict_documents import Document, Region, Sides, drawn
from conflict_tools import (
    FILE_LABELS,
    MERGE_FILES,
    REPOSITORIES,
    CrissCross,
    Labels,
    Tool,
    Versions,
    criss_cross,
    merge_file,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.conflicts.embedded import read_lines
from pipeline.conflicts.grammar import labels_of, parse, render, style_of
from pipeline.conflicts.nodes import Conflict, Node
from pipeline.steps.conflicts import ResolveConflicts
from pipeline.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from _pytest.mark import ParameterSet
    from conflict_documents import Lines, Part

    from pipeline.options import Policy

    Nest: TypeAlias = "str | tuple[Labels, Nest, Nest]"


# Every example starts a process or more; the same ones in every run.
few = settings(max_examples=10, derandomize=True, deadline=None)

# ---------------------------------------------------------------------------------------------------- what was found


def conflicts(text: str) -> list[Conflict]:
    """The outermost conflicts of a text."""
    return [node for node in parse(read_lines(text)) if isinstance(node, Conflict)]


def sides_of(conflict: Conflict) -> Sides:
    """The sides of a conflict, as text."""
    base = None if conflict.base is None else render(conflict.base)
    return Sides(render(conflict.ours), base, render(conflict.theirs))


def parts_of(text: str) -> list[Part]:
    """What the grammar makes of a text, in the form in which it is known of a document."""
    parts: list[Part] = []
    plain: list[Node] = []
    for node in parse(read_lines(text)):
        if isinstance(node, Conflict):
            parts += [render(plain), sides_of(node)] if plain else [sides_of(node)]
            plain = []
        else:
            plain.append(node)
    return [*parts, render(plain)] if plain else parts


def labels_in(conflict: Conflict) -> Labels:
    """The labels of a conflict; Mercurial aligns what it says of commits, which says nothing."""
    found = {name: " ".join(label.split()) for name, label in labels_of(conflict).items()}
    return Labels(found["ours"], found.get("base"), found["theirs"])


def cleaned(text: str, policy: Policy) -> str:
    """The text with its conflicts resolved."""
    return Text(text).revise(ResolveConflicts(policy)).value


# -------------------------------------------------------------------------------------------------------------- laws


class Merged(NamedTuple):
    """Documents, what a tool made of each of them, and the labels that it wrote."""

    documents: list[Document]
    texts: tuple[str, ...]
    labels: Labels


@cache
def merged(tool: Tool) -> Merged:
    """What a tool makes of random documents."""
    made = drawn(tool.size, ends_last_line=tool.ends_last_line)
    texts, labels = tool.merge([document.versions for document in made])
    assert len(made) == len(texts)
    return Merged(made, texts, labels)


def case(tool: Tool) -> ParameterSet:
    """A tool as a parameter; skipped with a reason where it is not here."""
    return pytest.param(tool, id=tool.name, marks=pytest.mark.skipif(bool(tool.missing), reason=tool.missing))


PLAIN = MERGE_FILES[0]
TOOLS = (*MERGE_FILES, *REPOSITORIES)

with_git = pytest.mark.skipif(bool(PLAIN.missing), reason=PLAIN.missing)

with_all_tools = pytest.mark.parametrize("tool", [case(tool) for tool in TOOLS])


@with_all_tools
def test_the_sides_are_found_exactly(tool: Tool) -> None:
    """Ours, base and theirs are what was put in, in order, and all else stands outside of conflicts."""
    documents, texts, _ = merged(tool)
    for document, text in zip(documents, texts, strict=True):
        assert text == render(parse(read_lines(text)))
        assert document.parts(tool) == parts_of(text)


@pytest.mark.parametrize("tool", [case(tool) for tool in TOOLS])
def test_the_labels_are_found(tool: Tool) -> None:
    """The labels are those that the tool was asked for, or that it writes of itself."""
    _, texts, labels = merged(tool)
    assert {labels} == {labels_in(conflict) for text in texts for conflict in conflicts(text)}


@pytest.mark.parametrize("tool", [case(tool) for tool in TOOLS])
def test_the_style_is_told(tool: Tool) -> None:
    """The labels say which tool wrote a conflict."""
    assert {tool.style} == {style_of(conflict) for text in merged(tool).texts for conflict in conflicts(text)}


@with_all_tools
@pytest.mark.parametrize("policy", ["ours", "theirs"])
def test_one_version_is_kept(tool: Tool, policy: Policy) -> None:
    """Where no rule decides otherwise the version of one side is what stays, and what was merged around it."""
    documents, texts, _ = merged(tool)
    for document, text in zip(documents, texts, strict=True):
        if not any(region.is_labelled for region in document.regions):
            assert document.resolved(policy, tool) == cleaned(text, policy)


@with_all_tools
@pytest.mark.parametrize("policy", ["smart", "both"])
def test_nothing_is_made_up(tool: Tool, policy: Policy) -> None:
    """Every line that stays is a line of one of the sides: no marker is among them, and nothing of a base."""
    documents, texts, _ = merged(tool)
    for document, text in zip(documents, texts, strict=True):
        _, ours, theirs = document.versions
        assert set() == {*cleaned(text, policy).splitlines()} - {*ours.splitlines(), *theirs.splitlines()}


def simple(region: Region, *, is_ended: bool = True, is_closed: bool = True) -> Document:
    """A document with this region between lines that nobody changed, or behind them where it is not closed.

    >>> simple(RIVALS, is_closed=False).versions.ours.splitlines()[-1]
    '甲地的办法。'
    """
    before, after = (tuple(f"第{part}部分第{line}句，没有改动。" for line in range(5)) for part in "甲乙")
    return Document((before, after if is_closed else ()), (region,), "\n", is_ended)


RIVALS = Region(("原来的办法。",), ("甲地的办法。",), ("乙地的办法。",))
BASE, OURS, THEIRS = simple(RIVALS).versions

LABELS = st.one_of(
    st.sampled_from(
        ["", "HEAD", "ours.txt", "feature/修订稿", "报告：第二稿.txt", "a b", "(no branch)", "r1", "第一章 "]
    ),
    st.text(alphabet="甲乙 ab./-:：()@~^0", max_size=12),
)


@with_git
@few
@given(st.builds(Labels, LABELS, LABELS, LABELS))
def test_any_label_is_found(labels: Labels) -> None:
    """What was asked for with `-L` is read, but for blanks around it."""
    (conflict,) = conflicts(merge_file(Versions(BASE, OURS, THEIRS), "--diff3", labels=labels))

    assert Labels(*(" ".join((label or "").split()) for label in labels)) == labels_in(conflict)
    assert Sides("甲地的办法。\n", "原来的办法。\n", "乙地的办法。\n") == sides_of(conflict)


@with_git
@pytest.mark.parametrize("theirs", ["3b3473f (=== 第二稿 ===)", "a>>>b"])
def test_a_label_with_signs_is_found(theirs: str) -> None:
    """A commit may be called anything, and a branch may have signs in its name."""
    asked = FILE_LABELS._replace(base=None, theirs=theirs)
    text = merge_file(Versions(BASE, OURS, THEIRS), labels=asked)

    assert [asked] == [labels_in(conflict) for conflict in conflicts(text)]


MERGEDIFF = next(tool for tool in TOOLS if ":mergediff" in tool.name)


@pytest.mark.parametrize("tool", [case(MERGEDIFF)])
def test_a_side_that_is_written_as_a_difference_is_found(tool: Tool) -> None:
    """Of Mercurial's newest form one side is a difference from the base, and the other stands there as it is."""
    document = simple(RIVALS)
    assert document.parts(tool) == parts_of(tool.merge([document.versions]).texts[0])


@pytest.mark.parametrize("tool", [case(MERGEDIFF)])
@pytest.mark.parametrize(
    "region",
    [
        pytest.param(
            Region(("起初。", "同。", "原来。"), ("甲地。",), ("乙地。", "同。", "丙地。")), id="theirs differs less"
        ),
        pytest.param(
            Region(("原来。",), ("甲地。",), ("乙地。", "======= 第二稿 =======", "正文。")), id="a rule with words"
        ),
        pytest.param(Region(("原来。",), ("甲地。",), ("标题", "-------", "正文。")), id="an underline of a heading"),
    ],
)
def test_a_difference_is_told_from_a_side(tool: Tool, region: Region) -> None:
    """Either side may be the difference, and rules in the other are none of its markers."""
    document = simple(region)
    assert document.parts(tool) == parts_of(tool.merge([document.versions]).texts[0])


@pytest.mark.parametrize(
    "tool",
    [case(tool) for tool in REPOSITORIES if tool.name in {"hg merge :merge", "hg update :merge3", "svn update"}],
)
def test_markers_at_the_end_of_a_line_are_found(tool: Tool) -> None:
    """Where the last line has no end, Mercurial and Subversion write their markers behind it, on the same line."""
    versions = simple(RIVALS, is_closed=False, is_ended=False).versions
    (text,) = tool.merge([versions]).texts
    assert versions[1:] == (cleaned(text, "ours").rstrip("\n"), cleaned(text, "theirs").rstrip("\n"))


# ------------------------------------------------------------------------------------ headings between the same signs

TITLES = ("第{}章", "Ch {}", "§ {}")
LONG_LINES = ("第{}条 为了规范管理，制定本办法。", "The state of component {} is independent.", "- 青澜市第{}档案馆")


@st.composite
def sides_with_headings(draw: st.DrawFn, numbers: Iterator[int]) -> Lines:
    """Paragraphs, some of them under a heading with as many signs below it as a marker has."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            lines += [draw(st.sampled_from(TITLES)).format(next(numbers)), "======="]
        lines.append(draw(st.sampled_from(LONG_LINES)).format(next(numbers)))
    return tuple(lines)


@with_git
@few
@given(st.data())
def test_headings_do_not_divide_the_sides(data: st.DataObject) -> None:
    """Between lines longer than it, `=======` divides the sides; below a line of its width it is an underline."""
    numbers = count(1001)
    ours, theirs = (data.draw(sides_with_headings(numbers)) for _ in range(2))
    document = simple(Region(("原来的办法，没有改动。",), ours, theirs))

    assert document.parts(PLAIN) == parts_of(PLAIN.merge([document.versions]).texts[0])


@with_git
def test_a_heading_is_told_from_a_short_last_line() -> None:
    """The line above the separator is shorter than the separator, and another one is not."""
    document = simple(Region(("原来的办法。",), ("Modules", "=======", "正文。"), ("乙地的办法。",)))

    assert document.parts(PLAIN) == parts_of(PLAIN.merge([document.versions]).texts[0])


# --------------------------------------------------------------------------------------- conflicts inside of conflicts


def nest_of(nodes: Sequence[Node]) -> Nest:
    """What stands in a side: another conflict with its labels, or text."""
    if len(nodes) == 1 and isinstance(nodes[0], Conflict):
        return labels_in(nodes[0]), nest_of(nodes[0].ours), nest_of(nodes[0].theirs)
    return render(nodes)


def nested(steps: Iterable[tuple[int, bool]]) -> tuple[str, Nest]:
    """A document that was committed with its conflict and merged again, and how its conflicts have to stand.

    Each step says the size of its markers, and whether the conflict so far stands in ours.
    """
    text, nest = OURS, cast("Nest", "甲地的办法。\n")
    for number, (size, is_ours) in enumerate(steps):
        labels = Labels(f"ours/{number}", None, f"theirs/{number}")
        other = f"第{number}稿的办法。\n"
        texts, nests = (text, BASE.replace("原来的办法。\n", other)), (nest, other)
        ours, theirs = texts if is_ours else texts[::-1]
        text = merge_file(Versions(BASE, ours, theirs), f"--marker-size={size}", labels=labels)
        nest = (labels, *(nests if is_ours else nests[::-1]))
    return text, nest


@with_git
@few
@given(st.lists(st.tuples(st.sampled_from([7, 7, 11]), st.booleans()), min_size=2, max_size=6))
def test_conflicts_that_were_committed_and_merged_again_are_found(steps: list[tuple[int, bool]]) -> None:
    """Each conflict is a side of the next, between markers of one size or another."""
    text, nest = nested(steps)
    assert [nest] == [nest_of([conflict]) for conflict in conflicts(text)]


@with_git
def test_a_long_chain_of_conflicts_is_found() -> None:
    """As many conflicts inside each other as were ever seen, in ours and in theirs by turns."""
    text, nest = nested((7, number % 3 < 2) for number in range(46))

    assert [nest] == [nest_of([conflict]) for conflict in conflicts(text)]
    assert BASE.replace("原来", "第45稿") == cleaned(text, "theirs")


@with_git
@pytest.mark.parametrize("configured", ["merge", "diff3"])
def test_a_criss_cross_merge_is_found(configured: str) -> None:
    """What two merges had in common is a conflict itself, with a base of its own and longer markers."""
    first, one, two, ours, theirs = (f"{name}的办法。\n" for name in ("原来", "甲地", "乙地", "丙地", "丁地"))
    versions = (BASE.replace(first, line) for line in (first, one, two, ours, theirs))
    text = criss_cross(CrissCross(*versions), configured)

    (conflict,) = conflicts(text)
    assert (ours, theirs) == (render(conflict.ours), render(conflict.theirs))
    if configured == "diff3":
        (common,) = conflicts(render(conflict.base or ()))
        # Which of the two comes first git decides, by the names of the commits.
        assert {one, two} == {render(common.ours), render(common.theirs)}
        assert first == render(common.base or ())
    assert BASE.replace(first, theirs) == cleaned(text, "theirs")


@with_git
@pytest.mark.parametrize(("size", "line"), [(7, "<<< back"), (9, "<<<<<<< HEAD")])
def test_a_lone_opening_in_a_side_hides_no_separator(size: int, line: str) -> None:
    """Signs that point to the left open nothing; and longer markers are asked for where a document has shorter ones."""
    tool = next(tool for tool in MERGE_FILES if tool.size == size)
    document = simple(Region(("原来的办法。",), ("甲地的办法。", line, "以下为正文。"), ("乙地的办法。",)))

    assert document.parts(tool) == parts_of(tool.merge([document.versions]).texts[0])
