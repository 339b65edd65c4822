"""A dataset that is checked in parts: outcomes put together, and results of buckets that have not changed."""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pandas as pd
import pyarrow.parquet as pq
import pytest
from sound_dataset import AT_ONCE, IN_PARTS, good, write

from pipeline.checksums import write_checksums
from pipeline.former_checks import FormerChecks, read_kept
from pipeline.rebuilding import rebuild_all
from pipeline.sources.files import BadInput
from pipeline.validate import BadSuite, load_suites, run_suites, running, unchanged
from pipeline.validate.asking import run_suite
from pipeline.validate.buckets import SORTED, Dataset
from pipeline.validate.data_docs import page_of
from pipeline.validate.looking import Look, parts_of_buckets
from pipeline.validate.merging import RULES, check_mergeable, merged
from pipeline.validate.surroundings import neighbours_at_hand, whole_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sound_dataset import How, Rows

    from pipeline.validate import CheckResult, Suite

SUITES = load_suites()
FEW = [suite for suite in SUITES if suite.table in {"conflicts", "edits", "files"}]
"""Enough where it is about buckets, and not about what is expected of them."""


def _many() -> Rows:
    """Sound rows of several documents in each bucket."""
    rows = good()
    for number in range(3):
        for name, some in good(f"{number}/").items():
            rows[name] += some
    return rows


def _run(
    folder: Path,
    rows: Rows,
    former: FormerChecks | None,
    how: How = IN_PARTS,
    suites: Sequence[Suite] = SUITES,
) -> list[CheckResult]:
    write_checksums(write(rows, folder, buckets=how.buckets))
    return run_suites(folder, suites, gathered=how.gathered, former=former)


def test_a_dataset_in_parts_has_the_results_of_one_that_is_looked_at_at_once(tmp_path: Path) -> None:
    """Also where something is wrong: as many rows fail, and the same ones."""
    rows = _many()
    rows["documents"].append(dict(rows["documents"][1]))
    rows["documents"][4]["text_sha256"] = None
    for edit in rows["edits"][::2]:
        edit["op"] = "odd"
    rows["edits"][3]["rule_version"] = "f" * 12
    whole, parts = (_run(tmp_path / str(how.buckets), rows, None, how) for how in (AT_ONCE, IN_PARTS))
    assert [_counted(result) for result in whole] == [_counted(result) for result in parts]
    assert sum(not result.success for result in whole) > 4


def _counted(result: CheckResult) -> tuple[Any, ...]:
    return (*result[:7], frozenset(result.failing), result.message)


def test_suites_stay_as_they_are_written(tmp_path: Path) -> None:
    """What is kept goes by them, and Great Expectations writes into what it is given."""
    before = copy.deepcopy([suite.content for suite in SUITES])
    run_suites(write(good(), tmp_path / "dataset"), SUITES, data_docs=tmp_path / "data_docs")
    assert before == [suite.content for suite in SUITES]


def test_what_has_not_changed_is_carried_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket that has is looked at, and so is every one under other code."""
    rows, former, few = _many(), FormerChecks(tmp_path / "checked"), partial(_run, suites=FEW)
    first = few(tmp_path / "dataset", rows, former)
    assert (0, 2) == (former.carried, former.buckets)
    assert first == few(tmp_path / "dataset", rows, former)
    assert (2, 2) == (former.carried, former.buckets)
    afresh = FormerChecks(former.folder, fresh=True)
    assert first == few(tmp_path / "dataset", rows, afresh)
    assert (0, 2) == (afresh.carried, afresh.buckets)
    rows["edits"][3]["op"] = "odd"
    damaged = few(tmp_path / "dataset", rows, former)
    assert (1, 2) == (former.carried, former.buckets)
    assert damaged == few(tmp_path / "dataset", rows, None)
    assert {"op_known", "op_fits"} == {result.name for result in damaged if not result.success}
    monkeypatch.setattr(unchanged, "code", lambda: "other")
    assert damaged == few(tmp_path / "dataset", rows, former)
    assert 0 == former.carried


def test_nothing_is_asked_of_a_dataset_that_has_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor are its pages made again, if they are there."""
    rows, former, pages = good(), FormerChecks(tmp_path / "checked"), tmp_path / "pages"
    folder = tmp_path / "dataset"

    def run() -> list[CheckResult]:
        write_checksums(write(rows, folder, buckets=1))
        return run_suites(folder, FEW, former=former, data_docs=pages)

    first = run()
    asked = Mock(side_effect=run_suite)
    monkeypatch.setattr(running, "run_suite", asked)
    assert first == run()
    asked.assert_not_called()
    assert former.carried == former.buckets > 0
    page_of(pages, "files").unlink()
    assert first == run()
    assert page_of(pages, "files").is_file()
    page_of(pages, "files").write_text("garbled", "utf-8")
    assert first == run()
    assert "garbled" != page_of(pages, "files").read_text("utf-8")
    kept = former.folder / "results.json"
    kept.write_text(kept.read_text("utf-8").replace("true", "false", 1), "utf-8")
    assert first == run()
    assert 3 * len(FEW) == asked.call_count
    rows["edits"][3]["op"] = "odd"
    assert not all(result.success for result in run())
    assert 4 * len(FEW) == asked.call_count


