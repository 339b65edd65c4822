"""Faults from outside: builds that are killed, disks that are full, bits that flip, workers that hang.

Here belongs which faults are injected, in their order; how each is made is said in the files beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import bad_places
import flipped_bits
import killed_builds
import stubborn_workers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from attempts import Attempts


def attempts(*, long: bool, scratch: Path, seed: int) -> Iterator[Attempts]:
    """Every fault of this part, kind by kind."""
    folder = scratch / "faults"
    folder.mkdir()
    wanted = killed_builds.undisturbed_ones(folder, long=long)
    yield from killed_builds.attempts(wanted, folder, long=long, seed=seed)
    yield from stubborn_workers.attempts(wanted, folder, long=long)
    yield from bad_places.attempts(wanted, folder, long=long)
    # A dataset that a build has published, which nobody disturbed.
    yield from flipped_bits.attempts(wanted, folder, long=long, seed=seed)
