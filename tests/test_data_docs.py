"""Data Docs: complete, without texts and masked data, without anything from elsewhere, and replaced whole.

The pages are built from runs on the documents of ``raw/``, once as they are and once after somebody has damaged them.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.columns import STAGE_TABLES
from pipeline.ledger import judge_documents
from pipeline.sources.files import BadInput, find_inputs
from pipeline.stages import write_stages
from pipeline.staging import stage_dataset
from pipeline.validate import CheckResult, index_of, load_suites, page_of, run_suites
from pipeline.validate.data_docs import Looked, check_replaceable, write_data_docs
from pipeline.validate.results import MOST_FAILING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.staging import Staged

ROOT = Path(__file__).resolve().parents[1]
MAIL, PHONE, WORDS = "zhangsan@example.org", "13800138000", "本县今年新建算力中心三处"
HOSTILE = "<script>alert(1)</script>"


class Pages(NamedTuple):
    """A folder of pages and the results that they show."""

    folder: Path
    results: list[CheckResult]

    def files(self) -> Iterator[Path]:
        """Every file of the folder."""
        return (path for path in sorted(self.folder.rglob("*")) if path.is_file())

    def everything(self) -> str:
        """All that stands in any file, as it stands and as a browser shows it."""
        text = "\n".join(path.read_text("utf-8") for path in self.files())
        return text + html.unescape(text)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """The dataset of the documents in raw/, and the personal data that was masked in it."""
    output = tmp_path_factory.mktemp("output")
    write_stages(find_inputs(ROOT / "raw"), output, assets=list(STAGE_TABLES))
    judge_documents(output)
    return stage_dataset(output)


@pytest.fixture(scope="module")
def sound(staged: Staged, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The pages about that dataset."""
    folder = tmp_path_factory.mktemp("sound") / "$HOME und {Seiten} 页"
    return Pages(folder, run_suites(staged.dataset, load_suites(), data_docs=folder))


