"""How a build is cut, by whom it is done, and what of a former is used again; the bytes are the same each time."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import columns, import_closure, recipe, stages
from pipeline.former_shards import SUMS, Table
from pipeline.import_closure import code_fingerprint, deciding_files, imported
from pipeline.ledger import judge_documents
from pipeline.options import Choices
from pipeline.parts import SHARD, metadata_of
from pipeline.sources.files import BadInput, Input, find_inputs
from pipeline.stages import AssetReport, in_batches, write_stages
from pipeline.staging import stage_dataset
from pipeline.time_limit import KILLED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.document import Document

ASSETS = tuple(columns.STAGE_TABLES)
SAMPLES = Path(__file__).parents[1] / "raw"
HERE = Path("raw")
REGRESSIONS = Path(__file__).parent / "regressions"


# ------------------------------------------------------------------------------------------------ how it is cut
def _inputs(count: int) -> list[Input]:
    return [Input(f"{n:05}.txt", HERE, 1_000 + n * 7919 % 50_000, f"{n:064}") for n in range(count)]


def _names(inputs: Sequence[Input]) -> list[tuple[str, ...]]:
    return [tuple(one.raw_path for one in batch.inputs) for batch in in_batches(inputs)]


def test_batches_are_of_a_size() -> None:
    """None is too large or, but for the last, too small, and on the whole they are what was asked for."""
    inputs = _inputs(12_000)
    batches = list(in_batches(inputs))
    loads = [
        sum((one.bytes or 0) / stages.BATCH_BYTES + 1 / stages.BATCH_DOCUMENTS for one in batch.inputs)
        for batch in batches
    ]
    assert stages.LEAST_LOAD <= min(loads[:-1])
    assert max(loads) <= stages.MOST_LOAD
    assert 0.8 < sum(loads) / len(loads) < 1.3
    assert inputs == [one for batch in batches for one in batch.inputs]
    assert [f"part-{number:05}.parquet" for number in range(len(batches))] == [batch.file for batch in batches]


def test_a_new_file_changes_the_batch_that_it_is_in() -> None:
    """Nearly always that one alone, or the two that it is cut into; the same holds for one that is gone."""
    inputs = _inputs(6_000)
    before = set(_names(inputs))
    changed = []
    for at in range(100, 6_000, 990):
        new = Input(f"{at:05}-new.txt", HERE, 5_000, f"{at:064x}")
        changed.append(len(set(_names([*inputs[:at], new, *inputs[at:]])) - before))
        changed.append(len(set(_names([*inputs[:at], *inputs[at + 1 :]])) - before))
    assert sum(changed) <= 2 * len(changed)
    assert max(changed) <= 6


@given(st.lists(st.integers(0, 20_000_000), max_size=40), st.integers(1, 9))
def test_no_input_is_lost_and_no_batch_is_empty(sizes: list[int], documents: int) -> None:
    """However large the inputs are; one that is set aside weighs nothing but its row."""
    inputs = [Input(f"{n:03}", HERE, size, "") for n, size in enumerate(sizes)]
    inputs.append(Input("set aside", HERE, 1 << 40, "", "too_large"))
    batches = list(in_batches(inputs, documents=documents))
    assert inputs == [one for batch in batches for one in batch.inputs]
    assert all(batch.inputs for batch in batches)
    for batch in batches:
        assert len(batch.inputs) == 1 or sum(one.bytes or 0 for one in batch.inputs if one.reason is None) <= 2 * (
            stages.BATCH_BYTES
        )


# ------------------------------------------------------------------------------------------------ by whom it is done
@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few documents are cut into several batches."""
    monkeypatch.setattr(stages.in_batches, "__kwdefaults__", {"documents": 6, "size_bytes": stages.BATCH_BYTES})


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Three dozen documents, and some that are none."""
    folder = tmp_path / "raw"
    folder.mkdir()
    _documents(folder, range(36))
    (folder / "broken").symlink_to("nowhere")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    return folder


def _documents(folder: Path, numbers: Sequence[int]) -> None:
    for number in numbers:
        text = f"標題：第{number}號文件\n\n企業(yè)發(fā)展，產(chǎn)業(yè)興旺。聯繫郵箱：a{number}@example.org。\n"
        (folder / f"{number:02}.txt").write_text(text, "utf-8")


def _bytes(output: Path) -> dict[str, bytes]:
    return {file.relative_to(output).as_posix(): file.read_bytes() for file in output.rglob("*") if file.is_file()}


def _build(raw: Path, output: Path, **how: Any) -> dict[str, AssetReport]:  # noqa: ANN401  whatever it takes
    return write_stages(find_inputs(raw), output, assets=ASSETS, **how)


def _reused(reports: dict[str, AssetReport]) -> int:
    (count,) = {report.reused for report in reports.values()}
    return count


@pytest.mark.usefixtures("small")
def test_any_number_of_workers_gives_the_same_bytes(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the same reports; so does a folder whose files were written in another order."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SAMPLES, raw / "samples")
    reports = _build(raw, tmp_path / "1", workers=1)
    expected = _bytes(tmp_path / "1")
    assert 4 * 6 < len(expected)
    for workers in (2, 3):
        assert reports == _build(Path("raw"), Path(str(workers)), workers=workers)
        assert expected == _bytes(tmp_path / str(workers))
    other = tmp_path / "other"
    for file in sorted(raw.rglob("*"), reverse=True):
        if file.is_symlink():
            (other / file.relative_to(raw)).symlink_to(file.readlink())
        elif file.is_file():
            (other / file.relative_to(raw)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, other / file.relative_to(raw))
    _build(other, tmp_path / "another", workers=2)
    assert expected == _bytes(tmp_path / "another")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_document_that_kills_who_cleans_it_is_set_aside_alone(
    workers: int, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a line that says so, however few documents and workers there are; the next build tries it again."""
    inputs = find_inputs(raw)
    monkeypatch.setattr(stages, "write_batch", _KillsAt("07.txt"))
    reports = write_stages(inputs, tmp_path, assets=ASSETS, workers=workers)
    assert 1 == reports["decoded_documents"].set_aside["step_failed"]
    rows = pq.read_table(tmp_path / "stages" / "split_documents").to_pylist()
    assert [found.raw_path for found in inputs] == [row["raw_path"] for row in rows]
    told = {row["raw_path"]: (row["set_aside"], row["set_aside_detail"]) for row in rows if row["raw_path"] < "1"}
    assert ("step_failed", KILLED) == told.pop("07.txt")
    assert {(None, None)} == set(told.values())

    monkeypatch.undo()
    monkeypatch.setattr(stages.in_batches, "__kwdefaults__", {"documents": 6, "size_bytes": stages.BATCH_BYTES})
    again = write_stages(inputs, tmp_path, assets=ASSETS)
    assert 0 == again["decoded_documents"].set_aside["step_failed"]
    assert 0 < len(inputs) - _reused(again) <= 12


