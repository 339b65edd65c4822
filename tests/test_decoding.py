"""The laws of decoding: every byte string in every codec comes back, and only what is irregular is kept beside it."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.decoding import ENCODINGS, Decoding, Irregular, Run, decode, decode_strictly, withheld

if TYPE_CHECKING:
    from collections.abc import Sequence

CODECS = sorted(ENCODINGS)
STATEFUL = [codec for codec in CODECS if codec == "hz" or codec.startswith("iso2022")]
STATELESS = [codec for codec in CODECS if codec not in STATEFUL]
REJECT_FF = ["utf-8", "gb18030", "cp950", "big5hkscs", "euc_jp", "euc_kr", "cp949", "johab", "shift_jis"]
SURROGATE = re.compile("[\ud800-\udfff]")

SAMPLE = "Hello 世界。\r\n這是一個測試，か゚ゟ Ê̄ ê̌ 가각힣 Привет ~{x~} ~\n㈱ＡⅠ\ufeff\t𠮷嘅\x1b"
PRINTABLE = "\n ~aZ{}\\ïéßÄäОйЖκΩאשعمไทかカﾊ汉漢中國国囯가각힣丂嘅𠮷。，「」《》①№℃€…—"
HOSTILE = [
    *(b"\x1b$B", b"\x1b(B", b"\x1b$)C", b"\x1b$A", b"\x1b.A", b"\x1bN", b"\x1b(I", b"\x1b", b"\x0e"),  # ISO-2022
    *(b"~{", b"~}", b"~\n", b"~~", b"~a"),  # HZ
    *(b"\xf9\xf9", b"\xa2\xcc", b"\x87\x90", b"\x84A", b"\x88b", b"\x88f", b"\xa4\xab\xab\xd2"),  # legal, not canonical
    *(b"\xff", b"\x81", b"\x810", b"\x8f", b"\xed\xa0\x80", b"\xc0\xaf", b"\xd8\x00", b"\x00\xd8", b"\xe6\xad", b"\n"),
]


def in_codec(codec: str) -> st.SearchStrategy[bytes]:
    """Bytes that are partly text in this codec, partly escapes and duplicates, partly noise."""
    text = st.integers(0, len(SAMPLE) - 1).flatmap(
        lambda start: st.integers(1, 12).map(lambda size: SAMPLE[start : start + size].encode(codec, "ignore")),
    )
    return st.lists(st.one_of(text, st.sampled_from(HOSTILE), st.binary(max_size=5)), max_size=10).map(b"".join)


codec_and_bytes = st.sampled_from(CODECS).flatmap(lambda codec: st.tuples(st.just(codec), in_codec(codec)))


@st.composite
def mixed(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, int, str]]]:
    """Bytes with several runs."""
    content, runs = b"", []
    for codec, part in draw(st.lists(codec_and_bytes, max_size=5)):
        runs.append((len(content), len(content) + len(part), codec))
        content += part
    return content, runs


def published(decoding: Decoding) -> Decoding:
    """What stands in the files table, read back: numbers, names and raw bytes, nothing else."""
    runs = [(run.start_byte, run.end_byte, run.encoding) for run in decoding.runs]
    irregular = [(gap.start_char, gap.length_chars, gap.raw) for gap in decoding.irregular]
    return Decoding(tuple(Run(*run) for run in runs), tuple(Irregular(*gap) for gap in irregular))


def assert_exact(content: bytes, runs: Sequence[tuple[int, int, str]] | str) -> None:
    """Assert what holds for every byte string: the way back from the published form alone, and the account's form."""
    text, decoding = decode(content, runs)
    assert content == published(decoding).encode(text)
    assert SURROGATE.search(text) is None
    ends = [gap.start_char + gap.length_chars for gap in decoding.irregular]
    assert all(end < gap.start_char for end, gap in zip(ends, decoding.irregular[1:], strict=False))
    assert sum(len(gap.raw) for gap in decoding.irregular) <= len(content)
    assert [run.start_byte for run in decoding.runs[1:]] == [run.end_byte for run in decoding.runs[:-1]]


@settings(max_examples=400)
@given(codec_and_bytes)
@example(("iso2022_jp_2", b"\x1b$" + b"a" * 12 + b"\nab\x1b\n"))
@example(("iso2022_kr", b"\x1b$)C\n\x0e0!\x0f\n\x0e0!\x0f"))
def test_every_byte_string_in_every_codec_comes_back(case: tuple[str, bytes]) -> None:
    """encode(decode(content)) is the content, whatever the bytes and the codec."""
    codec, content = case
    assert_exact(content, codec)


@settings(max_examples=200)
@given(mixed())
@example((b"\x88f\xcc\x84", [(0, 2, "big5hkscs"), (2, 4, "utf-8")]))
@example((b"~{::~}\xba\xba", [(0, 6, "hz"), (6, 8, "gb18030")]))
def test_several_runs_come_back(case: tuple[bytes, list[tuple[int, int, str]]]) -> None:
    """With several runs the characters of each run are found again from its bytes alone."""
    assert_exact(*case)


