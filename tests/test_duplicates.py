"""Exact duplicates: which inputs are the same, and which of them stands for all."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from collection import Entry, became
from hypothesis import given
from hypothesis import strategies as st

from pipeline.corpus.duplicates import Standing

EARLY, LATE = date(2020, 1, 1), date(2021, 1, 1)
TEXT = "各区要明确责任部门，按季度报告进展，重大事项随时报告。"


def _statuses(*entries: Entry) -> list[str]:
    return [one.status for one in became(entries).values()]


def test_same_bytes_are_the_same_document() -> None:
    """The smallest path stands for files of the same bytes, and the duplicate names its id, which is its own, too."""
    entries = [Entry("b", TEXT, "1"), Entry("a", TEXT, "1")]
    found = became(entries)
    id_ = entries[0].id
    assert Standing("duplicate", id_, "same_bytes", id_) == found["b"]
    assert Standing("published", None, None, id_, 1, "alone", 1.0) == found["a"]


def test_the_same_cleaned_text_is_the_same_document() -> None:
    """Files in different encodings are duplicates where their cleaned texts agree."""
    entries = [Entry("a.gbk", TEXT), Entry("a.utf8", TEXT), Entry("b", "另有规定的，从其规定。")]
    assert ["published", "duplicate", "published"] == _statuses(*entries)
    assert "same_text" == became(entries)["a.utf8"].duplicate_basis


def test_the_canonical_document_does_not_depend_on_the_order() -> None:
    """The earliest date of publication wins, no date comes last, and the path decides between equals."""
    entries = [
        Entry("a", TEXT),
        Entry("b", TEXT, published=LATE),
        Entry("d", TEXT, published=EARLY),
        Entry("c", TEXT, published=EARLY),
    ]
    for order in permutations(entries):
        assert ["c"] == [path for path, one in became(order).items() if one.status == "published"]


def test_empty_texts_are_not_the_same() -> None:
    """Nothing is a duplicate of nothing; the same bytes are, whatever was left of them."""
    assert ["published", "published"] == _statuses(Entry("a", ""), Entry("b", ""))
    assert ["published", "duplicate"] == _statuses(Entry("a", "", "1"), Entry("b", "", "1"))


def test_what_was_set_aside_has_no_part_in_it() -> None:
    """A quarantined input is no duplicate and has none, whatever its bytes are."""
    entries = [Entry("a", None, "1"), Entry("b", TEXT, "1"), Entry("c", None, "2")]
    assert ["quarantined", "published", "quarantined"] == _statuses(*entries)


def test_every_published_document_is_a_cluster_of_its_own() -> None:
    """The cluster of a document that stands alone is itself; a duplicate is in that of its canonical document."""
    entries = [Entry("a", TEXT), Entry("b", TEXT), Entry("c", "另有规定的，从其规定。")]
    a, _, c = entries
    assert [a.id, a.id, c.id] == [one.cluster_id for one in became(entries).values()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Entry("a", TEXT, number="青数发〔2022〕5号"), Entry("b", TEXT, number="青数发〔2022〕8号")),
        (Entry("a", TEXT, title="青澜市松岗医院编制表"), Entry("b", TEXT, title="青澜市白石医院编制表")),
        (Entry("a", TEXT, title="关于第三批名单的公示"), Entry("b", TEXT, title="关于第四批名单的公示")),
    ],
)
def test_one_text_under_two_names_is_two_documents(one: Entry, other: Entry) -> None:
    """What cleaning has moved out of a text tells documents apart that are the same to the letter without it."""
    assert ["published", "published"] == _statuses(one, other)


def test_a_copy_without_a_name_is_the_copy_of_the_first() -> None:
    """It belongs to the one that comes first; where it is the first itself, it takes the name of the next."""
    five, eight = (f"青数发〔2022〕{number}号" for number in (5, 8))
    first = [Entry("a", TEXT, number=five), Entry("b", TEXT, number=eight), Entry("c", TEXT)]
    assert ["published", "published", "duplicate"] == _statuses(*first)
    assert first[0].id == became(first)["c"].duplicate_of
    last = [Entry(path, TEXT, number=number) for path, number in zip("abcd", (None, five, eight, five), strict=True)]
    assert ["published", "duplicate", "published", "duplicate"] == _statuses(*last)
    assert last[0].id == became(last)["d"].duplicate_of


ENTRIES = st.lists(
    st.builds(
        Entry,
        path=st.text("abc/", min_size=1, max_size=4),
        text=st.sampled_from([None, "", TEXT, "另有规定的，从其规定。"]),
        published=st.sampled_from([None, EARLY, LATE]),
        number=st.sampled_from([None, "青数发〔2022〕5号", "青数发〔2022〕8号"]),
        title=st.sampled_from([None, "关于第三批名单的公示", "关于第四批名单的公示"]),
    ),
    unique_by=lambda one: one.path,
    max_size=8,
)


@given(st.data(), ENTRIES)
def test_the_order_of_inputs_changes_nothing(data: st.DataObject, entries: list[Entry]) -> None:
    """The same becomes of each input, wherever it stands among the others."""
    assert became(entries) == became(data.draw(st.permutations(entries)))


@given(ENTRIES)
def test_each_duplicate_has_an_original(entries: list[Entry]) -> None:
    """It is published, has the same text, and stands for itself."""
    found = became(entries)
    texts = {one.id: one.text for one in entries if found[one.path].status == "published"}
    copies = [one for one in entries if found[one.path].status == "duplicate"]
    assert [one.text for one in copies] == [texts[found[one.path].duplicate_of or ""] for one in copies]
