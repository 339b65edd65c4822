"""Detection finds the codecs of texts in many languages, keeps UTF-8 as it is, and sets aside what cannot be read."""

from __future__ import annotations

import codecs
import json
import random
import re
import zlib
from typing import TYPE_CHECKING

import pytest
from confusion import PAGE, page, tables
from damage import clean_texts
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.decoding import ENCODINGS, Run, decode
from pipeline.detection.encoding import detect_encoding
from pipeline.detection.likeness import KINDS, best_of, likeness
from pipeline.detection.shifts import shifted_lines
from pipeline.lexicon import words

if TYPE_CHECKING:
    from pathlib import Path

SIMPLIFIED = (
    "为推动城市公共图书馆服务升级，市文化局近日印发通知，要求各区在年底前完成自助借还设备的安装。\n"
    "通知提出，新建场馆应当设置儿童阅览区和无障碍通道，开放时间每周不少于五十六小时。\n"
    "市民可以通过手机查询馆藏信息，也可以拨打服务电话预约座位。有关负责人表示，今年将继续增加投入。\n"
)
TRADITIONAL = (
    "為了讓更多長者享受數位服務，社會局今天宣布，下個月起在各區開辦免費的手機課程，每班二十人。\n"
    "課程內容包括拍照、視訊通話與網路掛號，由大學生擔任助教，一對一教學。\n"
    "社會局表示，去年試辦期間報名情況熱烈，今年經費增加一倍，歡迎有興趣的民眾踴躍參加。\n"
)
CANTONESE = "佢哋喺街市買咗啲嘢，跟住返屋企煮飯。你話呢個餸好唔好食呀？我就覺得幾好嘅。\n"
JAPANESE = "図書館では、来月から新しい貸し出しの仕組みを始めます。カードをお持ちの方は、受付までお知らせください。\n"
KOREAN = "도서관은 다음 달부터 새로운 대출 제도를 시작합니다. 이용자 여러분의 많은 관심을 부탁드립니다.\n"
RUSSIAN = "Городская библиотека с будущего месяца открывает новый читальный зал для детей и подростков.\n"
FRENCH = "La bibliothèque municipale ouvrira dès le mois prochain une salle réservée aux élèves, été comme hiver.\n"
POLISH = "Biblioteka miejska otworzy w przyszłym miesiącu nową czytelnię dla dzieci i młodzieży; wstęp wolny.\n"
GREEK = "Η δημοτική βιβλιοθήκη ανοίγει τον επόμενο μήνα νέα αίθουσα ανάγνωσης για παιδιά και εφήβους.\n"
HEBREW = "הספרייה העירונית תפתח בחודש הבא אולם קריאה חדש לילדים ולבני נוער, והכניסה אליו תהיה חופשית.\n"

SHORT_SIMPLIFIED = "各区在年底前完成自助借还设备的安装。"
SHORT_TRADITIONAL = "下個月起在各區開辦免費的手機課程。"
# 「目前台灣的資訊安全產業正在快速發展」 and more, written by another program: Python has no codec for them.
EUC_TW = bytes.fromhex(
    "c6f8d0a9c6bafda4cefbe6f1d8b9c7f8c7c0dca8e4c6c6dfc7e3cab8dddae0f5d5ada1a2d1c9cdb4c4bedfc8c5f8c4a7ddc2c7e9e4bbcefbd1c9e1acead8",
)
ISO_2022_CN = bytes.fromhex("1b2429410e443f47304c281b2429477d244e7b66715839477847405c286446465f47630f")


def read(content: bytes) -> str | None:
    """The text of bytes in the codecs that are detected; None where they are set aside."""
    detection = detect_encoding(content)
    return None if detection.reason else decode(content, detection.runs)[0]


def found(content: bytes) -> list[str]:
    """The codecs of the runs, or the reason why there are none."""
    detection = detect_encoding(content)
    return [run.encoding for run in detection.runs] or [str(detection.reason)]


