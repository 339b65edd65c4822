"""A dataset that takes over what it can from the one before has, byte by byte, the files of one made anew."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from small_dataset import document, write_stage_tables

from pipeline import buckets, columns, former_dataset, layout, staging
from pipeline.admissions import Admissions
from pipeline.checksums import verify_checksums
from pipeline.document import Verdict
from pipeline.edits import Edit
from pipeline.engines import local
from pipeline.ledger import judge_documents
from pipeline.options import Thresholds
from pipeline.publish import publish
from pipeline.rebuilding import check_rebuilds
from pipeline.staging import stage_dataset
from pipeline.text import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pipeline.text import View

Texts = dict[str, str]
Calls = dict[str, list[Any]]

SENTENCES = (
    "市人民政府印发《算力设施建设管理办法》，自下月起施行。",
    "各区要明确责任部门，按季度报告进展情况。",
    "对符合条件的企业给予贷款贴息，期限不超过三年。",
    "会议强调，要守住安全底线，稳步推进各项工作。",
    "联系人电话写在文末，欢迎来函来电咨询。",
)


class World(NamedTuple):
    """What a build is given: texts by path, a limit, the paths that are admitted, what the collection is called."""

    texts: Texts
    minimum_han: int = 0
    admitted: tuple[str, ...] = ()
    source: str = "甲"
    recipe: str = "one"
    code: str = "one"


@pytest.fixture(autouse=True)
def _small_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "BUCKET_BYTES", 700)


def _tidied(view: View) -> Outcome:
    """Put ASCII commas in the place of full-width ones: a document has some edits."""
    return Outcome([Edit(n, "，", ",", "test.comma") for n, one in enumerate(view.text) if one == "，"])


def _cleaned(path: str, text: str, world: World) -> Any:  # noqa: ANN401  a document
    """A document: every fourth has personal data, one of a kind cannot be read."""
    number = sum(path.encode())
    step: Callable[[View], Outcome] = _tidied
    return document(
        text.encode(),
        steps={"convert": [step]} if world.recipe == "one" or number % 2 else {},
        personal=[(0, 7)] if number % 4 == 0 else [],
        verdict=Verdict("binary", "no text", "split") if text.startswith("！") else None,
        rights_status="open_license" if number % 5 == 0 else "unknown",
    )


def _built(world: World, output: Path, *, workers: int = 1) -> staging.Staged:
    """The staged dataset of a world, in an output folder where one may have been published."""
    documents: Mapping[str, Any] = {path: _cleaned(path, text, world) for path, text in world.texts.items()}
    shutil.rmtree(output / "stages", ignore_errors=True)
    write_stage_tables(documents, output, shards=3, recipe=world.recipe, code=world.code)
    admissions = Admissions(dict.fromkeys(world.admitted, "asked for"))
    judge_documents(output, thresholds=Thresholds(minimum_han=world.minimum_han), admissions=admissions)
    return stage_dataset(output, source=world.source, workers=workers)


def _changed(world: World, chance: random.Random) -> World:
    """A world in which something is otherwise."""
    texts = dict(world.texts)
    path = chance.choice(sorted(texts))
    match chance.choice(("add", "add", "remove", "change", "copy", "move", "limit", "admit", "source", "recipe", "no")):
        case "add":
            texts[f"{chance.randrange(1000):03}.txt"] = _text(chance)
        case "remove" if len(texts) > 3:
            del texts[path]
        case "change":
            texts[path] += chance.choice(SENTENCES)
        case "copy":
            texts[f"copy of {path}"] = texts[path]
        case "move":
            texts[f"moved {path}"] = texts.pop(path)
        case "limit":
            return world._replace(minimum_han=30 - world.minimum_han, admitted=())
        case "admit":
            long_enough = sum("\u4e00" <= one <= "\u9fff" for one in texts[path]) >= world.minimum_han
            return world if long_enough or texts[path][0] == "！" else world._replace(admitted=(path,))
        case "source":
            return world._replace(source=chance.choice("甲乙"))
        case "recipe":
            return world._replace(recipe=chance.choice(("one", "other")))
    return world._replace(texts=texts, admitted=tuple(one for one in world.admitted if one in texts))


def _text(chance: random.Random) -> str:
    start = "！" if chance.random() < 0.1 else f"第{chance.randrange(10**6)}号："
    return start + "".join(chance.sample(SENTENCES, chance.randrange(1, 5)))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("seed", range(3))
def test_whatever_changes_the_dataset_is_that_of_a_build_from_nothing(tmp_path: Path, seed: int) -> None:
    """Documents come, go, change, are copied and admitted; limits, names and recipes change: all files are the same."""
    chance = random.Random(seed)  # noqa: S311  the same changes each time
    world = World({f"{number:02}.txt": _text(chance) for number in range(12)})
    for number in range(6):
        staged = _built(world, tmp_path / "again")
        anew = _built(world, tmp_path / f"new-{number}")
        assert _files(anew.path) == _files(staged.path)
        assert anew.account == staged.account
        assert check_rebuilds(staged.dataset, staged.redactions) == []
        assert verify_checksums(staged.dataset) == []
        publish(staged.path, tmp_path / "again")
        for _ in range(chance.randrange(3)):
            world = _changed(world, chance)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The buckets that are carried over, the documents that are laid out, the buckets that are written."""
    calls: Calls = {"carried": [], "laid out": [], "written": []}
    carry, lay_out, write = former_dataset.carried, layout.published_rows, buckets.write_bucket

    def carried(one: former_dataset.Carrying) -> bool:
        fits = carry(one)
        calls["carried"] += [one.number] * (one.whole and fits)
        return fits

    def laid_out(*given: Any, **named: Any) -> Any:  # noqa: ANN401  as it is given
        rows = lay_out(*given, **named)
        calls["laid out"] += rows.documents["id"].to_pylist()
        return rows

    def written(bucket: buckets.Bucket) -> buckets.Written:
        calls["written"].append(bucket.number)
        return write(bucket)

    monkeypatch.setattr(staging, "carried", carried)
    monkeypatch.setattr(staging, "published_rows", laid_out)
    monkeypatch.setattr(staging, "write_bucket", written)
    return calls


