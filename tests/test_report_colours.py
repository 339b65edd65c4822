"""The colours of the report, worked out: told apart by people with any kind of colour vision, and seen on the paper.

Colour vision is simulated by the matrices of Machado, Oliveira and Fernandes (2009) for whole lack of one kind of cone.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.report.catalogue import FAMILIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

STYLE = (Path(__file__).parents[1] / "pipeline" / "report" / "templates" / "report.css").read_text("utf-8")

VISIONS = {
    "of three kinds of cones": np.eye(3),
    "without those for red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "without those for green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "without those for blue": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = XYZ.sum(axis=1)

APART = 15
"""A distance in CIELAB at which two patches are of different colours at a glance; from about 2 on one sees any."""

SEEN, READ = 3, 4.5
"""The contrasts that the Web Content Accessibility Guidelines (2.2, level AA) ask for of signs, and of text."""


def _colours(*, night: bool) -> dict[str, str]:
    day, dark = STYLE.split("@media (prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--([a-z]+): (#\w+);", day))
    return {**found, **dict(re.findall(r"--([a-z]+): (#\w+);", dark.split("}\n}")[0]))} if night else found


def _linear(colour: str) -> NDArray[np.float64]:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    values = np.array([int(digits[at : at + 2], 16) for at in (0, 2, 4)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _lab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = XYZ @ linear.clip(0, 1) / WHITE
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted(float(XYZ[1] @ _linear(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("night", [False, True])
@pytest.mark.parametrize("vision", VISIONS)
def test_families_are_told_apart(vision: str, *, night: bool) -> None:
    """Each from each other."""
    colours = _colours(night=night)
    seen = {family: _lab(VISIONS[vision] @ _linear(colours[family])) for family in FAMILIES if family != "other"}
    near = [(one, other) for one, other in combinations(seen, 2) if np.linalg.norm(seen[one] - seen[other]) < APART]
    assert [] == near


@pytest.mark.parametrize("night", [False, True])
def test_everything_is_seen_on_the_paper(*, night: bool) -> None:
    """Swatches and bars as signs, words as text."""
    colours = _colours(night=night)
    for family in (*FAMILIES, "bar"):
        assert _contrast(colours[family], colours["paper"]) >= SEEN, family
    for name in ("ink", "soft", "accent"):
        assert _contrast(colours[name], colours["paper"]) >= READ, name
        assert _contrast(colours[name], colours["raised"]) >= READ, name