def test_what_another_bucket_says_of_a_document_is_looked_at(tmp_path: Path) -> None:
    """The bytes of a bucket are the same, and it is not the same bucket where `files` says something else."""
    rows, former = _many(), FormerChecks(tmp_path / "checked")
    documents = [suite for suite in SUITES if suite.table == "documents"]
    _run(tmp_path / "dataset", rows, former, suites=documents)
    published = next(row for row in rows["files"] if row["status"] == "published")
    published["raw_sha256"] = "0" * 64
    damaged = _run(tmp_path / "dataset", rows, former, suites=documents)
    assert (1, 2) == (former.carried, former.buckets)
    assert "listed_in_files" in {result.name for result in damaged if not result.success}


def test_every_type_in_use_has_a_rule_and_another_is_refused() -> None:
    """A type without one would be found out when the dataset has grown."""
    assert {each.type for suite in SUITES for each in suite.expectations} == set(RULES)
    suite = SUITES[0]
    odd = suite.expectations[0]._replace(type="expect_column_mean_to_be_between")
    with pytest.raises(BadSuite, match=r"no rule .* 'as_declared' \(expect_column_mean_to_be_between\)"):
        check_mergeable(type(suite)(suite.table, suite.file, (odd,), suite.content))


def test_mostly_is_decided_on_the_sums() -> None:
    """Two parts of which one is bad are as good as their rows together."""
    outcome = {"expectation_config": {"type": "expect_column_values_to_be_in_set", "kwargs": {"mostly": 0.5}}}
    shares = [
        {"elements": 10, "missing": 2, "unexpected": 0, "failing": []},
        {"elements": 4, "missing": 0, "unexpected": 4, "failing": ["a", "b"]},
    ]
    found = merged(outcome, shares, "id")
    assert found["success"]
    assert (14, 2, 4) == tuple(found["result"][f"{name}_count"] for name in ("element", "missing", "unexpected"))
    assert not merged(outcome, shares[1:], "id")["success"]


def test_files_that_were_rebuilt_are_not_rebuilt_again(tmp_path: Path) -> None:
    """A failure is no result that is carried over."""
    dataset, former = write(good(), tmp_path / "dataset"), FormerChecks(tmp_path / "checked")
    first = rebuild_all(dataset, None, former=former)
    assert first.failures
    assert first.failures == rebuild_all(dataset, None, former=former).failures
    assert (0, 1) == (former.carried, former.buckets)


# ------------------------------------------------------------------------------------------------ several processes
def _broken() -> Rows:
    """Rows of which some are damaged in every bucket, and documents whose cluster lies in several."""
    rows = _many()
    rows["documents"].append(dict(rows["documents"][1]))
    rows["documents"][4]["text_sha256"] = None
    first = rows["documents"][0]
    for document in rows["documents"][3::2]:
        document.update(cluster_id=first["id"], cluster_size=5, similarity_0_to_1=0.5)
    for edit in rows["edits"][::2]:
        edit["op"] = "odd"
    for name in ("sections", "issuers", "conflicts"):
        rows[name][-1]["doc_id"] = "0" * 24
    return rows


