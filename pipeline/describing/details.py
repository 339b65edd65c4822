"""What was seen of a file that was set aside, in Chinese: the details in `quarantine`.

Here belongs how a detail finds its wording in ``details.json``, in which names in braces stand for what differs from
file to file. The details themselves stay in English in every table.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.describing.statements import Language

_FILE = Path(__file__).with_name("details.json")
_NAME = re.compile(r"\{(\w+)\}")


def detail_in(language: Language, detail: str) -> str:
    """A detail in a language; what it quotes (names, numbers, words of the system) is kept where it is not known.

    >>> detail_in("zh", "the server answered 404"), detail_in("zh", "behind 2 documents it is encrypted")
    ('服务器的应答为 404', '第 2 篇文档之后：已加密')
    >>> detail_in("zh", "the file cannot be read: Permission denied"), detail_in("zh", "strip_pinyin")
    ('文件无法读取：没有读取权限', 'strip_pinyin')

    A detail that nobody has worded stays as it is; a test sees to it that there is none of the pipeline's own.
    """
    if language == "en":
        return detail
    fixed, patterns = _worded()
    if detail in fixed:
        return fixed[detail]
    for pattern, chinese in patterns:
        if found := pattern.fullmatch(detail):
            values = {name: detail_in(language, value) for name, value in found.groupdict().items()}
            return chinese.format_map(values)
    head, colon, rest = detail.partition(": ")  # behind a colon stands what somebody else says
    said = detail_in(language, head) if colon else head
    return detail if said == head else f"{said}：{detail_in(language, rest)}"


@functools.cache
def _worded() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Details that are always the same, and patterns of the others: those first of which most is given."""
    worded: dict[str, str] = json.loads(_FILE.read_text("utf-8"))
    fixed = {english: chinese for english, chinese in worded.items() if not _NAME.search(english)}
    others = sorted(worded.keys() - fixed, key=lambda english: (-len(_NAME.sub("", english)), english))
    return fixed, [(_pattern(english), worded[english]) for english in others]


def _pattern(english: str) -> re.Pattern[str]:
    """The details that a wording stands for: what is in the place of a name is as short as it can be."""
    parts = _NAME.split(english)  # what is given and names by turns
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)), re.DOTALL
    )