@settings(max_examples=200)
@given(st.binary(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.sampled_from(CODECS)), max_size=4))
def test_random_borders_come_back(content: bytes, cuts: list[tuple[int, str]]) -> None:
    """A border may fall anywhere, in the middle of a character too."""
    runs, start = [], 0
    for cut, codec in sorted(cuts):
        runs.append((start, min(cut, len(content)), codec))
        start = runs[-1][1]
    assert_exact(content, [*runs, (start, len(content), "gb18030")])


@settings(max_examples=200)
@given(st.sampled_from(STATELESS).flatmap(lambda codec: st.tuples(st.just(codec), in_codec(codec))))
def test_the_text_is_what_python_decodes(case: tuple[str, bytes]) -> None:
    """Without states the text is that of errors="replace": one U+FFFD for each maximal undecodable sequence."""
    codec, content = case
    assert content.decode(codec, "replace") == decode(content, codec)[0]


@pytest.mark.parametrize("codec", CODECS)
@settings(max_examples=10)
@given(st.text(st.sampled_from(PRINTABLE), max_size=40))
def test_clean_text_has_no_irregular_stretch(codec: str, text: str) -> None:
    """What a codec has written, it gives back: nothing is kept beside it."""
    content = text.encode(codec, "ignore")
    got, decoding = decode(content, codec)
    assert content.decode(codec) == got
    assert () == decoding.irregular


@pytest.mark.parametrize("codec", REJECT_FF)
@pytest.mark.parametrize("count", [1, 3])
def test_dirty_bytes_cost_only_themselves(codec: str, count: int) -> None:
    """Undecodable bytes in the middle become U+FFFD, and no other byte is kept beside the text."""
    bad = b"\xff" * count
    content = "abc\n".encode(codec) * 50 + bad + "def\n".encode(codec) * 50
    text, decoding = decode(content, codec)
    assert "abc\n" * 50 + "\ufffd" * count + "def\n" * 50 == text
    assert (Irregular(200, count, bad),) == decoding.irregular


@pytest.mark.parametrize(
    ("codec", "raw", "char"),
    [
        ("cp950", b"\xf9\xf9", "═"),
        ("cp950", b"\xa2\xcc", "十"),
        ("big5hkscs", b"\xa1\xfe", "／"),
        ("cp932", b"\x87\x90", "≒"),
        ("johab", b"\x84A", "\u3000"),
        ("cp1006", b"\xb1", "\ufe8e"),
    ],
)
def test_legal_duplicates_decode_and_cost_only_themselves(codec: str, raw: bytes, char: str) -> None:
    """A second code of a character is read as the character; only its bytes are kept, however long the line."""
    content = b"a" * 300 + raw + b"b" * 300
    text, decoding = decode(content, codec)
    assert "a" * 300 + char + "b" * 300 == text
    assert (Irregular(300, 1, raw),) == decoding.irregular


@pytest.mark.parametrize(
    ("codec", "content", "text", "irregular"),
    [
        ("hz", b"one\n~{VPND~}~\n~{VPND~}\nthree~~\n", "one\n中文中文\nthree~\n", [(4, 2, b"~{VPND~}~\n")]),
        ("hz", b"one\nbad ~x\nthree\n", "one\nbad \ufffdx\nthree\n", [(4, 7, b"bad ~x\n")]),
        ("iso2022_jp", b"\x1b(Ba\n\x1b$BF|K\\\x1b(B\n", "a\n日本\n", [(0, 2, b"\x1b(Ba\n")]),
        ("iso2022_jp", b"a\n\x1b$BF|\nK\\\x1b(B\n", "a\n日\n本\n", [(2, 4, b"\x1b$BF|\nK\\\x1b(B\n")]),
        ("iso2022_kr", b"\x1b$)C\n\x0eGQ\x0f\n", "\n한\n", [(0, 1, b"\x1b$)C\n")]),
        ("iso2022_kr", b"a\n\x1b$)C\x0eGQ\x0f\n\x0eGQ\x0f\n", "a\n한\n한\n", []),
    ],
)
def test_in_codecs_with_states_a_line_is_the_smallest_stretch(
    codec: str,
    content: bytes,
    text: str,
    irregular: list[tuple[int, int, bytes]],
) -> None:
    """Escapes that the codec would not write, and bad ones, cost their line; a state goes on over the line feed."""
    got, decoding = decode(content, codec)
    assert text == got
    assert irregular == [tuple(gap) for gap in decoding.irregular]
    assert content == decoding.encode(got)


@pytest.mark.parametrize(
    ("codec", "content", "expected"),
    [
        ("utf-8", b"a\xed\xa0\x80b", "a\ufffd\ufffd\ufffdb"),
        ("utf-16-le", b"a\x00\x00\xd8b\x00", "a\ufffdb"),
        ("utf-16-be", b"\x00a\xdc\x00\x00b", "a\ufffdb"),
        ("utf-32-le", b"a\x00\x00\x00\x00\xd8\x00\x00", "a\ufffd"),
        ("utf-32-be", b"\x00\x00\x00a\x00\x11\x00\x00", "a\ufffd"),
        ("utf-16-le", b"a\x00b", "a\ufffd"),
    ],
)
def test_no_lone_surrogate_is_in_the_text(codec: str, content: bytes, expected: str) -> None:
    """Lone surrogates and half code units become U+FFFD, and their bytes come back."""
    text, decoding = decode(content, codec)
    assert expected == text
    assert content == decoding.encode(text)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030"])
