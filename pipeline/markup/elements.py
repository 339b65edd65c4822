"""How elements of HTML lie on a page: which begin a line, which a cell.

Here belong the lists, as the HTML Standard has them in its section on rendering.
"""

from __future__ import annotations

BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog"),
        *("dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3"),
        *(
            "h4",
            "h5",
            "h6",
            "head",
            "header",
            "hgroup",
            "hr",
            "html",
            "legend",
            "li",
            "link",
            "listing",
            "main",
            "menu",
        ),
        *("meta", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre", "search", "section", "summary", "table"),
        *("tbody", "tfoot", "thead", "title", "tr", "ul", "xmp"),
    )
)
"""Elements that begin and end a line."""

CELLS = frozenset(("td", "th"))
"""Elements that begin and end a cell of a table: between two, a tab stands, as where somebody copies a table."""

PARTS_OF_TABLE = frozenset(("caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"))

AS_WRITTEN = frozenset(("listing", "plaintext", "pre", "xmp"))
"""Elements whose line ends are those of the text."""
