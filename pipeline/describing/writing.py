"""Write what a dataset says about itself into its folder.

Here belongs which files there are. What stands in them belongs in the modules beside this one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipeline import columns
from pipeline.describing.card import card
from pipeline.describing.croissant import croissant
from pipeline.describing.data_package import data_package

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.describing.about import About
    from pipeline.describing.account import Account


def describe(dataset: Path, account: Account, about: About) -> None:
    """Write the card in two languages, croissant.json and datapackage.json beside the tables in `dataset`."""
    files = {
        name: sorted(file.relative_to(dataset).as_posix() for file in (dataset / "data").glob(f"{name}-*.parquet"))
        for name in columns.TABLES
    }
    contents = {
        "README.md": card(account, about),
        "README.zh.md": card(account, about, "zh"),
        "croissant.json": _json(croissant(account, about)),
        "datapackage.json": _json(data_package(account, about, files)),
    }
    for name, content in contents.items():
        (dataset / name).write_text(content, "utf-8", newline="\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
