r"""What the UI shows after a run: figures, tables, a few documents before and after.

Here belongs how something is shown. Raw text is hostile: it may hold HTML, links, or a form feed, and may be written to
look like Markdown. It is shown as code only, which no renderer reads anything into.

>>> as_code("<b>`x`</b> | y\n")
'``<b>`x`</b> \\| y↵``'
"""

from __future__ import annotations

import base64
import os
import re
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipeline.columns import QUALITY_FLAGS
from pipeline.document import REASONS
from pipeline.plots import draw, in_words
from pipeline.recipe import rules
from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.column import Column
    from pipeline.orchestration.settings import Settings
    from pipeline.plots import Figure
    from pipeline.sources.remote import RawFolder
    from pipeline.stages import Preview

_BACKTICKS = re.compile("`+")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def as_code(text: str) -> str:
    """A text as a span of code in a cell of a Markdown table, by the rules of GFM; an empty one is a dash."""
    text = visible(text).replace("|", "\\|")
    if not text.strip():
        return "–"
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def preview(rows: Sequence[Preview]) -> dg.MarkdownMetadataValue:
    """A few documents as a table in Markdown: how each begins before and after, one below the other."""
    lines = ["| document | | |", "|---|---|---|"]
    for row in rows:
        lines.append(f"| {as_code(row.raw_path)} | before | {as_code(row.before)} |")
        lines.append(f"| {row.edits:,} edits | after | {as_code(row.after)} |")
    return dg.MetadataValue.md("\n".join(lines) if rows else "There is no document to show.")


def plots(count: Callable[[], Mapping[str, Figure]], *, seen: bool) -> dg.MarkdownMetadataValue | None:
    """Plots one below the other, each with its numbers in words for who cannot see it; None where there are none.

    The UI opens each long Markdown value in a dialog of its own: all plots of an asset in one value are one click away.
    Where nobody sees them, nothing is counted or drawn.
    """
    images = []
    for figure in count().values() if seen else ():
        png = draw(figure)
        if png is not None:
            # By the rules of CommonMark, every mark of ASCII may be escaped; what is said is then nothing but text.
            said = _PUNCTUATION.sub(r"\\\g<0>", in_words(figure))
            images.append(f"![{said}](data:image/png;base64,{base64.b64encode(png).decode('ascii')})")
    return dg.MetadataValue.md("\n\n".join(images)) if images else None


def column_schema(columns: Iterable[Column]) -> dg.TableSchema:
    """The columns of a table as the UI shows them, with the sentence of each."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=str(column.type) if len(str(column.type)) <= 60 else "list",  # noqa: PLR2004  a struct fills a page
                description=column.sentence,
                constraints=dg.TableColumnConstraints(nullable=column.nullable),
            )
            for column in columns
        ]
    )


def table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dg.TableMetadataValue | None:
    """Rows as a table that the UI opens in a dialog; None where there are none."""
    records = [dg.TableRecord({name: _plain(value) for name, value in zip(names, row, strict=True)}) for row in rows]
    schema = dg.TableSchema(columns=[dg.TableColumn(name) for name in names])
    return dg.MetadataValue.table(records, schema=schema) if records else None


def stated(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that have a value: a table without rows is left out."""
    return {name: value for name, value in metadata.items() if value is not None}


def by_rule(edits: Mapping[str, int]) -> dg.TableMetadataValue | None:
    """Edits by rule, the commonest first, each with the rule's sentence."""
    sentences = rules()
    rows = [(rule, count, sentences.get(rule, "")) for rule, count in _commonest(edits)]
    return table(("rule", "edits", "what it does"), rows)


def by_reason(counts: Mapping[str, int]) -> dg.TableMetadataValue | None:
    """Documents set aside by reason, the commonest first, each with the reason's sentence."""
    return table(("reason", "documents", "why"), [(name, n, REASONS.get(name, "")) for name, n in _commonest(counts)])


def by_flag(counts: Mapping[str, int]) -> dg.TableMetadataValue | None:
    """Documents by quality flag, the commonest first, each with the flag's sentence."""
    rows = [(name, n, QUALITY_FLAGS.get(name, "")) for name, n in _commonest(counts)]
    return table(("flag", "documents", "meaning"), rows)


def place(path: RawFolder) -> dg.PathMetadataValue:
    """A path as the UI shows it; bytes that are no UTF-8 become U+FFFD."""
    return dg.MetadataValue.path(os.fsencode(path).decode("utf-8", "replace"))


def page(settings: Settings, path: Path, *, anchor: str = "") -> dg.UrlMetadataValue | dg.PathMetadataValue:
    """A page in the output folder: a link where somebody serves it, since no browser opens a file from a page.

    >>> from pathlib import Path
    >>> from pipeline.orchestration.settings import Settings
    >>> page(Settings(output="o", pages_url="http://localhost:3001/"), Path("report/index.html"), anchor="glance").value
    'http://localhost:3001/report/index.html#glance'

    `path` is relative to the output folder. Whether there is such a page is not looked at.
    """
    if not settings.pages_url:
        return place((settings.output_folder / path).absolute())
    behind = f"#{anchor}" if anchor else ""
    return dg.MetadataValue.url(f"{settings.pages_url.rstrip('/')}/{path.as_posix()}{behind}")


def _commonest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _plain(value: object) -> str | int | float | bool | None:
    return visible(value) if isinstance(value, str) else value if isinstance(value, (int, float)) else None
