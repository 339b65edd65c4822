"""Marker lines: what a line that tools put into a conflict says, and in which form a crawler left it.

Here belongs one line by itself. How marker lines make up a conflict belongs in :mod:`pipeline.conflicts.grammar`.
"""

from __future__ import annotations

import html
import re
from typing import Literal, NamedTuple, TypeAlias

Form: TypeAlias = Literal["plain", "indented", "escaped", "reflowed"]

COMMON_SIZE = 7
"""Seven signs are what every tool writes by default."""

SMALLEST_SIZE = 3
"""Git writes what it is told to (`conflict-marker-size`); fewer signs than seven count in whole conflicts alone."""

_SIGNS = "<>|="
_FIRST = re.compile(rf"([<>|=])\1{{{SMALLEST_SIZE - 1},}}")
_HEAD = frozenset("<>|= \t\u3000&")
_ESCAPED = re.compile("[ \t\u3000]*&(?:lt|gt);&(?:lt|gt);&(?:lt|gt);")
_INDENTED = re.compile(r"[ \t\u3000]+(?=([<>|=])\1{6})")
# Formatters of Markdown take `>>>>>>> label` for seven nested quotations and write them with spaces between.
_REFLOWED = "> " * (COMMON_SIZE - 1) + ">"
_FOSSIL = re.compile(
    r"(?:BEGIN MERGE CONFLICT: local copy shown first|COMMON ANCESTOR content follows|MERGED IN content follows"
    r"|END MERGE CONFLICT)(?: \(line \d+\))? ([<>|=])\1{6,}"
)


COMMIT = r"[0-9a-f]{7,40}(?:\.\.\.[ ].*|[ ]\(.*\)|:\S+)?"
_BRANCHES = "master|main|develop|development|devel|dev|trunk|staging|release|gh-pages|upstream|origin"
_PATH = r"[\w.@+#-]+(?:/[\w.@+#-]+)+"
_LABEL = re.compile(
    rf"HEAD(?:[:~^]\S*)?|Stashed[ ]changes|Updated[ ]upstream|\.(?:mine|theirs|working|merge-\S+|r\d+)|{COMMIT}"
    r"|(?:working[ ]copy|merge[ ]rev|dest|destination|source|graft|local|other)[ \t]*:.*|working[ ]copy|merge[ ]rev"
    r"|branch[ ]'\S+'[ ]of[ ]\S+"
    rf"|TREE|MERGE-SOURCE|ours|theirs|mine|yours|local|remote|destination|{_BRANCHES}|{_PATH}",
    re.ASCII,
)
"""Labels that tools write: fixed words, commits, revisions, the commonest names of branches, and what has a slash, as
branches and paths have. Any other word may be anything: `>>>>>>> START` is no marker by itself."""
_BRANCH = re.compile(r"\w[\w.@+#-]*(?:[/:][\w.@+#-]+)*")
_FILE = re.compile(
    r"[0-9a-f]{7,40}[ ].+|Upstream, based on .+|[\w@+#-]+(?:\.[\w@+#-]+)+"
    r"|BEGIN MERGE CONFLICT.*|Side #\d.*|.*[Cc]onflict \d+ of \d+.*"
)
_ANCESTOR = re.compile(
    rf"base|merged[ ]common[ ]ancestors|(?:parent[ ]of|common[ ]ancestor:?)[ ].*|\.r\d+|{COMMIT}",
    re.ASCII,
)


class Marker(NamedTuple):
    """What a marker line says: its sign, how many signs it has, its label, and the form in which it stands there."""

    sign: str
    size: int
    label: str
    form: Form = "plain"

    @property
    def kind(self) -> tuple[int, str]:
        """What agrees in all markers of one conflict."""
        return self.size, "plain" if self.form == "reflowed" else self.form

    @property
    def has_label_of_tool(self) -> bool:
        """Whether a tool would write this label, and nobody else."""
        return (_ANCESTOR if self.sign == "|" else _LABEL).fullmatch(self.label) is not None

    @property
    def may_be_of_tool(self) -> bool:
        """Whether a tool would write this label in a whole conflict: a file's name, a commit with its subject, too."""
        return self.has_label_of_tool or _FILE.fullmatch(self.label) is not None

    @property
    def may_be_branch(self) -> bool:
        """Whether the label is one word, which may be the name of a branch, and anything else."""
        return _BRANCH.fullmatch(self.label) is not None


def read_marker(line: str) -> Marker | None:
    r"""What a marker line says, or None for any other line.

    >>> read_marker("<<<<<<< HEAD\r\n"), read_marker("=======\n"), read_marker("========= 完 =========")
    (Marker(sign='<', size=7, label='HEAD', form='plain'), Marker(sign='=', size=7, label='', form='plain'), None)
    >>> read_marker("&gt;&gt;&gt;&gt;&gt;&gt;&gt; b"), read_marker("    ||||||| base")
    (Marker(sign='>', size=7, label='b', form='escaped'), Marker(sign='|', size=7, label='base', form='indented'))

    A separator has no label, but Fossil's; signs that go on into a word, and rules made of several kinds of sign, are
    no markers.
    """
    if line[:1] not in _HEAD:
        return None
    form: Form = "plain"
    if _ESCAPED.match(line):
        line, form = html.unescape(line).lstrip(" \t\u3000"), "escaped"
    elif indentation := _INDENTED.match(line):
        line, form = line[indentation.end() :], "indented"
    if line.startswith(_REFLOWED):
        label = _label(line[len(_REFLOWED) :])
        if not label or label[0] in _SIGNS:
            return None
        return Marker(">", COMMON_SIZE, label, "reflowed" if form == "plain" else form)
    if _FIRST.match(line) is None:
        return None
    sign = line[0]
    rest = line.lstrip(sign)
    size = len(line) - len(rest)
    if size == COMMON_SIZE and (fossil := _FOSSIL.fullmatch(rest.strip())) and fossil[1] == sign:
        return Marker(sign, size, fossil[0].rstrip(_SIGNS).rstrip(), form)
    label = _label(rest)
    return None if label is None or (label and sign == "=") else Marker(sign, size, label, form)


def _label(rest: str) -> str | None:
    """The label behind the signs; None where what stands there makes it another kind of line."""
    label = rest.strip(" \t\r\n")
    if label and (rest[0] not in " \t" or (_RULE.search(label) and not _WITH_SUBJECT.match(label))):
        return None
    return label


_RULE = re.compile(r"(?<!\S)([<>|=])\1{2,}|([<>|=])\2{2,}(?!\S)")
_WITH_SUBJECT = re.compile(r"[0-9a-f]{7,40}(?:\.\.\.)?[ ]")
