"""What only the people behind a dataset can say of it: its name, who made it, under which licence, when.

Here belongs the file in which they say so, and what is refused in it. Nothing of this is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from pipeline.sources.files import BadInput
from pipeline.visible import UNFIT


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is stated about a dataset; empty where nobody says it.

    `license` is an SPDX expression, an address or a sentence; `version` that of the dataset, as its people count them.
    """

    name: str = ""
    description: str = ""
    creator: str = ""
    contact: str = ""
    homepage: str = ""
    license: str = ""
    version: str = ""
    citation: str = ""
    date_published: dt.date | None = None


UNSTATED = About()
_KEYS = tuple(field.name for field in fields(About))
_REMEDY = f"the keys are {', '.join(_KEYS)}, each with a text, the last one with a day (2026-01-02)"
_LARGEST = 65_536
_LARGEST_NUMBER = 10**18
_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
"""It becomes a link in whatever shows the dataset."""


def read_about(path: Path) -> About:
    r"""What a YAML file says about a dataset.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "about.yaml")
    ...     _ = file.write_text("name: 甲市政策文件\nversion: '1.0'\ndate_published: 2026-01-02\n", "utf-8")
    ...     read_about(file).name, read_about(file).date_published
    ('甲市政策文件', datetime.date(2026, 1, 2))

    Raises :class:`pipeline.sources.files.BadInput` where the file cannot be read, has another key, or another value
    than a text (a number counts as one) or, for `date_published`, a day, or a `homepage` that is no address; and for
    the characters of :data:`pipeline.visible.UNFIT`, line ends apart, which become spaces.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise _refused(path, f"it is larger than {_LARGEST} bytes")
        said: Any = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506  it is a safe one
    except OSError as error:
        raise _refused(path, f"it cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise _refused(path, " ".join(str(error).split())[:200]) from None
    if not isinstance(said, dict):
        raise _refused(path, "it has no keys")
    stated: dict[str, str] = {}
    day = None
    for key, value in said.items():
        if key not in _KEYS:
            raise _refused(path, f"it has the key {_shown(key)}")
        if key == "date_published" and isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            day = value
        elif key != "date_published" and (isinstance(value, str | float) or _is_number(value)):
            stated[key] = _text(path, key, str(value))
        else:
            raise _refused(path, f"{key} is {_shown(value)}")
    if "homepage" in stated and not _ADDRESS.fullmatch(stated["homepage"]):
        raise _refused(path, f"homepage is {_shown(stated['homepage'])}, and no address (https://…)")
    return About(**stated, date_published=day)


class _Loader(yaml.SafeLoader):
    """Makes texts, numbers, days, lists and mappings, and nothing else; a key that stands there twice is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  the parent's
        """A mapping, of which no value takes the place of another."""
        found = super().construct_mapping(node, deep)
        if len(found) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key stands there twice", node.start_mark)
        return found


def _text(path: Path, key: str, value: str) -> str:
    """What is said, on one line."""
    text = " ".join(value.split())
    if unfit := UNFIT.search(text):
        raise _refused(path, f"{key} has a character that no text may have, U+{ord(unfit[0]):04X}")
    return text


def _is_number(value: object) -> bool:
    """Whether a value is a whole number that can be written down: a hexadecimal one of a page is none."""
    return isinstance(value, int) and abs(value) <= _LARGEST_NUMBER


def _shown(value: object) -> str:
    """The beginning of a value; of a list or a mapping what it is: a few aliases make one as large as a disk of it."""
    if isinstance(value, list | dict | set):
        return {list: "a list", dict: "a mapping", set: "a set"}[type(value)]
    if isinstance(value, int) and not _is_number(value):
        return "a number with too many digits"
    return repr(str(value)[:40])


def about_named(name: str) -> About:
    """What the file of this name says; without a name, nothing is stated.

    >>> about_named("") == UNSTATED
    True
    """
    return read_about(Path(name)) if name else UNSTATED


def _refused(path: Path, reason: str) -> BadInput:
    return BadInput(f"the file about the dataset {str(path)!r} cannot be used: {reason}; {_REMEDY}")
