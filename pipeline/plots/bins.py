"""The bins of a histogram of sizes: as narrow as the values bear, and wider with the size.

Here belongs how values are put into bins. What a bin looks like belongs in :mod:`pipeline.plots.drawing`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from pipeline.plots.kinds import Bin

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST, MOST = 12, 60
"""About so many bins: fewer hide what there is, and more drown it in noise."""

PARTS_OF_A_DECADE = (1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50, 80, 100, 200, 500, 1000)
"""So many bins may lie between 1 and 10, so that every power of ten is an edge."""


def bins(values: NDArray[np.int64]) -> tuple[Bin, ...]:
    """Consecutive bins with every value in one of them, each a certain number of times as wide as the one before it.

    >>> bins(np.array([1, 2, 2, 5]))[:3]
    (Bin(low=1, high=2, times=1), Bin(low=2, high=3, times=2), Bin(low=3, high=4, times=0))

    The values are whole numbers above 0.
    """
    if not len(values):
        return ()
    least, greatest = int(values.min()), int(values.max())
    if greatest <= FEWEST:
        edges = np.arange(least, greatest + 2).astype(float)
    else:
        decade = _parts_of_a_decade(np.log10(values))
        first, last = math.floor(math.log10(least) * decade), math.floor(math.log10(greatest) * decade) + 1
        # Edges between whole numbers would make bins that nothing can fall into.
        edges = np.unique(np.ceil(np.round(10 ** (np.arange(first, last + 1) / decade), 6)))
        # Where a logarithm was rounded, an extreme value would lie beside the bins.
        edges[0], edges[-1] = min(edges[0], least), max(edges[-1], greatest + 1)
    counts, _ = np.histogram(values, edges)
    limits = [int(edge) for edge in edges.tolist()]
    return tuple(map(Bin, limits, limits[1:], counts.tolist()))


def _parts_of_a_decade(logarithms: NDArray[np.float64]) -> int:
    span = float(np.ptp(logarithms))
    if not span:
        return PARTS_OF_A_DECADE[4]
    # The rule of Freedman and Diaconis, which a few extreme values do not impress.
    lower, upper = np.quantile(logarithms, [0.25, 0.75]).tolist()
    width = 2 * (upper - lower) / len(logarithms) ** (1 / 3)
    wanted = min(max(1 / width if width else 0, FEWEST / span), MOST / span)
    return min(PARTS_OF_A_DECADE, key=lambda parts: abs(math.log(parts / wanted)))
