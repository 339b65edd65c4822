"""The columns of one document, put together from what the steps found.

Here belongs which finding wins and at which layer a value is taken. How a thing is found belongs in
:mod:`pipeline.steps`; how it is stored in :mod:`pipeline.columns`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.document import Readings
from pipeline.enrichment.reading import read_enrichments, year_of
from pipeline.metadata import kinds, names
from pipeline.metadata.document_dates import read_dates
from pipeline.metadata.document_numbers import is_number, issuer_of
from pipeline.metadata.reading import Reader
from pipeline.metadata.regions import region_codes
from pipeline.script.conversion import simplified
from pipeline.steps.punctuation import restored
from pipeline.written_scripts import written_script

if TYPE_CHECKING:
    from pipeline.script.evidence import ScriptEvidence
    from pipeline.text import Finding, Text

_TITLES = ("page", "header", "official", "dateline")
"""How a title was found that no label names, the most trusted first."""

_CUT = re.compile(r"(?<!\s)\s*(?:(?<!\.)\.{2,}|(?<!…)…+)\s*$")
_SPACE = re.compile("[ \u3000\u00a0]")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_HAN_GAP = re.compile("(?<=[\u3400-\u9fff])[ \u3000\u00a0]+(?=[\u3400-\u9fff])")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_HOST_BEHIND = re.compile(rf"[ \u3000\u00a0]{{1,9}}(?P<host>{_HOST.pattern})$", re.IGNORECASE)
_NO_OUTLET = frozenset({"本报", "本刊", "本台", "本网", "记者"})
_TITLE_ISSUER = re.compile(
    "^(?P<issuer>[\u4e00-\u9fff、]{2,40}?(?:国务院|办公厅|办公室|人民政府|委员会|[部厅局委署会院]))关于"
)
_LATIN = re.compile("[A-Za-z]{2,}")
_MARKERS_OF_TRANSLATION = re.compile(r"\(Editors? in charge:|Share (?:for|to let) more people", re.IGNORECASE)
_GATEWAY = re.compile(r"5(?:(?<=(?<![\w.-])big5)\.[a-z0-9-]{1,63}\.|(?<=/gate/big5)/)", re.IGNORECASE)
"""The host or the path of a gateway that converts a Mainland page, words included: big5.xinhuanet.com, /gate/big5/."""

_GATEWAY_WORD = re.compile(
    "人工智慧|(?:个人|公共|政府)资讯|资讯(?:化|技术|系统|安全|网路)|软体|网路|演算法|伺服器|程式|数位化"
)
_GAP = re.compile(r"(?:^|[.!?]\s+)[^“”\n]{0,60}?”")


def read(history: Text, *, han_count: int) -> Readings:
    """Read a document that went through the split stage: its columns, and where its personal data lies.

    A value that several findings offer is taken from the most explicit one: a label, then a page header, then the form
    of the document. Left null: what is not stated. `han_count` is how many Han the text has.
    """
    reader = Reader(history)
    return Readings(_columns(reader, han_count), tuple(span for span, _ in reader.personal))


def _columns(reader: Reader, han_count: int) -> dict[str, Any]:
    history, text = reader.history, reader.history.value
    values = _labelled(reader)
    title, title_status, completed = _title(reader, values)
    # What the page says of its address, else where it was fetched from.
    addresses = (*values.get("url", ()), *reader.found("fetched_from"))
    url = next((f for f in addresses if reader.decoded(f).startswith(("http://", "https://"))), None)
    dates = read_dates(reader, url)
    written, evidence = written_script(history)
    body_language, raw_language = _languages(reader, han_count, written, evidence)
    found = {finding.kind for finding in history.findings} | {row["role"] for row in dates.rows}
    kind = kinds.doc_type(title and simplified(title), simplified(text), found)
    doc_number = _doc_number(reader, values)
    outlet, publisher, site = _source(reader, values, url)
    summary = _summary(reader, values, text)
    captions = _captions(reader)
    machine = body_language == "en" and _is_machine_translation(history)
    columns: dict[str, Any] = {
        "url": reader.decoded(url) if url else None,
        "title": title,
        "title_status": title_status,
        "doc_type": kind,
        "language": body_language,
        "raw_language": raw_language,
        "script": written,
        "traditional_share_0_to_1": evidence.traditional_share,
        "is_translation": machine,
        "date_published": dates.date_published,
        "published_at": dates.published_at,
        "date_precision": dates.date_precision,
        "date_basis": dates.date_basis,
        "date_best": dates.date_best,
        "date_best_kind": dates.date_best_kind,
        "dates": dates.rows,
        "source_site": site,
        "source_name": outlet,
        "publisher": publisher,
        "authors": _people(reader, values.get("author", ()), "author"),
        "editors": _people(reader, (*values.get("editor", ()), *values.get("reviewer", ())), "editor"),
        "issuer": _issuer(reader, values, title, doc_number, kind),
        "doc_number": doc_number,
        "dateline": next((reader.as_written(f).strip() for f in reader.found("dateline")), None),
        "keywords": [word for f in values.get("keywords", ()) for word in names.keywords(reader.converted(f))],
        "view_count": next(
            (n for f in values.get("views", ()) if (n := names.count(reader.converted(f))) is not None), None
        ),
        "summary": summary,
        "captions": captions,
        "sections": _sections(reader),
        "labels_raw": _labels_raw(reader),
        "text_original_script": reader.original_script(),
        "license": None,
        "paragraph_count": text.count("\n") + 1 if text else 0,
    }
    columns["region_codes"] = region_codes(
        simplified(completed or title or ""),
        simplified(text),
        issuer=simplified(columns["issuer"] or ""),
        year=year_of(columns) or (dates.date_best.year if dates.date_best else None),
    )
    columns["quality_flags"] = _flags(reader, columns, yearless=dates.yearless)
    columns |= read_enrichments(reader, columns, values)
    columns["rights_status"] = kinds.rights_status(
        kind,
        title=simplified(title or ""),
        text=simplified(text),
        issuers=[(simplified(issuer.name), issuer.level) for issuer in columns["issuers"]],
        numbered=doc_number is not None,
    )
    return columns


def _labelled(reader: Reader) -> dict[str, list[Finding]]:
    values: dict[str, list[Finding]] = {}
    for finding in reader.found("label_value"):
        if finding.note != "@text" and finding.span[0] < finding.span[1]:
            values.setdefault(finding.value, []).append(finding)
    return values


def _title(reader: Reader, values: dict[str, list[Finding]]) -> tuple[str | None, str, str | None]:
    """The title, its status, and the whole title where only that of the text's own head completes a cut one."""
    candidates = [reader.converted(f) for f in values.get("title", ())]
    candidates += [reader.converted(f) for kind in _TITLES for f in reader.found("title") if f.value == kind]
    candidates += [reader.converted(f) for f in reader.found("title_of_page")]
    for candidate in candidates:
        joined = _HAN_GAP.sub(
            lambda gap: "" if len(gap.group()) == 1 and gap.group() != " " else " ", _joined(candidate)
        )
        stripped = _CUT.sub("", joined)
        if not stripped:
            continue
        if stripped != joined:
            whole = next(
                (_joined(c) for c in candidates if _joined(c).startswith(stripped) and not _CUT.search(c)), None
            )
            return (
                (_restored(reader, whole), "stated", None)
                if whole
                else (_restored(reader, stripped), "truncated", None)
            )
        return _restored(reader, joined), "stated", None
    return None, "absent", None


