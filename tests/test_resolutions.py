"""What became of merge conflicts: every side as it stood in the raw text, from the findings to the published table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_dataset import SPAM, dataset_of, document, rows

from pipeline import columns
from pipeline.describing.card import card
from pipeline.rebuilding import check_rebuilds
from pipeline.recipe import clean, rules
from pipeline.redaction import MASK
from pipeline.resolutions import LONE_MARKER, Resolved, Side, resolutions
from pipeline.steps.conflicts import resolve_conflicts
from pipeline.text import Finding, Outcome, Text, View

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.staging import Staged

LEAD = "市数据局昨日召开例会，研究公共数据开放的下一步安排，并听取了各区的汇报。\n"
END = "会议还讨论了其他事项，并通报了上一季度的进展情况。\n"
RIVALS = "<<<<<<< HEAD\n会议决定本月公布清单。\n=======\n会议决定暂缓公布清单。\n>>>>>>> draft\n"
MAIL, MOBILE, IDENTITY = "li@example.com", "13800138000", "11010119900307803X"


def _of(text: str) -> tuple[Resolved, ...]:
    return resolutions(Text(text).revise(resolve_conflicts))


# ------------------------------------------------------------------------------------------------ from the findings
def test_sides_are_verbatim() -> None:
    """Line ends and blanks as they were; the span goes from the first marker to the end of the last."""
    conflict = "<<<<<<< HEAD\r\n 甲地。\r\n||||||| 3f2a9c\r\n=======\r\n乙地。 \r\n>>>>>>> a b\r\n"
    (found,) = _of(f"{LEAD}{conflict}{END}")
    start = len(LEAD)
    assert (start, start + len(conflict)) == (found.start, found.end)
    assert Side("HEAD", start + 14, " 甲地。\r\n") == found.ours
    assert Side("a b", start + conflict.index("乙"), "乙地。 \r\n") == found.theirs
    assert Side("3f2a9c", start + conflict.index("====="), "") == found.base


def test_a_tool_that_writes_no_base_and_no_label() -> None:
    """What is not there is None, which an empty side is not."""
    (found,) = _of(f"{LEAD}v v v v v v v\n*************\n乙地。\n^ ^ ^ ^ ^ ^ ^\n")
    assert Side() == found.base
    assert (None, None, "") == (found.ours.label, found.theirs.label, found.ours.text)


def test_a_lone_marker_has_no_sides() -> None:
    """Its label is kept, at the side that it would have ended."""
    (found,) = _of(f"{LEAD}>>>>>>> master\n{END}")
    assert (
        Resolved(len(LEAD), len(LEAD) + 15, "lone", LONE_MARKER, "conflict.lone_marker", theirs=Side("master")) == found
    )


def test_a_conflict_inside_another_follows_it() -> None:
    """The outer side has the inner conflict in it, markers and all."""
    inner = "<<<<<<< a\n甲地。\n=======\n甲地。\n>>>>>>> b\n"
    outer, second = _of(f"<<<<<<< HEAD\n{inner}=======\n丙地。\n>>>>>>> c\n{END}")
    assert inner == outer.ours.text
    assert ("identical", 13, 13 + len(inner)) == second[3:4] + second[:2]


def test_positions_are_those_of_the_decoded_text() -> None:
    """Before the step, a byte-order mark went and words read in a wrong codec were repaired; sides are as they were."""
    misread = "会议决定暂缓公布清单。".encode().decode("latin-1")
    text = f"\ufeff{LEAD}{RIVALS.replace('会议决定暂缓公布清单。', misread)}{END}"
    history = clean(text.encode(), through="reconcile").history
    (found,) = resolutions(history)
    assert [revision.step for revision in history.revisions][:2] == ["strip_byte_order_mark", "repair_mojibake"]
    assert (text.index("<<<<"), text.index(END)) == (found.start, found.end)
    assert f"{misread}\n" == found.theirs.text
    assert text[found.theirs.start :].startswith(misread)


MARKERS = """
<<<<<<< HEAD|=======|>>>>>>> b|  <<<<<<< HEAD|  =======|> > > > > > > b|<<<<<<<<< a|=========|>>>>>>>>> c
<<<<<<< .mine|>>>>>>> .r2|&lt;&lt;&lt;&lt;&lt;&lt;&lt; HEAD|&gt;&gt;&gt;&gt;&gt;&gt;&gt; b|<<< a|===|>>> b
%%%%%%% Changes|+++++++ side|------- base|v v v v v v v|*************|^ ^ ^ ^ ^ ^ ^
>>>> ORIGINAL a#1|==== THEIRS a#2|==== YOURS a|<<<<|甲 <<<<<<< HEAD 乙 ======= 丙 >>>>>>> b 丁
甲|乙丙|标题：甲|标题：|- 甲|+乙| 丙
"""
PIECES = st.sampled_from(
    [
        *(f"{marker}\n" for line in MARKERS.split("\n") for marker in line.split("|")),
        *(
            "||||||| base\n",
            "||||||| base\n丙\n=======\n",
            "<<<<<<< HEAD\n甲\n=======\n乙\n>>>>>>> b\n",
            "  \r\n",
            "甲",
        ),
        "<<<<<<< Conflict 1 of 1\n%%%%%%% Changes\n-甲\n+乙\n 丙\n",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_was_resolved_is_told(text: str) -> None:
    """Of any mixture of markers and prose: conflicts in order, each with its sides between its markers.

    There are some just where there are edits, and where the flags say so. That they may cross is a warning only: one
    conflict may become whole when another that had a part of it is resolved.
    """
    history = Text(text).revise(resolve_conflicts)
    found = resolutions(history)
    assert bool(found) == bool(history.revisions)
    flags = {finding.value for finding in history.findings if finding.kind == "flag"}
    assert bool(found) == ("conflict_markers_removed" in flags)
    assert any(one.resolution != LONE_MARKER for one in found) == ("conflict_resolved" in flags)
    assert found == tuple(sorted(found, key=lambda one: one.start))
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        sides = [side for side in (one.ours, one.theirs, one.base) if side.text is not None]
        assert len(sides) in ({0} if one.resolution == LONE_MARKER else {2, 3})
        for side in sides:
            start, stood = side.start or 0, side.text or ""
            assert one.start < start <= start + len(stood) < one.end
            assert text[start:].startswith(stood)
        assert "" not in {side.label for side in sides}
        assert one.style
        assert one.resolution in columns.RESOLUTIONS
        assert one.rule in rules()


def test_a_side_that_is_written_as_a_difference_is_told_as_it_stands() -> None:
    """Of its base no more is known than the difference, which is told for both."""
    difference = "-甲地的方案本月公布。\n+甲地的方案下月公布。\n"
    (found,) = _of(
        f"{LEAD}<<<<<<< Conflict 1 of 1\n%%%%%%% Changes from base to side #1\n{difference}"
        f"+++++++ Contents of side #2\n乙地的方案暂缓。\n>>>>>>> Conflict 1 of 1 ends\n{END}"
    )
    sides = [difference, difference, "乙地的方案暂缓。\n"]
    assert sides == [side.text for side in (found.ours, found.base, found.theirs)]


# ------------------------------------------------------------------------------------------------ as it is published
@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    """A dataset in which personal data stands in the sides that went, in a base and in labels."""
    losing = f"意见请寄{MAIL}，电话：{MOBILE}。\n身份证号：{IDENTITY}。\n"
    personal = (
        f"{LEAD}<<<<<<< HEAD\n会议决定本月公布清单。\n||||||| {MAIL}\n联系邮箱：wang@example.org\n"
        f"=======\n{losing}>>>>>>> {MAIL}\n>>>>>>> 13900139000\n{END}"
    )
    return dataset_of(
        {
            "personal.txt": clean(personal.encode()),
            "plain.txt": clean(f"{LEAD}{RIVALS}{END}{RIVALS.replace('公布', '发布')}".encode()),
            "same.txt": clean(f"{LEAD}{RIVALS}{END}{RIVALS.replace('公布', '发布')}".encode()),
            "refused.txt": document(
                RIVALS.encode(),
                steps={"reconcile": [resolve_conflicts]},
                **SPAM,
            ),
        },
        tmp_path,
    )


def _conflicts(staged: Staged, raw_path: str) -> list[dict[str, Any]]:
    ids = {row["raw_path"]: row["id"] for row in rows(staged.dataset, "documents")}
    return [row for row in rows(staged.dataset, "conflicts") if row["doc_id"] == ids[raw_path]]


def test_every_conflict_of_a_published_document_has_a_row(staged: Staged) -> None:
    """Numbered from 0 in each; a duplicate and a document that was set aside have none."""
    found = [(row["conflict_index"], row["label_theirs"], row["theirs"]) for row in _conflicts(staged, "plain.txt")]
    assert [(0, "draft", "会议决定暂缓公布清单。\n"), (1, "draft", "会议决定暂缓发布清单。\n")] == found
    assert 2 + 2 == len(rows(staged.dataset, "conflicts"))
    ids = [row["doc_id"] for row in rows(staged.dataset, "conflicts")]
    assert sorted(ids) == ids


def test_personal_data_in_a_losing_side_is_masked(staged: Staged) -> None:
    """Neither address nor number stands anywhere in the dataset; masks are as long, and everything else is there."""
    conflict, lone = _conflicts(staged, "personal.txt")
    assert (
        f"意见请寄{MASK * len(MAIL)}，电话：{MASK * len(MOBILE)}。\n身份证号：{MASK * len(IDENTITY)}。\n"
        == conflict["theirs"]
    )
    assert f"联系邮箱：{MASK * len('wang@example.org')}\n" == conflict["base"]
    assert "会议决定本月公布清单。\n" == conflict["ours"]
    assert ("HEAD", MASK * len(MAIL), MASK * len(MAIL)) == tuple(
        conflict[f"label_{side}"] for side in ("ours", "base", "theirs")
    )
    assert (LONE_MARKER, MASK * 11, None) == (lone["resolution"], lone["label_theirs"], lone["theirs"])
    stored = "".join(str(rows(staged.dataset, table)) for table in columns.TABLES)
    stored += "".join(file.read_text("utf-8") for file in staged.dataset.rglob("*.jsonl"))
    assert [] == [word for word in (MAIL, MOBILE, IDENTITY, "wang@example.org", "13900139000") if word in stored]


def test_a_number_whose_word_had_to_be_decoded_is_masked(tmp_path: Path) -> None:
    """In the file, 电话 stands as numbers: what follows it is known for one in the text that the step was given."""
    sides = "会议决定本月公布清单并听取各方面的意见。", "会议决定暂缓公布清单，联系电话：", "66554433"
    ours, theirs = ("".join(f"\\u{ord(character):04x}" for character in side) for side in sides[:2])
    text = f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}{sides[2]}\n>>>>>>> b\n"
    staged = dataset_of({"a.txt": clean(text.encode())}, tmp_path)
    (conflict,) = rows(staged.dataset, "conflicts")
    assert (f"{ours}\n", f"{theirs}{MASK * 8}\n") == (conflict["ours"], conflict["theirs"])
    assert sides[2] not in str(rows(staged.dataset, "edits"))
    assert [] == check_rebuilds(staged.dataset, staged.redactions)


def test_a_dataset_without_conflicts_has_the_table(tmp_path: Path) -> None:
    """It has no rows, and the columns of the data dictionary with their types."""
    staged = dataset_of({"a.txt": clean(f"{LEAD}{END}".encode())}, tmp_path)
    (file,) = staged.dataset.glob("data/conflicts-*.parquet")
    table = pq.read_table(file)
    assert 0 == table.num_rows
    assert columns.schema(columns.TABLES["conflicts"]).equals(table.schema.remove_metadata())
    assert "Merge conflicts that" not in card(staged.account)


def test_the_card_says_what_decided(staged: Staged) -> None:
    """Each rule with its sentence and how many conflicts it decided, though it may have removed nothing."""
    text = card(staged.account)
    for rule, count in (("conflict.losing_side", 3), ("conflict.lone_marker", 1)):
        assert f"| `{rule}` | {count} | {rules()[rule]} |" in text


def test_a_step_that_decided_by_itself(tmp_path: Path) -> None:
    """What is published follows from the findings alone, whichever step made them."""

    def step(view: View) -> Outcome:
        span = (0, len(view.text))
        side = Finding("conflict_side", "theirs", (2, 4), "")
        return Outcome(
            (), [Finding("conflict", "both", span, "jj"), Finding("conflict_rule", "conflict.base", span), side]
        )

    one = document("各区人民政府，各委办局。".encode(), steps={"reconcile": [step]})
    staged = dataset_of({"a.txt": one}, tmp_path)
    expected = dict.fromkeys(column.name for column in columns.TABLES["conflicts"])
    expected |= {"doc_id": one.id, "conflict_index": 0, "start": 0, "end": 12, "style": "jj", "theirs": "人民"}
    assert [expected | {"resolution": "both", "rule": "conflict.base"}] == rows(staged.dataset, "conflicts")
