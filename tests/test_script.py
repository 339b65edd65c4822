"""Script conversion: the compiled tables answer what the package answers, and the evidence counts what it says."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.code_points import HAN_RUN
from pipeline.script.conversion import NAMES, OVERLAY, PROTECTED, converter, read_overlay
from pipeline.script.evidence import ScriptEvidence, distinctive_characters, han_count, script_evidence
from pipeline.script.package import (
    WrongPackage,
    configurations,
    dictionary_fingerprint,
    dictionary_groups,
    refuse_module,
)
from pipeline.script.tables import compile_group

CONFIGURATIONS = configurations()
TO_SIMPLIFIED = ("t2s", "tw2s", "hk2s")
SEPARATORS = "，。、；：？！…“”『』「」—《》〉～【︼　 \n\t\x1f-,.?!*"


@cache
def package(config: str) -> Any:  # noqa: ANN401 - the package has no types
    """The package itself, which is slow to make."""
    return opencc.OpenCC(config)


@cache
def keys(name: str) -> tuple[str, ...]:
    """The keys of a dictionary of the package."""
    path = Path(opencc.__file__).parent / "dictionary" / f"{name}.txt"
    return tuple(line.partition("\t")[0] for line in path.read_text("utf-8").splitlines())


@cache
def pieces(config: str) -> st.SearchStrategy[str]:
    """What makes conversion hard: keys and parts of keys side by side, broken by separators and rare characters."""
    known = [key for group in dictionary_groups(config) for rules in group for key in rules]
    phrases = st.sampled_from([key for key in known if len(key) > 1] or known)
    inside = st.sampled_from(sorted({character for key in known if len(key) > 1 for character in key}) or known)
    return st.lists(
        st.one_of(
            phrases,
            phrases.map(lambda key: key[:-1]),
            phrases.map(lambda key: key[1:]),
            inside,
            st.sampled_from([key for key in known if len(key) == 1]),
            st.sampled_from(SEPARATORS),
            st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
            st.characters(min_codepoint=0x1F300, max_codepoint=0x323AF),
            st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        ),
        max_size=14,
    ).map("".join)


# The slow part is the package: ten configurations take about ten seconds.
@pytest.mark.parametrize("config", CONFIGURATIONS)
@settings(max_examples=200)
@given(data=st.data())
def test_answers_what_the_package_answers(config: str, data: st.DataObject) -> None:
    """For any text, overlapping keys and all, the compiled tables and the package give the same."""
    text = data.draw(pieces(config))

    assert package(config).convert(text) == converter(config).convert(text)


alphabet = st.sampled_from(["甲", "乙", "丙", "丁", "𠮷", "𠮶"])
dictionaries = st.dictionaries(
    st.text(alphabet, min_size=1, max_size=4), st.text(alphabet, min_size=1, max_size=3), min_size=1, max_size=6
)


@settings(max_examples=300)
@given(groups=st.lists(st.lists(dictionaries, min_size=1, max_size=3), min_size=1, max_size=2), text=st.text(alphabet))
@example(groups=[[{"甲乙": "丙", "乙𠮷": "丁"}]], text="甲乙𠮷")  # as long as each other, counted in characters
@example(groups=[[{"甲": "乙"}, {"甲": "𠮷"}]], text="甲")
def test_answers_what_the_package_answers_with_any_dictionaries(groups: list[list[dict[str, str]]], text: str) -> None:
    """The tables are right for more than the dictionaries that exist: any order, any length, any plane, any value."""
    chain = [[(max(map(len, rules)), min(map(len, rules)), rules) for rules in group] for group in groups]
    raw = text.encode("utf-16-le")
    for group in groups:
        raw = compile_group(group).apply(raw) if raw else raw

    assert package("t2s")._convert(text, chain) == raw.decode("utf-16-le")  # noqa: SLF001 - the package on other rules


@pytest.mark.parametrize("config", CONFIGURATIONS)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain ASCII",
        "慰藉着受傷的心靈",  # 藉着 is a key: it wins, though 慰藉 is the word
        "一目瞭解",  # two keys overlap by one character
        "巖巖巖巖巖居",  # a chain of overlapping keys
        "酒逢知己千鍾少話不投機半句多",  # the longest key of all
        "酒逢知己千鍾少話不投機",  # … and its beginning
        "乾，坤",  # a separator inside a key
        "樠",  # its value is outside the basic plane
        "二噁英",
        "\U0002b746\U0002c02a𡃄",  # keys outside the basic plane
        "乾\ud800坤乾坤",  # lone surrogates part a text
        "\ud842後\udfb7",
        "\udfb7\ud842",
    ],
)
def test_answers_what_the_package_answers_at_the_borders(config: str, text: str) -> None:
    """Texts that once were, or could be, converted in another way."""
    assert package(config).convert(text) == converter(config).convert(text)


@pytest.mark.parametrize("config", CONFIGURATIONS)
def test_a_long_chain_of_overlapping_keys(config: str) -> None:
    """A cluster as long as the text is resolved as the package resolves it."""
    text = "名著著者著名著作" * 40 + "巖" * 101 + "乾" * 50

    assert package(config).convert(text) == converter(config).convert(text)


def test_a_key_across_the_border_of_two_blocks() -> None:
    """Texts are looked up in blocks of 65,536 units, which is not seen in the result."""
    texts = ["中" * length + "乾坤後樠" for length in range(65_530, 65_540)]

    assert [text[:-2] + "后𣗊" for text in texts] == [converter("t2s").convert(text) for text in texts]


@pytest.mark.parametrize("config", CONFIGURATIONS)
def test_answers_what_the_package_answers_on_real_documents(config: str, shared: Path) -> None:
    """The same on the beginnings of real Traditional documents."""
    texts = [path.read_text("utf-8")[:2500] for path in sorted(shared.glob("corpus/dev/script/*.hant.md"))]

    assert [package(config).convert(text) for text in texts] == [converter(config).convert(text) for text in texts]


@pytest.mark.parametrize("config", TO_SIMPLIFIED)
@pytest.mark.parametrize("overlay", [False, True])
def test_positions_are_kept(config: str, *, overlay: bool) -> None:
    """No rule gives more or fewer characters than it takes: position i of the result comes from position i."""
    assert converter(config, overlay=overlay).aligned is True


def test_a_text_that_stays_is_given_back_itself() -> None:
    """Nothing is made where nothing changes, so that a caller can ask with `is`."""
    text = "正文，一目了然：发展人工智能"

    assert converter("t2s").convert(text) is text


@pytest.mark.parametrize("text", ["乔治．布希", "皇后在后面，里程碑在里面。", "曼苏尔．达杜拉", "SQL注入U盘"])
def test_a_key_with_a_separator_never_matches(text: str) -> None:
    """Five phrases of s2t hold a separator at which the package cuts a text before it looks for them."""
    assert [package(config).convert(text) for config in CONFIGURATIONS] == [
        converter(config).convert(text) for config in CONFIGURATIONS
    ]


def test_an_unknown_configuration() -> None:
    """The message says which there are."""
    with pytest.raises(ValueError, match=r"no script configuration 'zh2s'.* hk2s, .* t2s,"):
        converter("zh2s")


@pytest.mark.parametrize(("config", "unstable"), [("t2s", "薴"), ("tw2s", "薴麼麽"), ("hk2s", "薴")])
def test_nearly_every_character_is_idempotent(config: str, unstable: str) -> None:
    """Converting a converted character again changes nothing, other than 薴 → 苧 → 苎, and in Taiwan 麼 → 么 → 幺."""
    convert = converter(config).convert

    assert list(unstable) == [key for key in keys("TSCharacters") if convert(convert(key)) != convert(key)]


def test_words_are_not_idempotent_where_a_character_was_kept_for_a_traditional_word() -> None:
    """A word such as 乾清宮 keeps its 乾, and is no key any more once it is Simplified; so are 31 of the phrases."""
    convert = converter("t2s").convert
    unstable = {key for key in keys("TSPhrases") if convert(convert(key)) != convert(key)}

    assert unstable >= {"乾清宮", "畢昇", "蕭乾", "變徵之聲"}
    assert set() == {key for key in unstable if not re.search("[乾麼麽徵於昇薹]", key)}


# --- the overlay ---


def lines(path: Path) -> list[list[str]]:
    """The fields of each line of a data file."""
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", [OVERLAY, PROTECTED, NAMES], ids=lambda path: path.name)
def test_the_data_files_are_sorted_and_say_each_thing_once(path: Path) -> None:
    """By code point, no term twice, two fields of equal length in each line."""
    terms = [fields[0] for fields in lines(path)]

    assert sorted(set(terms)) == terms
    assert [] == [fields for fields in lines(path) if len(fields) != 2 or len(fields[0]) != len(fields[1])]


def test_no_term_stands_in_two_data_files() -> None:
    """No file overrules another."""
    assert len(read_overlay()) == sum(len(lines(path)) for path in (OVERLAY, PROTECTED, NAMES))


def test_every_line_of_the_data_files_is_needed() -> None:
    """Without its line, a term would become something else, alone or before 着, in one configuration at least."""
    overlay = read_overlay()
    others = {term: [value for key, value in overlay.items() if key != term and key in term] for term in overlay}
    needless = [
        term
        for term, value in overlay.items()
        if not others[term]
        and all(
            converter(config).convert(term + after) == value + after for config in TO_SIMPLIFIED for after in ("", "着")
        )
    ]

    assert [] == needless


@pytest.mark.parametrize("config", TO_SIMPLIFIED)
def test_every_line_of_the_data_files_is_followed(config: str) -> None:
    """Each term becomes what its line says, in the middle of a text too, and what it becomes stays."""
    convert = converter(config, overlay=True).convert
    overlay = read_overlay()

    assert overlay == {term: convert(f"（{term}）")[1:-1] for term in overlay}
    assert list(overlay.values()) == [convert(value) for value in overlay.values()]


@pytest.mark.parametrize(
    ("config", "before", "after"),
    [
        ("t2s", "華為昇騰與昇思", "华为昇腾与昇思"),
        ("t2s", "乾照光電很乾燥", "乾照光电很干燥"),
        ("t2s", "提昇思維能力，提昇騰訊的收入", "提升思维能力，提升腾讯的收入"),
        ("t2s", "熱氣昇騰", "热气升腾"),
        ("t2s", "得逕向法院起訴，與水逕村無關", "得径向法院起诉，与水迳村无关"),
        ("t2s", "這什么", "这什么"),
        ("tw2s", "這什么，老么", "这什么，老幺"),
        ("tw2s", "他的專著隨著時間", "他的专著随着时间"),
        ("tw2s", "抬頭", "抬头"),
        ("hk2s", "抬頭，舖位", "抬头，铺位"),
    ],
)
def test_the_overlay_in_a_sentence(config: str, before: str, after: str) -> None:
    """Terms keep their character, words that look like them do not, and the rest is the package's."""
    assert after == converter(config, overlay=True).convert(before)


