"""The catalogue of rules says what the code does, and names every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from catalogue import PAGES, page

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
