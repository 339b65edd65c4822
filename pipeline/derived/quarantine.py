"""What is looked at in each file that was set aside: whether the other tables say the same of it.

Here belongs what is said of the table `quarantine`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.derived.values import is_one_of, pc, strings
from pipeline.tables import STAGE_ORDER

if TYPE_CHECKING:
    from pipeline.derived.values import Derived, Tables


def of_quarantine(tables: Tables) -> Derived:
    """The derived columns of `quarantine`."""
    quarantine, files = tables["quarantine"], tables["files"]
    path, published = strings(quarantine, "raw_path"), strings(tables["documents"], "raw_path")
    set_aside = strings(files, "raw_path").filter(pc.equal(strings(files, "status"), "quarantined"))
    return {
        "derived_not_published": ~is_one_of(path, published),
        "derived_listed_in_files": is_one_of(path, set_aside),
        "derived_stage_known": is_one_of(strings(quarantine, "stage"), list(STAGE_ORDER)),
    }