@settings(max_examples=200)
@given(text=pieces("tw2s"))
@pytest.mark.parametrize("config", TO_SIMPLIFIED)
def test_a_text_without_an_entry_of_the_overlay_is_converted_as_without_it(config: str, text: str) -> None:
    """The overlay touches nothing but its own terms, in whatever orthography they stand."""
    touched = {*read_overlay(), *read_overlay().values(), *"吃抬"}  # 抬 becomes 擡 on its way, which is an entry
    if not any(term in text for term in touched):
        assert converter(config).convert(text) == converter(config, overlay=True).convert(text)


@pytest.mark.parametrize("config", TO_SIMPLIFIED)
def test_the_overlay_breaks_no_case_of_opencc(config: str, shared: Path) -> None:
    """What the package has right in OpenCC's own cases, the overlay leaves right; and it mends some."""
    source = (shared / "corpus/dev/script/opencc_testcases.json").read_text("utf-8")
    source = re.sub(r",(\s*[\]}])", r"\1", re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE))
    cases = [
        (case["input"], case["expected"][config]) for case in json.loads(source)["cases"] if config in case["expected"]
    ]
    right = {before for before, after in cases if converter(config).convert(before) == after}
    right_with_overlay = {before for before, after in cases if converter(config, overlay=True).convert(before) == after}

    assert right < right_with_overlay


