"""The report: complete, exact, masked as the tables are, without anything that could run, and replaced whole.

What of it is drawn, and that it can be used, is tested in ``test_report_in_a_browser.py``.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_dataset import dataset_of, document, rows

from pipeline import buckets, columns
from pipeline.document import Verdict
from pipeline.edits import Edit, Layer
from pipeline.ledger import judge_documents
from pipeline.plots.kinds import ROWS
from pipeline.redaction import MASK
from pipeline.report import PAGES, write_report, writing
from pipeline.report.catalogue import FAMILIES
from pipeline.report.page import LANGUAGES, words
from pipeline.report.pieces import NOBODY, pieces_of
from pipeline.report.scripts import PAGE_DOCUMENTS, Paging, entry, script_json
from pipeline.sources.files import BadInput, find_inputs
from pipeline.stages import write_stages
from pipeline.staging import stage_dataset
from pipeline.text import Outcome, View
from pipeline.visible import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.staging import Staged
    from pipeline.text import Step

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "pipeline" / "report" / "templates"
ACTIVE = "<script>document.title='ran'</script>"
MAIL = "zhangsan@example.org"


class Report(NamedTuple):
    """A report on disk, and the dataset that it is made of."""

    folder: Path
    dataset: Path

    @property
    def page(self) -> str:
        """The index page."""
        return (self.folder / "index.html").read_text("utf-8")

    @property
    def data(self) -> dict[str, Any]:
        """What the page's script is given."""
        found = re.findall(r'<script id="data" type="application/json">(.*)</script>', self.page)
        return dict(json.loads(found[0]))

    def listed(self) -> list[dict[str, Any]]:
        """The rows of the list."""
        script = (self.folder / "data" / "documents.js").read_text("utf-8")
        head, *lines, tail = script.splitlines()
        assert ("report.list([", "]);") == (head, tail)
        return [json.loads(line.removesuffix(",")) for line in lines]

    def shown(self) -> dict[str, dict[str, Any]]:
        """All documents by id, as their pages have them."""
        found: dict[str, dict[str, Any]] = {}
        for number, file in enumerate(sorted((self.folder / "data").glob("page-*.js")), start=1):
            head, *lines, tail = file.read_text("utf-8").splitlines()
            assert (f"report.take({number},{{", "});") == (head, tail)
            found |= json.loads("{" + "".join(lines) + "}")
        return found

    def everything(self) -> str:
        """All that stands in any file, as it stands, as HTML shows it, and as JSON says it."""
        parts = [path.read_text("utf-8") for path in sorted(self.folder.rglob("*")) if path.is_file()]
        told = [json.dumps([self.data, self.listed(), self.shown()], ensure_ascii=False)]
        return "\n".join([*parts, *map(html.unescape, parts), *told])


def _report(dataset: Path, folder: Path, **options: Any) -> Report:  # noqa: ANN401  those of the function
    write_report(dataset, folder, **options)
    return Report(folder, dataset)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """The dataset of the documents in raw/, and the personal data that was masked in it."""
    output = tmp_path_factory.mktemp("output")
    write_stages(find_inputs(ROOT / "raw"), output, assets=list(columns.STAGE_TABLES))
    judge_documents(output)
    return stage_dataset(output)


