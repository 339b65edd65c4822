"""The page of the report: what a run did at a glance, and the frame in which documents are shown.

Here belongs what the page is given, and the policy that lets nothing on it run but its own script. How it looks is in
``templates/``, its words in English and Chinese are in ``words.json``; of rules, flags, columns and reasons it says
what the dataset's card says, in both languages.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline import figures
from pipeline.columns import QUALITY_FLAGS
from pipeline.describing.details import detail_in
from pipeline.describing.statements import sentence_in
from pipeline.document import REASONS
from pipeline.plots import Bars
from pipeline.plots.kinds import Row
from pipeline.report import charts
from pipeline.report.catalogue import FAMILIES, Catalogue
from pipeline.report.scripts import script_json
from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.report.counting import Counts

LANGUAGES = ("en", "zh")
"""The languages of the page; what documents say stays as they say it."""

_HERE = Path(__file__).parent
_PROGRAM = ("words", "documents", "account", "items", "drawing", "document", "changes", "page")
"""The files of the page's script, in their order: they are one script, and nothing has to be built for it."""


@functools.cache
def words() -> dict[str, dict[str, str]]:
    """The page's own words, by what they are for and by language.

    >>> words()["documents"]
    {'en': 'Documents', 'zh': '文档'}
    """
    found: dict[str, dict[str, str]] = json.loads((_HERE / "words.json").read_text("utf-8"))
    return found


def page(dataset: Path, counts: Counts, *, shown: int, made_by: str, fingerprint: str) -> str:
    """The index page of a dataset with these counts, of which `shown` documents are shown one by one.

    Raises :class:`pipeline.sources.files.BadInput` where a table is missing.
    """
    environment = _environment()
    style = _template("report.css")
    program = "\n".join(_template(f"script/{name}.js") for name in _PROGRAM)
    catalogue = Catalogue.of(counts).listed(counts)
    plots = {**figures.of_files(dataset), **figures.of_dataset(dataset, edits=counts.rules)}
    return environment.get_template("index.html.jinja").render(
        made_by=made_by,
        fingerprint=fingerprint,
        policy=_policy(style, program),
        style=style,
        program=program,
        words=words(),
        families=FAMILIES,
        counts=counts,
        shown=shown,
        rules=sorted(catalogue["rules"], key=lambda rule: (-rule["edits"], rule["name"])),
        longest=max(counts.rules.values(), default=1),
        reasons=[(name, times, REASONS.get(name, "")) for name, times in _commonest(counts.reasons)],
        flags=[(name, times, QUALITY_FLAGS.get(name, "")) for name, times in _commonest(counts.flags)],
        resolutions=_bars(counts.resolutions),
        charts={name: charts.laid_out(figure) for name, figure in plots.items()},
        size=charts,
        data=script_json({**catalogue, "words": words(), "chinese": _chinese(catalogue, counts)}),
    )


def _chinese(catalogue: Mapping[str, Any], counts: Counts) -> dict[str, str]:
    """The Chinese of every sentence on the page that is the pipeline's own, by what the page shows in English."""
    sentences = {rule["sentence"] for rule in catalogue["rules"]}
    sentences |= {*catalogue["flags"].values(), *catalogue["columns"].values()}
    sentences |= {REASONS.get(name, "") for name in counts.reasons}
    told = {sentence: sentence_in("zh", sentence) for sentence in sorted(sentences)}
    details = {row.detail for rows in counts.set_aside.values() for row in rows}
    told |= {visible(detail): visible(detail_in("zh", detail)) for detail in sorted(details)}
    return {english: chinese for english, chinese in told.items() if chinese != english}


def _template(name: str) -> str:
    return (_HERE / "templates" / name).read_text("utf-8")


def _filled(phrase: str, values: Mapping[str, object]) -> str:
    """A phrase with values in the place of {names}."""
    return re.sub(r"\{(\w+)\}", lambda name: str(values[name[1]]), phrase)


def _bars(counts: dict[str, int]) -> tuple[charts.Bar, ...]:
    return charts.bars(Bars("", "", "", tuple(Row(name, times) for name, times in counts.items())))


def _commonest(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _policy(style: str, program: str) -> str:
    """What the page may do: draw with this style, run this program and the scripts that it asks for, nothing else.

    No string is ever taken for markup: a browser that knows trusted types refuses the attempt.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(program)}' 'strict-dynamic'",
            f"style-src '{_digest(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types report",
        )
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.report"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["filled"] = _filled
    environment.filters["number"] = lambda number: f"{number:,}"
    environment.filters["visible"] = visible
    return environment
