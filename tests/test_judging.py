"""What is read in the stage tables to decide what becomes of each input, and how it can be decided otherwise."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from small_dataset import dataset_of, document, rows

from pipeline import clean
from pipeline.admissions import Admissions
from pipeline.checksums import digest
from pipeline.columns import STAGE_TABLES
from pipeline.document import Verdict
from pipeline.judging import Shard, judged
from pipeline.ledger import judge_documents
from pipeline.options import Thresholds
from pipeline.sources.files import BadInput, find_inputs
from pipeline.stages import write_stages
from pipeline.staging import stage_dataset
from pipeline.validate import load_suites, run_suites

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline import Document
    from pipeline.staging import Staged
    from pipeline.validate import CheckResult

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
        "b/refused.txt": document(TEXT.encode(), verdict=Verdict("step_failed", "halve", "split")),
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
    for one in _judged_rows(tmp_path):
        row = published.get(one["raw_path"])
        assert (one["status"] == "published") == (row is not None)
        if row is not None:
            names = ("id", "cluster_id", "cluster_size", "canonical_basis", "similarity_0_to_1", "char_count")
            assert {name: row[name] for name in names} == {name: one[name] for name in names}


def test_tables_that_were_not_made_together_are_refused(tmp_path: Path) -> None:
    """Rows of another shard do not decide about these."""
    dataset_of(_documents(), tmp_path, shards=2)
    decoded, split = (
        sorted((tmp_path / "stages" / name).iterdir()) for name in ("decoded_documents", "split_documents")
    )
    with pytest.raises(BadInput, match="not made together"):
        list(judged([Shard(decoded[0], split[1])], folder=tmp_path))
    assert [5] == [len(table) for table in judged([Shard(decoded[0], split[0])], folder=tmp_path)]


def _judged_rows(output: Path) -> list[dict[str, Any]]:
    return list(pq.read_table(output / "stages" / "judged_documents").to_pylist())


# ------------------------------------------------------------------------------------------------ quality
SHORT = "改期举行。"
LINES = f"{OTHER}\n" * 120


def _poor() -> Mapping[str, Document]:
    """A sound document, and some that one limit or another speaks against."""
    return {
        "a/sound.txt": document(TEXT.encode(), quality_flags=["source_missing", "title_missing"]),
        "b/lines.txt": document(LINES.encode()),
        "c/short.txt": document(SHORT.encode(), quality_flags=["source_missing", "title_missing"]),
        "c/short again.txt": document(SHORT.encode()),
        "d/empty.txt": document(b""),
        "e/failed.txt": document(TEXT.encode(), verdict=Verdict("step_failed", "halve", "split")),
    }


def _published(staged: Staged) -> dict[str, list[str]]:
    return {row["raw_path"]: row["quality_flags"] for row in rows(staged.dataset, "documents")}


def _state(folder: Path) -> dict[str, tuple[int, str]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, digest(path)) for path in files}


@pytest.mark.parametrize("shards", [1, 4])
def test_a_limit_decides_and_says_why(tmp_path: Path, shards: int) -> None:
    """The quarantine has figure, limit, and what to do about it; what cannot be published is not offered."""
    staged = dataset_of(_poor(), tmp_path, shards=shards, thresholds=Thresholds())
    aside = {
        row["raw_path"]: (row["reason"], row["detail"], row["stage"]) for row in rows(staged.dataset, "quarantine")
    }
    how = "(--admit FILE publishes it nevertheless)"
    short = f"4 Han and 0 other letters, two of which count as one; the limit is 8 {how}"
    repeated = f"99.17% of the characters are in lines that stand further up already, the limit is 99% {how}"
    assert {
        "b/lines.txt": ("not_prose", repeated, "corpus"),
        "c/short.txt": ("too_short", short, "corpus"),
        "c/short again.txt": ("too_short", short, "corpus"),
        "d/empty.txt": ("empty_body", "no letter and no Han in 0 characters", "corpus"),
        "e/failed.txt": ("step_failed", "halve", "split"),
    } == aside
    assert ["a/sound.txt"] == list(_published(staged))


def test_another_limit_judges_again_and_cleans_nothing(tmp_path: Path) -> None:
    """No file of a stage table changes; the dataset does, and says by which limits it was made."""
    first = dataset_of(_poor(), tmp_path, shards=2, thresholds=Thresholds())
    stages = [tmp_path / "stages" / asset for asset in STAGE_TABLES]
    before, sums = list(map(_state, stages)), (first.dataset / "SHA256SUMS").read_text()
    limits = Thresholds(minimum_han=4, maximum_repeated_share=1)
    judgement = judge_documents(tmp_path, thresholds=limits)
    staged = stage_dataset(tmp_path)

    assert before == list(map(_state, stages))
    assert sums != (staged.dataset / "SHA256SUMS").read_text()
    assert {"duplicate": 1, "published": 3, "quarantined": 2} == judgement.statuses
    assert {"a/sound.txt", "b/lines.txt", "c/short again.txt"} == _published(staged).keys()
    assert limits.changed == json.loads(staged.account.metadata["options"])
    assert first.account.metadata["recipe_fingerprint"] == staged.account.metadata["recipe_fingerprint"]
    assert first.account.metadata["judging_fingerprint"] != staged.account.metadata["judging_fingerprint"]
    assert checked(staged)["documents.limits_kept"].success

    judge_documents(tmp_path, thresholds=Thresholds())
    assert sums == (stage_dataset(tmp_path).dataset / "SHA256SUMS").read_text()


def checked(staged: Staged) -> Mapping[str, CheckResult]:
    """What is expected of documents, files and quarantine in a staged dataset."""
    suites = [suite for suite in load_suites() if suite.table in {"documents", "files", "quarantine"}]
    return {f"{one.table}.{one.name}": one for one in run_suites(staged.dataset, suites, inputs=6)}


@pytest.mark.parametrize("named", ["c/short.txt", hashlib.sha256(SHORT.encode()).hexdigest()[:32]])
def test_what_somebody_admits_is_published_with_a_flag(tmp_path: Path, named: str) -> None:
    """By its path, or by its id, which is that of all its copies; the note stands beside the verdict."""
    admissions = Admissions({named: "a whole notice", "a/sound.txt": "needs nobody"})
    staged = dataset_of(_poor(), tmp_path, shards=2, thresholds=Thresholds(), admissions=admissions)
    files = {row["raw_path"]: row["status"] for row in rows(staged.dataset, "files")}
    by_id = named != "c/short.txt"
    flags = ["readmitted"] if by_id else ["readmitted", "source_missing", "title_missing"]
    assert {
        "a/sound.txt": ["source_missing", "title_missing"],
        "c/short again.txt" if by_id else "c/short.txt": flags,
    } == _published(staged)
    assert ("duplicate" if by_id else "published") == files["c/short.txt"]
    assert ("published" if by_id else "quarantined") == files["c/short again.txt"]
    judged_rows = {row["raw_path"]: row for row in _judged_rows(tmp_path)}
    one = judged_rows["c/short.txt"]
    assert (None, "too_short", "a whole notice") == tuple(
        one[name] for name in ("reason", "admitted_despite", "admitted_note")
    )
    assert judged_rows["a/sound.txt"]["admitted_despite"] is None
    assert {"admit": admissions.fingerprint} == json.loads(staged.account.metadata["options"])
    assert 1 == staged.account.flags["readmitted"]
    assert checked(staged)["documents.limits_kept"].success


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("c/long.txt", "names 'c/long.txt', and there is no such document: give a raw path"),
        ("0" * 32, f"names '{'0' * 32}', and there is no such document"),
        ("e/failed.txt", "names 'e/failed.txt', of which there is no text to publish (step_failed): take it off"),
        ("d/empty.txt", "names 'd/empty.txt', of which there is no text to publish (empty_body): take it off"),
    ],
)
def test_what_cannot_be_admitted_is_said_in_one_line(tmp_path: Path, name: str, problem: str) -> None:
    """A name that nobody has, and a document that no person can have published."""
    dataset_of(_poor(), tmp_path, thresholds=Thresholds())
    before = _state(tmp_path / "stages" / "judged_documents")
    with pytest.raises(BadInput) as refused:
        judge_documents(tmp_path, admissions=Admissions({"c/short.txt": "x", name: "y"}, "'admit.tsv'"))
    assert str(refused.value).startswith("the list of documents to admit, 'admit.tsv', ")
    assert problem in str(refused.value)
    assert before == _state(tmp_path / "stages" / "judged_documents")


def test_a_judgement_of_other_tables_is_refused(tmp_path: Path) -> None:
    """What was decided about other rows, or other texts, decides nothing about these."""
    dataset_of(_documents(), tmp_path, shards=2)
    kept = tmp_path / "kept"
    (tmp_path / "stages" / "judged_documents").rename(kept)
    with pytest.raises(
        BadInput, match=r"table judged_documents is missing in .*: materialize judged_documents .*judge"
    ):
        stage_dataset(tmp_path)
    for asset in STAGE_TABLES:
        for file in (tmp_path / "stages" / asset).iterdir():
            made = {**(pq.read_schema(file).metadata or {}), b"recipe_fingerprint": b"another"}
            pq.write_table(pq.ParquetFile(file).read().replace_schema_metadata(made), file)
    kept.rename(tmp_path / "stages" / "judged_documents")
    with pytest.raises(
        BadInput, match=r"was made of other stage tables .*: materialize judged_documents again .*judge"
    ):
        stage_dataset(tmp_path)
    judge_documents(tmp_path)
    assert 7 == stage_dataset(tmp_path).account.published


def test_clean_says_of_a_document_what_a_build_says(tmp_path: Path) -> None:
    """One function decides; what the build adds is how to overrule it."""
    contents = {"short": "短文。", "lines": LINES, "spam": "六合彩 时时彩 一肖一码 无码 " * 9, "sound": TEXT}
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, text in contents.items():
        (raw / name).write_text(text, "utf-8")
    write_stages(find_inputs(raw), tmp_path, assets=list(STAGE_TABLES))
    limits = Thresholds(minimum_spam_phrases=4)
    judge_documents(tmp_path, thresholds=limits)
    for row in _judged_rows(tmp_path):
        verdict = clean((raw / row["raw_path"]).read_bytes(), thresholds=limits).verdict
        assert (verdict.reason, verdict.stage or None) == (row["reason"], row["stage"])
        assert row["detail"] == (
            f"{verdict.detail} (--admit FILE publishes it nevertheless)" if row["reason"] else None
        )
    assert {"short": "too_short", "lines": "not_prose", "spam": "spam_injected", "sound": None} == {
        row["raw_path"]: row["reason"] for row in _judged_rows(tmp_path)
    }
