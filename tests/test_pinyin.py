"""Pinyin artefacts: laws over texts that a rewriter made, character by character and byte by byte.

Single decisions are cases in `cases/strip_pinyin.json`. The rewriter here does what was seen on real pages: it puts the
reading behind each listed character's two bytes in GBK, wherever they stand, and loses first bytes before A3.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.steps.pinyin import strip_pinyin
from pipeline.text import Text

SENTENCES = (
    "為加快構建現代產業體系，推動實體經濟和數字經濟深度融合，制定本方案。",
    "各區縣人民政府應當將檔案工作納入國民經濟和社會發展規劃，并保障經費投入。",
    "縣域經濟是國民經濟的基本單元。《中華人民共和國鄉村振興促進法》對此作出規定。",
    "支持企業與高等學校、科研院所共建創新平臺，開展關鍵技術攻關。",
    "對符合條件的項目，由當地財政部門給予補貼；經審計部門驗收后，方可撥付余款。",
    "將各種圖紙轉變為產品，降低成本，擴大規模和影響，是數字化工廠的主要任務。",
    "大力發展互聯網醫療、遠程教育，優化網絡布局，提高服務質量和監管水平。",
    "到二〇二五年，規模以上企業達到五百家，研發投入年均增長百分之十。",
    "學校、幼兒園應當建立安全管理制度。可以聘請專業人員協助開展活動。",
    "加強組織領導，明確責任分工，強化督促檢查，確保各項任務落到實處。",
)
PAIRS = tuple((character, reading) for character, reading in lexicon.rows("pinyin_pairs.tsv"))
MASS = "產業發展數據創新企業經濟規劃，產業發展數據創新企業經濟規劃。"

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "dev" / "pinyin"


def annotate(text: str, pairs: list[tuple[str, str]]) -> str:
    """The text with the reading behind each listed character."""
    for character, reading in pairs:
        text = text.replace(character, f"{character}({reading})")
    return text


def annotate_bytes(text: str, pairs: list[tuple[str, str]], *, vanishing: bool) -> str:
    """The same on GBK bytes, without regard to character borders."""
    units = [character.encode("gbk") for character in text]
    for at, (unit, following) in enumerate(pairwise(units)):
        if unit[1:] == b"\xa3" and following[0] in b"\xa1\xac\xba\xbb\xbf":
            units[at] = b"?\xa3"
    raw = b"".join(units)
    for character, reading in pairs:
        raw = raw.replace(character.encode("gbk"), character.encode("gbk") + f"({reading})".encode("gb18030"))
    return read(raw, vanishing=vanishing)


def read(raw: bytes, *, vanishing: bool) -> str:
    """GBK as those pages read it: a first byte swallows an ASCII byte behind it, and both become a question mark.

    With `vanishing`, two bytes that could be a character, and are none in GBK, leave nothing; without, the first one
    leaves a question mark.
    """
    text, at = "", 0
    while at < len(raw):
        length = 1 if raw[at] < 0x80 else 2
        character = raw[at : at + length].decode("gbk", "replace")
        broken = len(character) != 1 or character == "\ufffd"
        two_bytes = at + 1 < len(raw) and raw[at + 1] >= 0x40
        if broken and two_bytes and vanishing:
            at += length
            continue
        text += "?" if broken else character
        at += 1 if broken and two_bytes else length
    return text


def flags(text: Text) -> set[str]:
    """The flags of a text."""
    return {finding.value for finding in text.findings if finding.kind == "flag"}


documents = st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=8).map(lambda parts: "\n".join([MASS, *parts]))
lists = st.lists(st.sampled_from(PAIRS), max_size=40).map(
    lambda pairs: list(dict([*((c, r) for c, r in PAIRS if c in MASS), *pairs]).items())
)


@given(documents, lists)
@settings(max_examples=60, deadline=None)
def test_what_was_annotated_by_characters_comes_back(document: str, pairs: list[tuple[str, str]]) -> None:
    """Every listed character loses its reading, whatever the list was."""
    text = Text(annotate(document, pairs)).revise(strip_pinyin)

    assert document == text.value
    assert {"pinyin_artifacts_removed"} == flags(text)


@given(document=documents, pairs=lists, vanishing=st.booleans())
@settings(max_examples=100, deadline=None)
def test_what_was_annotated_by_bytes_comes_back_or_is_flagged(
    *, document: str, pairs: list[tuple[str, str]], vanishing: bool
) -> None:
    """A text is whole again, or says that it is not; nothing is made up on the way."""
    damaged = annotate_bytes(document, pairs, vanishing=vanishing)
    text = Text(damaged).revise(strip_pinyin)

    assert document == text.value or "pinyin_damage" in flags(text)
    repaired = [
        edit.after for revision in text.revisions for edit in revision.layer if edit.rule == "pinyin.byte_shift"
    ]
    assert [] == [after for after in repaired if after not in document]


TOKENS = (
    *(
        "業(yè)",
        "產(chǎn)",
        "長(zhǎng)",
        "長(cháng)",
        "人(rén)",
        "騖(wù)",
        "业(yè)",
        "学(xué)",
        "(yè)",
        "（yè）",
        "a(chǎn)",
    ),
    *(
        "?yōu)楫a(chǎn)品",
        "變",
        "?！吨腥A",
        "?？h域",
        "?；虡I(yè)",
        "?，F(xiàn)狀",
        "?",
        "！",
        "，",
        "。",
        "、",
        "?yōu)",
        "?,",
        "\n",
        " ",
    ),
    *(
        "國",
        "學",
        "校",
        "業",
        "產",
        "长",
        "人",
        "的",
        "A",
        "h",
        "(",
        ")",
        "chuàng",
        "創新(chuàngxīn)",
        "規(guī)",
        "節",
        "\ue4c6",
    ),
)


@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_a_second_run_finds_nothing(value: str) -> None:
    """The step leaves its own output alone, and undoing it restores the text."""
    text = Text(value).revise(strip_pinyin)

    assert value == text.original
    assert text.value == Text(text.value).revise(strip_pinyin).value


@given(st.sampled_from(SENTENCES), st.sampled_from("亳鄄邳鄱洮湟黟歙"), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_a_gloss_of_a_rare_character_stays(sentence: str, character: str, at: int) -> None:
    """One reading behind a rare character is meant, in Traditional text as well."""
    value = f"{sentence[:at]}{character}(bó){sentence[at:]}"

    assert value == Text(value).revise(strip_pinyin).value


def test_the_seen_pairs_are_ordinary_readings() -> None:
    """What was seen on pages is a part of the table of readings."""
    assert set() == set(PAIRS) - {(character, reading) for character, reading in lexicon.rows("pinyin_readings.tsv")}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real pages is not at hand")
@pytest.mark.parametrize(
    ("kind", "share"), [("legitimate_pinyin", 1.0), ("synthetic_artefact", 0.95), ("real_short_quotation", 0.95)]
)
def test_real_pages(kind: str, share: float) -> None:
    """Legitimate pinyin stays in each file; of the artefacts so many files come back whole."""
    rows = [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text("utf-8").splitlines()]
    whole = []
    for row in rows:
        if row["kind"] == kind:
            wanted = row.get("gold_traditional", row["file"])
            value = Text((CORPUS / row["file"]).read_text("utf-8")).revise(strip_pinyin).value
            whole.append((CORPUS / wanted).read_text("utf-8").strip() == value.strip())

    assert share <= sum(whole) / len(whole)
