"""What is as it was at the last validation, a bucket with its surroundings or a dataset whole: results are taken over.

Here belongs when a result may be taken over: where nothing differs that it was made of, which is the bytes of the
bucket's files, what the rest of the dataset says of its documents, the suites, this package to the last byte, and the
versions of what it is built on.
"""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.checksums import digest
from pipeline.former_checks import code, write_kept
from pipeline.validate.results import CheckResult
from pipeline.validate.surroundings import surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.derived import Whole
    from pipeline.former_checks import FormerChecks
    from pipeline.validate.buckets import Dataset
    from pipeline.validate.gathering import Gathering
    from pipeline.validate.merging import Share
    from pipeline.validate.suites import Expectation, Suite

_FILE = "suites.json"
_RESULTS = "results.json"


@dataclass(slots=True)
class Unchanged:
    """The buckets whose results are taken over, and those that are looked at anew."""

    anew: list[int]
    today: int = 0
    suites: Sequence[Suite] = ()
    former: FormerChecks | None = None
    keys: dict[int, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, former: FormerChecks | None, dataset: Dataset, whole: Whole, suites: Sequence[Suite], today: int
    ) -> Unchanged:
        """What is known of the buckets of a dataset; nothing without a folder to look in."""
        if former is None:
            return cls(list(dataset.numbers))
        common = _common(suites, [str(schema) for schema in dataset.schemas.values()])
        keys = {number: _key(common, dataset, whole, number) for number in dataset.numbers}
        found = former.kept(_FILE)
        # A date that was no later than today then is no later than today now.
        kept = {key: found[key] for key in keys.values() if key in found and found[key]["today"] <= today}
        anew = [number for number, key in keys.items() if key not in kept]
        former.buckets, former.carried = len(keys), len(keys) - len(anew)
        return cls(anew, today, suites, former, keys, kept)

    def shares(self, table: str) -> list[Mapping[str, Share]]:
        """What is known of a table's rows in the buckets that are not looked at."""
        return [one["tables"][table]["shares"] for one in self.kept.values() if table in one["tables"]]

    def rows(self, table: str) -> int:
        """How many rows these are."""
        return sum(one["tables"][table]["rows"] for one in self.kept.values() if table in one["tables"])

    def keep(self, gatherings: Mapping[str, Gathering]) -> None:
        """Keep what is known of all buckets for the next time, and nothing else."""
        if self.former is None:
            return
        fresh = {
            self.keys[number]: {
                "today": self.today,
                "tables": {
                    table: {"rows": gathering.rows_of[number], "shares": gathering.by_bucket[number]}
                    for table, gathering in gatherings.items()
                },
            }
            for number in self.anew
            if all(number in gathering.by_bucket for gathering in gatherings.values())
        }
        fresh = {key: one for key, one in fresh.items() if not self._depends_on_the_day(one)}
        write_kept(self.former.folder / _FILE, {**self.kept, **fresh})

    def _depends_on_the_day(self, one: Mapping[str, Any]) -> bool:
        return any(
            one["tables"][suite.table]["shares"].get(each.name, {}).get("unexpected")
            for suite in self.suites
            if suite.table in one["tables"]
            for each in suite.expectations
            if _asks_day(each)
        )


def _asks_day(expectation: Expectation) -> bool:
    return {"$PARAMETER": "today"} in expectation.kwargs.values()


@dataclass
class UnchangedDataset:
    """A dataset that may be the one that was looked at last.

    Then Great Expectations is not even imported. `inputs` is how many inputs it was made from, if that is known;
    `data_docs` are the pages about it, if any are asked for.
    """

    former: FormerChecks
    dataset: Dataset
    suites: Sequence[Suite]
    inputs: int | None
    today: int
    data_docs: Path | None

    def results(self) -> list[CheckResult] | None:
        """The results, in the order of the suites; None where anything differs that they were made of."""
        kept = self.former.kept(_RESULTS)
        if kept.get("key") != self._key or kept["today"] > self.today or kept["pages"] != self._pages():
            return None
        self.former.buckets = self.former.carried = len(self.dataset.numbers)
        return [CheckResult(**{**one, "failing": tuple(one["failing"])}) for one in kept["results"]]

    def keep(self, results: Sequence[CheckResult]) -> None:
        """Keep the results for the next time, but for those of which another day may say otherwise."""
        of_day = {(suite.table, each.name) for suite in self.suites for each in suite.expectations if _asks_day(each)}
        doubtful = any(result.unexpected for result in results if (result.table, result.name) in of_day)
        said = [{**result._asdict(), "failing": list(result.failing)} for result in results]
        kept = {"key": self._key, "today": self.today, "pages": self._pages(), "results": said}
        write_kept(self.former.folder / _RESULTS, {} if doubtful else kept)

    @functools.cached_property
    def _key(self) -> str:
        common = _common(self.suites, [str(schema) for schema in self.dataset.schemas.values()])
        made_of = [common, self.inputs, _digests(self.dataset.folder)]
        return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()

    def _pages(self) -> list[list[str]]:
        return [] if self.data_docs is None else _digests(self.data_docs)


def _digests(folder: Path) -> list[list[str]]:
    """Every file below a folder, with its SHA-256."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [[file.relative_to(folder).as_posix(), digest(file)] for file in files]


def _common(suites: Sequence[Suite], schemas: Sequence[str]) -> str:
    """A digest of what is the same for all buckets."""
    expected = [[suite.content, [each.name for each in suite.expectations]] for suite in suites]
    return hashlib.sha256(json.dumps([code(), schemas, expected], sort_keys=True).encode()).hexdigest()


def _key(common: str, dataset: Dataset, whole: Whole, number: int) -> str:
    files = [[file.relative_to(dataset.folder).as_posix(), digest(file)] for file in dataset.files_of(number)]
    made_of = [common, files, surroundings(dataset, whole, number)]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()
