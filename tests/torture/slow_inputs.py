"""Inputs that are built to make a pattern or a loop take quadratic time, of any size, family by family.

Here belong what a family is, and the families of one thing again and again; those of many things, each another one, are
in `distinct_inputs.py`, those made out of patterns in `pattern_inputs.py`. How long each part of the pipeline takes for
them is measured in `linear_time.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROSE = "各级人民政府要加强组织领导，完善工作机制，确保各项任务落到实处。"
TITLED = f"关于加快发展的通知\n\n{PROSE}\n\n"


class Family(NamedTuple):
    """Inputs that differ in their length: `head`, then `unit` again and again, then `tail`; texts are in UTF-8.

    >>> Family("parentheses", "(").of(4)
    b'(((('

    Where `unit` is a function, it is given numbers from 0 on, and each unit is another one.

    >>> Family("numbers", lambda number: f"{number},", tail="end").of(12)
    b'0,1,2,3,end'
    """

    name: str
    unit: str | bytes | Callable[[int], str | bytes]
    head: str | bytes = b""
    tail: str | bytes = b""

    def of(self, size: int) -> bytes:
        """An input of about so many bytes."""
        head, tail = _in_utf8(self.head), _in_utf8(self.tail)
        left = size - len(head) - len(tail)
        if not callable(self.unit):
            unit = _in_utf8(self.unit)
            return head + unit * max(1, left // len(unit)) + tail
        units = [_in_utf8(self.unit(0))]
        left -= len(units[0])
        while left > 0:
            units.append(_in_utf8(self.unit(len(units))))
            left -= len(units[-1])
        return head + b"".join(units) + tail


def _in_utf8(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")


_OPENERS: Final[list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text("ascii"))
"""What a pattern may take for a beginning; again and again, without an end."""


def families() -> Iterator[Family]:
    """Every family of texts: each beginning alone, behind a title and prose, with something between, at both ends."""
    for unit in _OPENERS:
        yield Family(f"{unit!r}", unit)
        yield Family(f"prose + {unit!r}", unit, head=TITLED, tail=f"\n\n{PROSE}\n")
        if not unit.endswith("\n"):
            yield Family(f"lines of {unit!r}", unit + "\n")
            yield Family(f"prose + lines of {unit!r}", f"{unit}\n", head=TITLED)
            yield Family(f"sentences of {unit!r}", f"{unit}的工作，", head=TITLED)


_PLACES = {
    **{
        label: (f"{label}：", f"\n\n{PROSE * 3}\n")
        for label in ("标题", "作者", "来源", "发布时间", "摘要", "关键词", "正文", "发文字号")
    },
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
    "a page's data": (
        '<html><head><script type="application/ld+json">{"headline": "',
        f'"}}</script></head><body>{PROSE * 2}</body>\n',
    ),
    "a page's address": (
        '<html><head><meta property="og:url" content="http://',
        f'"></head><body>{PROSE * 2}</body>\n',
    ),
    "a field of an answer": (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html",
        f"\x01\r\n\r\n<html><body><p>{PROSE * 2}</p></body></html>",
    ),
    "a record of an archive": (
        "WARC/1.0\r\nWARC-Type: response\r\nA: a",
        f"\x01\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{PROSE * 2}",
    ),
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
    *(
        " ",
        "\u3000",
        "\t",
        " \n",
        "\n",
        "a",
        "1",
        "-",
        ".",
        "-.",
        "a.",
        "｜ab",
        "_",
        "|",
        "政",
        "（",
        "(a)",
        "(",
        "第一条",
        "，",
        "、",
    ),
    *(
        "…",
        "..",
        ": ",
        "：",
        "A",
        "Ab ",
        "a ",
        "\\",
        "\\\\",
        "&#",
        "&amp;",
        "<p>",
        "<",
        ">",
        "年",
        "2023年1月",
        "1月1日",
        "/",
        "a@",
        "《",
        "》",
        "《政》",
    ),
    *(
        '"',
        "'",
        "”",
        "“",
        "张三 ",
        "张三、",
        "记者",
        "号",
        "〔",
        "5%",
        "和",
        "的",
        "\r\n ",
        "政 ",
        " 1",
        "#",
        "* ",
        "[",
        "]",
        "{",
        "}",
        "企(qǐ",
        "=",
        "0x",
    ),
)


def placed() -> Iterator[Family]:
    """Every family of documents in which one thing of a known form is long: a label's value, a title, a tag."""
    for name, (head, tail) in _PLACES.items():
        for unit in _FILLINGS:
            yield Family(f"{name} of {unit!r}", unit, head=head, tail=tail)


