"""Inputs of many things of a kind, each another one: what is looked up for every one of them, or kept of all.

Here belong the things, by their numbers, and the signs that join them. What a family is, is said in `slow_inputs.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from slow_inputs import PROSE, TITLED, Family

from pipeline import lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HAN = "产业发展科技数据政府工作民生建设创新开放改革管理服务经济社会安全质量水平能力资源环境文化教育"
_REGIONS = list(dict.fromkeys(row[1] for row in lexicon.rows("regions.tsv")))
_GLOSSES = ("產(chǎn)", "業(yè)", "發(fā)", "學(xué)", "務(wù)", "內(nèi)", "進(jìn)", "應(yīng)", "據(jù)", "術(shù)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def han(number: int, *, length: int = 4) -> str:
    """A word of Han characters, another one for each number below five million.

    >>> han(0), han(1), len({han(number) for number in range(10_000)})
    ('产产产产', '产产产业', 10000)
    """
    made = ""
    for _ in range(length):
        number, digit = divmod(number, len(_HAN))
        made = _HAN[digit] + made
    return made


def _identity(number: int) -> str:
    """An identity number with the right last digit."""
    digits = f"110101{1950 + number // 1000 % 50}0101{number % 1000:03}"
    return digits + "10X98765432"[sum(map(int.__mul__, map(int, digits), _WEIGHTS)) % 11]


_TRADITIONAL = "關於加快發展產業的通知\n\n各級人民政府要加強組織領導。\n"
_PAGE = "<html><head><title>通知</title></head><body>\n"
_END_OF_PAGE = f"<p>{PROSE * 2}</p></body></html>\n"

_THINGS: Final[dict[str, tuple[Callable[[int], str], str, str]]] = {
    "mail addresses": (lambda n: f"office{n}@example.org", f"{TITLED}联系邮箱：", f"\n{PROSE}"),
    "mail addresses in other forms": (lambda n: f"office{n}[at]example{n}.org", f"{TITLED}邮箱：", ""),
    "mobile numbers": (lambda n: f"138{n:08}", f"{TITLED}联系电话：", ""),
    "telephone numbers": (lambda n: f"0571-{20_000_000 + n}", f"{TITLED}电话：", ""),
    "identity numbers": (_identity, TITLED, ""),
    "glosses": (lambda n: f"{_GLOSSES[n % len(_GLOSSES)]}{han(n)}", _TRADITIONAL, ""),
    "glosses between them": (lambda n: f"{_GLOSSES[n % 3]}業發展{han(n)}", _TRADITIONAL, ""),
    "Traditional words": (lambda n: f"關於{han(n)}產業與發展的問題", _TRADITIONAL, ""),
    "document numbers": (lambda n: f"《意见》（国发〔{1990 + n % 34}〕{n}号）", f"{TITLED}根据", f"。{PROSE}"),
    "document numbers alone": (lambda n: f"{_HAN[n % 40]}政发〔{1990 + n % 34}〕{n}号", TITLED, ""),
    "references": (lambda n: f"《关于{han(n)}的意见》", f"{TITLED}根据", f"的规定，{PROSE}"),
    "targets": (lambda n: f"到{2020 + n % 80}年，{han(n)}达到{n}%以上", TITLED, ""),
    "English targets": (lambda n: f"By {2020 + n % 80}, the rate of a{n} will rise to {n} percent", "Notice\n\n", ""),
    "regions": (lambda n: _REGIONS[n % len(_REGIONS)], f"{TITLED}在", f"，{PROSE}"),
    "made-up regions": (lambda n: f"{han(n)}市{han(n, length=3)}区", TITLED, ""),
    "issuers": (lambda n: f"{han(n)}市人民政府", TITLED, "\n2023年1月1日\n"),
    "names": (lambda n: f"张{han(n, length=2)}", "本报北京1月1日电 记者", f" {PROSE * 3}\n"),
    "dates": (lambda n: f"{1950 + n // 336}年{n // 28 % 12 + 1}月{n % 28 + 1}日", TITLED, ""),
    "sentences": (lambda n: f"各级人民政府要加强{han(n)}，确保{han(n + 1)}落实", TITLED, ""),
    "headings": (lambda n: f"第{n + 1}条 {han(n)}的工作", TITLED, ""),
    "labels": (lambda n: f"来源：{han(n)}网 作者：张{han(n, length=2)}", "", f"\n\n{PROSE * 3}\n"),
    "keywords of a label": (han, "标题：通知\n关键词：", f"\n\n{PROSE * 3}\n"),
    "authors of a label": (lambda n: f"张{han(n, length=2)}", "标题：通知\n作者：", f"\n\n{PROSE * 3}\n"),
    "addresses of pages": (lambda n: f"http://www{n}.example.cn/{n}.html", TITLED, ""),
    "Markdown links": (lambda n: f"[{han(n)}](http://a{n}.cn/)", TITLED, ""),
    "rare Han": (lambda n: chr(0x3400 + n % 6_500), TITLED, ""),
    "rare Han beyond the first plane": (lambda n: chr(0x20000 + n % 42_000), TITLED, ""),
    "entities": (lambda n: f"&#{0x4E00 + n % 20_000};", _PAGE, _END_OF_PAGE),
    "escapes": (lambda n: f"\\u{0x4E00 + n % 20_000:04x}", f"{TITLED}", ""),
    "tags": (lambda n: f'<p data-a{n}="{n}" class="c{n}">{han(n)}</p>', _PAGE, _END_OF_PAGE),
    "links of a page": (lambda n: f'<a href="/{n}.html" title="{han(n)}">{han(n)}</a>', _PAGE, _END_OF_PAGE),
    "cells of a page": (lambda n: f"<tr><td>{han(n)}</td><td>{n}</td></tr>", f"{_PAGE}<table>", _END_OF_PAGE),
    "mojibake": (lambda n: han(n).encode().decode("latin-1"), TITLED, ""),
}
"""Of each kind the thing of a number, and what stands before and behind them all."""

_BETWEEN = (
    "",
    " ",
    "，",
    "、",
    "。",
    "！",
    "？",
    "；",
    "：",
    "\n",
    "，\n",
    "。\n",
    "！\n",
    "？\n",
    "；\n",
    "：\n",
    "\n\n",
)

_QUOTED: Final[dict[str, tuple[Callable[[int], str], str, str]]] = {
    "keywords of a record": (
        lambda n: f'"{han(n)}", ',
        '{"title": "通知", "keywords": [',
        f'"末"], "content": "{PROSE * 2}"}}\n',
    ),
    "keywords of a record in one string": (
        lambda n: f"{han(n)}, ",
        '{"title": "通知", "keywords": "',
        f'末", "content": "{PROSE * 2}"}}\n',
    ),
    "authors of a record": (
        lambda n: f'"张{han(n, length=2)}", ',
        '{"title": "通知", "author": [',
        f'"末"], "content": "{PROSE * 2}"}}\n',
    ),
    "fields of a record": (lambda n: f'"{han(n)}{n}": "{n}", ', "{", f'"content": "{PROSE * 2}"}}\n'),
    "records in a record": (lambda n: f'{{"{n}": {n}}}, ', '{"a": [', f'0], "content": "{PROSE * 2}"}}\n'),
    "fields of a front matter": (lambda n: f"{han(n)}{n}: {han(n)}\n", "---\ntitle: 通知\n", f"---\n{PROSE * 2}\n"),
    "keywords of a front matter": (
        lambda n: f"  - {han(n)}\n",
        "---\ntitle: 通知\nkeywords:\n",
        f"---\n{PROSE * 2}\n",
    ),
    "fields of an answer": (
        lambda n: f"X-{n}: a{n}\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        f"\r\n<html><body><p>{PROSE * 2}</p></body></html>",
    ),
    "fields of a page": (lambda n: f'<meta name="a{n}" content="{han(n)}">\n', "<html><head>", _END_OF_PAGE),
    "attributes of a tag": (lambda n: f' a{n}="{han(n)}"', "<html><body><p", f">{PROSE}</p>{_END_OF_PAGE}"),
    "conflicts": (
        lambda n: f"<<<<<<< HEAD\n{han(n)}的{PROSE}\n=======\n{han(n)}和{PROSE}\n>>>>>>> branch-{n}\n",
        TITLED,
        "",
    ),
    "small conflicts": (lambda n: f"<<<<<<< a{n}\n{han(n)}\n=======\n{n}\n>>>>>>> b{n}\n", TITLED, ""),
    "lines of a conflict": (
        lambda n: f"{han(n)}\n",
        f"{PROSE}\n<<<<<<< HEAD\n",
        f"=======\n{PROSE}\n>>>>>>> b\n",
    ),
    "captions": (lambda n: f"图为{han(n)}。新华社记者张{han(n, length=2)}摄\n\n{han(n)}的工作。\n\n", TITLED, ""),
    "editors": (lambda n: f"{han(n)}的工作。\n（责任编辑：张{han(n, length=2)}）\n", TITLED, ""),
    "paragraphs broken in the middle": (lambda n: f"各级{han(n)}人民政府要加强\n组织{han(n)}领导，\n", TITLED, ""),
}
"""Those that only stand in one way."""

_MIXED = ("utf-8", "gb18030", "big5", "utf-16-le")


def distinct() -> Iterator[Family]:
    """Every family of distinct things: joined by each sign, with line breaks and without."""
    for name, (thing, head, tail) in _THINGS.items():
        for sign in _BETWEEN:
            yield Family(f"distinct {name} joined by {sign!r}", _joined(thing, sign), head, tail)
    for name, (thing, head, tail) in _QUOTED.items():
        yield Family(f"distinct {name}", thing, head, tail)
    for other in _MIXED[1:]:
        yield Family(f"distinct lines in UTF-8 and {other}", _in_turn("utf-8", other))
    yield Family("distinct lines of GB 18030 and Big5", _in_turn("gb18030", "big5"))
    yield Family("distinct lines with broken ends", lambda n: han(n).encode() + bytes([0x80 + n % 128]) + b"\n", TITLED)
    yield Family("distinct broken bytes", lambda n: n.to_bytes(3), TITLED)


def _joined(thing: Callable[[int], str], sign: str) -> Callable[[int], str]:
    return lambda number: thing(number) + sign


def _in_turn(one: str, other: str) -> Callable[[int], bytes]:
    def line(number: int) -> bytes:
        return f"各级人民政府要加强第{number}项{han(number)}。\n".encode((one, other)[number % 2], "ignore")

    return line
