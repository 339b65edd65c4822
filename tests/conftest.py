"""What every test may use: Hypothesis profiles and the folder of test documents beside the project.

Here belongs what more than one test file needs. Cases are data and belong in ``tests/cases/``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Real documents that are not part of the project; most checkouts have none, and what needs them is skipped."""

# No deadline in either: how long one example takes depends on the machine, and says nothing about a law.
# `ci` draws the same examples in every run, so that a failure can be repeated; `dev` goes on looking for new ones.
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=200,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # a property of a shared machine, not of the strategy
)
settings.register_profile("dev", deadline=None, max_examples=50, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``shared`` beside the project; the test is skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip("there is no folder `shared` with test documents beside the project")
    return SHARED
