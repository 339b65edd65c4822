"""What is read in the stage tables to decide what becomes of each input."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from small_dataset import dataset_of, document, rows

from pipeline.document import Verdict
from pipeline.judging import Shard, judged
from pipeline.ledger import judge_documents
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline import Document
    from pipeline.corpus.duplicates import Standing

TEXT = "各区要明确责任部门，按季度报告进展，重大事项随时报告，确保各项任务落到实处，并及时总结推广好的经验和做法。"
OTHER = "申报单位应当是场景的使用者，能够提供试验场地和真实数据，每个场景须写明现状、痛点、预期效果和最低投入。"


def _signed(day: str) -> dict[str, Any]:
    date = {"role": "document", "precision": "day", "basis": "signature", "text": day, "line": 3}
    return {"dates": [{**date, "edtf": day, "date": dt.date.fromisoformat(day)}]}


def _documents() -> Mapping[str, Document]:
    """Copies in two scripts, a file twice, one that was set aside, and two pairs that only look like copies."""
    return {
        "a/first.txt": document(TEXT.encode()),
        "a/gb.txt": document(TEXT.encode("gb18030"), encoding="gb18030"),
        "a/same.txt": document(TEXT.encode()),
        "b/refused.txt": document(TEXT.encode(), verdict=Verdict("too_short", "12 Han", "corpus")),
        "b/spaced.txt": document(f" {TEXT}本通知自发布之日起施行。".encode(), date_published=dt.date(2023, 5, 1)),
        "c/batch 3.txt": document(OTHER.encode(), title="第三批名单", title_status="stated"),
        "c/batch 4.txt": document(f"{OTHER}\n".encode(), title="第四批名单", title_status="stated"),
        "c/batch cut.txt": document(f"{OTHER}\n\n".encode(), title="第五批", title_status="truncated"),
        "d/may.txt": document(f"{TEXT}特此公告。".encode(), **_signed("2024-05-06")),
        "d/june.txt": document(f"{TEXT}特此公告！".encode(), **_signed("2024-06-07")),
    }


@pytest.mark.parametrize("shards", [1, 3, 10])
def test_shards_change_nothing(tmp_path: Path, shards: int) -> None:
    """Texts are read from the shard that has them, and the documents of several meet."""
    staged = dataset_of(_documents(), tmp_path, shards=shards)
    files = {row["raw_path"]: (row["status"], row["duplicate_basis"]) for row in rows(staged.dataset, "files")}
    assert {
        "a/first.txt": ("published", None),
        "a/gb.txt": ("duplicate", "same_text"),
        "a/same.txt": ("duplicate", "same_bytes"),
        "b/refused.txt": ("quarantined", None),
        "b/spaced.txt": ("published", None),
        "c/batch 3.txt": ("published", None),
        "c/batch 4.txt": ("published", None),
        "c/batch cut.txt": ("published", None),
        "d/may.txt": ("published", None),
        "d/june.txt": ("published", None),
    } == files
    documents = rows(staged.dataset, "documents")
    path_of = {row["id"]: row["raw_path"] for row in documents}
    clusters = {row["raw_path"]: (path_of[row["cluster_id"]], row["canonical_basis"]) for row in documents}
    assert {
        "a/first.txt": ("b/spaced.txt", "earliest_date"),
        "b/spaced.txt": ("b/spaced.txt", "earliest_date"),
        "c/batch 3.txt": ("c/batch 3.txt", "smallest_path"),
        "c/batch 4.txt": ("c/batch 4.txt", "alone"),
        "c/batch cut.txt": ("c/batch 3.txt", "smallest_path"),
        "d/may.txt": ("d/may.txt", "alone"),
        "d/june.txt": ("b/spaced.txt", "earliest_date"),
    } == clusters
    assert (3, 2) == (staged.account.near_duplicates, staged.account.choices.total())


def test_what_is_judged_is_what_is_published(tmp_path: Path) -> None:
    """The table of the judged documents says of each the same as the dataset."""
    staged = dataset_of(_documents(), tmp_path, shards=2)
    published = {row["raw_path"]: row for row in rows(staged.dataset, "documents")}
    for one in judge_documents(tmp_path):
        row = published.get(one.raw_path)
        assert (one.status == "published") == (row is not None)
        if row is not None:
            assert (row["cluster_id"], row["similarity_0_to_1"]) == (one.cluster_id, one.similarity_0_to_1)


def test_tables_that_were_not_made_together_are_refused(tmp_path: Path) -> None:
    """Rows of another shard do not decide about these."""
    dataset_of(_documents(), tmp_path, shards=2)
    decoded, split = (
        sorted((tmp_path / "stages" / name).iterdir()) for name in ("decoded_documents", "split_documents")
    )
    with pytest.raises(BadInput, match="not made together"):
        judged([Shard(decoded[0], split[1])], folder=tmp_path)
    assert 5 == len(_judged(Shard(decoded[0], split[0]), tmp_path))


def _judged(shard: Shard, folder: Path) -> list[Standing]:
    return [*judged([shard], folder=folder)]