def _world() -> World:
    chance = random.Random(7)  # noqa: S311  the same texts each time
    return World({f"{number:02}.txt": f"第{number}号：" + "".join(chance.sample(SENTENCES, 3)) for number in range(16)})


def _published(world: World, output: Path, seen: Calls) -> None:
    publish(_built(world, output).path, output)
    for found in seen.values():
        found.clear()


def test_nothing_is_laid_out_where_nothing_has_changed(tmp_path: Path, seen: Calls) -> None:
    """Every bucket is carried over."""
    _published(_world(), tmp_path, seen)
    _built(_world(), tmp_path)
    assert len(seen["carried"]) > 3
    assert ([], []) == (seen["laid out"], seen["written"])


def test_everything_is_laid_out_where_that_is_asked_for(tmp_path: Path, seen: Calls) -> None:
    """Nothing of the published dataset is used, and the bytes are the same."""
    _published(_world(), tmp_path, seen)
    staged = staging.stage_dataset(tmp_path, source=_world().source, fresh=True)
    assert not seen["carried"]
    assert staged.account.published == len(seen["laid out"]) > 10
    assert _files(tmp_path / "dataset") == _files(staged.dataset)


def test_what_other_code_has_cleaned_is_laid_out_anew(tmp_path: Path, seen: Calls) -> None:
    """Though the recipe has the same fingerprint: that of libraries, and of what only lays out, is not in it."""
    _published(_world(), tmp_path, seen)
    staged = _built(_world()._replace(code="two"), tmp_path)
    assert staged.account.published == len(seen["laid out"])


def test_one_document_more_is_laid_out_alone(tmp_path: Path, seen: Calls) -> None:
    """Its bucket is written, with the rows of the others there as they were; all others are carried over."""
    _published(_world(), tmp_path, seen)
    world = _world()
    world.texts["new.txt"] = "新增：各区要报告进展。"
    _built(world, tmp_path)
    assert (1, 1) == (len(seen["laid out"]), len(seen["written"]))
    assert len(seen["carried"]) > 2