@pytest.fixture(scope="module")
def damaged(staged: Staged, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The pages about a dataset with personal data in its texts, columns missing, too many and hostile."""
    dataset = shutil.copytree(staged.dataset, tmp_path_factory.mktemp("damaged") / "dataset")
    file = dataset / "data" / "documents-00000.parquet"
    rows = pq.ParquetFile(file).read()
    texts = [f"{HOSTILE}{WORDS}，{MAIL}，{PHONE}\n{text}" for text in rows["text"].to_pylist()]
    changed: dict[str, list[Any]] = {
        "text": texts,
        "language": texts,  # a text where a word is expected
        "char_count": texts,  # … and where a number is
        "raw_path": [f"{HOSTILE}/{number}" for number in range(len(rows))],
    }
    for name, values in changed.items():
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(values))
    rows = rows.drop_columns(["url"]).append_column(HOSTILE, pa.nulls(len(rows)))
    pq.write_table(rows, file)
    files = pq.ParquetFile(dataset / "data" / "files-00000.parquet").read()
    paths = [f"../{HOSTILE}", *files["raw_path"].to_pylist()[1:]]
    files = files.set_column(files.column_names.index("raw_path"), "raw_path", pa.array(paths))
    pq.write_table(files, dataset / "data" / "files-00000.parquet")
    folder = dataset.parent / "pages"
    return Pages(folder, run_suites(dataset, load_suites(), inputs=1, data_docs=folder))


# ------------------------------------------------------------------------------------------------ what they show
def test_every_check_has_its_place(sound: Pages, damaged: Pages) -> None:
    """On the page of its table, under its name, with what came of it and why it is expected."""
    for pages in (sound, damaged):
        for result in pages.results:
            page = page_of(pages.folder, result.table).read_text("utf-8")
            row = page[page.index(f'id="{result.name}"') - 600 :][:2_000]
            assert f'class="check-{result.outcome}"' in row
            assert html.escape(result.message, quote=False) in row


def test_the_damage_is_seen(sound: Pages, damaged: Pages) -> None:
    """Failures, warnings and expectations that could not be looked at: each kind stands on the pages tested here."""
    assert set() == {result.name for result in sound.results if result.blocks}
    assert {"passed", "warning", "failed"} == {result.outcome for result in damaged.results}
    assert 'The column "url" does not exist' in damaged.everything()
    assert "Data Docs" in index_of(damaged.folder).read_text("utf-8")


def test_links_lead_somewhere(damaged: Pages) -> None:
    """From the index to every page, and from each page back."""
    linked = set()
    for page in damaged.files():
        for link in re.findall(r'href="([^"]*)"', page.read_text("utf-8")):
            path, _, anchor = link.partition("#")
            if not link.startswith("data:"):
                target = (page.parent / path).resolve() if path else page
                linked.add(target)
                assert not anchor or f'id="{anchor}"' in target.read_text("utf-8")
    assert {page.resolve() for page in damaged.files()} == linked
    assert {page_of(damaged.folder, result.table).resolve() for result in damaged.results} < linked


def test_rows_that_fail_are_named_by_their_keys(damaged: Pages) -> None:
    """So many as a result names, and how many more there are."""
    result = next(result for result in damaged.results if result.name == "text_without_mail_addresses")
    page = page_of(damaged.folder, "documents").read_text("utf-8")
    named = f"Rows that fail: {', '.join(result.failing)}, and {result.unexpected - MOST_FAILING} more"
    assert result.unexpected > MOST_FAILING
    assert named in page


# ------------------------------------------------------------------------------------------------ what they do not show
def test_no_page_holds_a_text(staged: Staged, sound: Pages, damaged: Pages) -> None:
    """No paragraph of a document, as it was crawled or as it is published; no title. Patterns may have such words."""
    stages = staged.path.parent / "stages"
    tables = [staged.dataset / "data" / "documents-00000.parquet"]
    tables += [stages / asset / "part-00000.parquet" for asset in ("decoded_documents", "split_documents")]
    texts = [text for file in tables for text in pq.ParquetFile(file).read(["text"])["text"].to_pylist() if text]
    titles = pq.ParquetFile(tables[0]).read(["title"])["title"].to_pylist()
    lines = {line.strip() for text in texts for line in text.splitlines()}
    paragraphs = {line for line in lines if len(line) > 5 and not line.startswith("<")}  # these pages have markup, too
    wanted = {WORDS, *(paragraph[:12] for paragraph in paragraphs), *filter(None, titles)}
    assert len(wanted) > 200
    expected = "".join(str(suite.content) for suite in load_suites())
    for pages in (sound, damaged):
        said = pages.everything()
        assert [] == [part for part in sorted(wanted) if part in said and part not in expected]


def test_no_page_holds_personal_data(staged: Staged, sound: Pages, damaged: Pages) -> None:
    """Neither what was masked, nor what stands in a dataset in which something was not."""
    masked = [str(text) for text in pq.ParquetFile(staged.redactions).read(["text"])["text"].to_pylist()]
    assert len(masked) > 2
    for pages in (sound, damaged):
        said = pages.everything()
        assert [] == [text for text in [*masked, MAIL, PHONE] if text in said]


def test_nothing_is_loaded_from_elsewhere(sound: Pages, damaged: Pages) -> None:
    """No script, no style sheet, no picture, no font: the pages are whole without a network."""
    for pages in (sound, damaged):
        for page in pages.files():
            text = page.read_text("utf-8")
            assert ".html" == page.suffix
            assert [] == re.findall(r"<(?:script|img|iframe|object|embed|video|audio)\b|\ssrc=|url\(|@import", text)
            assert {"data:,"} == set(re.findall(r'<link[^>]*href="([^"]*)"', text))
            assert [] == re.findall(r'href="(?:[a-z]+:)?//[^"]*"', text)


def test_no_page_may_run_anything(sound: Pages, damaged: Pages) -> None:
    """Its policy allows no script, no address and no form, and stands before anything that a text could be in."""
    for pages in (sound, damaged):
        for page in pages.files():
            text = page.read_text("utf-8")
            policy = text.index('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src ')
            assert policy < text.index("<title>")


def test_what_a_dataset_calls_its_columns_and_rows_is_text(damaged: Pages) -> None:
    """A name may be made to be run by a browser."""
    for table in ("documents", "files"):
        assert html.escape(HOSTILE, quote=False) in page_of(damaged.folder, table).read_text("utf-8")


# ------------------------------------------------------------------------------------------------ where they lie
def test_a_run_that_finds_the_same_writes_the_same(
    staged: Staged, sound: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes in the place of whatever the former pages were, and not one file anywhere else."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.chdir(temporary)
    again = Pages(shutil.copytree(sound.folder, tmp_path / "site" / "docs"), sound.results)
    (again.folder / "of a table that is gone.html").write_text("old")
    link = tmp_path / "link"
    link.symlink_to(again.folder)

    run_suites(staged.dataset, load_suites(), data_docs=link)

    assert [path.read_bytes() for path in sound.files()] == [path.read_bytes() for path in again.files()]
    assert ([], [again.folder]) == (list(temporary.iterdir()), list(again.folder.parent.iterdir()))
    assert link.is_symlink()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """What was not made here would be lost; an empty folder, or one that is not there, is as good as any."""
    notes = tmp_path / "notes"
    notes.mkdir()
    check_replaceable(notes)
    (notes / "index.html").write_text("mine")
    with pytest.raises(BadInput, match="holds no Data Docs and would be lost"):
        check_replaceable(notes)
    with pytest.raises(BadInput, match="is no folder"):
        check_replaceable(notes / "index.html")
    with pytest.raises(BadInput, match="cannot be written"):
        check_replaceable(notes / "index.html" / "docs")
    check_replaceable(tmp_path / "new" / "docs")
    assert ["mine"] == [path.read_text() for path in notes.iterdir()]


def test_pages_that_are_not_complete_are_not_published(sound: Pages, tmp_path: Path) -> None:
    """Great Expectations leaves out what it cannot show; then the former pages stay, and it is said."""
    docs = shutil.copytree(sound.folder, tmp_path / "docs")
    suite = next(suite for suite in load_suites() if suite.table == "files")
    unknown = sound.results[0]._replace(table="files", name="unknown", type="expect_what_nobody_knows")
    outcome: dict[str, Any] = {
        "expectation_config": {"type": unknown.type, "kwargs": {}},
        "result": {},
        "exception_info": {},
    }
    with pytest.raises(RuntimeError, match=r"files\.html of Great Expectations lacks"):
        write_data_docs(docs, [Looked(suite, 1, [unknown], [outcome])], parameters={}, about={})
    assert [path.read_bytes() for path in sound.files()] == [path.read_bytes() for path in Pages(docs, []).files()]
    assert [docs] == list(tmp_path.iterdir())


def test_nothing_heavy_is_imported_before_a_suite_is_run() -> None:
    """Not Great Expectations: links to pages are made, and expectations are read, without it."""
    code = (
        "import sys, pipeline.validate, pipeline.validate.junit, pipeline.validate.summary;"
        "print(sorted({'great_expectations', 'jinja2'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, text=True)
    assert "[]\n" == done.stdout
