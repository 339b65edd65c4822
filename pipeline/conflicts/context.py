"""What stands around a conflict, and whether it is shown to the reader: documents about git come through untouched.

Here belong the signs that a text speaks of conflicts or quotes their markers. The grammar of the markers belongs in
:mod:`pipeline.conflicts.grammar`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.code_points import HAN_RUN
from pipeline.conflicts.markers import COMMON_SIZE, read_marker
from pipeline.conflicts.nodes import Conflict, Line, Lone, Node, bare_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ABOUT = re.compile(
    r"merge conflict|conflict(?:ed|ing)? (?:marker|region|section|hunk)|conflict\.?style"
    r"|resolv\w{1,6} (?:\w{1,12} )?conflict"
    r"|CONFLICT \(|automatic merge failed|自动合并失败|自動合併失敗"
    r"|(?:合并|合併|代码|代碼|程式碼)(?:的)?(?:冲突|衝突)"
    r"|(?:冲突|衝突)(?:的)?(?:标记|標記|标识|標識|标志|標誌|区块|區塊|区段|區段|代码|代碼|片段)|(?<![相与與互])冲突文件",
    re.IGNORECASE,
)
"""Words about conflicts between versions of a file. `冲突` alone is not among them: armies and laws have conflicts."""
_CLASH = re.compile(
    "冲突|衝突|conflict|コンフリクト|代码合并|合并(?:之后|后|时|失败)|合併時"
    "|(?<![a-z])merge ?(?:失败|之后|后|时|失敗|failed)",
    re.IGNORECASE,
)
# `\b` does not help beside Han, which is a word character: 使用git合并.
_COMMAND = re.compile(
    r"(?<![A-Za-z])(?:git|hg|svn|jj)[ -]"
    r"(?:merge|pull|rebase|stash|cherry-pick|revert|am|rerere|mergetool|update|commit|push"
    r"|resolve)(?![a-z])"
)
_TOOL = re.compile(
    r"(?<![A-Za-z/@.])(?:git(?:hub|lab|ee)?|(?:tortoise)?svn|subversion|mercurial|perforce|darcs|jujutsu|bazaar|cvs|diff3"
    r"|kdiff3|sourcetree|vs ?code|(?-i:IDEA))(?![A-Za-z]|\.[a-z])|版本控制|版本管理|版本控管"
    r"|(?:主|子|新建|创建|切换|合并|远程|远端|本地|开发|合併|遠端)分支|分支(?:合并|合併|名)|コンフリクト",
    re.IGNORECASE,
)
# An address (github.com/…, git@…) and a command to fetch a program speak of no conflict.
_QUOTED = re.compile(r"[`“‘「『](?:<{7}|>{7}|\|{7}|={7}[`”’」』])")
"""A marker in quotation marks; those of ASCII are left out, for programs print rules made of signs."""

_NEAR = 20
"""How many lines away from a conflict words about conflicts are taken to speak of it."""
_VERY_NEAR = 5

_FENCE = re.compile(r"[ ]{0,3}(?:>[ ]?)*[ \t]*(`{3,}|~{3,})([^\n]*)")
_ASCIIDOC = re.compile(r"(-{4,}|\.{4,}|={4,})[ \t]*\r?\n?\Z")
_TAGS = (
    ("\\begin{verbatim", "\\end{verbatim"),
    ("<pre", "</pre"),
    ("{% highlight", "{% endhighlight"),
    ("#+begin_", "#+end_"),
    ("[code", "[/code"),
)


def _listings(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The listings of a text, as index of the line that opens and of the line that closes each."""
    found: list[tuple[int, int]] = []
    opened, closes = -1, ""
    for index, (_, text, *_) in enumerate(lines):
        head = text.lstrip(" \t>").lower()
        if opened >= 0:
            if closes in head if closes[0] in "<{#[" else head.startswith(closes) and _only(text, closes[0]):
                found.append((opened, index))
                opened = -1
        elif head:
            closes = _opens(text, head, lines[index - 1].text if index else "")
            opened = index if closes else -1
    if opened >= 0:
        found.append((opened, len(lines)))
    return found


def _opens(text: str, head: str, above: str) -> str:
    """What closes the listing that a line opens; empty where it opens none."""
    if fence := _FENCE.match(text):
        # A fence of backticks has none in what follows; otherwise it is code within a sentence.
        return "" if "`" in fence[2] else fence[1]
    if above.startswith(("[", ".")) and (delimiter := _ASCIIDOC.match(text)):
        return delimiter[1]
    for opening, closing in _TAGS:
        if head.startswith(opening) and closing not in head:
            return closing
    return ""


