"""Texts that are made to do harm to whoever reads them: nested without end, numbers without end, patterns that grow.

Here belongs how each is made. What becomes of them is asked in :mod:`hostility`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from containers import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

_BODY = SENTENCE * 3


def texts(*, long: bool) -> Iterator[tuple[str, bytes]]:
    """Each by its name, with an ending that says what it would be taken for."""
    many = 200_000 if long else 20_000
    yield from ((f"{name}.html", f"<html><body>{text}".encode()) for name, text in _pages(many))
    yield from ((name, text.encode()) for name, text in _plain(many))
    yield from ((f"{name}.md", f"---\n{text}\n---\n{_BODY}\n".encode()) for name, text in _front_matter(many))


def _pages(many: int) -> Iterator[tuple[str, str]]:
    yield "nested", "<div>" * many + _BODY + "</div>" * many
    yield "nested and open", "<b><i>" * many + _BODY
    yield "tables in tables", "<table><tr><td>" * (many // 4) + _BODY
    yield "lists in lists", "<ul><li>" * (many // 2) + _BODY
    yield "quotations", "<blockquote><p>" * (many // 2) + _BODY
    yield "signs", "<" * many + _BODY
    yield "comments", "<!--" * many + _BODY
    yield "attributes", "<a " + "x='y' " * many + ">" + _BODY + "</a>"
    yield "an attribute", "<a x='" + "y" * many + _BODY
    yield "end tags", "</p>" * many + _BODY
    yield "references", _BODY + "&#" + "9" * many + ";&#x" + "f" * many + ";" + "&amp;" * many
    linked = f'{{"@type": "NewsArticle", "headline": "甲", "x": {"[" * 30_000}{"]" * 30_000}}}'
    yield "linked data", f'<script type="application/ld+json">{linked}</script><p>{_BODY}</p>'
    yield "scripts", "<script>" * many + _BODY
    yield "entities", _BODY + "&lol9;" * many


def _plain(many: int) -> Iterator[tuple[str, str]]:
    laughs = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "x">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 30)
    )
    yield "laughs.xml", f"{laughs}]><a>{_BODY}&a29;</a>"
    yield "from elsewhere.xml", f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>{_BODY}&b;</a>'
    yield "nested.json", f'{{"content": "{_BODY}", "x": {"[" * many}{"]" * many}}}'
    below = '{"a":' * many + "1" + "}" * many
    yield "nested objects.json", f'{{"content": "{_BODY}", "x": {below}}}'
    yield "number.json", f'{{"content": "{_BODY}", "id": {"9" * many}, "date": -{"9" * many}e{"9" * many}}}'
    yield "escapes.txt", _BODY + "\\u" + "9" * many + "&#" + "9" * many + ";\n" + _BODY
    yield "quotations.md", ">" * many + _BODY
    yield "brackets.md", "[" * many + _BODY + "]" * many
    yield "links.md", "[a](" * many + _BODY
    yield "emphasis.md", "*a_ " * many + _BODY
    yield "digits.txt", _BODY + "9" * many
    yield "years.txt", _BODY + "2024年" * many
    yield "telephones.txt", _BODY + "电话" * many + "1" * 10
    yield "addresses.txt", _BODY + "a@" * many
    yield "domains.txt", _BODY + "a@" + "a." * many
    yield "spaces.txt", _BODY + " " * many + "\n" + "\u3000" * many + _BODY
    yield "pinyin.txt", _BODY + "瞭(liǎo)" * many
    yield "readings.txt", _BODY + "(" * many + "liǎo" + ")" * many
    yield "conflicts.txt", "<<<<<<< a\n" * (many // 4) + _BODY + "\n=======\n" + ">>>>>>> b\n" * (many // 4)
    yield "sides.txt", (f"<<<<<<< a\n{SENTENCE}\n=======\n甲\n>>>>>>> b\n") * (many // 40)
    yield "labels.txt", "标题：甲\n" * (many // 4) + _BODY
    yield "headings.txt", "一、甲\n" * (many // 4) + _BODY
    yield "marks of direction.txt", ("\u202e" + SENTENCE[:5] + "\u2066") * (many // 20) + _BODY
    yield "combined.txt", _BODY + "甲" + "\u0301" * many
    yield "numbers of documents.txt", _BODY + "国发〔2017〕" * many


def _front_matter(many: int) -> Iterator[tuple[str, str]]:
    yield "an object", "title: !!python/object/apply:os.system ['touch ran']"
    yield "a module", "title: !!python/module:os\nauthor: !!python/name:os.system ''"
    yield (
        "laughs of YAML",
        "a: &a [x, x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a, *a, *a]" for n in range(50)) + "\ntitle: *b1",
    )
    yield "merged", "a: &a {title: 甲}\n<<: *a\ntitle: 乙\ntitle: 丙"
    yield "itself", "title: &a [*a]"
    yield (
        "numbers of YAML",
        (
            f"title: {'9' * 480}\ndate: 99999999-99-99\ndate: {'9' * 400}\nid: 0x{'f' * 400}\n"
            f"n: 1:{':'.join(['59'] * 100)}"
        ),
    )
    yield "deep", "\n".join(" " * n + "- " for n in range(50)) + "\ntitle: " + "[" * 400
    yield "without end", "title: 甲\n" * min(many, 100_000)
    yield "a directive", "%YAML 9.9\n%TAG ! tag:evil.example,2000:\ntitle: !x 甲"
    yield "binary", "title: !!binary AAAA\ndate: !!timestamp 0000-00-00"
