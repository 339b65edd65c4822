"""Merge conflicts in a text: the grammar of the markers, the account of what was decided, and the real tool.

Here belong laws, policies, findings and flags. Single documents before and after are data, in
``tests/cases/resolve_conflicts.json``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.conflicts.grammar import DEEPEST_NESTING, parse, render, style_of
from pipeline.conflicts.markers import read_marker
from pipeline.conflicts.nodes import Conflict, Lone, split_lines
from pipeline.steps.conflicts import RULES, ResolveConflicts, resolve_conflicts
from pipeline.text import NOTHING, Text, View, name_of

if TYPE_CHECKING:
    from pipeline.options import Policy

CASES = json.loads((Path(__file__).parent / "cases" / "resolve_conflicts.json").read_text("utf-8"))

MARKERS = (
    "<<<<<<< HEAD",
    "<<<<<<<",
    "<<<<<<< Updated upstream",
    "<<<<<<<<< ours.txt",
    "||||||| base",
    "||||||| 3a687c9",
    "||||||||| o",
    "=======",
    "=========",
    ">>>>>>> Stashed changes",
    ">>>>>>>",
    ">>>>>>> 3a687c9 (修正措辞)",
    ">>>>>>> master",
    ">>>>>>>>> theirs.txt",
    "> > > > > > > a2aa8ba",
    *("<<<<< a", "=====", ">>>>> b"),
    *("    <<<<<<< HEAD", "    =======", "    >>>>>>> b"),
    *("&lt;&lt;&lt;&lt;&lt;&lt;&lt; HEAD", "&gt;&gt;&gt;&gt;&gt;&gt;&gt; b"),
    *(">>>> ORIGINAL //depot/a#1", "==== THEIRS //depot/a#2", "==== YOURS //client/a", "<<<<"),
    *("v v v v v v v", "=============", "*************", "^ ^ ^ ^ ^ ^ ^"),
    *(
        "<<<<<<< BEGIN MERGE CONFLICT: local copy shown first <<<<<<<<<<<<<<<",
        "======= MERGED IN content follows =======",
    ),
    *(
        "<<<<<<< Conflict 1 of 1",
        "------- Contents of base",
        "+++++++ Contents of side #2",
        ">>>>>>> Conflict 1 of 1 ends",
    ),
)
PROSE = (
    "",
    "　　",
    "第一条 为了规范管理，制定本办法。",
    "第一条 为了规范管理，制定本办法。  ",
    "第二条 本办法自发布之日起施行。",
    "关键词: ",
    "关键词: 海洋,渔业",
    "行业：",
    "- 青澜市档案馆",
    "- 渔港联合会",
    "The state of each component is independent.",
    "Modules",
    "```",
    "----",
    ">> 引用",
    "git merge 之后有冲突",
    "`=======`",
)
LINES = st.tuples(st.sampled_from(MARKERS + PROSE), st.sampled_from(("\n", "\n", "\n", "\r\n")))
DOCUMENTS = st.builds(
    lambda lines, tail: "".join(line + end for line, end in lines) + tail,
    st.lists(LINES, max_size=40),
    st.sampled_from(("", *MARKERS, *PROSE)),
)
BLOCK = "<<<<<<< HEAD\n甲地\n=======\n乙地\n>>>>>>> b\n"


def conflicts(text: str) -> list[Conflict]:
    """The outermost complete conflicts of a text."""
    return [node for node in parse(split_lines(text)) if isinstance(node, Conflict)]


def flags(text: Text) -> set[str]:
    """The flags that were found."""
    return {finding.value for finding in text.findings if finding.kind == "flag"}


def bare_lines(text: str) -> Counter[str]:
    """How often each line stands in a text, whatever ends it."""
    return Counter(line.text.rstrip("\r\n") for line in split_lines(text))


def outside(text: Text) -> Counter[str]:
    """How often each line of the original stands outside of all that was found to be a conflict."""
    found = [finding.span for finding in text.findings if finding.kind == "conflict"]
    lines = split_lines(text.original)
    return Counter(
        line.text.rstrip("\r\n") for line in lines if not any(start <= line.start < end for start, end in found)
    )


@given(st.one_of(DOCUMENTS, st.text(alphabet="<>|= a一\n\r", max_size=80), st.text()))
def test_parsing_and_rendering_give_the_text_back(text: str) -> None:
    """Whatever is parsed is rendered again, character for character."""
    assert text == render(parse(split_lines(text)))


@given(DOCUMENTS)
@example("<<<<<<<\n=======\n<<<<<<< HEAD\n甲\n=======\n乙\n>>>>>>> b\n>>>>>>>\n")
@example("=======\n" + "<<<<<<< HEAD\n" * 3 + "=======\n>>>>>>> b\n" * 3)
def test_the_account_is_whole(text: str) -> None:
    """The original is restored, a second run has nothing to do, and no line outside of conflicts goes or comes."""
    revised = Text(text).revise(resolve_conflicts)
    again = revised.revise(resolve_conflicts)

    assert text == revised.original
    assert revised.value == again.value
    assert set() == {edit.rule for revision in revised.revisions for edit in revision.layer} - RULES.keys()
    assert Counter() == bare_lines(revised.value) - bare_lines(text), "a line was invented"
    assert Counter() == outside(revised) - bare_lines(revised.value), "a line outside of conflicts was lost"


def jujutsu(before: str, after: str, theirs: str) -> str:
    """A conflict as Jujutsu writes it, one side as a difference of single lines."""
    return (
        f"<<<<<<< Conflict 1 of 1\n%%%%%%% Changes from base to side #1\n 同。\n-{before}\n+{after}\n"
        f"+++++++ Contents of side #2\n{theirs}\n>>>>>>> Conflict 1 of 1 ends\n"
    )


@given(st.sampled_from(PROSE), st.sampled_from(PROSE), st.sampled_from(PROSE))
def test_the_sides_of_a_difference_are_read(before: str, after: str, theirs: str) -> None:
    """Of a difference, the base is what was there before and ours what is there now; no real tool is asked."""
    text = jujutsu(before, after, theirs)
    (conflict,) = conflicts(text)
    assert text == render([conflict])
    assert f"同。\n{after}\n" == render(conflict.ours)
    assert f"同。\n{before}\n" == render(conflict.base or ())
    assert f"{theirs}\n" == render(conflict.theirs)


@given(st.text("甲乙丙，。", max_size=12), st.text("甲乙丙，。", max_size=8), st.text("丁戊己，。", max_size=8))
def test_a_conflict_within_a_line_leaves_the_rest_of_the_line(around: str, ours: str, theirs: str) -> None:
    """What stands before and behind stays where it is, and of the sides one that was written."""
    text = f"{around}<<<<<<< HEAD {ours} ======= {theirs} >>>>>>> b {around}\n"
    value = Text(text).revise(ResolveConflicts("ours")).value
    assert value.replace(" ", "") in {f"{around}{side}{around}\n" for side in (ours, theirs)}


@given(st.lists(st.sampled_from(PROSE), max_size=8), st.lists(st.sampled_from(PROSE), max_size=8), DOCUMENTS)
def test_a_block_in_any_text_is_found(ours: list[str], theirs: list[str], text: str) -> None:
    """Two sides without markers are found exactly, whatever stands before."""
    left, right = ("".join(line + "\n" for line in side) for side in (ours, theirs))
    lead = f"{text}\n" if text else ""
    found = conflicts(f"{lead}<<<<<<< HEAD\n{left}=======\n{right}>>>>>>> b\n")

    if not found or found[-1].opening.start != len(lead):
        # What stands before may hold an opening that takes the last block into one of its sides.
        assert any(marker is not None and marker.sign == "<" for marker in map(read_marker, text.split("\n")))
    elif "Modules" not in ours:
        assert (left, right) == (render(found[-1].ours), render(found[-1].theirs))


@pytest.mark.parametrize(
    "line",
    [
        "<< HEAD",
        "<<<<<<<HEAD",
        "======= 完 =======",
        "=======x",
        "<<<<<<< 目录 >>>>>>>",
        ">>>>>>> ======= x",
        " <<<<<< HEAD",
        "&lt;&lt; HEAD",
        "> > > > > > >",
        "> > > > > > > > 引用",
        "|||||||x",
    ],
)
def test_other_lines_are_no_markers(line: str) -> None:
    """Too few signs, signs within a word, rules with words in them, and deeper quoted lines are not markers."""
    assert read_marker(line) is None


@pytest.mark.parametrize(
    ("block", "style"),
    [
        ("<<<<<<< HEAD\n=======\n>>>>>>> feature/a\n", "merge"),
        ("<<<<<<< HEAD\n||||||| 3a687c9\n=======\n>>>>>>> feature/a\n", "merge diff3"),
        ("<<<<<<< HEAD\n=======\n>>>>>>> e41654708d918922b274a6ba065ba432f54ddbc5\n", "merge"),
        ("<<<<<<< Updated upstream\n=======\n>>>>>>> Stashed changes\n", "stash"),
        ("<<<<<<< HEAD\n=======\n>>>>>>> 3b3473f (合并征求意见)\n", "rebase"),
        ("<<<<<<< HEAD\n=======\n>>>>>>> 3b3473f... Fix typos\n", "rebase"),
        ("<<<<<<< HEAD\n=======\n>>>>>>> Fix typos\n", "rebase"),
        ("<<<<<<< HEAD\n||||||| parent of 3b3473f (a)\n=======\n>>>>>>> 3b3473f (a)\n", "rebase diff3"),
        ("<<<<<<< .mine\n||||||| .r1\n=======\n>>>>>>> .r2\n", "svn diff3"),
        ("<<<<<<< working copy: fe9743d5aeba - a: b\n=======\n>>>>>>> merge rev: d1515e4aef80 - a: b\n", "hg"),
    ],
)
def test_the_style_is_read_from_the_labels(block: str, style: str) -> None:
    """The labels tell which tool wrote a block, and a base is part of the style."""
    assert [style] == [style_of(conflict) for conflict in conflicts(block)]


@pytest.mark.parametrize(
    ("policy", "expected"), [("smart", "甲地\n"), ("ours", "甲地\n"), ("theirs", "乙地\n"), ("both", "甲地\n乙地\n")]
)
def test_a_policy_decides_between_rivals(policy: Policy, expected: str) -> None:
    """Each policy keeps its side, and the guess is flagged."""
    text = Text(BLOCK).revise(ResolveConflicts(policy))

    assert expected == text.value
    assert "conflict_in_prose" in flags(text)


@pytest.mark.parametrize("policy", ["ours", "theirs", "both"])
def test_a_policy_does_not_overrule_the_rules(policy: Policy) -> None:
    """Equal sides become one, and an empty side gives way, whatever the policy."""
    text = Text(BLOCK.replace("乙地", "甲地") + BLOCK.replace("乙地\n", "") + BLOCK.replace("甲地\n", ""))

    assert "甲地\n甲地\n乙地\n" == text.revise(ResolveConflicts(policy)).value


def test_a_configured_step_keeps_its_name() -> None:
    """The account calls the step the same, with any policy."""
    assert name_of(resolve_conflicts) == name_of(ResolveConflicts("both"))


def test_findings_of_a_rival_block() -> None:
    """A block is found with its resolution, its span from marker to marker, and its style."""
    text = Text("前\n" + BLOCK + "后\n").revise(resolve_conflicts)
    (found,) = (finding for finding in text.findings if finding.kind == "conflict")

    assert ("ours", (2, 2 + len(BLOCK)), "merge") == (found.value, found.span, found.note)
    assert {"conflict_resolved", "conflict_markers_removed", "conflict_in_prose"} == flags(text)


def test_flags_of_a_block_that_a_rule_decides() -> None:
    """Where nothing was guessed, the prose is not suspect."""
    text = Text(BLOCK.replace("乙地\n", "")).revise(resolve_conflicts)

    assert {"conflict_resolved", "conflict_markers_removed"} == flags(text)


def test_flags_of_a_lone_marker() -> None:
    """A marker that goes alone resolves nothing."""
    text = Text("正文。\n>>>>>>> master\n").revise(resolve_conflicts)

    assert {"conflict_markers_removed"} == flags(text)


@pytest.mark.parametrize("text", ["", "正文。\n", "用法\n=======\n", ">>> print(1)\n"])
def test_a_text_without_markers_costs_nothing(text: str) -> None:
    """Without seven signs in a row of the kinds that only conflicts have, the step does not even look for lines."""
    assert resolve_conflicts(View(text)) is NOTHING


def test_a_chain_of_conflicts_is_resolved_from_within() -> None:
    """As many conflicts inside each other as were ever seen become one line."""
    depth = 46
    text = Text("<<<<<<< HEAD\n" * depth + "甲地\n" + "=======\n乙地\n>>>>>>> b\n" * depth).revise(resolve_conflicts)

    assert "甲地\n" == text.value
    assert depth == sum(finding.kind == "conflict" for finding in text.findings)


def test_a_nest_that_no_tool_makes_is_left_alone() -> None:
    """Beyond the deepest nesting nothing is resolved, and nothing is lost."""
    depth = DEEPEST_NESTING + 1
    text = "<<<<<<< HEAD\n" * depth + "甲地\n" + "=======\n乙地\n>>>>>>> b\n" * depth

    assert text == Text(text).revise(resolve_conflicts).value


def test_many_openings_and_many_endings_are_lone() -> None:
    """Markers that do not make a block are found one by one, however many there are."""
    nodes = parse(split_lines(">>>>>>> b\n" * 2000 + "<<<<<<< HEAD\n" * 2000 + ">>>>>>> b\n" * 2000))

    assert 6000 == sum(isinstance(node, Lone) for node in nodes)


def test_every_rule_has_a_case() -> None:
    """The catalogue of rules and the cases know the same rules."""
    assert set(RULES) == {rule for case in CASES for rule in case["rules"]}


SENTENCES = st.lists(
    st.sampled_from(tuple(f"第{n}条 {what}。\n" for n in "一二三四" for what in ("甲", "乙"))), min_size=1, max_size=8
)


def _merged(folder: Path, *options: str) -> str:
    command = ["git", "merge-file", "-p", "-q", *options, "ours", "base", "theirs"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout.decode("utf-8")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(
    "options", [(), ("--diff3",), ("--zdiff3",), ("--marker-size=10",), ("--diff3", "--marker-size=9")]
)
@settings(max_examples=8)
@given(base=SENTENCES, ours=SENTENCES, theirs=SENTENCES)
def test_the_sides_of_a_real_merge_are_found(
    options: tuple[str, ...], base: list[str], ours: list[str], theirs: list[str]
) -> None:
    """Git's own `--ours` and `--theirs` are what the sides that were found amount to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, lines in (("base", base), ("ours", ours), ("theirs", theirs)):
            (folder / file).write_text("".join(lines), "utf-8")
        nodes = parse(split_lines(_merged(folder, *options)))
        expected = _merged(folder, "--ours"), _merged(folder, "--theirs")

    found = tuple(
        "".join(render(getattr(node, side) if isinstance(node, Conflict) else [node]) for node in nodes)
        for side in ("ours", "theirs")
    )
    assert expected == found


def test_real_documents_about_conflicts_stay(shared: Path) -> None:
    """Documents with underlines, prompts, or lessons about git come through unchanged; markers in others go."""
    folder = shared / "corpus" / "dev" / "conflicts"
    changed, left = [], []
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        content = (folder / row["file"]).read_bytes()
        try:
            before = content.decode("utf-8")
        except UnicodeDecodeError:
            before = content.decode("gb18030")
        after = Text(before).revise(resolve_conflicts).value
        if row["kind"] == "false_positive_trap":
            changed += [row["file"]] * (after != before)
        else:
            left += [row["file"]] * any(isinstance(node, Conflict | Lone) for node in parse(split_lines(after)))

    assert ([], []) == (changed, left)
