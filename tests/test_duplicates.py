"""Exact duplicates: which inputs are the same, and which of them stands for all."""

from __future__ import annotations

from datetime import date
from itertools import permutations

from pipeline.corpus.duplicates import EMPTY_TEXT_SHA256, Candidate, Standing, standings

EARLY, LATE = date(2020, 1, 1), date(2021, 1, 1)


def _candidate(path: str, content: str, text: str | None, published: date | None = None) -> Candidate:
    return Candidate(path, f"id-{content}", content, text, published, accepted=text is not None)


def test_same_bytes_are_the_same_document() -> None:
    """The smallest path stands for files of the same bytes, and the duplicate names its id, which is its own, too."""
    rows = [_candidate("b", "1", "t"), _candidate("a", "1", "t")]
    assert [Standing("duplicate", "id-1", "id-1"), Standing("published", None, "id-1")] == standings(rows)


def test_the_same_cleaned_text_is_the_same_document() -> None:
    """Files in different encodings are duplicates where their cleaned texts agree."""
    rows = [_candidate("a.gbk", "1", "t"), _candidate("a.utf8", "2", "t"), _candidate("b", "3", "u")]
    assert ["published", "duplicate", "published"] == [one.status for one in standings(rows)]


def test_the_canonical_document_does_not_depend_on_the_order() -> None:
    """The earliest date of publication wins, no date comes last, and the path decides between equals."""
    rows = [
        _candidate("a", "1", "t"),
        _candidate("b", "2", "t", LATE),
        _candidate("d", "3", "t", EARLY),
        _candidate("c", "4", "t", EARLY),
    ]
    for order in permutations(rows):
        published = [
            row.raw_path for row, one in zip(order, standings(order), strict=True) if one.status == "published"
        ]
        assert ["c"] == published


def test_empty_texts_are_not_the_same() -> None:
    """Nothing is a duplicate of nothing."""
    rows = [_candidate("a", "1", EMPTY_TEXT_SHA256), _candidate("b", "2", EMPTY_TEXT_SHA256)]
    assert ["published", "published"] == [one.status for one in standings(rows)]


def test_what_was_set_aside_has_no_part_in_it() -> None:
    """A quarantined input is no duplicate and has none, whatever its bytes are."""
    rows = [_candidate("a", "1", None), _candidate("b", "1", "t"), _candidate("c", "2", None)]
    assert ["quarantined", "published", "quarantined"] == [one.status for one in standings(rows)]


def test_every_published_document_is_a_cluster_of_its_own() -> None:
    """The cluster of a document that stands alone is itself; a duplicate is in that of its canonical document."""
    rows = [_candidate("a", "1", "t"), _candidate("b", "2", "t"), _candidate("c", "3", "u")]
    assert ["id-1", "id-1", "id-3"] == [one.cluster_id for one in standings(rows)]
