"""Where code, data or choices of a late stage change, documents are taken up from the tables of the stages before it.

The bytes are those of a build from nothing each time, and it is counted what was not made again.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import columns, import_closure, recipe, stages
from pipeline.document import Verdict
from pipeline.edits import Edit
from pipeline.import_closure import deciding_files, imported
from pipeline.options import CLEANING, Choices
from pipeline.recipe import STAGES
from pipeline.restoring import restored
from pipeline.sources.files import find_inputs, read_input
from pipeline.stage_fingerprints import LATER_CHOICES, LATER_CODE, later_imports, stage_fingerprints
from pipeline.stages import write_stages
from pipeline.tables import record, stage_tables
from pipeline.text import Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.options import Value
    from pipeline.stages import AssetReport

ASSETS = tuple(columns.STAGE_TABLES)
NAMES = tuple(stage.name for stage in STAGES)
PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT / "raw"
PACKAGE = Path(import_closure.__file__).parent
LEXICON = Path(__file__).parent / "lexicons" / "portal.json"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few documents are cut into several batches."""
    monkeypatch.setattr(stages.in_batches, "__kwdefaults__", {"documents": 6, "size_bytes": stages.BATCH_BYTES})


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, some documents beside them, and a file that cannot be read."""
    folder = tmp_path_factory.mktemp("taking-up") / "raw"
    shutil.copytree(SAMPLES, folder)
    for number in range(9):
        text = (
            f"標題：第{number}號文件\n\n企業(yè)發(fā)展，產(chǎn)業(yè)興旺。\n\n聯繫郵箱：a{number}@example.org。\n"
        )
        (folder / f"{number}.txt").write_text(text, "utf-8")
    (folder / "broken").symlink_to("nowhere")
    return folder


def _bytes(output: Path) -> dict[str, bytes]:
    return {file.relative_to(output).as_posix(): file.read_bytes() for file in output.rglob("*") if file.is_file()}


def _build(raw: Path, output: Path, **how: Any) -> dict[str, AssetReport]:  # noqa: ANN401  whatever it takes
    return write_stages(find_inputs(raw), output, **{"assets": ASSETS, **how})


def _reused(reports: dict[str, AssetReport]) -> list[int]:
    return [reports[asset].reused for asset in ASSETS]


# ------------------------------------------------------------------------------------------------ other choices
OTHERS: dict[str, list[str | int]] = {
    "conflicts": ["theirs"],
    "furniture": [str(LEXICON)],
    "maximum_bytes": [300],
    "punctuation": ["keep"],
    "script": ["keep", "hant"],
    "script_corrections": ["leave"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in OTHERS.items() for value in values])
def test_another_choice_is_taken_up_at_its_stage(name: str, value: Value, raw: Path, tmp_path: Path) -> None:
    """The tables before it are those of the build before, and what comes out is what a build from nothing gives."""
    _build(raw, tmp_path / "output")
    inputs, choices = len(find_inputs(raw)), Choices(**{name: value})  # type: ignore[arg-type]
    again = _build(raw, tmp_path / "output", choices=choices, workers=2)
    first = NAMES.index(LATER_CHOICES.get(name, "decode"))
    assert [inputs] * first + [0] * (len(ASSETS) - first) == _reused(again)
    fresh = _build(raw, tmp_path / "fresh", choices=choices)
    assert _bytes(tmp_path / "fresh") == _bytes(tmp_path / "output")
    for report in again.values():
        report.reused = 0
    assert fresh == again


def test_every_choice_is_tried() -> None:
    """And one that is not said to come late counts from the first stage on."""
    assert {option.name for option in CLEANING} == OTHERS.keys()
    assert LATER_CHOICES.keys() < OTHERS.keys()


def test_one_table_alone_is_made_from_those_that_are_there(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though nobody asked for them; where one of them is damaged, from the last one before it."""
    _build(raw, tmp_path / "fresh", choices=Choices(punctuation="keep"))
    _build(raw, tmp_path / "output")
    cleaned = _Counted(monkeypatch)
    _build(raw, tmp_path / "output", assets=["split_documents"], choices=Choices(punctuation="keep"))
    split = Path("stages", "split_documents")
    assert _bytes(tmp_path / "fresh" / split) == _bytes(tmp_path / "output" / split)
    assert {"convert"} == cleaned.taken_up_after
    for file in (tmp_path / "output" / "stages" / "converted_documents").glob("part-*"):
        file.write_bytes(file.read_bytes()[:-1])
    _build(raw, tmp_path / "output", assets=["split_documents"])
    assert {"convert", "reconcile"} == cleaned.taken_up_after
    assert 0 == cleaned.from_bytes