@pytest.mark.parametrize("times", [1, 40])
@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED, "gb2312"),
        (SIMPLIFIED, "hz"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "cp950"),
        (CANTONESE, "big5hkscs"),
        *((text, codec) for text in (SIMPLIFIED, TRADITIONAL) for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-32")),
        *((text, f"utf-{form}") for text in (SIMPLIFIED, KOREAN) for form in ("16-le", "16-be", "32-le", "32-be")),
        *((JAPANESE, codec) for codec in ("shift_jis", "cp932", "euc_jp", "iso2022_jp", "utf-16-le", "utf-8")),
        *((KOREAN, codec) for codec in ("euc_kr", "cp949", "iso2022_kr", "utf-8")),
        *((RUSSIAN, codec) for codec in ("koi8_r", "cp1251", "cp866", "iso8859_5", "utf-16-le", "utf-8")),
        *((FRENCH, codec) for codec in ("latin-1", "cp1252", "utf-16-be", "utf-8")),
        (POLISH, "iso8859_2"),
        (GREEK, "iso8859_7"),
        (HEBREW, "cp1255"),
        ("Plain ASCII, and nothing else.\n", "ascii"),
    ],
)
def test_a_text_comes_back_as_it_was_written(text: str, codec: str, times: int) -> None:
    """Detected and decoded, bytes give the text that they were made of; a byte-order mark stays before it."""
    content = (text * times).encode(codec)
    assert text * times == (read(content) or "").removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        (SHORT_SIMPLIFIED, "gbk", "gb18030"),
        (SHORT_SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SHORT_SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SHORT_SIMPLIFIED, "hz", "hz"),
        (SHORT_TRADITIONAL, "big5", "cp950"),
        (SHORT_TRADITIONAL, "gbk", "gb18030"),
        (SHORT_TRADITIONAL, "utf-16-le", "utf-16-le"),
        ("联通", "gbk", "gb18030"),
        ("词库地址 http://example.org/\n", "gbk", "gb18030"),
        ("int n; /* 元素个数 */\n", "gbk", "gb18030"),
        ("// 設定檔\nx = 1\n", "big5", "cp950"),
        ("一\n", "utf-16-le", "utf-16-le"),
        ("彰化縣鹿港鎮\n嘉義縣朴子市\n屏東縣琉球鄉\n澎湖縣馬公市\n", "big5", "cp950"),
        ("鞍山市铁西区\n盘锦市兴隆台区\n葫芦岛市绥中县\n", "gbk", "gb18030"),
    ],
)
def test_short_texts_are_found(text: str, codec: str, expected: str) -> None:
    """A line of Chinese is enough, UTF-16 without a mark included."""
    assert [expected] == found(text.encode(codec))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff" * 3000,
        "neither ~{ nor ~} is HZ, nor ~{this~}, nor \x1b[31mred\x1b[0m nor \x1b$B",
        "~{::VW~} 汉字 beside HZ",
        "Größe, 10 €, naïve café\n",
        "ID3 tags, GIF89a and PK\n",
        "锟斤拷锟斤拷\ufffd\n",
        "text with a NUL\x00 in it, as crawlers leave it",
        "text in a file that was allocated too long" + "\x00" * 500,
        "一\x00二\x00三\x00四\x00",
        SIMPLIFIED.encode().decode("latin-1"),
    ],
)
def test_utf8_stays_utf8(text: str) -> None:
    """What is strictly UTF-8 is not taken for anything else, whatever it looks like."""
    detection = detect_encoding(text.encode())
    assert (Run(0, len(text.encode()), "utf-8"),) == detection.runs
    assert detection.method == ("bom" if text.startswith("\ufeff") else "utf8_strict")


