"""Pieces that hostile documents are glued from, and the glue: beginnings of everything that the pipeline reads.

Here belong the pieces and how any bytes become a document of them, for Hypothesis and for a coverage-guided fuzzer.
What has to hold for a document is said in `targets.py`.
"""

from __future__ import annotations

import random
from typing import Final

_TEXTS: Final = {
    "conflict": (
        *("<<<<<<< HEAD\n", "=======\n", ">>>>>>> branch\n", "||||||| base\n", "<<<<<<<", ">>>>>>>", "<<<<<<<< a\n"),
        *("<<<<<<< .mine\n", ">>>>>>> .r12\n", "<<<<<<< working copy\n", ">>>>>>> destination\n", "||||||| 1a2b3c4\n"),
        *("%%%%%%% Changes from a to b\n", "+++++++ Contents of side #2\n", "-------\n", "\\\\\\\\\\\\\\ to: b\n"),
        *("<<<<<<< Conflict 1 of 2\n", ">>>>>>> Conflict 1 of 2 ends\n", "=======\r\n", " =======\n", "&lt;&lt;&lt;&lt;&lt;&lt;&lt; HEAD\n"),
        *("@@ -1,2 +3,4 @@\n", "+<<<<<<< HEAD\n", "-=======\n", "合并冲突", "git merge\n", "```\n", "> ", "    ", "//"),
    ),
    "pinyin": (
        *("企(qǐ)业(yè)", "发(fā)展(zhǎn)", "產(chǎn)業(yè)", "企（qǐ", "业yè", "(qi3)", "qǐ yè", "(qǐyè)", "了(liǎo)解", "(ch", "ǚ", "u\u0308"),
        *("瞭(liǎo)解", "行(háng)", "行(xíng)", "（音：", "读作", "(zhuàn", "\u0304", "(ɡ)", "企(qǐ\n)业"),
    ),
    "mojibake": (
        *("æ\x94¿ç\xad\x96", "ä¸\xadå\x9b½", "ÖÐ¹ú", "锟斤拷", "烫烫烫", "涓浗", "鏀跨瓥", "Ã¤Â¸Â\xad", "â€œ", "ï»¿", "\ufffd", "ï¿½"),
        *("\\u4e2d\\u56fd", "\\ud83d\\ude00", "\\ud800", "\\x41", "%E4%B8%AD", "&#20013;", "&#xD800;", "&#0;", "&#1114112;", "&amp;amp;lt;"),
    ),
    "markup": (
        *("<p>", "</p>", "<div class=\"a\">", "<br/>", "<!--", "-->", "<![CDATA[", "]]>", "<script>", "</script>", "<style>", "<title>", "</title>"),
        *("<html><head>", "</head><body>", "</body></html>", "<table><tr><td>", "</td></tr></table>", "<a href='x'>", "</a>", "<meta charset=gbk>"),
        *("<meta property=\"og:title\" content=\"政策\">", "<script type=\"application/ld+json\">{\"headline\":\"a\"}</script>", "<", ">", "&", "&nbsp;"),
        *("<!DOCTYPE html>", "<?xml version=\"1.0\" encoding=\"big5\"?>", "<pre>", "</pre>", "<TEXTAREA>", "<svg onload=1>", "\"", "'"),
    ),
    "form": (
        *("---\n", "title: 政策\n", "date: 2023-01-01\n", "tags: [a, b]\n", "key: |\n  a\n", "? a\n: b\n", "a: &b\n", "*b\n", "!!python/object:os.system\n"),
        *("{\"title\": \"通知\", \"content\": \"", "\", \"date\": \"2023-01-01\"}\n", "{\"a\": [1, null, {}]}\n", "[[[[", "]]]]", "\\\"", "1e999", "NaN", "\\u0000"),
        *("title,content\n", "\"通知\",\"政策\n第二行\"\n", "\t", "WARC/1.0\r\nWARC-Type: response\r\n", "Content-Length: 12\r\n", "\r\n\r\n"),
        *("Content-Type: application/http\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Content-Type: text/html; charset=gb2312\r\n", "Transfer-Encoding: chunked\r\n"),
        *("# 标题\n", "**粗**", "[链接](http://a.cn)", "![图](a.png)", "| a | b |\n|---|---|\n", "* ", "1. ", "`a`", "===\n"),
    ),
    "labels": (
        *("标题：", "来源：新华社\n", "作者：张三 ", "发布时间：2023-01-01 08:00\n", "發佈日期：", "责任编辑：李四", "【字号：大 中 小】", "关键词：a；b\n"),
        *("索 引 号：", "发文字号：国发〔2017〕35号\n", "浏览次数：12", "摘要：", "正文：", "（责编：王五）", "分享到：微信", "上一篇：", "版权所有", "首页 > 新闻"),
        *("新华社北京1月1日电（记者张三）", "本报讯 ", "图为", "张三 摄", "附件：1.表\n", "抄送：", "各省、自治区、直辖市人民政府：\n", "国务院办公厅\n2023年1月1日\n"),
        *("到2025年，增长5%以上", "二〇二三年", "《中华人民共和国宪法》", "民国一百年", "2月30日", "9999-99-99", "第一条 ", "一、", "（一）"),
    ),
    "personal": (
        *("110101199001011237", "13800138000", "a.b@example.com", "电话：010-12345678", "身份证号", "6222021234567890123", "138 0013 8000"),
        *("１３８００１３８０００", "138\u200b00138000", "联系人：王五", "銀行帳號"),
    ),
    "signs": (
        *("\x00", "\x01", "\x1b[31m", "\x7f", "\x85", "\u200b", "\u200e", "\u202e", "\u2066", "\u2028", "\ufeff", "\ue000", "\ufdd0", "\U0010ffff", "\U000e0041"),
        *("e\u0301", "\u0301", "\u1100\u1161", "가", "😀", "👨\u200d👩", "\u3000", "\u00a0", "\r", "\n", "\r\n", "\n\n\n", "\t", "  ", "，", "。", "：", "“", "”", "…"),
        *("\U00020000", "\U0002f800", "豈", "⼀", "㍿", "①", "Ａ", "ﬁ", "ß", "İ", "ſ", "٣", "²"),
    ),
    "prose": (
        *("各级人民政府要加强组织领导，完善工作机制。", "推動人工智慧產業發展，提升科技創新能力。", "政策", "的", "Government policy will improve services. "),
        *("香港特別行政區政府今日公布，", "これは日本語です。", "정부 정책", "Правительство", "我們嘅", "資訊", "发展", "乾隆", "皇后"),
    ),
}  # fmt: skip

