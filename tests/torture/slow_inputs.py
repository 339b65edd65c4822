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
    """Inputs that differ in their length: `head`, then `unit` again and again, then `tail`, in an encoding.

    >>> Family("parentheses", "(").of(4)
    b'(((('
    """

    name: str
    unit: str
    head: str = ""
    tail: str = ""
    encoding: str = "utf-8"

    def of(self, size: int) -> bytes:
        """An input of about so many bytes."""
        unit = self.unit.encode(self.encoding, "surrogatepass")
        head, tail = (part.encode(self.encoding, "surrogatepass") for part in (self.head, self.tail))
        count = max(1, (size - len(head) - len(tail)) // len(unit))
        return head + unit * count + tail


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