@pytest.mark.parametrize(
    ("codec", "expected", "text"),
    [
        ("utf-8", "utf-8", SIMPLIFIED),
        ("utf-8-sig", "utf-8", SIMPLIFIED),
        ("utf-8", "utf-8", RUSSIAN),
        ("gbk", "gb18030", SIMPLIFIED),
        ("big5", "cp950", TRADITIONAL),
        ("utf-16", "utf-16-le", SIMPLIFIED),
    ],
)
@pytest.mark.parametrize("damage", ["cut", "lost", "overwritten"])
def test_a_few_bad_bytes_change_nothing(codec: str, expected: str, text: str, damage: str) -> None:
    """Text with a character cut at its end, a byte lost or bytes overwritten is read in its codec."""
    content = (text * 5).encode(codec)
    middle = len(content) // 2
    damaged = {
        "cut": content[:-3],
        "lost": content[:middle] + content[middle + 1 :] if expected != "utf-16-le" else content[:-1],
        "overwritten": content[:middle] + b"\xff\xff" + content[middle + 2 :],
    }
    assert {expected} == {*found(damaged[damage])}


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [(SIMPLIFIED, "gbk", "gb18030"), (TRADITIONAL, "big5", "cp950"), (SIMPLIFIED, "gb2312", "gb18030")],
)
@pytest.mark.parametrize("lines_at_a_time", [1, 2, 7])
@pytest.mark.parametrize("utf8_first", [True, False])
def test_lines_in_two_codecs_become_runs(
    text: str,
    codec: str,
    expected: str,
    lines_at_a_time: int,
    *,
    utf8_first: bool,
) -> None:
    """A file that changes between UTF-8 and a legacy codec from line to line is read right, ASCII lines too."""
    lines = ["# README\n", *(text + "plain\n" + text).splitlines(keepends=True) * 4]
    names = ["utf-8", codec] if utf8_first else [codec, "utf-8"]
    content = b"".join(line.encode(names[n // lines_at_a_time % 2]) for n, line in enumerate(lines))
    assert "".join(lines) == read(content)
    assert {"utf-8", expected} == {*found(content)}
    assert "runs" == detect_encoding(content).method


@pytest.mark.parametrize("codecs_in_turn", [("utf-8", "gb18030"), ("gb18030", "utf-8"), ("cp950", "utf-8")])
def test_clauses_in_two_codecs_become_runs_of_a_line(codecs_in_turn: tuple[str, str]) -> None:
    """A line that goes on in another codec, and comes back to the first, is divided where it does."""
    text = TRADITIONAL.replace("\n", "")
    clauses = re.findall("[^，。]+[，。]", text)
    content = b"".join(clause.encode(codecs_in_turn[n == 4]) for n, clause in enumerate(clauses))
    detection = detect_encoding(content)
    assert "runs" == detection.method
    assert {*codecs_in_turn} == {run.encoding for run in detection.runs}
    got = read(content) or ""
    assert sum(map(str.__eq__, got, text)) >= len(text) - 2


@pytest.mark.parametrize(("codec", "first", "end"), [("gb2312", 0xD8, 0xF8), ("cp950", 0xC9, 0xFA)])
def test_lists_of_rare_characters_are_read_as_they_are(codec: str, first: int, end: int) -> None:
    """Where every byte is part of a character, none was lost: lists in the order of their codes stay behind a text."""
    text = SIMPLIFIED if codec == "gb2312" else TRADITIONAL
    for lead in range(first, end):
        row = b"".join(bytes((lead, trail)) for trail in range(0xA1, 0xFF)).decode(codec, "ignore")
        assert f"{text}{row}\n" == read(f"{text}{row}\n".encode(codec))


def test_a_byte_lost_in_the_only_line_leaves_the_rest() -> None:
    """A text of one line is found out to be in GB, though most of it is a byte off."""
    text = SIMPLIFIED.replace("\n", "") * 2
    content = text.encode("gb18030")
    got = read(content[:21] + content[22:]) or ""
    assert text[14:] == got[-len(text[14:]) :]


def test_a_few_characters_of_another_codec_are_no_run() -> None:
    """Three characters in GB between others in UTF-8 may be anything: they are lost, and the rest is not."""
    middle = "读者".encode("gbk")
    got = read(SIMPLIFIED.encode() + "书".encode() + middle + "籍。".encode())
    assert f"{SIMPLIFIED}书" == (got or "")[: len(SIMPLIFIED) + 1]
    assert (got or "").endswith("籍。")
    assert "读者" not in (got or "")


@pytest.mark.parametrize(("text", "codec"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "gb18030"), (TRADITIONAL, "cp950")])
def test_intact_lines_are_never_in_doubt(text: str, codec: str) -> None:
    """No line of an intact text reads better a byte later."""
    assert [] == shifted_lines(text.encode(codec), text, codec)


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        (f"{TRADITIONAL}の、①、／", "big5hkscs", "big5hkscs"),
        (f"{TRADITIONAL}麥克‧傑克森、～、／", "cp950", "cp950"),
        (TRADITIONAL, "big5hkscs", "cp950"),
    ],
)
def test_signs_tell_the_tables_of_big5_apart(text: str, written: str, expected: str) -> None:
    """Kana, circled numbers and the slash have other codes in ETen and HKSCS than Python's table of Windows says."""
    content = text.encode(written)
    assert [expected] == found(content)
    assert text == read(content)


