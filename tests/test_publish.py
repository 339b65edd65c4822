"""Publication: the dataset changes whole or not at all, and nothing that was published is lost."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from small_dataset import dataset_of, document, rows

from pipeline import buckets, columns, exchanging, staging
from pipeline import publish as publication
from pipeline.checksums import verify_checksums, write_checksums
from pipeline.claiming import claim
from pipeline.edits import Edit
from pipeline.exchanging import exchange
from pipeline.publish import check_writable, publish, recover, remains
from pipeline.rebuilding import check_rebuilds, locate
from pipeline.sources.files import BadInput
from pipeline.staging import stage_dataset
from pipeline.temporary import sweep
from pipeline.text import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.staging import Staged
    from pipeline.text import View

OLD, NEW = "各区人民政府，各委办局。", "现将有关事项通知如下。"


def _staged(output: Path, text: str) -> Staged:
    return dataset_of({"a.txt": document(text.encode(), personal=[(0, 2)])}, output)


def _texts(output: Path) -> list[str]:
    return [row["text"] for row in rows(output / "dataset", "documents")]


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(params=["exchange", "two renames"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the two ways in which folders change places."""
    if request.param == "two renames":
        monkeypatch.setattr(exchanging, "_exchanged", lambda one, other: False)  # noqa: ARG005


@pytest.mark.usefixtures("_way")
def test_the_new_dataset_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """Dataset and redactions are both new, whole, and nothing else is left behind."""
    for text in (OLD, NEW):
        assert tmp_path / "dataset" == publish(_staged(tmp_path, text).path, tmp_path)
        assert [text] == _texts(tmp_path)
        assert [] == verify_checksums(tmp_path / "dataset")
        assert locate(tmp_path) == (tmp_path / "dataset", tmp_path / "private" / "redactions.parquet")
        assert [text[:2]] == pq.read_table(tmp_path / "private" / "redactions.parquet")["text"].to_pylist()
    assert ["dataset", "private", "stages"] == sorted(path.name for path in tmp_path.iterdir())


def test_an_interrupted_build_leaves_the_published_dataset(tmp_path: Path) -> None:
    """Whatever was staged and never published does not touch what is, and the next build starts afresh."""
    publish(_staged(tmp_path, OLD).path, tmp_path)
    before = _contents(tmp_path / "dataset")
    staged = _staged(tmp_path, NEW)
    (staged.dataset / "SHA256SUMS").unlink()
    with pytest.raises(BadInput, match="not complete, nothing was published"):
        publish(staged.path, tmp_path)
    assert before == _contents(tmp_path / "dataset")
    publish(_staged(tmp_path, NEW).path, tmp_path)
    assert [NEW] == _texts(tmp_path)


def test_an_interruption_between_the_two_renames_is_undone(tmp_path: Path) -> None:
    """Where the old dataset was moved away and the new one never came, the old one comes back."""
    publish(_staged(tmp_path, OLD).path, tmp_path)
    (tmp_path / "dataset").rename(tmp_path / ".former-dataset")
    recover(tmp_path)
    assert ([OLD], False) == (_texts(tmp_path), (tmp_path / ".former-dataset").exists())


def test_an_interruption_before_the_removal_is_finished(tmp_path: Path) -> None:
    """Where the new dataset has come and the old one was not removed yet, it is removed."""
    publish(_staged(tmp_path, OLD).path, tmp_path)
    shutil.copytree(tmp_path / "dataset", tmp_path / ".former-dataset")
    recover(tmp_path)
    assert ([OLD], False) == (_texts(tmp_path), (tmp_path / ".former-dataset").exists())