@pytest.mark.usefixtures("small")
def test_no_document_changes_another_ones_row(raw: Path, tmp_path: Path) -> None:
    """Be it before it, beside it, the same, or one that once broke something: its row follows from that document."""

    def rows(output: Path) -> dict[str, list[dict[str, Any]]]:
        _build(raw, output, workers=1)
        read = {asset: pq.read_table(output / "stages" / asset).to_pylist() for asset in ASSETS}
        return {asset: [row for row in table if row["raw_path"] in theirs] for asset, table in read.items()}

    theirs = {path.name for path in raw.iterdir()}
    alone = rows(tmp_path / "alone")
    for number, file in enumerate(sorted(REGRESSIONS.glob("*/*"))):
        shutil.copy(file, raw / f"{2 * number:02}-{file.name}.txt")
    for number in range(0, 36, 5):
        shutil.copy(raw / f"{number:02}.txt", raw / f"{number + 1:02}-copy.txt")
    (raw / "00-lines.txt").write_text("標題：另一份文件\n" + "企業(yè)發(fā)展，產(chǎn)業(yè)興旺。\n" * 400, "utf-8")
    assert len(theirs) == len(alone[ASSETS[0]]) < len(find_inputs(raw)) - 20
    assert alone == rows(tmp_path / "beside others")