def test_a_utf8_mark_before_another_codec_is_a_run_of_its_own() -> None:
    """An editor's mark does not make GBK into UTF-8."""
    content = codecs.BOM_UTF8 + SIMPLIFIED.encode("gbk")
    assert (Run(0, 3, "utf-8"), Run(3, len(content), "gb18030")) == detect_encoding(content).runs
    assert "\ufeff" + SIMPLIFIED == read(content)


NOISE = random.Random(1).randbytes(4000)  # noqa: S311  no secret is made of it


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + NOISE,
        b"PK\x03\x04\x14\x00" + NOISE,
        b"GIF89a\x10\x00\x10\x00" + NOISE,
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        b"\xff\xd8\xff\xe0" + NOISE,
        b"\xff\xfe" + NOISE,
        b"\x1f\x8b\x08\x00" + zlib.compress(SIMPLIFIED.encode()),
        NOISE,
        bytes(range(256)) * 10,
        b"\x00" * 1000,
        b"\x01\x00\x02\x00ab\x03\x04" * 100,
    ],
)
def test_binary_data_is_set_aside(content: bytes) -> None:
    """Images, archives, programs and noise have no runs."""
    detection = detect_encoding(content)
    assert ("binary", ()) == (detection.reason, detection.runs)


@pytest.mark.parametrize("content", [EUC_TW, b"<p>" + EUC_TW + b"</p>\n", ISO_2022_CN])
def test_what_python_cannot_decode_is_named(content: bytes) -> None:
    """EUC-TW and ISO-2022-CN are set aside, and not read as the codecs that they resemble."""
    assert ["unsupported_encoding"] == found(content)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (JAPANESE, "euc_jp"),
        (JAPANESE, "shift_jis"),
        (KOREAN, "euc_kr"),
        (KOREAN, "johab"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (FRENCH, "cp1252"),
        (POLISH, "cp1250"),
        (GREEK, "cp1253"),
        (HEBREW, "cp1255"),
        ("Straße, Größe, žena živí", "cp1250"),
    ],
)
def test_other_languages_are_not_taken_for_chinese(text: str, codec: str) -> None:
    """No GB and no Big5 is seen in other languages, though most of their bytes would decode."""
    assert {"gb18030", "cp950", "big5hkscs", "hz"}.isdisjoint(found(text.encode(codec)))


@given(st.binary(max_size=200))
@example(b"\xff\n" * 20)
@example(b"\xef\xbb\xbf\xff\xfe")
@example(b"\xff\xfe")
@example(b"~{~}")
def test_every_byte_string_is_covered_or_set_aside(content: bytes) -> None:
    """Runs follow one another over all bytes in codecs that decoding knows, or there is a reason and no run."""
    detection = detect_encoding(content)
    assert bool(detection.reason) != bool(detection.runs)
    assert 0 <= detection.confidence <= 1
    if detection.runs:
        text, decoding = decode(content, detection.runs)
        assert content == decoding.encode(text)
        assert {run.encoding for run in detection.runs} <= ENCODINGS