@pytest.mark.usefixtures("_way")
def test_the_redactions_follow_their_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publication that ends between the dataset and the redactions is finished by the next start."""
    publish(_staged(tmp_path, OLD).path, tmp_path)
    staged = _staged(tmp_path, NEW)

    def interrupted(fresh: Path, published: Path, *, former: Path) -> None:
        if published.name == "private":
            raise KeyboardInterrupt
        exchange(fresh, published, former=former)

    with monkeypatch.context() as patch:
        patch.setattr(publication, "exchange", interrupted)
        with pytest.raises(KeyboardInterrupt):
            publish(staged.path, tmp_path)
    assert (tmp_path / "dataset", None) == locate(tmp_path)
    recover(tmp_path)
    assert locate(tmp_path) == (tmp_path / "dataset", tmp_path / "private" / "redactions.parquet")
    assert [NEW[:2]] == pq.read_table(tmp_path / "private" / "redactions.parquet")["text"].to_pylist()


def test_recovery_of_nothing_does_nothing(tmp_path: Path) -> None:
    """An empty folder, and one in which all went well, stay as they are."""
    recover(tmp_path)
    assert [] == list(tmp_path.iterdir())
    publish(_staged(tmp_path, OLD).path, tmp_path)
    before = _contents(tmp_path)
    recover(tmp_path)
    assert before == _contents(tmp_path)


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    """A file in its place or in its way ends in one line that names it; nothing is made."""
    (tmp_path / "file").write_text("x", "utf-8")
    for output in (tmp_path / "file", tmp_path / "file" / "output"):
        with pytest.raises(BadInput, match="--output DIR") as caught:
            check_writable(output)
        assert (True, False) == (os.fspath(output) in str(caught.value), "\n" in str(caught.value))


def test_an_output_without_permission(plain: Path) -> None:
    """A folder that may not be written is found before the work begins."""
    plain.chmod(0o500)
    with pytest.raises(BadInput, match="cannot be written"):
        check_writable(plain / "output")


def test_a_lock_of_somebody_else_ends_in_a_line(plain: Path) -> None:
    """Whose file it is may not matter to a build, but that it is locked does."""
    (plain / ".lock").touch(0o444)
    with pytest.raises(BadInput, match=r"\.lock' cannot be locked \(Permission denied\): allow writing to it"):
        claim(plain)


def _once_more(output: Path) -> None:
    """Whatever it took, the next build publishes."""
    publish(_staged(output, NEW).path, output)
    assert [NEW] == _texts(output)
    assert locate(output) == (output / "dataset", output / "private" / "redactions.parquet")


@pytest.mark.parametrize("protected", publication.FOLDERS)
def test_what_is_write_protected_is_not_replaced(protected: str, plain: Path) -> None:
    """It is refused before the work begins, and nothing is replaced in part; once it is allowed, it goes on."""
    publish(_staged(plain, OLD).path, plain)
    staged, before = _staged(plain, NEW), _contents(plain / "dataset")
    (plain / protected).chmod(0o555)
    for refused in (lambda: check_writable(plain), lambda: publish(staged.path, plain)):
        with pytest.raises(BadInput, match=f"{protected}' is write-protected .* allow writing to it"):
            refused()
    assert before == _contents(plain / "dataset")
    (plain / protected).chmod(0o755)
    _once_more(plain)


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("protected", publication.FOLDERS)
def test_an_exchange_that_is_not_allowed_is_taken_back(
    protected: str, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though what comes first could be exchanged: both are as they were, and the line is true."""
    publish(_staged(plain, OLD).path, plain)
    staged, before = _staged(plain, NEW), [_contents(plain / folder) for folder in publication.FOLDERS]
    monkeypatch.setattr(publication, "check_writable", lambda output: None)  # noqa: ARG005  it changes afterwards
    (plain / protected).chmod(0o555)
    with pytest.raises(BadInput, match=r"cannot be written \(Permission denied\): allow it, and run the build again"):
        publish(staged.path, plain)
    assert before == [_contents(plain / folder) for folder in publication.FOLDERS]
    (plain / protected).chmod(0o755)
    _once_more(plain)


def test_a_former_dataset_that_cannot_be_removed_is_in_nobodys_way(plain: Path) -> None:
    """It is published all the same; what remains is named, and tried again by each run until it is gone."""
    publish(_staged(plain, OLD).path, plain)
    (plain / "dataset" / "data").chmod(0o555)
    for _ in range(2):
        _once_more(plain)
    (remaining,) = remains(plain)
    sweep(plain)
    assert [remaining] == remains(plain)
    (remaining / "dataset" / "data").chmod(0o755)
    sweep(plain)
    assert [] == remains(plain)


@pytest.mark.parametrize("left", [".former-dataset", ".former-private", ".staging"])
def test_what_an_interrupted_run_left_and_cannot_be_removed_is_in_nobodys_way(left: str, plain: Path) -> None:
    """No build fails for ever at it."""
    publish(_staged(plain, OLD).path, plain)
    shutil.copytree(plain / "dataset", plain / left / "dataset")
    (plain / left / "dataset" / "data").chmod(0o555)
    _once_more(plain)
    assert [".temporary-discarded-"] == [path.name[:21] for path in remains(plain)]


@pytest.mark.parametrize("linked", publication.FOLDERS)
def test_a_link_is_not_replaced(linked: str, tmp_path: Path) -> None:
    """Whoever reads the folder that it leads to would go on reading the former dataset."""
    output = tmp_path / "output"
    publish(_staged(output, OLD).path, output)
    (output / linked).rename(tmp_path / "elsewhere")
    (output / linked).symlink_to(tmp_path / "elsewhere")
    for refused in (lambda: check_writable(output), lambda: publish(_staged(output, NEW).path, output)):
        with pytest.raises(BadInput, match=f"{linked}' is a link") as caught:
            refused()
        assert "\n" not in str(caught.value)
    assert (output / linked).is_symlink()
    assert [OLD] == _texts(output)


def test_a_folder_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    """`dataset` and `private` are only replaced where they were published here: a user's own folder is not lost."""
    for folder in ("dataset", "private"):
        (tmp_path / folder / "mine").mkdir(parents=True)
        with pytest.raises(BadInput, match="was not published here"):
            check_writable(tmp_path)
        (tmp_path / folder / "mine").rmdir()
        check_writable(tmp_path)