def _joined(title: str) -> str:
    """A title that is broken over lines, or letter-spaced, on one line."""
    joined = _on_one_line(title)
    letters = _SPACE.sub("", joined)
    spaced = len(joined) - len(letters) >= len(letters) // 2
    return letters if spaced else joined


def _on_one_line(text: str) -> str:
    lines = [line for line in _LINE_BREAK.split(text.strip()) if line]
    return "".join(lines) if any("\u3400" <= c <= "\u9fff" for c in text) else " ".join(lines)


def _restored(reader: Reader, value: str) -> str:
    """Punctuation as in the text: restored where the document's gate is open."""
    return restored(value).apply(value) if any(reader.found("punctuation_gate")) else value


def _doc_number(reader: Reader, values: dict[str, list[Finding]]) -> str | None:
    candidates = [reader.converted(f) for f in (*values.get("doc_number", ()), *reader.found("number"))]
    for candidate in candidates:
        bare = candidate.strip(" \t\u3000\u00a0（）()")
        if is_number(bare):
            return "".join(bare.split())
    return None


def _issuer(
    reader: Reader, values: dict[str, list[Finding]], title: str | None, number: str | None, kind: str
) -> str | None:
    for finding in values.get("issuer", ()):
        return reader.converted(finding)
    by_number = issuer_of(number) if number else None
    if by_number:
        return by_number
    if kind == "policy":
        for finding in reader.found("letterhead"):
            return _SPACE.sub("", reader.converted(finding)).removesuffix("文件")
        in_title = _TITLE_ISSUER.match(title or "")
        if in_title:
            return in_title["issuer"]
        return next((reader.converted(f) for f in reader.found("signature_issuer")), None)
    return None


def _source(
    reader: Reader, values: dict[str, list[Finding]], url: Finding | None
) -> tuple[str | None, str | None, str | None]:
    """Outlet, publisher, and host."""
    agency = next(
        (name for f in reader.found("dateline_agency") if (name := reader.converted(f).strip()) not in _NO_OUTLET), None
    )
    stated = [
        reader.converted(f).strip() for f in (*values.get("source", ()), *reader.found("source", "header_source"))
    ]
    behind = [match for name in stated if (match := _HOST_BEHIND.search(name))]  # 甲网 news.example.com
    stated = [_HOST_BEHIND.sub("", name) for name in stated]
    outlet = next((name for name in stated if name and not _HOST.fullmatch(name)), None) or agency
    host = next((name for name in stated if _HOST.fullmatch(name)), None)
    host = host or next((match["host"] for match in behind), None)
    host = host or next((reader.decoded(f) for f in reader.found("header_site", "copyright_site")), None)
    return outlet, agency, (_host(reader.decoded(url)) if url is not None else None) or host


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # a broken IPv6 address
        return None


