"""What is looked at in each file that was set aside: whether the other tables say the same of it.

Here belongs what is said of the table `quarantine`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.derived.values import is_one_of, strings
from pipeline.derived.whole import among, hashed
from pipeline.tables import STAGE_ORDER

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.derived.values import Derived
    from pipeline.derived.whole import Whole


def of_quarantine(quarantine: pa.Table, whole: Whole) -> Derived:
    """The derived columns of `quarantine`."""
    path = hashed(strings(quarantine, "raw_path"))
    return {
        "derived_not_published": ~among(path, whole.paths),
        "derived_listed_in_files": among(path, whole.set_aside),
        "derived_stage_known": is_one_of(strings(quarantine, "stage"), list(STAGE_ORDER)),
    }
