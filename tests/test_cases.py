"""Every case of `tests/cases/`, run through the step that its file is named after.

A case is data: `label`, `comment`, `before`, `after`, `rules` (those that its edits name, sorted), and optionally
`flags`, `headings`, `scripts`, `findings` (what earlier steps found: kind, value, start, end, note), `choices` (options
that are not as they are preset, a lexicon by its name in `tests/lexicons`) and `expect`: "pass" (the default) or
"known_failure", which breaks the build as soon as it passes.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pipeline.steps
from pipeline import lexicon, recipe
from pipeline.options import Choices
from pipeline.recipe import stages
from pipeline.text import Finding, Text, name_of

if TYPE_CHECKING:
    from pipeline.text import Step

CASES = Path(__file__).parent / "cases"
LEXICONS = Path(__file__).parent / "lexicons"


def steps() -> dict[str, Step]:
    """Every step that a module of `pipeline/steps` defines, by name."""
    found: dict[str, Step] = {}
    for module in pkgutil.iter_modules(pipeline.steps.__path__):
        members = vars(importlib.import_module(f"pipeline.steps.{module.name}"))
        found.update({name: value for name, value in members.items() if callable(value) and not name.startswith("_")})
    return found


def cases() -> list[Any]:
    """Every case as a parameter, named after its file and label."""
    parameters = []
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            marks = [pytest.mark.xfail(strict=True)] if case.get("expect", "pass") == "known_failure" else []
            parameters.append(pytest.param(path.stem, case, id=f"{path.stem}: {case['label']}", marks=marks))
    return parameters


STEPS = steps()


def chosen(step: str, choices: dict[str, Any]) -> Step:
    """The step of this name, as the recipe has it for these choices."""
    if not choices:
        return STEPS[step]
    if "furniture" in choices:
        choices = choices | {"furniture": str(LEXICONS / choices["furniture"])}
    return next(one for stage in stages(Choices(**choices)) for one in stage.steps if name_of(one) == step)


@pytest.mark.parametrize(("step", "case"), cases())
def test_case(step: str, case: dict[str, Any]) -> None:
    """The step turns `before` into `after` by the rules named, undoes it, and leaves its own output alone."""
    run = chosen(step, case.get("choices", {}))
    found = [Finding(kind, value, (start, end), note) for kind, value, start, end, note in case.get("findings", [])]
    text = Text(case["before"], findings=tuple(found)).revise(run)

    assert case["after"] == text.value
    assert sorted(case["rules"]) == sorted({edit.rule for revision in text.revisions for edit in revision.layer})
    assert case["before"] == text.original
    assert case["after"] == Text(text.value).revise(run).value
    if "flags" in case:
        assert sorted(case["flags"]) == sorted(f.value for f in text.findings if f.kind == "flag")
    if "headings" in case:
        assert case["headings"] == [f.value for f in text.findings if f.kind == "section"]
    if "scripts" in case:
        kinds = ("script", "script_stretch")
        assert case["scripts"] == [f.value for kind in kinds for f in text.findings if f.kind == kind]


def test_every_rule_has_a_case() -> None:
    """No rule without a case that shows it: in a case file, or among the examples of the furniture patterns."""
    shown = {rule for parameter in cases() for rule in parameter.values[1]["rules"]}
    shown |= {f"boilerplate.{row['id']}" for row in lexicon.document("boilerplate.json")["lines"] if row["cuts"]}

    assert set() == set(recipe.rules()) - shown


def test_every_rule_has_a_sentence() -> None:
    """A rule's sentence is what people read in the report: it ends like one."""
    assert [] == [
        rule for rule, sentence in recipe.rules().items() if not sentence.rstrip("）").endswith((".", "：", ":"))
    ]


@pytest.mark.parametrize("row", lexicon.document("boilerplate.json")["lines"], ids=lambda row: row["id"])
def test_furniture_pattern(row: dict[str, Any]) -> None:
    """Each furniture pattern cuts its examples at the end of a page and keeps its look-alikes."""
    assert [] == [line for line in row["cuts"] if not any(hint in line for hint in row["hints"])]
    body = "甲地发布人工智能产业方案，推动创新发展。"
    for line in row["cuts"]:
        for page in (f"{line}\n{body}", f"{body}\n{line}")[
            {"head": slice(0, 1), "tail": slice(1, 2), "ends": slice(0, 2)}[row["zone"]]
        ]:
            assert body == Text(page).revise(STEPS["cut_boilerplate"]).value.strip("\n")
    for line in row["keeps"]:
        assert f"{line}\n{body}\n{line}" == Text(f"{line}\n{body}\n{line}").revise(STEPS["cut_boilerplate"]).value


@pytest.mark.parametrize("path", sorted(lexicon.DATA.glob("*.t[sx][vt]")), ids=lambda path: path.name)
def test_words_are_sorted_and_unique(path: Path) -> None:
    """A list of words is sorted and holds nothing twice, so that two people's additions do not collide."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]

    assert sorted(set(lines)) == lines