# --- the evidence ---

texts = st.text(
    st.one_of(
        st.sampled_from("後来説裡着著名台后体𠮷𫠊々〇カ1 \n\udc00"),
        st.characters(min_codepoint=0x3000, max_codepoint=0xFAFF),
        st.characters(min_codepoint=0x1F300, max_codepoint=0x323AF),
    ),
    max_size=30,
)


@given(text=texts)
@example(text="𠮷" * 3 + "\U0003ffff" + "\U0001f600")
@example(text="\ud840")
def test_han_are_counted_as_the_pattern_has_them(text: str) -> None:
    """One table look-up and the pattern for Han agree, outside the basic plane too."""
    expected = len("".join(HAN_RUN.findall(text)))

    assert expected == han_count(text)
    assert expected == script_evidence(text).han


@given(text=texts)
def test_evidence_is_a_count_of_characters(text: str) -> None:
    """Each count but Taiwan's, which reads 著 in its context, is the number of characters from one set."""
    sets = distinctive_characters()
    evidence = script_evidence(text)

    assert sum(character in sets.traditional for character in text) == evidence.traditional
    assert sum(character in sets.simplified for character in text) == evidence.simplified
    assert sum(character in sets.hongkong for character in text) == evidence.hongkong
    assert sum(character in sets.taiwan for character in text) >= evidence.taiwan


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("", (0, 0, 0, 0, 0, 0, 0, 0)),
        ("only ASCII", (0, 0, 0, 0, 0, 0, 0, 9)),
        ("后来，皇后在后面", (7, 0, 1, 0, 0, 0, 0, 0)),  # 来 alone is Simplified only
        ("接著看著，編著專著，顯著", (10, 3, 0, 2, 0, 0, 0, 0)),
        ("接着看着", (4, 0, 0, 0, 0, 0, 0, 0)),
        ("裡面的麵", (4, 2, 0, 2, 0, 0, 0, 0)),
        ("説鋭閲衞", (4, 3, 0, 0, 4, 0, 0, 0)),
        ("台户群床抬灶秘", (7, 0, 0, 0, 0, 0, 0, 0)),  # Simplified, and a form of Taiwan or Hong Kong
        ("与机体后干", (5, 0, 0, 0, 0, 0, 0, 0)),  # Simplified, and another, Traditional character
        ("カタカナとひらがな", (0, 0, 0, 0, 0, 9, 0, 0)),
        ("한국어 Ünïcode 漢字", (2, 1, 0, 0, 0, 0, 3, 7)),
    ],
)
def test_evidence_of_a_text(text: str, evidence: tuple[int, ...]) -> None:
    """Han, Traditional, Simplified, Taiwan, Hong Kong, kana, hangul, other letters."""
    assert ScriptEvidence(*evidence) == script_evidence(text)