class _Counted:
    """How many documents were cleaned from their bytes, and after which stages others were taken up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.from_bytes = 0
        self.taken_up_after: set[str] = set()
        monkeypatch.setattr(recipe, "clean", self._cleaned(recipe.clean))
        monkeypatch.setattr(recipe, "go_on", self._gone_on(recipe.go_on))

    def _cleaned(self, clean: Any) -> Any:  # noqa: ANN401  a function and the same function, counted
        def counted(*content: Any, **how: Any) -> Any:  # noqa: ANN401
            self.from_bytes += 1
            return clean(*content, **how)

        return counted

    def _gone_on(self, go_on: Any) -> Any:  # noqa: ANN401  a function and the same function, counted
        def counted(document: Any, **how: Any) -> Any:  # noqa: ANN401
            self.taken_up_after.add(list(document.depths)[-1])
            return go_on(document, **how)

        return counted


# ------------------------------------------------------------------------------------------------ other rules
class Shake:
    """A step that does something at random, which follows from its seed and from all that a step can see."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, view: View) -> Outcome:
        """A few edits and findings; at times it stops with an error, or sets the document aside."""
        made = [(step, list(layer), layer.length, before) for step, layer, before in view.revisions]
        seen = [(view.here(finding), view.text_of(finding)) for finding in view.findings]
        chance = random.Random(repr((self.seed, view.text, view.findings, made, seen)))  # noqa: S311  the same each time
        if self.seed and chance.random() < 0.01:
            message = "a defect"
            raise RuntimeError(message)
        starts = sorted(chance.sample(range(len(view.text)), min(len(view.text), chance.randrange(4))))
        edits = [
            Edit(
                start,
                view.text[start : start + 1],
                chance.choice(["", "好", "，\n"]),
                f"test.shaken_{chance.randrange(2)}",
            )
            for start in starts
        ]
        span = tuple(sorted(chance.choices(range(len(view.text) + 1), k=2)))
        kinds = chance.choices(["flag", "shaken", "set_aside"], [6, 12, 1], k=chance.randrange(3))
        values = {"flag": "text_gap_suspected", "set_aside": "spam_injected", "shaken": "搖"}
        return Outcome(edits, [Finding(kind, values[kind], (span[0], span[1]), "註") for kind in kinds])


