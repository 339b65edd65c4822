"""How Data Docs look: Great Expectations' own pages, made so that they load nothing from elsewhere.

Great Expectations takes its style sheets, scripts and logo from seven hosts; without them its index page is blank. It
loads the classes below by their names, as :mod:`pipeline.validate.data_docs` tells it to. The templates in
``templates/`` take the place of its own of the same names. Nothing else imports this module, for it imports all that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from great_expectations.render.components import RenderedStringTemplateContent
from great_expectations.render.renderer.content_block.validation_results_table_content_block import (
    ValidationResultsTableContentBlockRenderer,
)
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, PackageLoader

from pipeline.validate.data_docs import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ICONS = {"passed": "✓", "warning": "!", "failed": "✗"}


class PageView(DefaultJinjaPageView):
    """Each of the pages, the index too."""

    _template = "page.j2"

    def __init__(self, **folders: Any) -> None:  # noqa: ANN401  handed on
        super().__init__(**folders)
        loaders = [PackageLoader("pipeline.validate"), self.env.loader]
        self.env.loader = ChoiceLoader([loader for loader in loaders if loader])
        self.env.globals["made_by"] = PAGES.made_by


class ResultsPage(ValidationResultsPageRenderer):
    """The results of one suite."""

    @classmethod
    def _render_validation_info(cls, validation_results: Any) -> Any:  # noqa: ANN401  it publishes no types
        info = super()._render_validation_info(validation_results)  # type: ignore[no-untyped-call]
        info.table = info.table[:1]  # the version; a run has no name, and no time that is the same when it is repeated
        return info


class ResultsTable(ValidationResultsTableContentBlockRenderer):
    """The results of one column: with each its name, which is an anchor, what it is for, and the rows that failed."""

    @classmethod
    def _get_content_block_fn(cls, *given: Any, **named: Any) -> Callable[..., Any]:  # noqa: ANN401  it publishes no types
        rows_of: Any = super()._get_content_block_fn(*given, **named)

        def rows(**parts: Any) -> Sequence[Any]:  # noqa: ANN401  it publishes no types
            return [_row(parts["result"], *cells) for cells in rows_of(**parts)]

        return rows


def _row(result: Any, _status: Any, sentence: Any, *others: Any) -> list[Any]:  # noqa: ANN401  it publishes no types
    """A row of the table; the status of Great Expectations knows no warnings, and is left out."""
    about = result.expectation_config.meta
    outcome = "passed" if result.success else "failed" if about["severity"] == "critical" else "warning"
    said = [
        _paragraph("name", about["name"], id=about["name"]),
        _paragraph("message", about["message"]),
        *([_paragraph("rows", f"Rows that fail: {', '.join(about['rows'])}")] if about["rows"] else []),
    ]
    status = _paragraph(outcome, f"{_ICONS[outcome]} {outcome}")
    return [status, [*said, *(sentence if isinstance(sentence, list) else [sentence])], *others]


def _paragraph(kind: str, text: str, **attributes: str) -> RenderedStringTemplateContent:
    """Text that Great Expectations escapes, since it is given as a parameter."""
    template = {
        "template": "$text",
        "params": {"text": text},
        "tag": "div",
        "styling": {"classes": [f"check-{kind}"], "attributes": attributes},
    }
    return RenderedStringTemplateContent(string_template=template)
