"""Names as `raw_path` has them: UTF-8, no two alike; and names in archives, which may be anything.

Here belongs what a name becomes, and whether it leads out of where it stands. Nothing is ever written under a name.
"""

from __future__ import annotations

import codecs
import os
import re
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.decoding import decode_strictly
from pipeline.detection.encoding import detect_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SEPARATORS = re.compile(r"[/\\]+")
_DRIVE = re.compile(r"[A-Za-z]:")


def utf8_name(relative: str) -> str:
    """The path as UTF-8 text; where its bytes are not UTF-8, those are percent-encoded, and `%` with them.

    >>> utf8_name("50%.txt"), utf8_name(os.fsdecode("50%-文.txt".encode("gbk")))
    ('50%.txt', '50%25-%CE%C4.txt')
    """
    raw = os.fsencode(relative)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.replace(b"%", b"%25").decode("utf-8", "pipeline.percent")


def _percent(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("pipeline.percent", _percent)


def unique_names(names: Sequence[str]) -> list[str]:
    """A name for each of these paths as tables have it: UTF-8, or percent-encoded; no two alike.

    >>> unique_names(["b.zip!/a.txt", "b.zip!/a.txt", os.fsdecode(bytes([255])), "%FF"])
    ['b.zip!/a.txt', 'b.zip!/a.txt#2', '%FF', '%25FF']

    A name that is UTF-8 stays as it is, unless it reads like the encoded form of another: then its `%` is encoded. The
    second file of one name in an archive has `#2` behind it. The result for a path depends on which others there are,
    and not on their order; among equal ones on that.
    """
    encoded = [utf8_name(name) for name in names]
    taken = {name for name, given in zip(encoded, names, strict=True) if name != given}
    found = list(encoded)
    seen: Counter[str] = Counter()
    for place in sorted(range(len(names)), key=lambda place: (encoded[place], place)):
        name = encoded[place]
        if name == names[place]:
            while "%" in name and name in taken:
                name = name.replace("%", "%25")
            while name in taken:
                seen[encoded[place]] += 1
                name = f"{encoded[place]}#{seen[encoded[place]] + 1}"
        taken.add(name)
        found[place] = name
    return found


def readable_names(raw: Iterable[bytes]) -> Iterator[str]:
    """The names in an archive that does not say what they are written in, all of them together, as text.

    >>> list(readable_names(["方案.txt".encode("gbk"), "产业发展规划.txt".encode("gbk"), b"a.txt"]))
    ['方案.txt', '产业发展规划.txt', 'a.txt']

    They are weighed together, since a name is short: 通知 in GBK is two combining marks in UTF-8. Bytes
    that no codec explains are percent-encoded, as everywhere.
    """
    names = list(raw)
    written = [name for name in names if not name.isascii()]
    runs = detect_encoding(b"\n".join(written)).runs if written else ()
    codec = runs[0].encoding if len(runs) == 1 else "utf-8"
    for name in names:
        yield decode_strictly(name, codec) or utf8_name(os.fsdecode(name))


def leads_out(name: str) -> bool:
    r"""Whether a name in an archive would lie outside of the folder that it is unpacked in.

    >>> [leads_out(name) for name in ("a/b.txt", "a/../b.txt", "../b.txt", "/etc/b", "C:\\b.txt", r"a\..\..\b")]
    [False, False, True, True, True, True]
    """
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return True
    depth = 0
    for part in _SEPARATORS.split(name):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


_UP = re.compile(r"(?:^|(?<=/))\.\.(?=/|\Z)")


def without_way_up(name: str) -> str:
    """A name in an archive as `raw_path` has it, in which nothing leads up: whoever takes it for a path stays below.

    >>> without_way_up("../a/../b..txt")
    '%2E%2E/a/%2E%2E/b..txt'
    """
    return _UP.sub("%2E%2E", name)
