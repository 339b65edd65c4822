"""Inputs that are built to make a pattern or a loop take quadratic time, of any size, family by family.

Here belong the inputs alone. How long each part of the pipeline takes for them is measured in `linear_time.py`.
"""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
import re
import tarfile
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROSE = "各级人民政府要加强组织领导，完善工作机制，确保各项任务落到实处。"
TITLED = f"关于加快发展的通知\n\n{PROSE}\n\n"


class Family(NamedTuple):
    """Inputs that differ in their length: `head`, then `unit` again and again, then `tail`; texts are in UTF-8.

    >>> Family("parentheses", "(").of(4)
    b'(((('
    """

    name: str
    unit: str | bytes
    head: str | bytes = b""
    tail: str | bytes = b""

    def of(self, size: int) -> bytes:
        """An input of about so many bytes."""
        head, unit, tail = (
            part if isinstance(part, bytes) else part.encode() for part in (self.head, self.unit, self.tail)
        )
        return head + unit * max(1, (size - len(head) - len(tail)) // len(unit)) + tail


_OPENERS = (
    *("<<<<<<< HEAD\n", "=======\n", ">>>>>>> a\n", "||||||| b\n", "<<<<<<< ", "=======", ">>>>>>>", "<<<<<<<\n=======\n"),
    *("<<<<<<< a\n政\n=======\n策\n>>>>>>> b\n", "<<<<<<< a\n||||||| b\n=======\n", "<<<<<<< .mine\n", "%%%%%%% a\n+++++++ b\n"),
    *("<<<<<<< a\n<<<<<<< a\n=======\n", "<<<<<<< a\n政\n=======\n", "政\n=======\n策\n>>>>>>> b\n", "@@ -1,1 +1,1 @@\n"),
    *("（", "(", "[", "【", "〔", "《", "「", "“", '"', "'", "‘", "{", "{{", "{%", "${", "<", "<!--", "<a ", "<a href=", "<script>"),
    *("![", "![a](", "[a](", "[a][", "](", "[[", "&", "&#", "&#x", "&lt", "&amp;", "&amp;amp;", "**", "*", "_", "__", "~~", "`"),
    *("```", "```\n", "~~~\n", "---\n", "--- ", "***\n", "===\n", "|", "|-", "| a ", "|---|\n", "# ", "#", "> ", ">", ">\n", "- ", "1. "),
    *("\\", "\\n", "\\u", "\\u4e", "\\u4e00", "\\x", "\\xe4", "\\ud83d", "%", "%E4", "%E4%B8%AD", "%25", "=E4=B8", "=\n", "&#20013;"),
    *(" ", "  \n", "\t", "\n", "\r", "\r\n", "\u3000", "\u3000\n", "\u00a0", "\u200b", "\u202e", "\ufeff", "\x00", "\x0b", "\x0c"),
    *("\u0085", "\u2028", "\u2029", "\ufffd", "\u0301", "a\u0301", "\u1100", "\ue000", "😀", "\u200d", "\ufe0f", "\U000e0100"),
    *("1", "12", "一", "〇", "２", "1.", "1,", "1-", "1/", "1:", "1%", "2023年", "2023年1月", "2023-01-", "2023", "年", "月", "日"),
    *("2023-01-01 ", "2023年1月1日", "二〇二三年一月一日", "一九九", "第", "第一", "第一条", "第一章\n", "一、", "（一）", "(1)", "１．"),
    *("来源：", "来源：\n", "来源：新华社\n", "标题：", "标题：政\n", "作者：", "发布时间：", "发布时间：2023-01-01\n", "记者", "责任编辑：", "编辑："),
    *("title: a\n", "a: b\n", "a:\n", "a: [\n", "- a\n", "a: &a\n", "a: *a\n", "? a\n", "a: |\n", "a: >\n", "key: '\n"),
    *("http://", "http://a.cn/", "http://a.cn/ ", "www.", "a.", "a@", "a@b.", "a@b.cn ", "@", "a-", "a_", "a", "A", "ab ", "a.b@c.d", "://"),
    *("110101199001011234", "11010119900101123X ", "13800138000", "13800138000 ", "138-0013-8000", "6222021234567890123 ", "010-", "010-12345678 "),
    *("电话：", "身份证号", "联系人：", "张三", "张三 ", "王某某", "邮箱：", "手机", "银行账号"),
    *("企(qǐ", "企(qǐ)", "企(", "企（qǐ）业", "企qǐ", "qǐ", "(qǐ)", "qi ", "企(qǐ)业(yè)", "產(chǎn)業(yè)", "(ch", "ǎ", "企(qǐ)\n"),
    *("政", "政。", "政，", "政\n", "政 ", "政 策 ", "政策", "政\u3000", "政策。\n", "政策\n\n", "。", "，", "、", "…", "……", "—", "——", "·", "：", "；", "？", "！"),
    *(".", ",", ";", ":", "!", "?", "...", ". ", ", ", "? ", "a. ", "The a of b. ", "The ", "of the ", "Mr. "),
    *("ä¸\xad", "Ã¤Â¸", "é\x94", "锟斤拷", "锟", "烫烫烫", "æ\x94¿ç\xad\x96", "ÕþÎñ", "ÖÐ", "涓枃", "鏀跨瓥", "銆", "â€", "Â", "Ã", "\x80", "浣犲ソ"),
    *("資訊", "發", "臺灣", "瞭解", "發展產業", "们", "們", "个", "個", "乾", "著"),
    *("附件", "附件：", "附件1", "附件：1.政\n", "附：", "图：", "图1 ", "（图）", "【图】", "视频：", "（新华社记者张三摄）", "新华社北京1月1日电", "新华社"),
    *("北京", "北京市", "省", "市", "县", "区", "国务院", "人民政府", "办公厅", "关于", "通知", "关于印发", "国发〔2017〕35号", "〔2017〕", "〔", "号", "第1号"),
    *("《政》", "《政》（", "《政策》和", "《a》", "到2025年，", "到2025年增长5%", "增长5%", "5%", "万元", "1万亿元", "5万", "亿", "达到", "比上年增长", "以上", "个百分点"),
    *("by 2025, ", "increase by 5% ", "5 percent ", "No. 5 ", "Notice on ", "$5 million ", "Circular ", "(2017) "),
    *("[a-z]{2}", "<p>", "</p>", "<p>政</p>", "<div>", "<div><div>", "</div>", "<br>", "<td>", "<tr><td>", "<table>", "<ul><li>", "<title>"),
    *("<a href='b'>政</a>", "<img src=", "<style>", "<pre>", "<![CDATA[", "<?xml", "<!DOCTYPE", "<meta name=a content=b>", "<b>", "&nbsp;", "&nbsp", "&quot;"),
    *('{"a":', "[", '[{"a":', '{"a":"b"},', '{"a":"b"}\n', '"a",', '"a","b"\n', "a,b\n", '""', ',""', '{"', '"\\', '"\\u4e00'),
    *("分享到：", "分享到", "微信扫一扫", "点击", "上一篇：", "下一篇：", "打印", "关闭", "【关闭】", "字号：", "首页 > ", "首页>", "Copyright ", "版权所有", "ICP备", "返回顶部"),
    *("【打印】【关闭】\n", "上一篇：政\n下一篇：策\n", "责任编辑：张三\n", "（责任编辑：张三）", "(责编：", "[责任编辑", "相关链接：\n", "相关阅读", "阅读全文"),
    *("同志们：", "各位代表：\n", "主送", "特此通知。", "各省、", "各省、自治区、直辖市", "此页无正文", "签发人：", "（此件公开发布）", "主题词：", "抄送："),
    *("~{", "~{VP", "\x1b$B", "\x1b$)C", "\x0e", "\x1b", "\x1b[31m", "\x1b]8;;", "+AGE-", "\x8e\xa1"),
    *("HTTP/1.1 200 OK\r\n", "Content-Type: text/html\r\n", "a: b\r\n", " a\r\n", "WARC/1.0\r\n", "WARC-Type: response\r\n"),
    *("def a(b):\n", "import a\n", "    a = b\n", "if (a) {\n", "}\n", "$ git merge a\n", "git ", "冲突", "    <<<<<<< a\n", "> <<<<<<< a\n", "* "),
)
"""What a pattern may take for a beginning; again and again, without an end."""

_SPLIT = ("\n", "，", "。", " ", "\n\n", "a")


def families() -> Iterator[Family]:
    """Every family of texts: each beginning alone, behind a title and prose, with something between, at both ends."""
    for unit in dict.fromkeys(_OPENERS):
        yield Family(f"{unit!r}", unit)
        yield Family(f"prose + {unit!r}", unit, head=TITLED, tail=f"\n\n{PROSE}\n")
        if not unit.endswith("\n"):
            yield Family(f"lines of {unit!r}", unit + "\n")
            yield Family(f"prose + lines of {unit!r}", f"{unit}\n", head=TITLED)
            yield Family(f"sentences of {unit!r}", f"{unit}的工作，", head=TITLED)


_PLACES = {
    **{label: (f"{label}：", f"\n\n{PROSE * 3}\n") for label in ("标题", "作者", "来源", "发布时间", "摘要", "关键词", "正文", "发文字号")},
    "a title": ("", f"\n\n{PROSE * 3}\n"),
    "a title with a date": ("", f"\n2023年1月1日 来源：新华社\n\n{PROSE * 3}\n"),
    "a dateline": ("新华社北京1月1日电（记者", f"）{PROSE * 3}\n"),
    "a dateline of names": ("本报北京1月1日电 记者", f" {PROSE * 3}\n"),
    "a caption": (f"{PROSE}\n\n图为", f"。新华社记者张三摄\n\n{PROSE}\n"),
    "a caption's credit": (f"{PROSE}\n\n（", f"摄）\n\n{PROSE}\n"),
    "a book title": (f"{TITLED}根据《", f"》的规定，{PROSE}\n"),
    "a number": (f"{TITLED}根据《意见》（国发〔2017〕", f"号）的规定，{PROSE}\n"),
    "a target": (f"{TITLED}到2025年，", f"达到50%以上。{PROSE}\n"),
    "an English target": ("Notice on Plans\n\nBy 2025, the ", " will rise to 50 percent. The plan is good.\n"),
    "a signature": (f"{TITLED}{PROSE}\n\n", "\n2023年1月1日\n"),
    "an editor": (f"{TITLED}{PROSE}\n（责任编辑：", "）\n"),
    "a last line": (f"{TITLED}{PROSE}\n", ""),
    "a heading": (f"{TITLED}一、", f"\n{PROSE}\n二、工作\n{PROSE}\n"),
    "a menu": ("首页 > 新闻 > ", f" > 正文\n\n{TITLED}"),
    "a speech": ("在大会上的讲话\n（2023年1月1日）\n", f"\n同志们：\n{PROSE * 2}\n"),
    "an official head": ("国务院文件\n国发〔2017〕35号\n", f"\n各省、自治区、直辖市人民政府：\n{PROSE * 2}\n"),
    "a record's title": ('{"title": "', f'", "content": "{PROSE * 2}"}}\n'),
    "a record's text": ('{"title": "通知", "content": "', f'{PROSE * 2}"}}\n'),
    "a record's key": ('{"', f'": 1, "content": "{PROSE * 2}"}}\n'),
    "a record's date": ('{"date": "', f'", "content": "{PROSE * 2}"}}\n'),
    "front matter": ("---\ntitle: ", f"\n---\n{PROSE * 2}\n"),
    "front matter's lines": ("---\n", f"\n---\n{PROSE * 2}\n"),
    "a page's title": ("<html><head><title>", f"</title></head><body><p>{PROSE * 2}</p></body></html>\n"),
    "a page's tag": ("<html><body><p ", f">{PROSE * 2}</p></body></html>\n"),
    "a page's text": ("<html><body><p>", f"{PROSE * 2}</p></body></html>\n"),
    "a page's comment": ("<html><body><!-- ", f"<p>{PROSE * 2}</p></body></html>\n"),
    "a page's script": ("<html><body><script>", f"<p>{PROSE * 2}</p></body></html>\n"),
    "a page's data": ('<html><head><script type="application/ld+json">{"headline": "', f'"}}</script></head><body>{PROSE * 2}</body>\n'),
    "a page's address": ('<html><head><meta property="og:url" content="http://', f'"></head><body>{PROSE * 2}</body>\n'),
    "a field of an answer": ("HTTP/1.1 200 OK\r\nContent-Type: text/html", f"\x01\r\n\r\n<html><body><p>{PROSE * 2}</p></body></html>"),
    "a record of an archive": ("WARC/1.0\r\nWARC-Type: response\r\nA: a", f"\x01\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{PROSE * 2}"),
    "a marker's label": (f"{PROSE}\n<<<<<<< ", f"\n{PROSE}\n=======\n{PROSE}a\n>>>>>>> b\n"),
    "a side of a conflict": (f"{PROSE}\n<<<<<<< HEAD\n", f"\n=======\n{PROSE}a\n>>>>>>> b\n"),
    "two sides of a conflict": (f"{PROSE}\n<<<<<<< HEAD\n政策\n=======\n", "\n>>>>>>> b\n"),
    "a gloss": (f"{TITLED}企(", f")业发展。{PROSE}"),
    "a link": (f"{TITLED}[", f"](http://a.cn/) {PROSE}"),
    "a link's address": (f"{TITLED}[政](", f") {PROSE}"),
    "Traditional prose": ("關於加快發展產業的通知\n\n", "各級人民政府要加強組織領導。\n"),
}
"""Where a document may have something long: what stands before it and behind it."""

_FILLINGS = (
    *(" ", "\u3000", "\t", " \n", "\n", "a", "1", "-", ".", "-.", "a.", "｜ab", "_", "|", "政", "（", "(a)", "(", "第一条", "，", "、"),
    *("…", "..", ": ", "：", "A", "Ab ", "a ", "\\", "\\\\", "&#", "&amp;", "<p>", "<", ">", "年", "2023年1月", "1月1日", "/", "a@", "《", "》", "《政》"),
    *('"', "'", "”", "“", "张三 ", "张三、", "记者", "号", "〔", "5%", "和", "的", "\r\n ", "政 ", " 1", "#", "* ", "[", "]", "{", "}", "企(qǐ", "=", "0x"),
)


def placed() -> Iterator[Family]:
    """Every family of documents in which one thing of a known form is long: a label's value, a title, a tag."""
    for name, (head, tail) in _PLACES.items():
        for unit in _FILLINGS:
            yield Family(f"{name} of {unit!r}", unit, head=head, tail=tail)


_CODECS = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "utf-32-le", "shift_jis", "euc_kr", "hz", "iso2022_jp", "iso2022_kr")
_IN_CODECS = (PROSE, "政", "政\n", "發展\n", "a政", "日本語です。\n", "발전\n", "\n", " ")
_BROKEN = (
    *(b"\xff", b"\x80", b"\xe4", b"\xe4\xb8", b"\xc0\x80", b"\xed\xa0\x80", b"\xf0\x9f\x98", b"\x81", b"\x81\x30", b"\xfe", b"\xa1", b"\x00", b"\x00\n"),
    *(b"\xff\n", b"\xe4\n", b"\x81\n", b"a\xff", b"\xa1\xa1\xff", b"\xfe\xfe", b"\x88\x62", b"\xc8\x40", b"\x8e\xa2", b"\x8f\xa2\xc0", b"\xa3\xe0"),
    *(b"~{", b"~{\n", b"~}", b"~~", b"~{VP9z~}\n", b"~{VP9z\n", b"\x1b$B", b"\x1b$B\n", b"\x1b(B", b"\x1b$)C\x0e", b"\x0e", b"\x0e\n", b"\x0f"),
    *(bytes(range(256)), bytes(range(128, 256)), bytes(range(255, 127, -1)), bytes(range(161, 255)) + b"\n"),
    *(PROSE.encode() + b"\xff", PROSE.encode() + b"\n" + PROSE.encode("gb18030") + b"\n", PROSE.encode("gb18030") + b"\xff\n"),
    *(PROSE.encode() + b"\n" + "推動產業發展。".encode("big5") + b"\n", PROSE.encode()[:-1], PROSE.encode("gb18030")[1:], "推動產業發展，".encode("big5")[:-1]),
    *(PROSE.encode().decode("latin-1").encode(), PROSE.encode().decode("gb18030", "replace").encode(), PROSE.encode("gb18030").decode("latin-1").encode()),
    *(PROSE.encode().decode("cp1252", "replace").encode(), "政策".encode().decode("latin-1").encode().decode("latin-1").encode()),
    *("政".encode() + b"\xff", "政".encode() + b"\xd5\xfe", b"\xd5\xfe\xe6\x94\xbf", "政策\n".encode() + b"\xd5\xfe\xb2\xdf\n", b"\xd5\xfe\xff", b"\xd5\xfe\xb2"),
)