@pytest.mark.parametrize("table", [*columns.TABLES, "jsonl"])
def test_nothing_is_taken_from_a_file_that_was_changed(tmp_path: Path, seen: Calls, table: str) -> None:
    """A published file that is no longer what it was makes its bucket be written anew; the result is the same."""
    anew = _files(_built(_world(), tmp_path / "new").path)
    _published(_world(), tmp_path / "again", seen)
    pattern = "jsonl/documents-00000.jsonl" if table == "jsonl" else f"data/{table}-00000.parquet"
    (file,) = (tmp_path / "again" / "dataset").glob(pattern)
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert anew == _files(_built(_world(), tmp_path / "again").path)
    assert ([] if table in {"files", "quarantine"} else [0]) == seen["written"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda output: (output / "private" / "redactions.parquet").unlink(),
        lambda output: (output / "private" / former_dataset.LEDGER_FILE).write_bytes(b"PAR1"),
        lambda output: (output / "private" / "dataset.sha256").write_text("0" * 64),
        lambda output: (output / "dataset" / "SHA256SUMS").write_text(""),
        lambda output: _flip(output / "private" / former_dataset.LEDGER_FILE, b'"rules": {"', 12),
        lambda output: _flip(output / "private" / "dataset.sha256", b"", 7),
        lambda output: _flip(output / "private" / "SHA256SUMS", b"", 7),
    ],
)
def test_without_its_account_nothing_is_taken(tmp_path: Path, seen: Calls, damage: Callable[[Path], object]) -> None:
    """What private/ says of the dataset has to be there, and to be of this one."""
    anew = _files(_built(_world(), tmp_path / "new").path)
    _published(_world(), tmp_path / "again", seen)
    damage(tmp_path / "again")
    assert anew == _files(_built(_world(), tmp_path / "again").path)
    assert [] == seen["carried"]
    assert len(seen["laid out"]) == len(_world().texts)


def _flip(file: Path, behind: bytes, bit: int) -> None:
    """Flip one bit of a file, so many behind some bytes that stand in it."""
    content = bytearray(file.read_bytes())
    bit += 8 * (content.index(behind) + len(behind))
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)


def test_the_bytes_are_those_of_one_process_with_any_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards are laid out, buckets written and carried over by two processes, anew and behind a published dataset."""
    used: list[str] = []
    run = local.run

    def seen(function: Callable[[Any], Any], batches: Any, *, workers: int = 1) -> Any:  # noqa: ANN401  as it is given
        used.extend([function.__name__] * (workers == 2))
        return run(function, batches, workers=workers)

    monkeypatch.setattr(local, "run", seen)
    for name in ("FEW_DOCUMENTS", "FEW_BUCKETS", "FEW_TO_CARRY"):
        monkeypatch.setattr(staging, name, 0)
    world = _world()
    changed = world._replace(
        texts={**world.texts, "03.txt": "改过的：各区要报告进展。", "20.txt": "！", "21.txt": "新增。"}
    )
    for now in (world, changed):
        one, two = (_built(now, tmp_path / str(workers), workers=workers) for workers in (1, 2))
        assert _files(one.path) == _files(two.path)
        assert one.account == two.account
        assert len(list((two.dataset / "data").glob("documents-*"))) > 3
        for staged in (one, two):
            publish(staged.path, staged.path.parent)
    assert ["_lay_out", "write_bucket", "carried", "_lay_out", "write_bucket"] == used


def test_what_is_done_by_one_process_of_few_documents_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process is begun where there are few documents in one bucket."""
    monkeypatch.setattr(buckets, "BUCKET_BYTES", 1_000_000)
    monkeypatch.setattr(local, "_pool", None)
    assert len(_world().texts) == _built(_world(), tmp_path, workers=2).account.published


def test_what_is_begun_again_is_done_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process may have been killed when it had laid out, written or copied all that it was given."""
    once = [_files(_built(_world(), tmp_path / "once").path)]
    publish(tmp_path / "once" / ".staging", tmp_path / "once")
    once.append(_files(_built(_world(), tmp_path / "once").path))

    def twice(function: Callable[[Any], Any], batches: Any, **named: Any) -> Any:  # noqa: ANN401  as it is given
        del named
        return [(function(batch), function(batch))[1] for batch in batches]

    monkeypatch.setattr(local, "run", twice)
    assert once[0] == _files(_built(_world(), tmp_path / "again").path)
    publish(tmp_path / "again" / ".staging", tmp_path / "again")
    assert once[1] == _files(_built(_world(), tmp_path / "again").path)


def test_the_keys_of_the_documents_are_not_published(tmp_path: Path) -> None:
    """They stand in private/ alone."""
    staged = _built(_world(), tmp_path)
    assert (staged.path / "private" / former_dataset.LEDGER_FILE).is_file()
    assert not list(staged.dataset.rglob(former_dataset.LEDGER_FILE))


def test_the_records_of_a_world_are_laid_out(tmp_path: Path) -> None:
    """The worlds of these tests have what they should: documents with edits, with masks, open ones, refused ones."""
    staged = _built(_world()._replace(minimum_han=30), tmp_path)
    assert staged.account.rules["test.comma"] > 0
    assert staged.account.withheld_chars > 0
    assert staged.account.rights["open_license"] > 0
