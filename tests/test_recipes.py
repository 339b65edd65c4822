"""The recipes of the documentation, run as they stand there on a dataset that was just built."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small_dataset import dataset_of

from pipeline import clean

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("docs/reading.md", "docs/tutorial.md")
_BLOCK = re.compile(r"^## (?P<heading>[^\n]+)\n(?:(?!^## ).)*?^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r"^(?:import|from) (?P<name>\w+)", re.MULTILINE)


def recipes() -> list[Any]:
    """Every block of Python of the pages, named after the heading above it."""
    return [
        pytest.param(block["code"], id=f"{Path(page).stem}: {block['heading']}")
        for page in PAGES
        for block in _BLOCK.finditer((ROOT / page).read_text("utf-8"))
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dataset in `output`, made of the samples that are policies."""
    where = tmp_path_factory.mktemp("recipes")
    samples = sorted((ROOT / "raw" / "policy").iterdir())
    staged = dataset_of({sample.name: clean(sample.read_bytes(), source=sample.name) for sample in samples}, where)
    (where / "output").symlink_to(staged.path)
    return where


def test_there_are_recipes() -> None:
    """The pattern finds them: a page of another form would pass without a test."""
    assert len(recipes()) == sum((ROOT / page).read_text("utf-8").count("```python") for page in PAGES) > 0


@pytest.mark.parametrize("code", recipes())
def test_a_recipe_runs(code: str, folder: Path) -> None:
    """From the folder that holds `output`, without an error, and it prints something."""
    missing = [name for name in _IMPORT.findall(code) if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "cache")}
    command = [sys.executable, "-W", "ignore", "-c", code]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert 0 == run.returncode, run.stderr.decode("utf-8", "replace")
    assert run.stdout.strip()