def test_no_character_speaks_for_both_scripts() -> None:
    """What Simplified alone has is disjoint from what Traditional, Taiwan and Hong Kong have."""
    sets = distinctive_characters()

    assert frozenset() == sets.simplified & (sets.traditional | sets.taiwan | sets.hongkong)
    assert frozenset() == sets.taiwan & sets.hongkong


def test_a_traditional_character_is_one_that_t2s_changes() -> None:
    """The set is what the package does with each character alone."""
    convert = converter("t2s").convert

    assert {key for key in keys("TSCharacters") if convert(key) != key} == distinctive_characters().traditional


def test_evidence_parts_real_documents(shared: Path) -> None:
    """In each of 32 real pages, what speaks for the other script is under one in a hundred Han."""
    misread = []
    for path in sorted(shared.glob("corpus/dev/script/react_*.md")):
        han, traditional, simplified, *_ = script_evidence(path.read_text("utf-8"))
        own, other = (traditional, simplified) if ".hant." in path.name else (simplified, traditional)
        if own < 0.2 * han or other > 0.01 * han:
            misread.append((path.name, han, traditional, simplified))

    assert [] == misread


# --- the package ---


def test_another_package_is_refused() -> None:
    """The C++ package installs the same folder: its class comes from another module."""
    with pytest.raises(WrongPackage, match="pip uninstall opencc"):
        refuse_module("opencc")


def test_the_fingerprint_is_the_same_each_time() -> None:
    """It is a SHA-256, made anew from the same files."""
    assert re.fullmatch("[0-9a-f]{64}", dictionary_fingerprint())
    assert dictionary_fingerprint() == dictionary_fingerprint.__wrapped__()
