"""Cut the dateline (电头) of a news text: agency, place, day and reporters before the first sentence.

Here belong the forms of the agencies and papers of the Mainland, Taiwan and the English-language services, and the line
of reporters below a headline. Names at the end of a text belong in :mod:`pipeline.steps.signatures`.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from pipeline.blocks import Block, Blocks, blocks, whole_line
from pipeline.edits import Edit
from pipeline.metadata.bylines import WITH_PLACE, byline, names_in
from pipeline.steps.headers import is_title, knows_title
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = {
    "field.authors": "The authors' line became a column.",
    "field.dateline": "The dateline became a column.",
    "field.title": "The title became a column.",
}

_SEARCHED = 3
_MOST_BUTTONS = 10
_LONGEST_BUTTON = 8
_READ = 400
_SHORTEST_TITLE = 8
_S = "[ \u00a0\u3000]{0,4}"
_HAN = "\u4e00-\u9fff"
_DAY = r"(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日|\d{1,2}日"
_CREDIT = rf"[(（]{_S}(?:本报|本网|本刊)?(?:特约|见习|实习)?(?:记者|通讯员|编辑)[^()（）\n]{{1,40}}[)）]"
_OUTLET = (
    r"(?!据|由|在|与|和|从|对|向|互联网|物联网|因特网|全网|电网|官网|外网|内网|社会|报告)"
    rf"[{_HAN}A-Za-z]{{1,10}}?(?:社|网|报|台|电视|日报|晚报|在线|客户端|中心|通讯|新闻|时报|周刊|财经)"
)
_WIRE = "(?:专?电(?![视话子影力器文报台信商动])|讯(?![息号问])|消息|报道)(?![，、。；,的称])"
_TAIWAN = (
    "台[北中南东]|新[北竹]|桃园|高雄|基隆|苗栗|彰化|南投|云林|嘉义|屏东|宜兰|花莲|澎湖|金门|马祖|东京|北京|华盛顿|纽约"
)
"""Where Taiwan's agency reports from: no mark parts the place from the reporter's name before it."""

_CHINESE = re.compile(
    rf"""(?:
      [（(【〔]?(?![{_HAN}]{{1,9}}记者)(?P<agency>{_OUTLET}|本报|本刊|本台|本网)(?P<place>(?!记者)[{_HAN}]{{0,12}}?){_S}(?P<day>{_DAY}){_S}
        (?:电{_S}(?P<headline>题[：:].{{0,120}}$)|{_WIRE}){_S}(?P<credit>{_CREDIT})?[】〕）)]?{_S}[：:]?{_S}
    | (?P<agency2>{_OUTLET}|本报|本刊|本网)(?:讯|消息){_S}(?:(?P<credit2>{_CREDIT}){_S}[：:]?|[：:]){_S}
    | [（(](?P<agency3>{_OUTLET}|中央社)记者(?P<names3>[{_HAN}]{{2,3}}(?:、[{_HAN}]{{2,3}}){{0,3}})
        (?P<place3>{_TAIWAN}|[{_HAN}]{{2,4}})(?P<day3>{_DAY})(?:日)?电[）)]{_S}
    | {WITH_PLACE}
    )""",
    re.VERBOSE,
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?"
)
_DATE = rf"{_MONTH}[ ]{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?(?:,[ ]{{1,3}}(?:19|20)\d\d)?"
_ENGLISH_AGENCY = (
    "Xinhua(?:[ ]News[ ]Agency)?|China[ ]News[ ]Service|CNS|CNA|ECNS|CGTN"
    "|China[ ]Daily|People[’']s[ ]Daily(?:[ ]Online)?|Global[ ]Times|Reuters"
    "|AP|AFP|UPI|Bloomberg|Kyodo|Yonhap|TASS|PRNewswire|PR[ ]Newswire|Business[ ]Wire|BUSINESS[ ]WIRE|GLOBE[ ]NEWSWIRE"
)
"""Services whose name shows a dateline though its place is not in capitals: Hong Kong, May 1 (Xinhua) --."""

_ENGLISH = re.compile(
    rf"""(?:
      (?P<agency>[A-Z][A-Za-z’'. ]{{2,40}}?),[ ]{{1,3}}(?P<place>[A-Z][A-Za-z ]{{1,20}}),[ ]{{1,3}}
        (?P<day>{_MONTH}[ ]{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?)[ ]{{0,3}}
        \((?:Reporters?|By)[ ]{{1,3}}(?P<names>[^()\n]{{2,60}})\)[ ]{{0,3}}
    | (?P<place2>[A-Z][A-Z’'. ]{{2,30}}),[ ]{{1,3}}(?P<day2>{_DATE})[ ]{{1,3}}
        \((?P<agency2>[A-Z][A-Za-z ]{{2,30}})\)[ ]{{0,3}}(?:--|–|—|-)[ ]{{0,3}}
    | (?P<place3>[A-Z][A-Za-z’'. ]{{2,30}}),[ ]{{1,3}}(?P<day3>{_DATE}),?[ ]{{1,3}}
        [(/](?P<agency3>{_ENGLISH_AGENCY})[)/][ ]{{0,3}}(?:--|–|—|-)[ ]{{0,3}}
    )""",
    re.VERBOSE,
)
_NAMES = re.compile(
    r"(?:记者|通讯员|编辑)\s*[:：]?\s*(?P<names>[^()（）]+?)(?=\s*(?:见习|实习|特约|特派|首席)?(?:记者|通讯员|编辑)|[)）]|$)"
)
_KINDS = (
    ("dateline_agency", ("agency", "agency2", "agency3", "agency4")),
    ("dateline_day", ("day", "day2", "day3")),
)


def cut_dateline(view: View) -> Outcome:
    """Cut the dateline before the first sentence and read agency, day and reporters in it.

    >>> from pipeline.text import Text
    >>> raw = "新华社北京5月9日电（记者甲某、乙某）人工智能大会9日开幕。"
    >>> text = Text(raw).revise(cut_dateline)
    >>> text.value
    '人工智能大会9日开幕。'
    >>> [(finding.kind, raw[slice(*finding.span)]) for finding in text.findings][1:]
    [('dateline_agency', '新华社'), ('dateline_day', '5月9日'), ('author', '甲某'), ('author', '乙某')]

    The line right above a dateline that opens the text is its title. Left alone: an outlet that the first sentence
    speaks of (据新华社5月9日报道，…), and everything below the third line.
    """
    every = blocks(view.text)
    for position, block in enumerate(every[: _searched(every)]):
        opening = block.text[:_READ]
        match = _CHINESE.match(opening) or _ENGLISH.match(opening)
        if match is None or (match.end() == len(block.text) and not _stands_alone(match)):
            continue
        if block.text[match.end() : match.end() + 1] in tuple("，、。；,"):
            continue
        findings = list(_read(match, block.start))
        end = whole_line(view.text, block)[1] if match.end() == len(block.text) else block.start + match.end()
        edits = [Edit(block.line_start, view.text[block.line_start : end], "", "field.dateline")]
        if position == 1 and not knows_title(view) and _is_headline(every[0]):
            edits.append(_whole(view.text, every[0], "field.title"))
            findings.append(Finding("title", "dateline", (every[0].start, every[0].end)))
        if match.end() == len(block.text):
            _cut_byline(view.text, every, position + 1, edits, findings)
        return Outcome(edits, findings)
    edits, findings = [], []
    for position in range(len(every[:_SEARCHED])):
        if not edits:
            _cut_byline(view.text, every, position, edits, findings)
            if edits and position == 1 and not knows_title(view) and _is_headline(every[0]) and _heads_prose(every):
                edits.append(_whole(view.text, every[0], "field.title"))
                findings.append(Finding("title", "dateline", (every[0].start, every[0].end)))
    return Outcome(edits, findings) if edits else NOTHING


def _searched(every: Blocks) -> int:
    """How many lines may precede or hold the dateline: three, and any buttons above the first paragraph."""
    buttons = itertools.takewhile(lambda block: len(block.text) <= _LONGEST_BUTTON, every[1:_MOST_BUTTONS])
    return max(_SEARCHED, 2 + sum(1 for _ in buttons))


def _stands_alone(match: re.Match[str]) -> bool:
    """True where a dateline may fill its line: it has a day or reporters with their place, so no sentence is lost."""
    return any(match.re.groupindex.get(group) and match[group] for group in ("day", "day3", "place4"))


def _is_headline(block: Block) -> bool:
    return len(block.text) >= _SHORTEST_TITLE and is_title(block.text)


def _heads_prose(every: Blocks) -> bool:
    """True where the third line is a paragraph: what stands above it are a headline and a byline."""
    return every.reaches(2) and every[2].text.endswith(("。", "！", "？", "”"))


def _whole(text: str, block: Block, rule: str) -> Edit:
    start, end = whole_line(text, block)
    return Edit(start, text[start:end], "", rule)


def _read(match: re.Match[str], base: int) -> Iterator[Finding]:
    """The dateline, and agency, day and reporters in it."""
    groups = {name for name in match.re.groupindex if match[name]}
    yield Finding("dateline", "", (base, base + len(match.group().rstrip())))
    for kind, named in _KINDS:
        for group in groups.intersection(named):
            yield Finding(kind, "", (base + match.start(group), base + match.end(group)))
    for group in groups.intersection(("credit", "credit2")):
        for names in _NAMES.finditer(match[group]):
            yield from _authors(names["names"], base + match.start(group) + names.start("names"))
    for group in groups.intersection(("names", "names3", "names4")):
        yield from _authors(match[group], base + match.start(group))


def _cut_byline(text: str, every: Blocks, position: int, edits: list[Edit], findings: list[Finding]) -> None:
    """Cut a line that holds nothing but an outlet's reporters: 新华社记者甲某、乙某."""
    if not every.reaches(position):
        return
    block = every[position]
    if match := byline(block.text):
        edits.append(_whole(text, block, "field.authors"))
        findings += _authors(match["names"], block.start + match.start("names"))


def _authors(names: str, at: int) -> list[Finding]:
    return [Finding("author", "", (at + start, at + end)) for start, end in names_in(names)]