_BYTES: Final = (
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\x84\x31\x95\x33"),
    *(b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe4\xb8", b"\xe4", b"\xf0\x9f", b"\x80", b"\xff"),
    *(b"\x81", b"\xfe", b"\x81\x30", b"\x81\x30\x81", b"\xa1\xa1", b"\x88\x62", b"\xa3\xe0", b"\xfe\xfe", b"\x8e\xa2\xa1\xa1"),
    *(b"~{VP9z~}", b"~{", b"~}", b"~\n", b"~~", b"\x1b$B", b"\x1b(B", b"\x1b$)C\x0e", b"\x0f", b"+Ti1W/Q-"),
    *(b"PK\x03\x04", b"\x1f\x8b\x08", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"\x00" * 8),
)  # fmt: skip

_ENCODINGS: Final = ("utf-8", "utf-8", "utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "latin-1", "shift_jis")


def pieces(encoding: str = "utf-8") -> list[bytes]:
    r"""Every piece in an encoding, as far as it has the characters.

    >>> b"\xd5\xfe\xb2\xdf" in pieces("gb18030")
    True
    """
    texts = [text for kind in _TEXTS.values() for text in kind]
    return [*[text.encode(encoding, "ignore") for text in texts], *_BYTES]


PIECES: Final = {encoding: pieces(encoding) for encoding in dict.fromkeys(_ENCODINGS)}
"""Every piece, by encoding."""


def glued(seed: bytes) -> bytes:
    """A document that these bytes choose: pieces, most of them in one encoding, with bytes of the seed between them.

    >>> glued(b"") == b"" and glued(bytes(8)) == glued(bytes(8))
    True
    """
    if not seed:
        return b""
    known = PIECES[_ENCODINGS[seed[0] % len(_ENCODINGS)]]
    made, at = [], 1
    while at < len(seed):
        kind = seed[at]
        if kind < 200:  # a piece, which two bytes choose
            made.append(known[int.from_bytes(seed[at : at + 2]) % len(known)])
            at += 2
        elif kind < 220:  # the last of them again, up to twenty times
            made += made[-1:] * (kind - 200)
            at += 1
        elif kind < 235:  # bytes as they are
            made.append(seed[at + 1 : at + 1 + kind - 219])
            at += kind - 218
        elif kind < 250:  # a piece of another encoding
            made.append(PIECES[_ENCODINGS[kind % len(_ENCODINGS)]][int.from_bytes(seed[at + 1 : at + 3]) % len(known)])
            at += 3
        else:  # the last one, cut short
            made[-1:] = [each[: len(each) // 2] for each in made[-1:]]
            at += 1
    return b"".join(made)


def mutated(content: bytes, max_size: int, seed: int) -> bytes:
    """A document with a few pieces put into it, stretches of it taken out, doubled, or given in another encoding.

    >>> mutated(b"", 100, 1) == mutated(b"", 100, 1)
    True
    """
    chance = random.Random(seed)  # noqa: S311  no secret hangs on it
    known = PIECES[chance.choice(_ENCODINGS)]
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        start, end = sorted((chance.randint(0, len(made)), chance.randint(0, len(made))))
        match chance.randrange(6):
            case 0 | 1:
                made[start:start] = chance.choice(known) * chance.choice((1, 1, 1, 2, 7))
            case 2:
                made[start : min(end, start + 40)] = b""
            case 3:
                made[start:start] = made[start : min(end, start + 200)]
            case 4:
                made[start:start] = bytes([chance.randrange(256)])
            case _:
                other = made[start:end].decode("utf-8", "ignore").encode(chance.choice(_ENCODINGS), "ignore")
                made[start:end] = other
    return bytes(made[:max_size])
