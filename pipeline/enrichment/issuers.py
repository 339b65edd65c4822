"""Who issued a document: each body by itself, as printed and by its full name, with its level and where it is named.

Here belongs which names of a document are those of its issuers. What a name says belongs in
:mod:`pipeline.enrichment.bodies`, what the code of a number stands for in :mod:`pipeline.metadata.document_numbers`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.enrichment.bodies import IS_BODY, Body, body
from pipeline.metadata.document_numbers import NUMBER, is_number, issuer_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.metadata.reading import Reader
    from pipeline.text import Finding

_APART = re.compile("[ \t\u00a0\u3000\n、，,;；/]+")
_ONE_BODY = re.compile("(?:科学技术委员会|科委)、中关村科技园区管理委员会")
"""One body with two names, which 、 does not part: since 2022 they are one office of Beijing."""

_AND_OTHERS = re.compile("等[\u3400-\u9fff]{0,8}(?:部门|单位|机关)?$")
_LETTERHEAD_END = "文件"
_TITLE = re.compile(
    "(?P<issuers>[\u3400-\u9fff]{2,30}?(?:[ \u3000、\n]+[\u3400-\u9fff]{2,30}?){0,11}?)\\s*(?:关于|印发|转发|公布"
    "|[ \u3000](?:通知|公告))"
)
_SPACED_LETTERS = re.compile("(?:[\u3400-\u9fff][ \u3000\u00a0]+){2,}[\u3400-\u9fff]")


class Issuer(NamedTuple):
    """One issuing body: as printed, by its full name, its level and region; `start` and `end` in the decoded raw text.

    What is not certain is None: the full name, too, where no list and no rule has it.
    """

    name: str
    normalised: str | None
    level: str | None
    region_code: str | None
    basis: str
    start: int
    end: int


def read_issuers(
    reader: Reader, labelled: Mapping[str, Sequence[Finding]], kind: str, *, year: int | None = None
) -> list[Issuer]:
    """The bodies that issued a document, in the order in which the first place that names them has them.

    `labelled` are the values behind labels, by field; `kind` and `year` are the document's: a region has the code that
    it had then. A label (发文机关) speaks for any
    document; the code of its number, its letterhead, its title and its signature for an official one. A later place
    adds a body only where all names are known in full: two forms of one name would be two rows.

    Left alone: bodies that the text only speaks of, and the owner of the page.
    """
    rows: list[Issuer] = []
    for basis, finding in _places(reader, labelled, kind):
        found = list(_issuers(reader, basis, finding, year))
        if rows and any(one.normalised is None for one in (*rows, *found)):
            continue
        known = {one.normalised or one.name for one in rows}
        for one in found:
            if (one.normalised or one.name) not in known:
                known.add(one.normalised or one.name)
                rows.append(one)
    return rows


def _places(reader: Reader, labelled: Mapping[str, Sequence[Finding]], kind: str) -> Iterator[tuple[str, Finding]]:
    for finding in labelled.get("issuer", ()):
        yield "label", finding
    if kind != "policy":
        return
    for finding in (*labelled.get("doc_number", ()), *reader.found("number")):
        if is_number(reader.converted(finding).strip(" \t\u3000\u00a0（）()")):
            yield "doc_number", finding
            break
    for finding in reader.found("letterhead"):
        yield "letterhead", finding
    for finding in (*labelled.get("title", ()), *reader.found("title")):
        yield "title", finding
    for finding in reader.found("signature_issuer"):
        yield "signature", finding


def _issuers(reader: Reader, basis: str, finding: Finding, year: int | None) -> Iterator[Issuer]:
    printed = reader.converted(finding)
    if basis == "doc_number":
        code = NUMBER.search(printed)
        if code and (name := issuer_of(code.group())):
            yield _row(
                reader,
                finding,
                (code.start("code"), code.end("code")),
                basis,
                code["code"],
                body(name, year)._replace(name=name),
            )
        return
    if basis == "letterhead":
        printed = printed.rstrip().removesuffix(_LETTERHEAD_END)
    elif basis == "title":
        match = _TITLE.match(printed)
        if match is None:
            return
        printed = match["issuers"]
    for start, end in names(printed, year):
        name = "".join(printed[start:end].split())
        known = body(name, year)
        # A title begins with many a word, and a label may head a note on copyright: what no list knows is a body only
        # by its form.
        if not (known.name or IS_BODY.fullmatch(name)):
            return
        yield _row(reader, finding, (start, end), basis, name, known)


def _row(reader: Reader, finding: Finding, span: tuple[int, int], basis: str, name: str, known: Body) -> Issuer:
    start, end = finding.span[0] + span[0], finding.span[0] + span[1]
    at = reader.origin(finding._replace(span=(start, end)))
    return Issuer(name, known.name, known.level, known.region_code, basis, *at)


def names(printed: str, year: int | None = None) -> list[tuple[int, int]]:
    """Where each body of a list stands: 财政部 税务总局 are two, 国 务 院 is one, letter-spaced.

    >>> [printed[start:end] for printed in ("财政部、税务总局", "国 务 院") for start, end in names(printed)]
    ['财政部', '税务总局', '国 务 院']

    A list with a part that is no body's name (某某领导小组) is left whole.
    """
    begin = len(printed) - len(printed.lstrip())
    stripped = _AND_OTHERS.sub("", printed.strip())
    whole = [(begin, begin + len(stripped))] if stripped else []
    if _SPACED_LETTERS.fullmatch(stripped) or _ONE_BODY.search(stripped):
        return whole
    parts: list[tuple[int, int]] = []
    last = 0
    for gap in [*_APART.finditer(stripped), None]:
        end = len(stripped) if gap is None else gap.start()
        if end > last:
            parts.append((begin + last, begin + end))
        last = len(stripped) if gap is None else gap.end()
    known = [body(printed[start:end], year).name or IS_BODY.fullmatch(printed[start:end]) for start, end in parts]
    return parts if all(known) else whole