@pytest.mark.usefixtures("small")
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no such alarm")
def test_a_document_without_end_is_set_aside_alone(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time that it has, in the process that runs the build as well; the others are as they would be."""
    inputs = find_inputs(raw)
    cleaned = recipe.clean

    def clean(content: bytes, *, source: str, **how: Any) -> Document:  # noqa: ANN401
        if source == "07.txt":
            re.search("(a+)+b", "a" * 60)
        return cleaned(content, source=source, **how)

    monkeypatch.setenv("ZHENGWEN_MAXIMUM_SECONDS", "1")
    monkeypatch.setattr(recipe, "clean", clean)
    write_stages(inputs, tmp_path, assets=ASSETS)
    rows = pq.read_table(tmp_path / "stages" / "split_documents").to_pylist()
    told = {row["raw_path"]: (row["set_aside"], row["set_aside_detail"]) for row in rows if row["raw_path"] < "1"}
    reason, detail = told.pop("07.txt")
    assert "step_failed" == reason
    assert detail.startswith("no end after 1")
    assert {(None, None)} == set(told.values())


class _KillsAt:
    """The function that cleans a batch, where one document kills the process."""

    def __init__(self, raw_path: str) -> None:
        self.raw_path = raw_path
        self.function = stages.write_batch

    def __call__(self, batch: stages.Batch, **how: Any) -> stages.Written:  # noqa: ANN401
        if any(found.raw_path == self.raw_path and found.reason is None for found in batch.inputs):
            os.kill(os.getpid(), signal.SIGKILL)
        return self.function(batch, **how)

    def __reduce__(self) -> tuple[type[_KillsAt], tuple[str]]:
        return _KillsAt, (self.raw_path,)


# ------------------------------------------------------------------------------------------------ what is used again
@pytest.fixture
def built(raw: Path, tmp_path: Path, small: None) -> Path:
    """An output folder after a build."""
    del small
    _build(raw, tmp_path / "output")
    return tmp_path / "output"


def test_a_build_of_the_same_uses_everything_again(raw: Path, built: Path, tmp_path: Path) -> None:
    """The same bytes, the same figures, and it says so; with `fresh` it does not."""
    before = _bytes(built)
    first = _build(raw, tmp_path / "elsewhere")
    again = _build(raw, built)
    count = len(find_inputs(raw))
    assert count == _reused(again)
    assert 0 == _reused(first)
    for report in again.values():
        report.reused = 0
    assert first == again
    assert before == _bytes(built)
    assert 0 == _reused(_build(raw, built, fresh=True))
    assert before == _bytes(built)


def _and_one_more(raw: Path) -> None:
    (raw / "055.txt").write_text("第五十五號文件，關於人工智能產業發展的若干意見。\n", "utf-8")


def _and_one_less(raw: Path) -> None:
    (raw / "05.txt").unlink()


def _and_one_changed(raw: Path) -> None:
    _documents(raw, [40])
    (raw / "40.txt").replace(raw / "05.txt")


@pytest.mark.parametrize("change", [_and_one_more, _and_one_less, _and_one_changed])
def test_a_change_costs_the_shard_that_it_is_in(
    change: Callable[[Path], None], raw: Path, built: Path, tmp_path: Path
) -> None:
    """And what comes out is what a build from nothing gives."""
    change(raw)
    reports = _build(raw, built, workers=2)
    assert len(find_inputs(raw)) - 30 <= _reused(reports) < len(find_inputs(raw))
    fresh = _build(raw, tmp_path / "fresh")
    assert _bytes(tmp_path / "fresh") == _bytes(built)
    for asset in ASSETS:
        reports[asset].reused = 0
    assert fresh == reports


def test_other_choices_or_other_code_use_nothing_again(raw: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shard counts by what made it."""
    assert 0 == _reused(_build(raw, built, choices=Choices(maximum_bytes=10_000)))
    assert 0 == _reused(_build(raw, built))
    monkeypatch.setattr(stages, "stage_fingerprints", lambda *_: dict.fromkeys(ASSETS, "other"))
    assert 0 == _reused(_build(raw, built))


def _cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-9])


def _one_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)


def _another(file: Path) -> None:
    shutil.copy(file.with_name("part-00001.parquet"), file)


def _text(file: Path) -> None:
    file.write_text("not a table")


