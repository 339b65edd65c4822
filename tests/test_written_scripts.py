"""In which script a document is written: from what the convert stage found to the published table.

How a script is told is tested in ``test_script.py``; here, that what was told is kept, each stretch in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_dataset import SPAM, dataset_of, document, record, rows
from sound_dataset import failed, run_on

from pipeline import columns
from pipeline.describing.card import card
from pipeline.options import Choices
from pipeline.recipe import clean
from pipeline.script.evidence import ScriptEvidence
from pipeline.steps.script import convert_script
from pipeline.text import Text
from pipeline.written_scripts import WrittenScript, written_script, written_scripts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.staging import Staged

SIMPLIFIED = "市数据局昨日召开例会，研究公共数据开放的下一步安排，并听取了各区的汇报，会后还到现场看了设备。"
TRADITIONAL = "推動人工智能產業發展，要堅持創新驅動，堅持開放協作，穩步推進各項任務落實到位，這是我們的責任。"
TAIWAN = "人工智慧軟體發展得很好，隨著裡面的著名軟體，產業跟著發展，那裡的麵包店也開著門，營業額還是這樣。"
JAPANESE = "人工知能の開発を推進し、産業の発展を図る。"
ENGLISH = "The district opened a training base for algorithm engineers on Tuesday."


# ------------------------------------------------------------------------------------------------ from the findings
def test_positions_are_those_of_the_decoded_text() -> None:
    """Before the step, a byte-order mark went, line ends were unified, an entity was decoded and pinyin taken out."""
    raw = f"\ufeff{SIMPLIFIED.replace('，', '&#65292;', 1)}\r\n{JAPANESE}\r\n{SIMPLIFIED}{SIMPLIFIED}\r\n"
    history = clean(raw.encode(), through="convert").history
    stretches = written_scripts(history)
    assert len(history.revisions) > 2
    assert ["Hans", "Japanese", "Hans"] == [one.script for one in stretches]
    assert raw[1:] == "".join(raw[one.start : one.end] for one in stretches)
    assert f"{JAPANESE}\r\n" == raw[slice(*stretches[1][:2])]


def test_what_was_counted_is_what_was_there_before_the_conversion() -> None:
    """The step leaves no Traditional character, but the evidence has all of them."""
    history = Text(f"{TAIWAN}\n").revise(convert_script)
    expected = ScriptEvidence(han=43, traditional=20, taiwan=6)
    assert (WrittenScript(0, len(TAIWAN) + 1, "Hant-TW", expected, "tw2s"),) == written_scripts(history)
    assert ("Hant-TW", expected) == written_script(history)
    assert history.value != f"{TAIWAN}\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [("hans", [None, "t2s"]), ("hant", ["s2t", None]), ("keep", [None, None])],
)
def test_the_configuration_is_that_of_the_choice(script: str, expected: list[str | None]) -> None:
    """A stretch that is in the script that was asked for stays, and so does everything where none was."""
    choices = Choices(script=script)  # type: ignore[arg-type]
    history = clean(f"{SIMPLIFIED}\n{TRADITIONAL}\n{SIMPLIFIED}".encode(), choices=choices).history
    found = [(one.script, one.configuration) for one in written_scripts(history)]
    assert [("Hans", expected[0]), ("Hant", expected[1]), ("Hans", expected[0])] == found


def test_a_text_that_the_step_has_not_seen() -> None:
    """Nothing is said of it."""
    assert () == written_scripts(Text(TRADITIONAL))
    assert ("other", ScriptEvidence()) == written_script(Text(TRADITIONAL))


LINES = st.sampled_from([SIMPLIFIED, TRADITIONAL, TAIWAN, JAPANESE, ENGLISH, "인공지능 산업 발전", "后记", "", "著"])


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_stretches_follow_one_another_and_add_up(text: str) -> None:
    """Each begins where the last one ended, none is left out, and their counts are together those of the document."""
    history = Text(text).revise(convert_script)
    stretches = written_scripts(history)
    borders = [(one.start, one.end) for one in stretches]
    assert [0, *(end for _, end in borders)] == [*(start for start, _ in borders), len(text)]
    sums = map(sum, zip(*(one.evidence for one in stretches), strict=True))
    assert ScriptEvidence(*sums) == written_script(history)[1]


def test_a_line_that_a_merge_put_there_has_no_place() -> None:
    """It stands elsewhere in the raw text: the stretch is empty, at the place to which the line came."""
    common = [SIMPLIFIED, "各区要明确责任部门，按季度报告进展。", "各区要总结经验。"]
    ours, theirs = [*common[:2], "各区要及时总结推广好的经验和做法。"], [common[0], JAPANESE, *common[1:]]
    sides = ["\n".join(lines) + "\n" for lines in (ours, common, theirs)]
    raw = f"<<<<<<< HEAD\n{sides[0]}||||||| base\n{sides[1]}=======\n{sides[2]}>>>>>>> b\n"
    history = clean(raw.encode(), through="convert").history
    assert f"{SIMPLIFIED}\n{JAPANESE}\n" in history.value
    (stretch,) = (one for one in written_scripts(history) if one.script == "Japanese")
    assert (raw.index(common[1]),) * 2 == (stretch.start, stretch.end)
    assert 9 == stretch.evidence.kana  # beside the syllables 発, twice, and 図


# ------------------------------------------------------------------------------------------------ as it is published
DOCUMENTS: Mapping[str, str] = {
    "english.txt": f"{ENGLISH} {ENGLISH}\n",
    "mixed.txt": f"{TRADITIONAL}\n{SIMPLIFIED}\n{TRADITIONAL}\n",
    "taiwan.txt": f"{TAIWAN}\n",
    "taiwan-copy.txt": f"{TAIWAN}\n",
    "third.txt": "這裡開会议，说明进展。\n",
}


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """A dataset with documents in one script and in two, a duplicate, and one that was set aside."""
    documents = {name: clean(text.encode()) for name, text in DOCUMENTS.items()}
    refused = document(TRADITIONAL.encode(), **SPAM)
    return dataset_of({**documents, "refused.txt": refused}, tmp_path_factory.mktemp("scripts"))


def test_every_stretch_of_a_published_document_has_a_row(staged: Staged) -> None:
    """Numbered from 0 in each; a duplicate and a document that was set aside have none."""
    name_of = {row["id"]: row["raw_path"] for row in rows(staged.dataset, "documents")}
    found = [
        (name_of[row["doc_id"]], row["stretch_index"], row["start"], row["end"], row["script"], row["configuration"])
        for row in rows(staged.dataset, "scripts")
    ]
    first, second = len(TRADITIONAL) + 1, len(TRADITIONAL) + len(SIMPLIFIED) + 2
    (taiwan,) = {name for name in name_of.values() if name.startswith("taiwan")}
    assert sorted(found) == [
        ("english.txt", 0, 0, len(DOCUMENTS["english.txt"]), "other", None),
        ("mixed.txt", 0, 0, first, "Hant", "t2s"),
        ("mixed.txt", 1, first, second, "Hans", None),
        ("mixed.txt", 2, second, len(DOCUMENTS["mixed.txt"]), "Hant", "t2s"),
        (taiwan, 0, 0, len(TAIWAN) + 1, "Hant-TW", "tw2s"),
        ("third.txt", 0, 0, len(DOCUMENTS["third.txt"]), "mixed", None),
    ]
    ids = [row["doc_id"] for row in rows(staged.dataset, "scripts")]
    assert sorted(ids) == ids


def test_each_count_stands_in_its_column(staged: Staged) -> None:
    """All eight of them; the share is null where no character tells."""
    (row,) = (row for row in rows(staged.dataset, "scripts") if row["script"] == "Hant-TW")
    expected: dict[str, float] = {
        "han_count": 43,
        "traditional_count": 20,
        "simplified_count": 0,
        "taiwan_count": 6,
        "letter_count": 0,
    }
    expected |= {"hongkong_count": 0, "kana_count": 0, "hangul_count": 0, "traditional_share_0_to_1": 1.0}
    assert expected == {name: row[name] for name in expected}
    assert expected.keys() == {name for name in row if name.endswith(("_count", "_0_to_1"))}
    assert len(ScriptEvidence._fields) == len(expected) - 1
    (english,) = (row for row in rows(staged.dataset, "scripts") if row["script"] == "other")
    assert (None, sum(map(str.isalpha, ENGLISH)) * 2) == (english["traditional_share_0_to_1"], english["letter_count"])


def test_the_promises_about_scripts_are_kept(staged: Staged) -> None:
    """By what the pipeline makes itself, also where the share is one that no binary fraction is exact for."""
    (third,) = (row for row in rows(staged.dataset, "scripts") if row["script"] == "mixed")
    assert (3, 4) == (third["traditional_count"], third["simplified_count"])
    results = run_on(staged.dataset, inputs=None, only=lambda name: name.startswith(("scripts.", "documents.")))
    warned = {"date_published_often_stated", "script_simplified", "text_of_usual_length"}  # short texts, one mixed
    assert {f"documents.{name}" for name in warned} >= failed(results)


def test_a_document_that_was_not_converted_has_no_stretch(tmp_path: Path) -> None:
    """Where a stage before has set it aside, nothing is told of its script."""
    one = clean(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert () == record("a.png", one, tmp_path).scripts


def test_a_dataset_without_stretches_has_the_table(tmp_path: Path) -> None:
    """It has no rows, and the columns of the data dictionary with their types."""
    staged = dataset_of({"a.txt": document(f"{SIMPLIFIED}".encode())}, tmp_path)
    (file,) = staged.dataset.glob("data/scripts-*.parquet")
    table = pq.read_table(file)
    assert 0 == table.num_rows
    assert columns.schema(columns.TABLES["scripts"]).equals(table.schema.remove_metadata())


def test_the_card_counts_documents_by_script(staged: Staged) -> None:
    """Beside their languages."""
    assert "Script of the files: `Hant-TW` 1, `mixed` 2, `other` 1." in card(staged.account)