def _only(text: str, sign: str) -> bool:
    return not text.strip(" \t\r\n>" + sign)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the conflicts of a text; places are indexes of lines.

    `outside` holds what stands in no conflict, without white space; `foreign` is true where that is not Chinese.
    `sure_markers` counts markers with labels that tools write.
    """

    lines: Sequence[Line]
    outside: frozenset[str]
    foreign: bool
    listings: list[tuple[int, int]]
    about: list[int]
    clashes: list[int]
    commands: list[int]
    tools: list[int]
    quotes: list[int]
    sure_markers: int

    @classmethod
    def of(cls, lines: Sequence[Line], nodes: Sequence[Node]) -> Surroundings:
        """Read lines, and the nodes that they were parsed into."""
        sure_markers = 0
        hits: dict[re.Pattern[str], list[int]] = {p: [] for p in (_ABOUT, _CLASH, _COMMAND, _TOOL, _QUOTED)}
        for index, line in enumerate(lines):
            marker = read_marker(line.text)
            sure_markers += marker is not None and marker.size == COMMON_SIZE and marker.has_label_of_tool
            if marker is None or marker.size < COMMON_SIZE:
                for pattern, found in hits.items():
                    if pattern.search(line.text):
                        found.append(index)
                # Two kinds of marker in one line are spoken of.
                if "<<<<<<<" in line.text and (">>>>>>>" in line.text or "=======" in line.text):
                    hits[_QUOTED].append(index)
        outside = [node for node in nodes if isinstance(node, Line)]
        return cls(
            lines=lines,
            outside=frozenset(bare_lines(outside)),
            foreign=is_chinese(outside) is False,
            listings=_listings(lines),
            about=hits[_ABOUT],
            clashes=hits[_CLASH],
            commands=hits[_COMMAND],
            tools=hits[_TOOL],
            quotes=hits[_QUOTED],
            sure_markers=sure_markers,
        )

    def quote_conflict(self, conflict: Conflict) -> bool:
        """Whether a conflict is shown to the reader.

        One within a line, indented, or in the entities of HTML is, where anything is said of conflicts or their tools.
        """
        opening = conflict.opening.text
        marker = read_marker(opening)
        if not opening.endswith("\n") or (marker is not None and marker.form in {"indented", "escaped"}):
            return any((self.about, self.commands, self.tools, self.quotes, self._clash(conflict.first, conflict.last)))
        is_shown = bool(conflict.tool) and self._listed(conflict.first, conflict.last)  # seldom seen but in lessons
        return is_shown or self.quote(conflict.first, conflict.last)

    def _clash(self, first: int, last: int) -> bool:
        return bisect_left(self.clashes, first - _NEAR) < bisect_right(self.clashes, last + _NEAR)

    def quote(self, first: int, last: int) -> bool:
        """Whether the lines from `first` to `last` are shown to the reader, in a text about conflicts."""

        def said(found: list[int], away: int) -> bool:
            """Whether something was found outside these lines, no further away than so many lines."""
            before = bisect_left(found, first) > bisect_left(found, first - away)
            return before or bisect_right(found, last + away) > bisect_right(found, last)

        everywhere = len(self.lines)
        tool = said(self.tools, everywhere) or said(self.commands, everywhere)
        if said(self.quotes, everywhere) or said(self.about, _NEAR) or (tool and said(self.clashes, _VERY_NEAR)):
            return True
        if not self._listed(first, last):
            return False
        return said(self.about, everywhere) or said(self.commands, everywhere) or (tool and said(self.clashes, _NEAR))

    def _listed(self, first: int, last: int) -> bool:
        """Whether these lines stand in one listing; a conflict that opens or closes a listing does not."""
        at = bisect_left(self.listings, (first, -1)) - 1
        return at >= 0 and last < self.listings[at][1]

    def mail(self, index: int) -> bool:
        """Whether a line stands near a quotation, as in mail."""
        beside = (*self.lines[max(0, index - _IN_MAIL) : index], *self.lines[index + 1 : index + 1 + _IN_MAIL])
        return any(_DEEP_QUOTE.match(line.text) or _WROTE.search(line.text) for line in beside)

    def removable(self, lone: Lone) -> bool:
        """Whether a lone marker is surely one: seven signs and a label that a tool would write, or a partner's.

        Where the text has other markers of which that is sure, a branch may have any name.
        """
        marker = lone.partner or lone.marker
        is_known = marker.has_label_of_tool or (self.sure_markers > 0 and marker.sign != "|" and marker.may_be_branch)
        is_sure = is_known and marker.size == COMMON_SIZE and marker.form in {"plain", "reflowed"}
        return is_sure and not self.mail(lone.index) and not self.quote(lone.index, lone.index)


_IN_MAIL = 3
_WROTE = re.compile(r"(?:wrote|writes|写道|寫道|said|说)[:：]?\s*\Z", re.IGNORECASE)
_DEEP_QUOTE = re.compile(r"[ \t]*>[ \t]?>(?!>{5}[ \t])")
_SCRIPTS = {
    "Hani": HAN_RUN,
    "Latn": re.compile("[A-Za-zÀ-ɏ]+"),
    "Hang": re.compile("[가-힣]+"),
    "Kana": re.compile("[ぁ-ヺ]+"),
    "Cyrl": re.compile("[Ѐ-ӿ]+"),
}


def script_of(lines: Iterable[Line]) -> str:
    """The script of most letters, by its ISO 15924 code; that of the most, where there are none.

    >>> from pipeline.conflicts.nodes import split_lines
    >>> script_of(split_lines("第一条 目的。")), script_of(split_lines("Article 1"))
    ('Hani', 'Latn')
    """
    text = "".join([line.text for line in lines])
    return max(_SCRIPTS, key=lambda name: sum(map(len, _SCRIPTS[name].findall(text))))


_WORD = re.compile("[A-Za-z]{2,}")
_FEW_HAN, _FEW_WORDS = 2, 3


def is_chinese(lines: Iterable[Line]) -> bool | None:
    """Whether a side is in Chinese; None where it has too little of either script to tell."""
    text = "".join([line.text for line in lines])
    if han := sum(map(len, HAN_RUN.findall(text))):
        return True if han >= _FEW_HAN else None
    return False if len(_WORD.findall(text)) >= _FEW_WORDS else None
