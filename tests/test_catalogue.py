"""The catalogue of rules and the page of promises say what the code does, and leave nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from catalogue import PAGES, page
from promises import PAGE
from promises import page as promises

from pipeline import recipe
from pipeline.describing.statements import LANGUAGES

if TYPE_CHECKING:
    from pipeline.describing.statements import Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_what_the_code_gives(language: Language) -> None:
    """Where it is not, run `make rules`."""
    assert PAGES[language].read_text("utf-8") == page(language)


def test_every_rule_is_there_once() -> None:
    """In the English page, with a row of its own."""
    rows = [line.split("`")[1] for line in page("en").splitlines() if line.startswith("| `")]

    assert sorted(recipe.rules()) == sorted(rows)


def test_the_page_of_promises_is_what_the_suites_give() -> None:
    """Where it is not, run `make promises`."""
    assert PAGE.read_text("utf-8") == promises()
