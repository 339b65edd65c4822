"""What every test may use: Hypothesis profiles, a browser, a folder without rights, and that of test documents.

Here belongs what more than one test file needs. Cases are data and belong in ``tests/cases/``.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Browser
from hypothesis import HealthCheck, settings

from pipeline.collecting import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Real documents that are not part of the project; most checkouts have none, and what needs them is skipped."""

IN_THE_README = frozenset({"assets", "failed", "plots", "report", "report.zh", "stage"})
"""The pictures that `make pictures` takes for the README."""

# No deadline in either: how long one example takes depends on the machine, and says nothing about a law.
# `ci` draws the same examples in every run, so that a failure can be repeated; `dev` goes on looking for new ones, and
# `torture` for very many (HYPOTHESIS_PROFILE=torture pytest tests/test_fuzzing.py).
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=200,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # a property of a shared machine, not of the strategy
)
settings.register_profile("dev", deadline=None, max_examples=50, print_blob=True)
settings.register_profile(
    "torture", deadline=None, max_examples=20_000, print_blob=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


collect_seldom()  # as the command line does: a tenth of the time of all tests and more


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``shared`` beside the project; the test is skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip("there is no folder `shared` with test documents beside the project")
    return SHARED


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A browser that is closed at the end; what it showed last lies beside its pictures."""
    opened = Browser(tmp_path / "profile", pictures=tmp_path / "pictures")
    try:
        yield opened
        # `make pictures` names the folder from which the README shows some of them.
        if folder := os.environ.get("ZHENGWEN_PICTURES"):
            for picture in opened.pictures.iterdir():
                if picture.stem in IN_THE_README:
                    shutil.copy(picture, folder)
    finally:
        opened.driver.save_screenshot(str(tmp_path / "last.png"))
        opened.driver.quit()


_NOBODY = 65534


@pytest.fixture
def plain() -> Iterator[Path]:
    """A folder of a user who may not write everywhere; root becomes such a one for the time."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs the permissions of Unix")
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        try:
            if is_root:
                os.chown(folder, _NOBODY, _NOBODY)
                os.seteuid(_NOBODY)
            yield Path(folder)
        finally:
            if is_root:
                os.seteuid(0)
            for path in (Path(folder), *Path(folder).rglob("*")):
                if path.is_dir() and not path.is_symlink():
                    path.chmod(0o700)