@given(st.text(st.characters(exclude_characters="\0\x1b~%", exclude_categories=["Cs"])))
def test_every_text_in_utf8_is_utf8(text: str) -> None:
    """Nothing but a NUL, an escape, or the signature of a PDF raises a doubt about strict UTF-8."""
    assert ["utf-8"] == found(text.encode())


def test_the_page_has_the_tables_of_today() -> None:
    """What docs/encodings.md says is read right is what `make encodings` finds."""
    assert PAGE.read_text("utf-8") == page(tables(clean_texts().values()))


def test_confidence_grows_with_the_text() -> None:
    """Six characters are weaker evidence than a page."""
    few, many = (detect_encoding(text.encode("gbk")).confidence for text in (SIMPLIFIED[:6], SIMPLIFIED))
    assert few < many


def test_the_right_reading_looks_most_like_text() -> None:
    """Of all codecs and kinds of text, Chinese in its own codec has the highest value."""
    content = SIMPLIFIED.encode("gb18030")
    codecs_tried = ("cp950", "gb18030", "cp949", "euc_jp")
    readings = [likeness(content, codec, kind) for codec in codecs_tried for kind in KINDS[:3]]
    assert ("gb18030", "chinese") == best_of(readings)[:2]


def test_the_common_han_are_sorted_and_different() -> None:
    """The list of common characters has single Han, each once, in order."""
    common = words("common_han.txt")
    assert sorted(set(common)) == list(common)
    assert {1} == {len(character) for character in common}


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _plain(text: str) -> str:
    return text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n").rstrip()


def test_real_files(shared: Path) -> None:
    """Of real files that decode strictly, at least 98 % in Chinese and 85 % in others are read right."""
    folder = shared / "corpus" / "dev" / "encoding"
    right: dict[bool, list[bool]] = {True: [], False: []}
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        content = (folder / row["file"]).read_bytes()
        golds = [content.decode(codec) for codec in row["strict_decodes_with"] or []]
        if row.get("gold_text_file"):
            golds.append(_text(folder / row["gold_text_file"]))
        got = read(content)
        if golds:
            is_chinese = row["gold_encoding"].startswith(("big5", "gb", "utf")) and row["han_chars"] > 0
            right[is_chinese].append(got is not None and _plain(got) in map(_plain, golds))
    shares = {is_chinese: sum(hits) / len(hits) for is_chinese, hits in right.items()}
    assert shares[True] >= 0.98
    assert shares[False] >= 0.85


def test_real_files_in_two_codecs(shared: Path) -> None:
    """Real texts whose lines change between UTF-8 and GB are read without a fault."""
    folder = shared / "corpus" / "dev" / "mojibake"
    wrong = [
        path.name
        for path in sorted(folder.glob("*_mixedbytes_*"))
        if _plain(read(path.read_bytes()) or "") not in {_plain(_text(gold)) for gold in (folder / "gold").iterdir()}
    ]
    assert [] == wrong


def test_a_declared_codec_that_little_speaks_for() -> None:
    """A text in English with a few marks of GB: what it is declared to be is the likeliest, and is believed."""
    content = (
        "At the meeting, the city’s first training plan for the field of artificial intelligence was released, and the "
        "district hired an academician as an expert consultant. The municipal commission will rely on the resources of "
        "universities and cooperate with the district to build an “education community” together with enterprises. "
    ).encode("gbk")
    assert ("gb18030", "declared") == (detect_encoding(content, declared="gbk").runs[0].encoding, "declared")
    assert "gb18030" != detect_encoding(content).runs[0].encoding
    assert (
        "cp1252" == detect_encoding("Le café est très bon à l’été.".encode("cp1252"), declared="gbk").runs[0].encoding
    )