_CODECS = (
    "gb18030",
    "big5hkscs",
    "utf-16-le",
    "utf-16-be",
    "utf-32-le",
    "shift_jis",
    "euc_kr",
    "hz",
    "iso2022_jp",
    "iso2022_kr",
)
_IN_CODECS = (PROSE, "政", "政\n", "發展\n", "a政", "日本語です。\n", "발전\n", "\n", " ")
_BROKEN = (
    *(
        b"\xff",
        b"\x80",
        b"\xe4",
        b"\xe4\xb8",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98",
        b"\x81",
        b"\x81\x30",
        b"\xfe",
        b"\xa1",
        b"\x00",
        b"\x00\n",
    ),
    *(
        b"\xff\n",
        b"\xe4\n",
        b"\x81\n",
        b"a\xff",
        b"\xa1\xa1\xff",
        b"\xfe\xfe",
        b"\x88\x62",
        b"\xc8\x40",
        b"\x8e\xa2",
        b"\x8f\xa2\xc0",
        b"\xa3\xe0",
    ),
    *(
        b"~{",
        b"~{\n",
        b"~}",
        b"~~",
        b"~{VP9z~}\n",
        b"~{VP9z\n",
        b"\x1b$B",
        b"\x1b$B\n",
        b"\x1b(B",
        b"\x1b$)C\x0e",
        b"\x0e",
        b"\x0e\n",
        b"\x0f",
    ),
    *(bytes(range(256)), bytes(range(128, 256)), bytes(range(255, 127, -1)), bytes(range(161, 255)) + b"\n"),
    *(
        PROSE.encode() + b"\xff",
        PROSE.encode() + b"\n" + PROSE.encode("gb18030") + b"\n",
        PROSE.encode("gb18030") + b"\xff\n",
    ),
    *(
        PROSE.encode() + b"\n" + "推動產業發展。".encode("big5") + b"\n",
        PROSE.encode()[:-1],
        PROSE.encode("gb18030")[1:],
        "推動產業發展，".encode("big5")[:-1],
    ),
    *(
        PROSE.encode().decode("latin-1").encode(),
        PROSE.encode().decode("gb18030", "replace").encode(),
        PROSE.encode("gb18030").decode("latin-1").encode(),
    ),
    *(
        PROSE.encode().decode("cp1252", "replace").encode(),
        "政策".encode().decode("latin-1").encode().decode("latin-1").encode(),
    ),
    *(
        "政".encode() + b"\xff",
        "政".encode() + b"\xd5\xfe",
        b"\xd5\xfe\xe6\x94\xbf",
        "政策\n".encode() + b"\xd5\xfe\xb2\xdf\n",
        b"\xd5\xfe\xff",
        b"\xd5\xfe\xb2",
    ),
)


def encoded() -> Iterator[Family]:
    """Every family of bytes that are not, or not everywhere, UTF-8: other encodings, broken ones, several in one."""
    for codec in _CODECS:
        for unit in _IN_CODECS:
            yield Family(f"{codec} {unit[:4]!r}", unit.encode(codec, "ignore") or b"?")
            yield Family(
                f"{codec} {unit[:4]!r} + a broken end", unit.encode(codec, "ignore") or b"?", tail=b"\x81\xff\n\x00\x80"
            )
            if not codec.startswith("utf"):
                yield Family(f"{codec} {unit[:4]!r} behind UTF-8", unit.encode(codec, "ignore") or b"?", head=TITLED)
    for broken in _BROKEN:
        name = repr(broken[:12])
        yield Family(f"bytes {name}", broken)
        yield Family(f"UTF-8, then {name}", broken, head=TITLED)
        yield Family(f"GB 18030, then {name}", broken, head=TITLED.encode("gb18030"))
        yield Family(
            f"Big5, then {name}",
            broken,
            head="關於推動產業發展的通知\n\n政府推動產業發展，提升科技能力。\n".encode("big5"),
        )
        yield Family(f"lines of {name}", broken + PROSE.encode("gb18030")[:20] + b"\n")
        yield Family(f"UTF-8 lines with {name}", broken + PROSE.encode() + b"\n")
