"""What the page has listed of rules, steps and columns, so that each edit names them by a number.

Here belongs their order, and the families of the rules: eight colours at most are told apart, and there are many more
rules. The colours are in ``templates/report.css``, the names of the families in ``words.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.columns import QUALITY_FLAGS, TABLES
from pipeline.figures import SCRIPT_NAMES
from pipeline.recipe import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.report.counting import Counts

COLUMNS = tuple(column.name for column in TABLES["documents"])
"""The columns of a document: an edit may have moved text to one."""

_CONCERNS = {
    "repair": ("encoding", "escape", "html", "mojibake", "record", "response"),
    "conflict": ("conflict",),
    "pinyin": ("pinyin",),
    "script": ("script",),
    "field": ("field", "label"),
    "furniture": ("boilerplate", "duplicate"),
    "personal": ("personal",),
    "layout": ("character", "line", "punctuation", "space"),
}
_FAMILY_OF = {concern: family for family, concerns in _CONCERNS.items() for concern in concerns}
_OTHER = "other"

FAMILIES = (*_CONCERNS, _OTHER)
"""The families in the order of the legend, which is about that of the steps."""


def family_of(rule: str) -> str:
    """The family of a rule, by its concern; `other` for one that has none yet.

    >>> family_of("pinyin.artifact"), family_of("label.body"), family_of("novelty.example")
    ('pinyin', 'field', 'other')
    """
    return _FAMILY_OF.get(rule.partition(".")[0], _OTHER)


class Catalogue(NamedTuple):
    """The rules and steps of a dataset with their numbers; a step is a pair of stage and name."""

    rules: Mapping[str, int]
    steps: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, counts: Counts) -> Catalogue:
        """The catalogue of a dataset with these counts."""
        names = sorted({*counts.rules, *counts.decisions})
        return cls({name: n for n, name in enumerate(names)}, {step: n for n, step in enumerate(counts.steps)})

    def listed(self, counts: Counts) -> dict[str, Any]:
        """As the page reads it: each in the place of its number, and what is said of it."""
        sentences = rules()
        return {
            "rules": [
                {
                    "name": name,
                    "family": family_of(name),
                    "sentence": sentences.get(name, ""),
                    "edits": counts.rules[name],
                    "documents": counts.documents_of_rules[name],
                }
                for name in self.rules
            ],
            "steps": list(self.steps),
            "families": FAMILIES,
            "flags": {name: QUALITY_FLAGS.get(name, "") for name in sorted(counts.flags)},
            "scripts": SCRIPT_NAMES,
            "columns": {column.name: column.sentence for column in TABLES["documents"]},
        }