def _people(reader: Reader, labelled: tuple[Finding, ...] | list[Finding], kind: str) -> list[str]:
    listed = [person for finding in labelled for person in names.people(reader.as_written(finding))]
    listed += [names.unpadded(reader.as_written(finding).strip()) for finding in reader.found(kind)]
    return list(dict.fromkeys(person for person in listed if person))


def _summary(reader: Reader, values: dict[str, list[Finding]], text: str) -> str | None:
    """A labelled abstract, unless it only copies how the text begins."""
    for finding in values.get("summary", ()):
        summary = _on_one_line(reader.converted(finding))
        head = _CUT.sub("", summary)
        if head and not text.startswith(head):
            return _restored(reader, summary)
    return None


def _captions(reader: Reader) -> list[dict[str, Any]]:
    captions: list[dict[str, Any]] = []
    for finding in reader.found("caption", "caption_credit"):
        if finding.kind == "caption":
            text = _restored(reader, reader.converted(finding))
            captions.append({"text": text, "credit": None, "line": reader.line(finding)})
        elif captions:
            captions[-1]["credit"] = reader.converted(finding)
    return captions


def _sections(reader: Reader) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = []
    open_sections: list[dict[str, Any]] = []
    for index, finding in enumerate(reader.found("section")):
        level, marker, inline = finding.note.split("|")
        while open_sections and open_sections[-1]["level"] >= int(level):
            open_sections.pop()
        section = {
            "index": index,
            "parent": open_sections[-1]["index"] if open_sections else None,
            "level": int(level),
            "marker": marker,
            "title": finding.value,
            "inline": bool(inline),
            "char_start": finding.span[0],
            "char_end": finding.span[1],
        }
        sections.append(section)
        open_sections.append(section)
    return sections


def _labels_raw(reader: Reader) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for finding in reader.found("label", "label_value"):
        if finding.kind == "label":
            name = (
                reader.decoded(finding) or finding.note
            )  # the key of a record stands in what is cut around its values
            rows.append({"label": name, "value": "", "line": reader.line(finding)})
        elif finding.note == "@text":
            rows[-1]["value"] = "@text"
        elif finding.span[0] < finding.span[1]:
            items = (rows[-1]["value"], reader.decoded(finding))
            rows[-1]["value"] = "\n".join(item for item in items if item)
    return sorted(rows, key=lambda row: row["line"])


def _languages(reader: Reader, han: int, written: str, evidence: ScriptEvidence) -> tuple[str, str]:
    """The language of the text, and of the file: English where it has more than twice as many Latin words as Han."""
    text = reader.history.value
    # A Latin word takes three characters with the space behind it: most Chinese texts have no room for so many.
    if len(text) - han > 6 * han and len(_LATIN.findall(text)) > 2 * han:
        return "en", "en"
    raw = f"zh-{written}" if written.startswith("Hant") else "zh-Hans"
    if written == "mixed" and evidence.traditional > evidence.simplified:
        raw = "zh-Hant"
    rules = {rule for revision in reader.history.revisions for rule in revision.layer.rules}
    if "script.s2t" in rules:
        return "zh-Hant", raw
    return "zh-Hans" if any(rule.startswith("script.") for rule in rules) else raw, raw


def _is_machine_translation(history: Text) -> bool:
    """True where an English text has what a translated Chinese page has: its editors' line, its share prompt."""
    return bool(_MARKERS_OF_TRANSLATION.search(history.at(0)))


def _is_from_gateway(reader: Reader, columns: dict[str, Any]) -> bool:
    """True where the page names a gateway's address and has a word that no Mainland page had before it."""
    raw = reader.history.at(0)
    if not _GATEWAY.search(raw):
        return False
    return bool(_GATEWAY_WORD.search(reader.history.value) or _GATEWAY_WORD.search(columns["title"] or ""))


def _flags(reader: Reader, columns: dict[str, Any], *, yearless: bool) -> list[str]:
    flags = {finding.value for finding in reader.found("flag")}
    if columns["title_status"] == "absent":
        flags.add("title_missing")
    if columns["title_status"] == "truncated":
        flags.add("title_truncated")
    if columns["date_published"] is None:
        flags.add("date_year_missing" if yearless else "date_published_missing")
    if not (columns["source_name"] or columns["source_site"]):
        flags.add("source_missing")
    if any(f.span[0] == f.span[1] and f.value != "views" for f in reader.found("label_value")):
        flags.add("empty_labels")
    if columns["raw_language"] != "zh-Hans" and _is_from_gateway(reader, columns):
        flags.add("gateway_vocabulary")
    if columns["is_translation"]:
        flags.add("machine_translation_suspected")
    text = reader.history.value
    if text.count("“") != text.count("”"):
        flags.add("quotes_unbalanced")
        if _GAP.search(text):
            flags.add("text_gap_suspected")
    return sorted(flags)