@pytest.mark.parametrize("harm", [Path.unlink, _cut_short, _one_bit, _another, _text])
def test_a_damaged_or_foreign_shard_is_made_again(harm: Callable[[Path], None], raw: Path, built: Path) -> None:
    """In whatever way it is not what was written."""
    before = _bytes(built)
    file = built / "stages" / "converted_documents" / "part-00002.parquet"
    harm(file)
    reports = _build(raw, built)
    assert before == _bytes(built)
    count = len(find_inputs(raw))
    assert [True, True, False, True] == [reports[asset].reused == count for asset in ASSETS]
    assert 0 < reports["converted_documents"].reused


def test_a_damaged_shard_is_not_published(built: Path) -> None:
    """Whoever judges anew does not read the raw files, and would make rows of what is left of it."""
    judge_documents(built)
    stage_dataset(built)
    _one_bit(built / "stages" / "split_documents" / "part-00001.parquet")
    with pytest.raises(BadInput, match=r"part-00001\.parquet' cannot be used, .* materialize split_documents again"):
        stage_dataset(built)


@pytest.mark.parametrize(
    "harm",
    [
        lambda sums: sums.unlink(),
        lambda sums: sums.write_text("nonsense"),
        lambda sums: sums.write_bytes(b"\xff\0\n" * 9),
        lambda sums: sums.write_text("".join(f"{'0' * 64}  part-{n:05}.parquet\n" for n in range(99))),
        lambda sums: sums.write_text(f"{'0' * 64}  ../../../raw/01.txt\n{'0' * 64}  \n{'0' * 64}  .\n"),
    ],
)
def test_without_its_sums_a_table_is_made_again(harm: Callable[[Path], object], raw: Path, built: Path) -> None:
    """Nobody can say whether it is whole."""
    before = _bytes(built)
    harm(built / "stages" / "split_documents" / SUMS)
    reports = _build(raw, built)
    assert 0 == reports["split_documents"].reused
    assert len(find_inputs(raw)) == reports["decoded_documents"].reused
    assert before == _bytes(built)


