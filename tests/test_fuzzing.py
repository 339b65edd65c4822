"""Any bytes whatever: the laws of `tests/torture/targets.py`, by Hypothesis and for every input that once broke one.

Here belongs a little of it, in every run. `make torture` tries far more, and also by the coverage of the code.
"""

from __future__ import annotations

import json
import random
import re
import time
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import fuzzing
import linear_time
import pytest
import targets
from attempts import Attempts, table
from distinct_inputs import distinct
from hostile_pieces import PIECES, glued, mutated
from hypothesis import given, settings
from hypothesis import strategies as st
from linear_time import Growing, Times, doubled, times
from slow_inputs import TITLED, Family
from targets import TARGETS

from pipeline.conflicts.grammar import parse
from pipeline.conflicts.nodes import split_lines
from pipeline.metadata.labelled import labelled
from pipeline.records.responses import head_of
from pipeline.sources.files import find_inputs
from pipeline.sources.table_files import is_table
from pipeline.steps.markup import strip_markup
from pipeline.steps.pinyin import strip_pinyin
from pipeline.steps.record_fields import cut_record_fields
from pipeline.steps.records import open_record
from pipeline.text import Text
from pipeline.time_limit import OutOfTime

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.sources.files import Input

REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*/*"))

few = settings(max_examples=max(10, settings().max_examples // 5))

pieces = st.sampled_from(sorted(PIECES)).flatmap(lambda encoding: st.sampled_from(PIECES[encoding]))
texts = st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass"))
documents = st.one_of(
    st.lists(st.one_of(pieces, pieces, pieces, texts, st.binary(max_size=6)), max_size=30).map(b"".join),
    st.binary(max_size=200).map(glued),
)


@pytest.mark.parametrize("file", REGRESSIONS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_once_broke_a_law_does_so_no_more(file: Path) -> None:
    """Each file is named for what it shows."""
    TARGETS[file.parent.name](file.read_bytes())


def test_every_folder_of_regressions_has_its_law() -> None:
    """A folder that no law is for would never be looked at."""
    assert {file.parent.name for file in REGRESSIONS} == set(TARGETS)


@given(documents)
def test_any_bytes_decode_with_an_account_that_leads_back(content: bytes) -> None:
    """In several codecs, and in two of them one behind the other."""
    TARGETS["decoding"](content)


@few
@given(documents)
def test_any_bytes_are_cleaned_or_set_aside_and_rebuild(content: bytes) -> None:
    """The row of a document, its tables and its bytes again."""
    TARGETS["document"](content)


@given(documents)
def test_any_text_is_read_into_conflicts_and_written_again(content: bytes) -> None:
    """The grammar loses no line, and what is resolved can be undone."""
    TARGETS["conflicts"](content)


@given(documents)
def test_pinyin_goes_from_any_text_and_comes_back(content: bytes) -> None:
    """Each annotation that is taken out stands in the account."""
    TARGETS["pinyin"](content)


@given(documents)
def test_any_text_is_split(content: bytes) -> None:
    """Also a text that no stage before it has tidied."""
    TARGETS["splitting"](content)


@few
@given(st.tuples(st.binary(min_size=2, max_size=2), documents).map(b"".join))
def test_any_bytes_under_any_name_are_inputs(content: bytes) -> None:
    """Each input is read as it was found, or set aside for a reason of the list."""
    TARGETS["containers"](content)


def test_every_container_is_opened_as_what_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """By glued bytes: a name whose container they never make is one that the law of containers says nothing about."""
    opened: set[str] = set()

    def is_member(one: Input) -> bool:
        # What is unpacked and not gone through is one file, of its container's name without the end.
        unpacked = one.raw_path.endswith(("!/a.jsonl", "!/a.csv", "!/a.tar"))
        return one.raw_path == "a.txt" or (one.raw_path != one.path.name and not unpacked)

    def looked(raw: Path, *, maximum_bytes: int) -> list[Input]:
        found = find_inputs(raw, maximum_bytes=maximum_bytes)
        opened.update(re.split("!/|#", one.raw_path)[0] for one in found if one.reason is None and is_member(one))
        return found

    monkeypatch.setattr(targets, "find_inputs", looked)
    for (number, name), seed in product(enumerate(targets.NAMES), range(60)):
        if name not in opened:
            chance = random.Random(seed)  # noqa: S311  no secret hangs on it
            targets.containers(bytes([number]) + chance.randbytes(1) + glued(chance.randbytes(40)))

    assert opened == set(targets.NAMES)


def test_a_part_that_did_not_run_has_a_line_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is neither left out of the table nor taken for one that held."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    line = fuzzing.by_coverage(["pinyin"], 1, 1, tmp_path)

    assert not line.holds
    assert "| not run | – | – | – | atheris is not installed" in table([line])
    assert Attempts("archives", tried=1, survived=1).holds


def test_the_glue_makes_what_the_laws_are_about() -> None:
    """The pieces of a conflict, a gloss and a label come into documents, and a document changes when it is mutated."""
    made = b"".join(glued(bytes([0, n, (n * 7) % 256, (n * 13) % 200, n])) for n in range(200))

    assert all(sign in made for sign in (b"<<<<<<<", "企(qǐ)".encode(), "来源：".encode()))
    assert mutated(made, 10_000, 1) != mutated(made, 10_000, 2)


# ------------------------------------------------------------------------------------------------------ linear time


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        (lambda size: size * 1e-5, False),
        (lambda size: size * size * 1e-9, True),
        (lambda size: 0.1 + size * size * 1e-9, True),
        (lambda _: 0.1, False),
    ],
    ids=["linear", "quadratic", "quadratic beside what is always the same", "always the same"],
)
def test_a_part_that_grows_faster_than_its_input_is_found(
    seconds: Callable[[int], float],
    found: bool,  # noqa: FBT001  a parameter
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By how long it takes for twice the input, again and again."""
    monkeypatch.setattr("gc.collect", lambda: 0)  # here nothing is measured, and much lies in memory
    growing = Growing("a", lambda size: Times({"a step": seconds(size), "another": size * 1e-5}))

    assert [growth.part for growth in doubled(growing, size=1 << 14, largest=1 << 16).growths] == ["a step"] * found


def test_what_a_build_does_with_a_document_is_measured_to_its_end() -> None:
    """Steps, and what comes behind them: judging, publishing, looking, leading back, showing."""
    measured = times(TITLED.encode() + "张三，13800000001，联系。\n".encode())

    assert measured.reason is None
    assert {"detect_encoding", "mask_personal_data", "judge", "lay out what is published", "write a dataset"} <= set(
        measured.seconds
    )
    assert {"look at derived columns", "rebuild from what is published", "show in the report"} <= set(measured.seconds)


def test_the_measuring_does_not_wait_for_what_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says in which part that was, and goes on."""

    def without_end(_: bytes) -> None:
        while True:
            pass

    monkeypatch.setattr(linear_time, "detect_encoding", without_end)
    monkeypatch.setattr(linear_time, "_LEAST_PATIENCE", 0.05)

    with pytest.raises(OutOfTime) as caught:
        times(b"a")
    assert caught.value.__notes__ == ["in detect_encoding"]


def test_a_huge_input_is_survived_where_it_is_through_in_time_and_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is no text is not tried, one that takes too long is not survived."""
    made = {b"unread": Times({"detect_encoding": 0.1}, "binary"), b"through": Times({"decode": 2.0})}

    def measured(content: bytes) -> Times:
        if content not in made:
            raise OutOfTime
        return made[content]

    monkeypatch.setattr(fuzzing, "times", measured)
    line = fuzzing.huge([Family(name, name) for name in ("unread", "through", "hangs", "through")], 2, 1)

    assert (line.tried, line.survived, line.holds) == (2, 1, False)
    assert "1 more were set aside unread" in line.kind
    assert line.slowest == "decode: 2 s (through)"


def test_every_day_sees_other_inputs_and_a_seed_brings_them_again() -> None:
    """Families by chance; in the long form, all of those whose things are distinct."""
    one, again, other = (fuzzing.chosen(seed, 4, 6) for seed in (20_261_122, 20_261_122, 20_261_123))

    assert [each.name for kind in one for each in kind] == [each.name for kind in again for each in kind]
    assert [each.name for each in one[0]] != [each.name for each in other[0]]
    assert [each.name for each in one[1]] != [each.name for each in other[1]]
    assert {each.name for each in fuzzing.chosen(1, None, 0)[0]} == {each.name for each in distinct()}


def test_the_things_of_a_family_of_distinct_things_are_distinct() -> None:
    """Thousands of them, and each family as long as it is asked for."""
    for family in distinct():
        assert callable(family.unit)
        units = [family.unit(number) for number in range(2_000)]
        assert len(set(units)) == len(units), family.name
        assert 9_000 < len(family.of(10_000)) < 11_000, family.name


def _seconds(work: Callable[[], object]) -> float:
    """The shortest of three times."""
    found = []
    for _ in range(3):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return max(min(found), 1e-4)


def _words(count: int) -> list[str]:
    """So many different words that look like names."""
    return [f"王{chr(0x4E00 + n % 8000)}{chr(0x4E00 + n * 7919 % 8000)}" for n in range(count)]


def _record(**fields: list[str]) -> Text:
    """A record in whose text stands all that its fields name."""
    named = "，".join(word for those in fields.values() for word in those)
    record = {"title": "关于加快发展的通知", **fields, "content": f"会议讨论了{named}。"}
    return Text(json.dumps(record, ensure_ascii=False)).revise(open_record).revise(cut_record_fields)


def _page(*, head: list[str]) -> Text:
    """A page with so much in its head, and with as many lines as that."""
    lines = "".join(f"<p>{word}</p>" for word in _words(len(head)))
    page = f"<html><head><title>关于加快发展的通知</title></head><body>{lines}{''.join(head)}</body></html>"
    return Text(page).revise(strip_markup).revise(cut_record_fields)


@pytest.mark.parametrize(
    ("work", "size"),
    [
        (lambda size: labelled("标题:" + "(" * size), 40_000),
        (lambda size: labelled("作者:" + "]" * size), 100_000),
        (lambda size: parse(split_lines("<<<<<<< a\n<<<<<<< a\n=======\n" * size)), 150),
        (lambda size: head_of(f"WARC/1.0\r\nWARC-Type: response\r\nA: a{' ' * size}\x01\r\n\r\n"), 8_000),
        (lambda size: Text("推動產業\n" + "產(chǎn)業發展。" * size).revise(strip_pinyin), 500),
        (lambda size: _record(keywords=_words(size)), 700),
        (lambda size: _page(head=[f"<meta name=title content={word}的通知>" for word in _words(size)]), 30),
        (lambda size: _page(head=[f"<meta name=author content={word}>" for word in _words(size)]), 500),
    ],
    ids=[
        *("brackets", "closing brackets", "openings of conflicts", "spaces in a head"),
        *("pinyin in one line", "keywords", "titles in a head", "authors in a head"),
    ],
)
def test_eight_times_the_input_takes_about_eight_times_as_long(work: Callable[[int], object], size: int) -> None:
    """Each was quadratic once, some up to a limit: 64 times as long. Clocks are not exact: less than half will do."""
    assert _seconds(lambda: work(8 * size)) < 24 * _seconds(lambda: work(size))


def test_a_first_row_of_thousands_of_columns_is_none() -> None:
    """It would be gone through again with every row: a file of a megabyte would take hours."""
    assert is_table(b"title,content," + b"a," * 1_000 + b"\nb,c\n")
    assert not is_table(b"title,content," + b"a," * 10_000 + b"\nb,c\n")


def test_a_field_of_a_head_has_no_spaces_around_it() -> None:
    """What stands between the colon and the value, and behind it, is no part of it."""
    head = "WARC/1.0\r\nWARC-Type: \t response \t \r\nA:\r\nC: a  b\r\n\r\n"
    found = head_of(head)

    assert found is not None
    assert {name: head[slice(*span)] for name, span in found.archive.items()} == {
        "warc-type": "response",
        "a": "",
        "c": "a  b",
    }


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("标题:【政策】解读", "【政策】解读"),
        ("标题:政策(一)", "政策(一)"),
        ("标题:政策)", "政策"),
        ("标题:政策 [", "政策"),
        ("标题:政策]】 [ (", "政策"),
        ("标题:((()", "((()"),
    ],
)
def test_a_bracket_without_its_partner_is_no_part_of_a_value(line: str, value: str) -> None:
    """Whatever else stands behind the last bracket goes as well."""
    (field,) = labelled(line)

    assert value == line[field.value_start : field.value_end]