def _shaken(monkeypatch: pytest.MonkeyPatch, seeds: Sequence[int]) -> None:
    """Another recipe: in each stage something is done before its steps and behind them."""
    shaken = tuple(
        stage._replace(steps=(Shake(seed), *stage.steps, Shake(seed + 1))) if seed else stage
        for stage, seed in zip(STAGES, seeds, strict=True)
    )
    monkeypatch.setattr(recipe, "STAGES", shaken)
    monkeypatch.setattr(recipe, "fingerprint", lambda _: str(seeds))
    made_by = {asset: str(seeds[: number + 1]) for number, asset in enumerate(ASSETS)}
    monkeypatch.setattr(stages, "stage_fingerprints", lambda *_: made_by)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    recipes=st.lists(st.tuples(*[st.integers(0, 2)] * len(STAGES)), min_size=2, max_size=3),
    salt=st.integers(0, 1 << 30),
)
def test_whatever_the_stages_do_the_bytes_are_those_of_a_build_from_nothing(
    recipes: list[tuple[int, ...]], salt: int, raw: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Stages that edit, find, set aside and fail at random, built one recipe after another in one folder."""
    folder = tmp_path_factory.mktemp("shaken")
    inputs = find_inputs(raw)[::3]
    before: tuple[int, ...] = ()
    failures: list[bool] = []
    for number, seeds in enumerate(recipes):
        with pytest.MonkeyPatch.context() as patch:
            _shaken(patch, [seed and seed + 10 * salt for seed in seeds])
            again = write_stages(inputs, folder / "output", assets=ASSETS)
            fresh = write_stages(inputs, folder / str(number), assets=ASSETS)
        assert _bytes(folder / str(number)) == _bytes(folder / "output")
        most = [len(inputs) * (before[: n + 1] == seeds[: n + 1]) for n in range(len(ASSETS))]
        failures.append(any(report.set_aside["step_failed"] for report in fresh.values()))
        if any(failures[-2:]):
            assert all(reused <= possible for reused, possible in zip(_reused(again), most, strict=True))
        else:
            assert most == _reused(again)
        for report in again.values():
            report.reused = 0
        assert fresh == again
        before = seeds
    shutil.rmtree(folder)


def test_what_fails_late_is_cleaned_from_its_bytes(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So every table says the same of it as after a build from nothing; the next build does not use them."""

    def fail(view: View) -> Outcome:
        if "第5號文件" in view.text or "第5号文件" in view.text:
            raise MemoryError
        return Outcome()

    _build(raw, tmp_path / "output")
    made_by = {**stage_fingerprints("pipeline.stages"), "split_documents": "other"}
    with monkeypatch.context() as patch:
        patch.setattr(recipe, "STAGES", (*STAGES[:-1], STAGES[-1]._replace(steps=(fail, *STAGES[-1].steps))))
        patch.setattr(stages, "stage_fingerprints", lambda *_: made_by)
        again = _build(raw, tmp_path / "output")
        _build(raw, tmp_path / "fresh")
        assert 1 == again["split_documents"].set_aside["step_failed"]
        assert _bytes(tmp_path / "fresh") == _bytes(tmp_path / "output")
        assert 0 < _reused(again)[0] < len(find_inputs(raw))
    last = _build(raw, tmp_path / "output")
    assert 0 == last["split_documents"].set_aside["step_failed"]
    assert _reused(again)[:3] == _reused(last)[:3]


def test_a_document_comes_back_as_a_stage_has_left_it(raw: Path) -> None:
    """Its text, all revisions, all findings and the account of its bytes; or why it was set aside."""
    inputs = [found for found in find_inputs(raw) if found.reason is None]
    whole = [recipe.clean(read_input(found), source=found.raw_path) for found in inputs]
    laid_out = stage_tables([record(*pair) for pair in zip(inputs, whole, strict=True)], assets=ASSETS)
    aside = 0
    for number in range(1, len(STAGES)):
        tables = {asset: laid_out[asset] for asset in ASSETS[:number]}
        for found, again in zip(inputs, restored(tables), strict=True):
            expected = recipe.clean(read_input(found), source=found.raw_path, through=NAMES[number - 1])
            if isinstance(again, Verdict):
                aside += 1
                assert expected.verdict == again
                continue
            assert (expected.text, expected.history.findings) == (again.text, again.history.findings)
            assert (expected.depths, expected.finding_counts) == (again.depths, again.finding_counts)
            assert (expected.decoding, expected.raw_sha256) == (again.decoding, again.raw_sha256)
            assert [_plain(one) for one in expected.history.revisions] == [
                _plain(one) for one in again.history.revisions
            ]
    assert 0 < aside < len(inputs)


def _plain(revision: Any) -> tuple[object, ...]:  # noqa: ANN401
    step, layer, before = revision
    return step, list(layer), layer.length, layer.rules, before


# ------------------------------------------------------------------------------------------------ other code
BUILD = """
import json, sys
from pathlib import Path
from pipeline import columns, stages
from pipeline.sources.files import find_inputs
stages.in_batches.__kwdefaults__["documents"] = 6
for output in sys.argv[2:]:
    reports = stages.write_stages(find_inputs(Path(sys.argv[1])), Path(output), assets=tuple(columns.STAGE_TABLES))
    print(json.dumps([[report.reused for report in reports.values()], reports["split_documents"].edits]))
"""


def test_a_changed_rule_is_run_again_from_its_stage_on(raw: Path, tmp_path: Path) -> None:
    """Sources and data files of another checkout, changed one after another, and built in one folder each time."""
    shutil.copytree(PACKAGE, tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    inputs = len(find_inputs(raw))
    changes = [
        ("steps/data/spam.txt", "\n", "\n产业\n", 3),  # read by corpus/signals.py, for columns of the last stage
        ("steps/paragraphs.py", '"space.blank_line"', '"space.empty_line"', 3),
        ("steps/data/pinyin_pairs.tsv", "\n", "\n\n", 2),
        ("text.py", "from __future__", "# Changed.\nfrom __future__", 0),
    ]
    _run(tmp_path, BUILD, raw, "output")
    for number, (file, old, new, stage) in enumerate(changes):
        changed = tmp_path / "pipeline" / file
        text = changed.read_text("utf-8")
        assert old in text
        changed.write_text(text.replace(old, new, 2), "utf-8")
        again, fresh = map(json.loads, _run(tmp_path, BUILD, raw, "output", str(number)).splitlines())
        assert [inputs] * stage + [0] * (len(ASSETS) - stage) == again[0], file
        assert [0] * len(ASSETS) == fresh[0]
        assert ("space.empty_line" in again[1]) == (number > 0)
        assert _bytes(tmp_path / str(number)) == _bytes(tmp_path / "output"), file


def _run(folder: Path, program: str, *arguments: object) -> str:
    """What a Python program prints that runs with the package in this folder."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


WATCH = """
import json, sys
from pathlib import Path
from pipeline import columns, stages
from pipeline.sources.files import find_inputs
from pipeline.stage_fingerprints import stage_fingerprints
stages.table_metadata(), stage_fingerprints("pipeline.stages")  # which look at every file
here, seen = str(Path(stages.__file__).parent), set()
def watch(frame, event, argument):
    seen.add(frame.f_code.co_filename)
def audit(event, arguments):
    if event == "open":
        seen.add(str(arguments[0]))
inputs = find_inputs(Path(sys.argv[1]))
sys.addaudithook(audit)
for number, asset in enumerate(columns.STAGE_TABLES):
    sys.setprofile(watch)
    stages.write_stages(inputs, Path(sys.argv[2]), assets=[asset], fresh=True)
    sys.setprofile(None)
    print(json.dumps(sorted(file for file in seen if file.startswith(here) and "__pycache__" not in file)))
"""


def test_what_a_stage_runs_and_reads_is_part_of_its_fingerprint(raw: Path, tmp_path: Path) -> None:
    """Every source of which a line is run for a table, and every data file that is opened; seen while it happens."""
    ran = [set(json.loads(line)) for line in _run(PROJECT, WATCH, raw, tmp_path).splitlines()]
    for stage, files in zip(NAMES, ran, strict=True):
        counted = {str(file) for file in deciding_files(["pipeline.stages"], leaving=later_imports(stage))}
        assert set() == files - counted, stage
    assert 30 < len(ran[0]) < len(ran[-1])
    assert str(PACKAGE / "steps" / "data" / "pinyin_pairs.tsv") in ran[2] - ran[1]


def test_each_stage_has_code_and_data_of_its_own() -> None:
    """What belongs to the last stage says nothing of those before it; what all share counts from the first one on."""
    counted = [set(deciding_files(["pipeline.stages"], leaving=later_imports(stage))) for stage in NAMES]
    for before, after in pairwise(counted):
        assert before < after
    assert counted[-1] == set(deciding_files(["pipeline.stages"]))
    expected = {
        "text.py": 0,
        "stages.py": 0,
        "restoring.py": 0,
        "steps/mojibake.py": 0,
        "steps/personal_data.py": 0,  # previews of every stage are masked
        "steps/data/labels.tsv": 0,
        "steps/conflicts.py": 1,
        "steps/pinyin.py": 2,
        "steps/data/pinyin_pairs.tsv": 2,
        "written_scripts.py": 2,
        "steps/headers.py": 3,
        "steps/learned_furniture.py": 3,
        "metadata/fields.py": 3,
        "enrichment/targets.py": 3,
        "steps/data/boilerplate.json": 3,
        "steps/data/units.tsv": 3,
    }
    assert expected == {
        name: next(number for number, files in enumerate(counted) if PACKAGE / name in files) for name in expected
    }


def test_what_is_said_to_come_late_is_imported() -> None:
    """An import that is gone needs no word."""
    for module, imports in LATER_CODE:
        source = PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")
        assert imports in imported(source), (module, imports)


def test_every_word_list_is_named_by_a_source() -> None:
    """By that it is known which stages read it."""
    sources = "".join(file.read_text("utf-8") for file in PACKAGE.rglob("*.py"))
    lists = [file.name for file in (PACKAGE / "steps" / "data").iterdir()]
    assert [] == [name for name in lists if f'"{name}"' not in sources]