def test_raw_and_output_may_not_lie_in_one_another(tmp_path: Path) -> None:
    """A build would read its own output, or replace its input; a raw folder beside the dataset is fine."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for output in (raw, raw / "output"):
        with pytest.raises(BadInput, match="one lies in the other"):
            check_writable(output, raw=raw)
    with pytest.raises(BadInput, match="one lies in the other"):
        check_writable(tmp_path, raw=tmp_path / "dataset" / "raw")
    check_writable(tmp_path, raw=raw)


def test_the_same_stage_tables_give_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the dataset depends on the clock, on chance or on the folder's name."""
    names = ("one", "two")
    first, second = (_contents(_staged(tmp_path / name, OLD).path) for name in names)
    assert first == second


def test_a_large_dataset_is_written_in_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of the stages and files of the dataset are matters of size: the rows and their order are the same."""
    texts = [f"第{number}号通知，{'现将有关事项通知如下。' * (number + 1)}" for number in range(12)]
    documents = {
        f"{number:02}.txt": document(text.encode(), steps={"split": [halve]}, personal=[(0, 2)])
        for number, text in enumerate(texts)
    }
    one = dataset_of(documents, tmp_path / "one")
    monkeypatch.setattr(buckets, "BUCKET_BYTES", 400)
    monkeypatch.setattr(staging, "ROWS_IN_A_FILE", 5)
    several = dataset_of(documents, tmp_path / "several", shards=4)
    assert len(list(several.dataset.glob("data/documents-*.parquet"))) == len(list(several.dataset.glob("jsonl/*"))) > 3
    assert len(list(several.dataset.glob("data/files-*.parquet"))) > 1
    for table in columns.TABLES:
        assert rows(one.dataset, table) == rows(several.dataset, table)
    assert (one.account, []) == (several.account, check_rebuilds(several.dataset, several.redactions))
    lines = [
        b"".join(file.read_bytes() for file in sorted(dataset.glob("jsonl/*")))
        for dataset in (one.dataset, several.dataset)
    ]
    assert lines[0] == lines[1]


def halve(view: View) -> Outcome:
    """Put an ASCII comma in the place of each full-width one, and take the first characters away."""
    commas = [Edit(n, "，", ",", "test.halved") for n, one in enumerate(view.text) if one == "，"]
    return Outcome([Edit(0, view.text[:2], "", "test.cut"), *commas])


def test_stage_tables_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    """A table that is missing, or of another run, ends in one line that says what to do."""
    with pytest.raises(BadInput, match=r"decoded_documents is missing .* run all stages again"):
        stage_dataset(tmp_path)
    _staged(tmp_path, OLD)
    (file,) = (tmp_path / "stages" / "split_documents").iterdir()
    stored = pq.read_table(file)
    pq.write_table(stored.replace_schema_metadata({**(stored.schema.metadata or {}), b"inputs": b"others"}), file)
    with pytest.raises(BadInput, match="were not made together"):
        stage_dataset(tmp_path)


def test_every_file_says_how_it_was_made(tmp_path: Path) -> None:
    """Schema version, recipe, dictionaries and the unit of offsets stand in each Parquet file, the schema is exact."""
    staged = _staged(tmp_path, OLD)
    files = sorted(staged.dataset.glob("data/*.parquet"))
    assert sorted(columns.TABLES) == [path.name.partition("-")[0] for path in files]
    for file in files:
        schema = pq.read_schema(file)
        stored = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
        assert staged.account.metadata == stored
        assert columns.schema(columns.TABLES[file.name.partition("-")[0]]).equals(schema.remove_metadata())
    assert {
        "judging_fingerprint",
        "offset_unit",
        "opencc_dictionary_fingerprint",
        "pipeline_version",
        "options",
        "recipe_fingerprint",
        "schema_version",
    } == staged.account.metadata.keys()


def _flip(file: Path, *, at: int) -> None:
    """Flip the lowest bit of a byte: a line feed becomes a vertical tab."""
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda folder: (folder / "a.txt").write_text("y"), "a.txt was changed"),
        (lambda folder: (folder / "a.txt").unlink(), "a.txt is missing"),
        (lambda folder: (folder / "sub" / "c.txt").write_text("y"), "sub/c.txt is not listed in SHA256SUMS"),
        (lambda folder: (folder / "SHA256SUMS").unlink(), "SHA256SUMS is missing"),
        (lambda folder: (folder / "SHA256SUMS").write_text("nonsense"), "SHA256SUMS has a line that is no checksum"),
        (lambda folder: _flip(folder / "SHA256SUMS", at=-1), "SHA256SUMS has a line that is no checksum"),
    ],
)
def test_checksums_find_what_was_changed(tmp_path: Path, damage: object, problem: str) -> None:
    """Each file that is missing, changed or new is named."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text("x", "utf-8")
    (tmp_path / "sub" / "b.txt").write_text("x", "utf-8")
    sums = write_checksums(tmp_path).read_text("utf-8")
    assert [] == verify_checksums(tmp_path)
    assert ["a.txt", "sub/b.txt"] == [line.split("  ")[1] for line in sums.splitlines()]
    assert callable(damage)
    damage(tmp_path)
    (found,) = verify_checksums(tmp_path)
    assert found.startswith(problem)
