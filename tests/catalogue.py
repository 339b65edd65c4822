"""The catalogue of rules, docs/rules.md and docs/rules.zh.md: each rule with its sentence and what it does to a case.

Run by `make rules`. Nothing is written there by hand: sentences come from the steps, examples from `tests/cases/`. A
test holds the pages to the code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from test_cases import CASES, chosen

from pipeline import lexicon, recipe
from pipeline.describing.statements import LANGUAGES, sentence_in
from pipeline.text import Text, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.describing.statements import Language
    from pipeline.edits import Edit

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES: dict[Language, Path] = {"en": DOCS / "rules.md", "zh": DOCS / "rules.zh.md"}

_AROUND = 12
"""So many characters are shown on each side of an edit."""

_LONGEST = 40
"""A longer stretch is shown by its two ends."""

_SIGNS = {"\n": "⏎", "\r": "␍", "\t": "⇥", "\u3000": "□", "\u00a0": "⍽", "|": "∣", "`": "'"}
"""How characters are shown that a table in Markdown cannot hold or nobody could see."""


class Example(NamedTuple):
    """What a rule did to a case: the step, what stood around the edit, before and after."""

    step: str
    left: str
    before: str
    after: str
    right: str


def examples() -> dict[str, Example]:
    """The first example of each rule, in the order of the files and of the cases in them."""
    found: dict[str, Example] = {}
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            if case.get("expect") == "known_failure":
                continue
            for example, rule in _edits_of(path.stem, case):
                found.setdefault(rule, example)
    for row in lexicon.document("boilerplate.json")["lines"]:
        if row["cuts"]:
            found.setdefault(f"boilerplate.{row['id']}", Example("cut_boilerplate", "", row["cuts"][0], "", ""))
    return found


def _edits_of(step: str, case: dict[str, Any]) -> Iterator[tuple[Example, str]]:
    text = Text(case["before"]).revise(chosen(step, case.get("choices", {})))
    for revision in text.revisions:
        for edit in revision.layer:
            yield _example(step, revision.before, edit), edit.rule


def _example(step: str, text: str, edit: Edit) -> Example:
    end = edit.start + len(edit.before)
    left, right = text[max(0, edit.start - _AROUND) : edit.start], text[end : end + _AROUND]
    return Example(step, left, edit.before, edit.after, right)


def _shown(text: str) -> str:
    if len(text) > _LONGEST:
        half = _LONGEST // 2
        text = f"{text[:half]} … {text[-half:]}"
    return "".join(_SIGNS.get(one, one) if one in _SIGNS or one.isprintable() else f"U+{ord(one):04X}" for one in text)


def page(language: Language) -> str:
    """The page in a language."""
    shown = examples()
    rules = recipe.rules()
    words = _WORDS[language]
    lines = [words["head"]]
    seen: set[str] = set()
    for stage in recipe.STAGES:
        lines.append(f"\n## {stage.name}\n\n{sentence_in(language, stage.sentence)}\n")
        for step in _steps_of(stage):
            of_step = [rule for rule in rules if rule in shown and shown[rule].step == step]
            if of_step and step not in seen:  # one that runs twice stands where it runs first
                seen.add(step)
                lines.append(f"### {step}\n\n{words['columns']}")
                lines += [_row(rule, rules[rule], shown[rule], language) for rule in of_step]
                lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _steps_of(stage: recipe.Stage) -> list[str]:
    names = [name_of(step) for step in stage.steps]
    if "cut_boilerplate" in names:
        names.insert(names.index("cut_boilerplate") + 1, "cut_learned_furniture")
    return names


def _row(rule: str, sentence: str, example: Example, language: Language) -> str:
    after = _escaped(_shown(example.after)) or _WORDS[language]["nothing"]
    before = _escaped(_shown(example.before)) or "‸"
    return (
        f"| `{rule}` | {sentence_in(language, sentence)} "
        f"| {_cell(example.left)}**{before}**{_cell(example.right)} | {after} |"
    )


def _cell(text: str) -> str:
    return _escaped(_shown(text))


def _escaped(text: str) -> str:
    return "".join(f"&#{ord(one)};" if one in "<>&*_[]\\#~" else one for one in text)


_WORDS: dict[Language, dict[str, str]] = json.loads(Path(__file__).with_name("catalogue_words.json").read_text("utf-8"))


def main() -> None:
    """Write both pages."""
    for language in LANGUAGES:
        PAGES[language].write_text(page(language), "utf-8")


if __name__ == "__main__":
    main()