@pytest.mark.parametrize(("rows", "suites"), [(_many(), FEW), (_broken(), SUITES)], ids=["sound", "broken"])
def test_several_processes_find_what_one_finds(rows: Rows, suites: Sequence[Suite], tmp_path: Path) -> None:
    """Result for result, row for row, also what is kept for the next time."""
    former = [FormerChecks(tmp_path / "one"), FormerChecks(tmp_path / "two")]
    dataset = write(rows, tmp_path / "dataset", buckets=IN_PARTS.buckets)
    one, two = (
        run_suites(dataset, suites, gathered=IN_PARTS.gathered, former=kept, workers=workers)
        for workers, kept in enumerate(former, start=1)
    )
    assert one == two
    assert any(not result.success for result in one) == (rows["edits"][0]["op"] == "odd")
    assert {} != read_kept(former[0].folder / "suites.json") == read_kept(former[1].folder / "suites.json")


def test_several_processes_make_the_frames_that_one_makes(tmp_path: Path) -> None:
    """In the same order, value for value and type for type, also where a text lies in another bucket."""
    files = Dataset(write(_broken(), tmp_path / "dataset", buckets=IN_PARTS.buckets))
    expectations = {suite.table: suite.expectations for suite in SUITES if suite.table in SORTED}
    whole = whole_dataset(files)
    with neighbours_at_hand(files, whole, files.numbers):
        assert any(whole.text_of(name) for name in whole.clusters.by_id)
        look = Look(files, whole, expectations)
        one, two = (list(parts_of_buckets(look, files.numbers, workers=workers)) for workers in (1, 2))
    assert files.numbers == [part["edits"].bucket for part in two]
    for here, there in zip(one, two, strict=True):
        assert list(here) == list(there)
        for name, part in here.items():
            pd.testing.assert_frame_equal(part.frame, there[name].frame)
            assert part.bucket == there[name].bucket
            assert list(part.keys) == list(there[name].keys)


def test_what_cannot_be_read_is_said_by_another_process_too(tmp_path: Path) -> None:
    """In the same words."""
    rows = _many()
    dataset = write(rows, tmp_path / "dataset", buckets=IN_PARTS.buckets)
    file = dataset / "data" / "edits-00001.parquet"
    table = pq.read_table(file)
    pq.write_table(table.append_column("op", table["op"]), file)
    said = []
    for workers in (1, 2):
        with pytest.raises(BadInput) as raised:
            run_suites(dataset, SUITES, workers=workers)
        said.append(str(raised.value))
    assert said[0] == said[1]


def _odd_documents(rows: Rows) -> None:
    """A document that is there twice, one whose bytes are others, and edits of one that is not there."""
    rows["documents"].append(dict(rows["documents"][1]))
    rows["documents"][4]["raw_sha256"] = "f" * 64
    rows["edits"].append({**rows["edits"][0], "doc_id": "f" * 24})


@pytest.mark.parametrize("damage", [None, _odd_documents])
def test_several_processes_rebuild_as_one_does(damage: Callable[[Rows], None] | None, tmp_path: Path) -> None:
    """Failures in the same order, the same counts, and what went well is not done again."""
    rows = _many()
    if damage is not None:
        damage(rows)
    rows["documents"].sort(key=lambda row: str(row["id"]))
    rows["edits"].sort(key=lambda row: str(row["doc_id"]))
    dataset = write(rows, tmp_path / "dataset", buckets=IN_PARTS.buckets)
    former = [FormerChecks(tmp_path / "one"), FormerChecks(tmp_path / "two")]
    said: list[list[tuple[int, int]]] = [[], []]
    one, two = (
        rebuild_all(
            dataset,
            None,
            former=kept,
            workers=workers,
            progress=lambda *args, told=said[workers - 1]: told.append(args),
        )
        for workers, kept in enumerate(former, start=1)
    )
    assert one == two
    assert one.documents == len(rows["documents"])
    assert said[0] == said[1]
    assert said[0][-1] == (one.documents, one.documents)
    assert read_kept(former[0].folder / "rebuilding.json") == read_kept(former[1].folder / "rebuilding.json")
    assert two == rebuild_all(dataset, None, former=former[1], workers=2)