def test_a_shard_in_which_something_failed_is_not_used_again(
    raw: Path, tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that could not be read for a moment is no property of a document."""
    del small
    inputs = find_inputs(raw)
    (raw / "05.txt").rename(tmp_path / "away")
    first = write_stages(inputs, tmp_path / "output", assets=ASSETS)
    assert 1 == first["decoded_documents"].set_aside["unreadable"] - sum(
        found.reason == "unreadable" for found in inputs
    )
    (tmp_path / "away").rename(raw / "05.txt")
    again = write_stages(inputs, tmp_path / "output", assets=ASSETS)
    assert 0 < len(inputs) - _reused(again) <= 12
    write_stages(inputs, tmp_path / "fresh", assets=ASSETS)
    assert _bytes(tmp_path / "fresh") == _bytes(tmp_path / "output")
    with monkeypatch.context() as patch:
        patch.setattr(recipe, "clean", _short_of_memory)
        write_stages(inputs, tmp_path / "output", assets=ASSETS, fresh=True)
    last = write_stages(inputs, tmp_path / "output", assets=ASSETS)
    assert 0 == last["decoded_documents"].set_aside["step_failed"]
    assert _bytes(tmp_path / "fresh") == _bytes(tmp_path / "output")


def _short_of_memory(*_: object, **__: object) -> None:
    raise MemoryError


def test_an_interrupted_run_is_gone_on_with(raw: Path, built: Path, tmp_path: Path) -> None:
    """What it had finished is used, though a second one was interrupted behind it; then nothing is left of either."""
    other = Choices(maximum_bytes=10_000)
    _build(raw, tmp_path / "fresh", choices=other)

    for stop_at in (15, 30):

        def interrupt(done: int, whole: int, stop_at: int = stop_at) -> None:
            if done >= stop_at:
                raise KeyboardInterrupt(done, whole)

        with pytest.raises(KeyboardInterrupt):
            _build(raw, built, choices=other, progress=interrupt)
    reports = _build(raw, built, choices=other)
    assert 24 <= _reused(reports) < len(find_inputs(raw))
    assert _bytes(tmp_path / "fresh") == _bytes(built)


def test_a_table_by_itself_is_used_again_and_the_others_are_made(raw: Path, built: Path) -> None:
    """Each table has its own shards; those of one number hold the same inputs."""
    before = _bytes(built)
    shutil.rmtree(built / "stages" / "reconciled_documents")
    reports = _build(raw, built)
    count = len(find_inputs(raw))
    assert [count, 0, count, count] == [reports[asset].reused for asset in ASSETS]
    assert before == _bytes(built)


def test_shards_of_one_number_say_the_same_of_how_they_were_made(built: Path) -> None:
    """What is about one table alone is kept apart from it."""
    for file in (built / "stages" / "decoded_documents").glob("part-*.parquet"):
        said = [metadata_of(built / "stages" / asset / file.name) for asset in ASSETS]
        assert all(one == said[0] for one in said)
        assert SHARD not in said[0]
    stored = json.loads((pq.read_schema(file).metadata or {})[SHARD.encode()])
    assert {"made_by", "report"} == stored.keys()


def test_what_a_table_holds_is_not_written_to_where_it_is_used_again(raw: Path, built: Path) -> None:
    """A file that is linked in two places is one file."""
    stages_folder = built / "stages" / "split_documents"
    kept = {file: file.read_bytes() for file in stages_folder.glob("part-*")}
    table = Table(stages_folder)
    table.begin()
    for file in kept:
        os.link(file, table.fresh / file.name)
    inputs = find_inputs(raw)
    for batch in in_batches(inputs[:20]):
        stages.write_batch(
            batch,
            folders={"split_documents": table.fresh},
            made=stages.Made({}, {"split_documents": "other"}),
            choices=Choices(script="keep"),
        )
    assert kept == {file: file.read_bytes() for file in stages_folder.glob("part-*")}


# ------------------------------------------------------------------------------------------------ what made it
def _all_modules() -> Iterator[Path]:
    yield from Path(import_closure.__file__).parent.rglob("*.py")


def test_the_fingerprint_of_the_code_covers_what_the_recipe_says_that_it_decides() -> None:
    """Whatever is part of the recipe's fingerprint is part of this one; so are the columns and how rows are made."""
    reached = {file.as_posix() for file in deciding_files(["pipeline.stages"])}
    here = Path(import_closure.__file__).parent
    for name in ("columns", "tables", "resolutions", "recipe", "decoding", "sources/containers", "steps/pinyin"):
        assert (here / f"{name}.py").as_posix() in reached
    assert {file.as_posix() for file in (here / "steps" / "data").iterdir()} <= reached
    assert not any("orchestration" in file for file in reached)


def test_every_library_that_the_stages_import_counts_with_its_version() -> None:
    """Another version may give another text."""
    modules: set[str] = set()
    for file in deciding_files(["pipeline.stages"]):
        if file.suffix == ".py":
            modules |= {name.partition(".")[0] for name in imported(file)}
    libraries = {"opencc": "opencc-python-reimplemented"}
    third = modules - sys.stdlib_module_names - {"pipeline"}
    assert set(import_closure.LIBRARIES) == {libraries.get(name, name) for name in third}


def test_imports_are_found_wherever_they_stand(tmp_path: Path) -> None:
    """In a function, too; not those for the type checker alone."""
    file = tmp_path / "a.py"
    file.write_text(
        "from typing import TYPE_CHECKING\nimport numpy.random\nfrom pipeline import recipe\n"
        "from pipeline.steps import pinyin as p\nif TYPE_CHECKING:\n    import csv\n"
        "def f():\n    if 1:\n        import pipeline.text\n"
    )
    found = set(imported(file))
    assert {"numpy", "pipeline.recipe", "pipeline.steps", "pipeline.steps.pinyin", "pipeline.text"} <= found
    assert not {"csv", "pipeline"} & found


def test_no_import_is_relative() -> None:
    """The closure would not find it."""
    relative = [
        file.name
        for file in _all_modules()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert [] == relative


def test_another_python_or_library_is_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is part of what made the tables."""
    before = code_fingerprint("pipeline.text")
    code_fingerprint.cache_clear()
    monkeypatch.setattr(import_closure, "version", lambda _: "0")
    assert before != code_fingerprint("pipeline.text")
    code_fingerprint.cache_clear()