@pytest.fixture(scope="module")
def report(staged: Staged, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report about it."""
    return _report(staged.dataset, tmp_path_factory.mktemp("report") / "report")


# ------------------------------------------------------------------------------------------------ pieces
@st.composite
def layered(draw: st.DrawFn) -> tuple[list[str], list[Layer]]:
    """The texts of a document from the raw to the published one, and the layers between them."""
    texts, layers = [draw(st.text(alphabet="業企(yè)，。\n\U00020000", max_size=40))], []
    for _ in range(draw(st.integers(0, 4))):
        text = texts[-1]
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
        spans = zip(cuts[::2], cuts[1::2], strict=False)
        edits = [Edit(a, text[a:b], draw(st.text(alphabet="业x\n", max_size=4)), "a.one") for a, b in spans]
        layers.append(Layer.of(text, edits))
        texts.append(layers[-1].apply(text))
    return texts, layers


@given(layered())
def test_pieces_hold_every_text_and_every_edit(case: tuple[list[str], list[Layer]]) -> None:
    """Each text between raw and published is there, and of each edit what it replaced, and with what."""
    texts, layers = case
    pieces = pieces_of(texts[-1], layers)
    assert (texts[0], texts[-1]) == (pieces.raw(), pieces.published())
    of_edit = [number for number, layer in enumerate(layers) for _ in layer]
    rows_of_pieces = list(zip(*pieces, strict=True))
    for depth, text in enumerate(texts):
        there = [
            piece
            for piece, born, ended in rows_of_pieces
            if (born == NOBODY or of_edit[born] < depth) and (ended == NOBODY or of_edit[ended] >= depth)
        ]
        assert text == "".join(there)
    for seq, edit in enumerate(edit for layer in layers for edit in layer):
        assert edit.before == "".join(piece for piece, _, ended in rows_of_pieces if ended == seq)
        assert edit.after == "".join(piece for piece, born, _ in rows_of_pieces if born == seq)


def test_what_does_not_lead_to_the_text_is_refused() -> None:
    """A table from which an edit is missing must not become a wrong picture."""
    layer = Layer.of("企業家", [Edit(1, "業", "", "a.one")])
    with pytest.raises(ValueError, match="lead to a text of 2 code points, this one has 3"):
        pieces_of("企业家", [layer])


# ------------------------------------------------------------------------------------------------ what it shows
def test_each_document_is_the_one_of_the_tables(report: Report) -> None:
    """Its text, its edits in their order with rule, step, column and masking, and what it says of itself."""
    catalogue = report.data
    shown, listed = report.shown(), {row["id"]: row for row in report.listed()}
    edits: dict[str, list[dict[str, Any]]] = {}
    for row in rows(report.dataset, "edits"):
        edits.setdefault(row["doc_id"], []).append(row)
    documents = rows(report.dataset, "documents")
    assert [row["id"] for row in documents] == list(shown) == list(listed)
    for row in documents:
        one, made = shown[row["id"]], edits[row["id"]]
        kept = [text for text, fate in zip(one["texts"], one["fates"], strict=True) if _ended(fate) == NOBODY]
        raw = [text for text, fate in zip(one["texts"], one["fates"], strict=True) if _born(fate) == NOBODY]
        assert (row["text"], one["raw"]) == ("".join(kept), len("".join(raw)))
        seen = [run[:-1] for run in one["runs"] for _ in range(run[-1])]
        names = list(catalogue["columns"])
        told = [
            (
                catalogue["rules"][rule]["name"],
                catalogue["steps"][step],
                None if column == NOBODY else names[column],
                masked,
            )
            for rule, step, column, masked in seen
        ]
        expected = [(e["rule"], [e["stage"], e["step"]], e["moved_to"], e["redacted"]) for e in made]
        assert expected == told
        for seq, edit in enumerate(made):
            gone = [text for text, fate in zip(one["texts"], one["fates"], strict=True) if _ended(fate) == seq]
            assert edit["before"] == "".join(gone)
        assert (
            (row["raw_path"], row["title"])
            == (one["path"], one["title"])
            == (
                listed[row["id"]]["path"],
                listed[row["id"]]["title"],
            )
        )
        by_rule = {catalogue["rules"][number]["name"]: times for number, times in listed[row["id"]]["rules"]}
        assert Counter(edit["rule"] for edit in made) == by_rule
    fields = dict(next(iter(shown.values()))["fields"])
    assert documents[0]["doc_type"] == fields["doc_type"]


def _ended(fate: Any) -> int:  # noqa: ANN401  a number or a list of two
    return max(0, *(fate if isinstance(fate, list) else [fate])) - 1 if fate else NOBODY


def _born(fate: Any) -> int:  # noqa: ANN401  as above
    return -min(0, *(fate if isinstance(fate, list) else [fate])) - 1 if fate else NOBODY


def test_the_numbers_are_those_of_the_tables(report: Report) -> None:
    """Files, documents, duplicates, what was set aside, characters, edits by rule and the documents they are in."""
    figures = dict(re.findall(r'<dd id="count-(\w+)">([\d,]+)</dd>', report.page))
    files, edits = rows(report.dataset, "files"), rows(report.dataset, "edits")
    statuses = Counter(row["status"] for row in files)
    expected = {
        "files": len(files),
        "published": statuses["published"],
        "duplicates": statuses["duplicate"],
        "set_aside": statuses["quarantined"],
        "characters": sum(row["char_count"] for row in rows(report.dataset, "documents")),
        "edits": len(edits),
        "masked_edits": sum(row["redacted"] for row in edits),
    }
    assert expected == {name: int(figure.replace(",", "")) for name, figure in figures.items()}
    by_rule = Counter(row["rule"] for row in edits)
    documents = Counter(rule for rule, _ in {(row["rule"], row["doc_id"]) for row in edits})
    told = {rule["name"]: (rule["edits"], rule["documents"]) for rule in report.data["rules"] if rule["edits"]}
    assert {rule: (times, documents[rule]) for rule, times in by_rule.items()} == told
    for rule in by_rule:
        assert f'data-rule="{rule}"' in report.page


def test_what_was_set_aside_is_named_with_its_reason(report: Report) -> None:
    """And each duplicate with the document that stands for it, which names it in turn."""
    for row in rows(report.dataset, "quarantine"):
        assert f"<code>{row['reason']}</code>" in report.page
        assert html.escape(row["raw_path"]) in report.page
    duplicates = [row for row in rows(report.dataset, "files") if row["status"] == "duplicate"]
    assert duplicates
    for row in duplicates:
        assert f'href="#{row["duplicate_of"]}"' in report.page
        assert [[row["raw_path"]], 1] == report.shown()[row["duplicate_of"]]["copies"]


def test_each_conflict_starts_where_the_table_says(report: Report) -> None:
    """With its sides as they stand there, and in the piece that holds its first marker."""
    conflicts = rows(report.dataset, "conflicts")
    assert conflicts
    for row in conflicts:
        one = report.shown()[row["doc_id"]]
        told = next(each for each in one["conflicts"] if each["sides"] == _sides(row))
        before = [_born(fate) == NOBODY for fate in one["fates"][: told["piece"]]]
        start = sum(len(text) for text, is_raw in zip(one["texts"], before, strict=False) if is_raw)
        assert start <= row["start"] < start + len(one["texts"][told["piece"]])
        assert (row["resolution"], row["style"]) == (told["resolution"], told["style"])


def _sides(row: dict[str, Any]) -> list[list[Any]]:
    sides = [[side, row[f"label_{side}"], row[side]] for side in ("ours", "base", "theirs")]
    return [side for side in sides if side[2] is not None]


def test_of_many_documents_the_first_are_shown_and_all_are_counted(staged: Staged, tmp_path: Path) -> None:
    """And the page says so."""
    few = _report(staged.dataset, tmp_path / "report", most=3)
    everything = rows(staged.dataset, "documents")
    assert [row["id"] for row in everything[:3]] == [row["id"] for row in few.listed()] == list(few.shown())
    assert f'<dd id="count-published">{len(everything)}</dd>' in few.page
    assert f"The first 3 of {len(everything)} documents" in few.page


# ------------------------------------------------------------------------------------------------ words
def test_every_word_is_there_in_both_languages() -> None:
    """None is empty, and values have the same names in both."""
    for key, said in words().items():
        assert LANGUAGES == tuple(said), key
        assert all(said.values()), key
        assert {*re.findall(r"\{\w+\}", said["en"])} == {*re.findall(r"\{\w+\}", said["zh"])}, key


def test_every_word_is_used_and_none_is_missing(report: Report) -> None:
    """Those in the page and in its script; those of resolutions, sides, families are made up of names in the data."""
    script = "".join(path.read_text("utf-8") for path in sorted((TEMPLATES / "script").glob("*.js")))
    template = (TEMPLATES / "index.html.jinja").read_text("utf-8")
    used = {*re.findall(r'data-(?:word|name|hint|group|title)="(\w+)"', report.page)}
    used |= {*re.findall(r'say\("(\w+)"', script), *re.findall(r"words\.([a-z]\w*)", script + template)}
    used |= {*re.findall(r'(?:say|called)\("(\w+)"\)', template), *re.findall(r'told\("\w+", "(\w+)"', template)}
    used |= {"dates_note", "dates_said", "lengths_note", "lengths_said", "no_dates"}
    used |= {"raw_text", "published_text"}
    used |= {f"conflict_{name}" for name in columns.RESOLUTIONS} | {f"family_{name}" for name in FAMILIES}
    used |= {f"side_{name}" for name in ("ours", "theirs", "base")}
    # Names of scripts are translated where there is a word for them.
    assert words().keys() == used | {key for key in words() if key.startswith("name_")}


def test_every_sentence_has_its_chinese(report: Report) -> None:
    """What the page shows of rules, flags, columns and reasons, and what was seen of each file that was set aside."""
    chinese = report.data["chinese"]
    shown = [html.unescape(one) for one in re.findall(r'data-sentence lang="en">([^<]*)<', report.page)]
    drawn = [rule["sentence"] for rule in report.data["rules"]]
    drawn += [*report.data["flags"].values(), *report.data["columns"].values()]
    assert len(shown) > len(report.data["flags"]) + len(rows(report.dataset, "quarantine"))
    assert [] == [sentence for sentence in [*shown, *drawn] if not re.search("[一-鿿]", chinese.get(sentence, ""))]


def test_what_has_no_words_of_its_own_is_named_in_both_languages(tmp_path: Path) -> None:
    """What a detail quotes stays as it is, as text alone; the encodings behind the commonest are counted."""
    codecs = ["utf-8", *(f"cp125{number}" for number in range(9)), *(f"iso8859_{number}" for number in range(1, 10))]
    many = {f"{n}.txt": document(f"text {n}".encode(codec), encoding=codec) for n, codec in enumerate(codecs)}
    refused = document(b"x", verdict=Verdict("binary", f"no page, but {ACTIVE}", "decode"))
    made = _report(dataset_of({**many, "x.txt": refused}, tmp_path).dataset, tmp_path / "report")
    assert f"不是网页，而是 {ACTIVE}" == made.data["chinese"][f"no page, but {ACTIVE}"]
    assert f'data-sentence lang="en">no page, but {ACTIVE}<' in html.unescape(made.page)
    assert ACTIVE not in made.page
    others = len({row["encoding"] for row in rows(made.dataset, "files")}) - ROWS
    assert others > 1
    assert f"""data-word="others" data-values='{{"n": "{others}"}}'>{others} others<""" in made.page


# ------------------------------------------------------------------------------------------------ hostile texts
@given(st.text(st.characters(codec=None), max_size=60))
def test_json_in_a_script_has_nothing_active(text: str) -> None:
    """Neither markup, nor a line end, nor a mark of direction, nor half a character; and it says what it said."""
    value = [text, {text: "</script><!--\u2028\u202e\ud800\x00"}]
    written = script_json(value)
    assert None is re.search(f"[<>&]|{UNSEEN.pattern}", written)
    assert value == json.loads(written)
    written.encode()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report about documents that were made to be run, or to be read otherwise than they stand there."""
    folder = tmp_path_factory.mktemp("hostile")
    text = f"甲{ACTIVE}乙\u202e丙\x00丁\u2028戊</script><!-- ]]>\"'><img src=x onerror=alert(1)>&lt;b&gt; {MASK}\n"
    documents = {
        f"{ACTIVE}&\"'\u202e.txt": document(
            text.encode(),
            steps={"convert": [_replace(ACTIVE, "", "html.tag"), _replace("\x00", "", "character.control")]},
            title=f"{ACTIVE}</title>",
            authors=[ACTIVE],
            quality_flags=["mojibake_lossy"],
        ),
        "surrogate.txt": document(b"\x32\x75\x00\xd8\x00\x00\x32\x75", encoding="utf-16-le"),
        "mail.txt": document(
            f"信箱：{MAIL}。".encode(),
            steps={"split": [_replace(MAIL, "[EMAIL]", "personal.email")]},
            personal=[(3, 3 + len(MAIL))],
            summary=f"来信{MAIL}。",
        ),
    }
    staged = dataset_of(documents, folder)
    return _report(staged.dataset, folder / "report")


def _replace(old: str, new: str, rule: str) -> Step:
    def step(view: View) -> Outcome:
        return Outcome([Edit(found.start(), old, new, rule) for found in re.finditer(re.escape(old), view.text)])

    return step


def test_a_hostile_text_is_nothing_but_text(hostile: Report) -> None:
    """No file holds it as it stands; the documents that the page is given hold it to the letter."""
    for path in hostile.folder.rglob("*"):
        if path.is_file():
            written = path.read_text("utf-8")
            assert ACTIVE not in written
            assert not set("\u202e\x00\u2028\ud800") & set(written)
    one = next(one for one in hostile.shown().values() if one["title"])
    assert f"{ACTIVE}</title>" == one["title"]
    assert any(ACTIVE == text for text in one["texts"])
    assert "\u202e.txt" in one["path"]
    assert 2 == hostile.page.count("</script>")
    assert f"<title>zhengwen · {html.escape(rows(hostile.dataset, 'documents')[0]['source'])}</title>" in hostile.page


def test_what_is_masked_in_the_tables_is_masked_here(staged: Staged, report: Report, hostile: Report) -> None:
    """Neither what the samples have, nor an address that stands in a text and in its summary."""
    secrets = [str(text) for text in pq.read_table(staged.redactions)["text"].to_pylist()]
    assert len(secrets) > 2
    assert [] == [secret for secret in secrets if secret in report.everything()]
    assert MAIL not in hostile.everything()
    assert any(MASK * len(MAIL) in one["texts"] for one in hostile.shown().values())


def test_the_page_lets_nothing_run_but_its_own_script(report: Report) -> None:
    """Its policy names the style and the script by their hashes, and no place from which anything may come."""
    found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', report.page)
    policy = dict(each.split(" ", 1) for each in html.unescape(found[0]).split("; "))
    script = re.findall(r"<script>(.*?)</script>", report.page, re.DOTALL)
    style = re.findall(r"<style>(.*?)</style>", report.page, re.DOTALL)
    assert (1, 1) == (len(script), len(style))
    assert f"'{_hash(script[0])}' 'strict-dynamic'" == policy["script-src"]
    assert f"'{_hash(style[0])}'" == policy["style-src"]
    assert ("'none'", "'none'", "'none'") == (policy["default-src"], policy["base-uri"], policy["form-action"])
    assert "'script'" == policy["require-trusted-types-for"]
    assert not re.search(r"\bon\w+=|\sstyle=|javascript:", report.page.replace(script[0], ""))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", script[0])


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def test_nothing_is_loaded_from_elsewhere(report: Report) -> None:
    """No address stands in the page but those of its own parts."""
    links = re.findall(r'(?:href|src)="([^"]*)"', report.page)
    assert [] == [link for link in links if not link.startswith(("#", "data:"))]
    assert not re.search(r"url\(|@import|https?://", report.page)


# ------------------------------------------------------------------------------------------------ where it lies
def test_the_same_dataset_gives_the_same_bytes_and_nothing_else(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the place of the former report, behind a link as well, wherever the command is given."""
    monkeypatch.chdir(tmp_path)
    first = _report(report.dataset, tmp_path / "one" / "report")
    (first.folder / "data" / "page-9999.js").write_text("old")
    (tmp_path / "link").symlink_to(first.folder)
    again = _report(report.dataset, tmp_path / "link")
    assert _bytes(report.folder) == _bytes(again.folder)
    assert ["report"] == [path.name for path in first.folder.parent.iterdir()]
    assert (tmp_path / "link").is_symlink()


@pytest.fixture(scope="module")
def in_buckets(staged: Staged, tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """The same documents in a dataset of several files of each table."""
    output = tmp_path_factory.mktemp("buckets")
    shutil.copytree(staged.path.parent / "stages", output / "stages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "BUCKET_BYTES", 10_000)
        found = stage_dataset(output)
    assert len(list((found.dataset / "data").glob("edits-*.parquet"))) > 3
    return found


@pytest.mark.parametrize("most", [10_000, 17])
def test_the_bytes_are_those_of_one_process_with_any_number(
    in_buckets: Staged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Parts end within files and with them; how far the work is, is said of each document."""
    monkeypatch.setattr(writing, "FEW_DOCUMENTS", 0)
    monkeypatch.setattr(writing, "LEAST_IN_A_PART", 3)
    monkeypatch.setattr(writing, "PARTS_A_WORKER", 100)
    said: dict[int, list[tuple[int, int]]] = {1: [], 2: []}
    one, two = (
        _report(
            in_buckets.dataset,
            tmp_path / str(workers),
            most=most,
            workers=workers,
            progress=lambda *now, workers=workers: said[workers].append(now),
        )
        for workers in said
    )
    assert _bytes(one.folder) == _bytes(two.folder)
    shown = min(most, in_buckets.account.published)
    assert {1: [(n + 1, shown) for n in range(shown)]} == {1: said[1]} == {1: said[2]}
    assert shown == len(two.listed())


def test_the_documents_are_the_same_however_they_are_filed(in_buckets: Staged, report: Report, tmp_path: Path) -> None:
    """In files of many sizes, and where the files of one table are not those of another."""
    filed = _report(in_buckets.dataset, tmp_path / "filed")
    assert report.shown() == filed.shown()
    merged = tmp_path / "merged"
    shutil.copytree(in_buckets.dataset, merged)
    files = sorted((merged / "data").glob("edits-*.parquet"))
    table = pa.concat_tables([pq.ParquetFile(file).read() for file in files])
    for file in files:
        file.unlink()
    pq.write_table(table, merged / "data" / "edits-99999.parquet")
    assert report.shown() == _report(merged, tmp_path / "report").shown()


def test_an_account_that_does_not_fit_is_found_by_another_process(
    in_buckets: Staged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said as if it had been found here, and no report is left."""
    monkeypatch.setattr(writing, "FEW_DOCUMENTS", 0)
    broken = tmp_path / "broken"
    shutil.copytree(in_buckets.dataset, broken)
    _lengthen(broken / "data" / "edits-00001.parquet")
    with pytest.raises(BadInput, match=r"edits of the document [0-9a-f]{32} do not lead to its text"):
        write_report(broken, tmp_path / "report", workers=2)
    assert ["broken"] == [path.name for path in tmp_path.iterdir()]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_of_somebody_else_is_left_alone(report: Report, tmp_path: Path) -> None:
    """One that holds no report, and pages of another kind."""
    for name, page in (("notes", "mine"), ("docs", '<meta name="generator" content="zhengwen data docs">')):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "index.html").write_text(page)
        with pytest.raises(BadInput, match="holds no report and would be lost"):
            write_report(report.dataset, folder)
        assert page == (folder / "index.html").read_text()
    assert PAGES.made_by in report.page[:2000]


def test_a_dataset_whose_account_does_not_fit_leaves_the_former_report(
    report: Report, staged: Staged, tmp_path: Path
) -> None:
    """It is said which document it is; what was written so far is gone."""
    former = _report(staged.dataset, tmp_path / "report")
    broken = tmp_path / "broken"
    (broken / "data").mkdir(parents=True)
    for file in (staged.dataset / "data").iterdir():
        (broken / "data" / file.name).write_bytes(file.read_bytes())
    _lengthen(broken / "data" / "edits-00000.parquet")
    with pytest.raises(BadInput, match=r"edits of the document [0-9a-f]{32} do not lead to its text"):
        write_report(broken, former.folder)
    assert _bytes(report.folder) == _bytes(former.folder)
    assert {"broken", "report"} == {path.name for path in tmp_path.iterdir()}


def _lengthen(edits: Path) -> None:
    """Let each edit put in a character more than it did."""
    table = pq.ParquetFile(edits).read()
    assert table.num_rows
    longer = pa.array([f"{text}了" for text in table["after"].to_pylist()])
    pq.write_table(table.set_column(table.column_names.index("after"), "after", longer), edits)


def test_pages_of_documents_are_of_limited_size(tmp_path: Path) -> None:
    """So many documents, so many characters; one that is longer has a page of its own."""
    texts = ["短"] * (PAGE_DOCUMENTS + 3) + ["长" * 300_000, "短"]
    with Paging(tmp_path / "data") as paging:
        for number, text in enumerate(texts):
            paging.add(entry(f"{number:03}", {"texts": [text]}, {}))
    pages: Sequence[dict[str, Any]] = Report(tmp_path, tmp_path).listed()
    assert {1: PAGE_DOCUMENTS, 2: 3, 3: 1, 4: 1} == Counter(row["page"] for row in pages)
    assert [f"{number:03}" for number in range(len(texts))] == list(Report(tmp_path, tmp_path).shown())