def test_the_byte_order_mark_stays(codec: str) -> None:
    """U+FEFF is a character of the text; no codec swallows it."""
    content = "\ufeff正文".encode(codec)
    text, decoding = decode(content, codec)
    assert "\ufeff正文" == text
    assert content == decoding.encode(text)


def test_genuine_replacement_characters_are_regular() -> None:
    """A U+FFFD that stands encoded in the bytes is text like any other, also beside a bad byte."""
    text, decoding = decode("a\ufffd".encode() + b"\xff", "utf-8")
    assert "a\ufffd\ufffd" == text
    assert (Irregular(2, 1, b"\xff"),) == decoding.irregular


def test_gb18030_writes_each_character_as_it_was_read() -> None:
    """No two sequences of bytes are one character, so nothing that it decodes has to be compared with its bytes."""
    leads, digits = range(0x81, 0xFF), range(0x30, 0x3A)
    pairs = map(bytes, product(leads, range(0x40, 0xFF)))
    fours = map(bytes, product((*range(0x81, 0x85), 0x90, 0xE3), digits, leads, digits))
    read = {raw: decode_strictly(raw, "gb18030") for raw in (*pairs, *fours)}
    characters = {raw: text for raw, text in read.items() if text is not None}

    assert len(characters) > 0x10000
    assert characters == {text.encode("gb18030"): text for text in characters.values()}


def test_two_characters_in_one_code_do_not_confuse_the_way_back() -> None:
    """Where characters joined would be written as one code, the second is kept apart, and only it."""
    second = "˥".encode("euc_jis_2004")
    content = b"x" + "˩".encode("euc_jis_2004") + second + b"y" * 100
    text, decoding = decode(content, "euc_jis_2004")
    assert "x˩˥" + "y" * 100 == text
    assert (Irregular(2, 1, second),) == decoding.irregular


def test_irregular_stretches_that_touch_are_one_even_across_a_border() -> None:
    """Undecodable bytes on both sides of a border between runs are one stretch."""
    _, decoding = decode(b"a\xff\xffb", [(0, 2, "utf-8"), (2, 4, "gb18030")])
    assert (Irregular(1, 2, b"\xff\xff"),) == decoding.irregular


def test_a_codec_begins_anew_in_each_run() -> None:
    """What is left of a character stands in a run of its own; empty runs are left out."""
    content = "正文".encode("gb18030")[1:]
    text, decoding = decode(content, [(0, 1, "gb18030"), (1, 1, "hz"), (1, 3, "gb18030")])
    assert "\ufffd文" == text
    assert (Run(0, 1, "gb18030"), Run(1, 3, "gb18030")) == decoding.runs
    assert content == decoding.encode(text)


def test_withheld_bytes_come_back() -> None:
    """Bytes without a text are carried whole, and have no codec."""
    content = bytes(range(256))
    text, decoding = withheld(content)
    assert ("", None) == (text, decoding.encoding)
    assert content == decoding.encode(text)
    assert b"" == withheld(b"")[1].encode("")


def test_the_encoding_is_that_of_most_bytes() -> None:
    """Several runs of one codec count together."""
    content = b"ab\xd5\xfdabcd\xce\xc4\xd5\xfd"
    runs = [(0, 2, "utf-8"), (2, 4, "gb18030"), (4, 7, "utf-8"), (7, 12, "gb18030")]
    assert "gb18030" == decode(content, runs)[1].encoding
    assert "utf-8" == decode(b"", "utf-8")[1].encoding


@pytest.mark.parametrize("other", ["", "正", "正\ufffd", "正\ufffd文字", "ab\ufffd", "ab\ufffd正"])
def test_another_text_is_refused(other: str) -> None:
    """An edited text raises ValueError, where its length shows that it is not the one that was decoded."""
    _, decoding = decode(b"\xd5\xfd\xff\xce\xc4", "gb18030")
    with pytest.raises(ValueError, match="not the text of this decoding"):
        decoding.encode(other)


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        ([(0, 2, "utf-8")], "the runs end at byte 2, the content at byte 4"),
        ([(0, 2, "utf-8"), (3, 4, "utf-8")], "does not start at byte 2"),
        ([(0, 3, "utf-8"), (3, 1, "utf-8"), (1, 4, "hz")], "does not start at byte 3"),
        ("utf-8-sig", "not one of the encodings"),
        ("utf-16", "not one of the encodings"),
        ("gbk", "not one of the encodings"),
    ],
)
def test_runs_that_do_not_fit_are_refused(runs: list[tuple[int, int, str]] | str, message: str) -> None:
    """Gaps, overlaps, codecs that swallow a byte-order mark and those that are a subset of another: ValueError."""
    with pytest.raises(ValueError, match=message):
        decode(b"abcd", runs)