def encoded() -> Iterator[Family]:
    """Every family of bytes that are not, or not everywhere, UTF-8: other encodings, broken ones, several in one."""
    for codec in _CODECS:
        for unit in _IN_CODECS:
            yield Family(f"{codec} {unit[:4]!r}", unit.encode(codec, "ignore") or b"?")
            yield Family(f"{codec} {unit[:4]!r} + a broken end", unit.encode(codec, "ignore") or b"?", tail=b"\x81\xff\n\x00\x80")
            if not codec.startswith("utf"):
                yield Family(f"{codec} {unit[:4]!r} behind UTF-8", unit.encode(codec, "ignore") or b"?", head=TITLED)
    for broken in _BROKEN:
        name = repr(broken[:12])
        yield Family(f"bytes {name}", broken)
        yield Family(f"UTF-8, then {name}", broken, head=TITLED)
        yield Family(f"GB 18030, then {name}", broken, head=TITLED.encode("gb18030"))
        yield Family(f"Big5, then {name}", broken, head="關於推動產業發展的通知\n\n政府推動產業發展，提升科技能力。\n".encode("big5"))
        yield Family(f"lines of {name}", broken + PROSE.encode("gb18030")[:20] + b"\n")
        yield Family(f"UTF-8 lines with {name}", broken + PROSE.encode() + b"\n")
