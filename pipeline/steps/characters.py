"""Bring characters into one form: line ends, controls, the byte-order mark, composition, remains of HTML.

Here belongs what can be decided about a character from its code point and its neighbours. White space belongs in
:mod:`pipeline.steps.paragraphs`, the width of punctuation in :mod:`pipeline.steps.punctuation`, script conversion in
:mod:`pipeline.steps.script`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

from pipeline.character_class import CharacterClass
from pipeline.edits import Edit, Layer
from pipeline.markup.layout import raised
from pipeline.rewriting import rewriting
from pipeline.steps.markup import MARKUP
from pipeline.text import NOTHING, Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.text import View

RULES = {
    "character.control": "A control character, or a code point that is no character.",
    "character.direction": "An invisible mark of writing direction, in a text without Hebrew or Arabic.",
    "character.nfc": "Characters in another than their canonical composed form (NFC).",
    "character.placeholder": "The character that stands for an image or another embedded object.",
    "character.soft_hyphen": "A soft hyphen.",
    "character.tag": "Invisible tag characters.",
    "character.variation_selector": "A variation selector behind nothing that has variants.",
    "character.zero_width": "A character without width: a zero-width space or joiner, an inner byte-order mark.",
    "encoding.byte_order_mark": "The byte-order mark at the start.",
    "html.entity": "An HTML entity became the character that it stands for.",
    "html.tag": "An HTML tag.",
    "line.carriage_return": "A carriage return as line end.",
    "line.crlf": "The carriage return of a CRLF line end.",
    "line.form_feed": "A form feed or a vertical tab.",
    "line.separator": "A line or paragraph separator (U+2028, U+2029) or a next-line control (U+0085).",
}


# ------------------------------------------------------------------------------------------------------ line ends
_LINE_ENDS = CharacterClass("[\r\x0b\x0c\x85\u2028\u2029]")
_LINE_END = re.compile("\r+|[\x0b\x0c]+|[\x85\u2028\u2029]+")
_LINE_END_RULES = {"\r": "line.carriage_return", "\x0b": "line.form_feed", "\x0c": "line.form_feed"}


def normalise_line_ends(view: View) -> Outcome:
    r"""Make every line end a line feed.

    >>> from pipeline.text import Text
    >>> Text("一\r\n二\r三\u2028四\x0c五").revise(normalise_line_ends).value
    '一\n二\n三\n四\n五'

    Several carriage returns before a line feed are one line end: text that was written in text mode twice. Blank lines
    stay.
    """
    text = view.text
    if not _LINE_ENDS.may_occur_in(text):
        return NOTHING
    returns = text.count("\r")
    if returns == text.count("\r\n") and not any(mark in text for mark in "\x0b\x0c\x85\u2028\u2029"):
        return Outcome(Layer.without(text, "\r", "line.crlf"))
    edits = []
    for match in _LINE_END.finditer(text):
        found = match.group()
        before_feed = found[0] == "\r" and text[match.end() : match.end() + 1] == "\n"
        rule = "line.crlf" if before_feed else _LINE_END_RULES.get(found[0], "line.separator")
        edits.append(Edit(match.start(), found, "" if before_feed else "\n" * len(found), rule))
    return Outcome(edits)


# ------------------------------------------------------------------------------------------- invisible characters
def strip_byte_order_mark(view: View) -> Outcome:
    r"""Delete the byte-order mark at the very start.

    >>> from pipeline.text import Text
    >>> Text("\ufeff第一条").revise(strip_byte_order_mark).value
    '第一条'

    Several in a row go together: files that were joined, or saved with a mark twice. Within the text the same character
    is one without width, which :func:`strip_controls` takes out.
    """
    if not view.text.startswith("\ufeff"):
        return NOTHING
    marks = "\ufeff" * (len(view.text) - len(view.text.lstrip("\ufeff")))
    return Outcome([Edit(0, marks, "", "encoding.byte_order_mark")])


# Carriage return, form feed, vertical tab and next line are line ends, and not matched here.
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff"
_WITHOUT_WIDTH = "\u200b\u2060-\u2064\ufeff"
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_SELECTOR = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_TAG_CHARACTER = "\U000e0000-\U000e007f"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_INVISIBLE = f"{_CONTROL}{_WITHOUT_WIDTH}\u200c\u200d{_DIRECTION}\ufe00-\ufe0f\u00ad\ufffc"
_INVISIBLE_BEYOND = f"{_TAG_CHARACTER}\U000e0100-\U000e01ef"

_MAY_BE_THERE = CharacterClass(f"[{_INVISIBLE}\ue000-\uf8ff\udb40-\udbff]")  # and first halves from U+E0000 on
# One class with characters beyond the basic plane is searched eight times as slowly: these are looked for apart.
_MAY_BE_THERE_BEYOND = re.compile("[\U000e0000-\U0010ffff]")
_INVISIBLES = re.compile(f"[{_INVISIBLE}]+")
_INVISIBLES_BEYOND = re.compile(f"[{_INVISIBLE_BEYOND}]+")
_PRIVATE_USE = re.compile(f"[{_PRIVATE}]")
_HEBREW_OR_ARABIC = re.compile("[\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")

# Arabic, Syriac, the scripts of India, Tibetan, Burmese, Khmer and Mongolian write with joiners.
_WITH_JOINERS = "\u0620-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINER = (
    f"(?<![{_WITH_JOINERS}])[\u200c\u200d](?![{_WITH_JOINERS}])"
    f"(?:(?<!\u200d)|(?<![{_EMOJI}]\u200d)(?<![{_EMOJI}]\ufe0f\u200d)|(?![{_EMOJI}]))"
)
# A selector stands behind a Han character, a symbol, a digit, a mark, a letter of another script; not behind these.
_STRAY_SELECTOR = f"(?<![^\\sA-Za-z{_INVISIBLE}{_INVISIBLE_BEYOND}])[{_SELECTOR}]"
_TO_STRIP = re.compile(
    f"(?P<control>[{_CONTROL}]+)|(?P<zero_width>[{_WITHOUT_WIDTH}]+|{_JOINER})|(?P<direction>[{_DIRECTION}]+)"
    f"|(?P<tag>(?<![\U0001f3f4{_TAG_CHARACTER}])[{_TAG_CHARACTER}]+)|(?P<variation_selector>{_STRAY_SELECTOR})"
    "|(?P<soft_hyphen>\u00ad+)|(?P<placeholder>\ufffc+)"
)


def strip_controls(view: View) -> Outcome:
    r"""Delete control characters and other invisible ones, and flag private-use characters.

    >>> from pipeline.text import Text
    >>> Text("人\u200b工\x07智能\u200e应\xad用").revise(strip_controls).value
    '人工智能应用'

    Left alone: tab and line ends; joiners within emoji and in the scripts that are written with them; marks of
    direction where a text has Hebrew or Arabic; variation selectors behind a Han character or a symbol; the tags of a
    flag. A private-use character may be a rare Han character of an old code page: it stays, and the text is flagged
    `private_use`.
    """
    text = view.text
    if not _MAY_BE_THERE.may_occur_in(text):
        return NOTHING
    beyond = not text.isascii() and _MAY_BE_THERE_BEYOND.search(text) is not None
    runs = [match.span() for match in _INVISIBLES.finditer(text)]
    if beyond:
        runs = sorted(runs + [match.span() for match in _INVISIBLES_BEYOND.finditer(text)])
    right_to_left = _HEBREW_OR_ARABIC.search(text) is not None
    edits = []
    for start, end in runs:
        at = start
        while at < end:
            match = _TO_STRIP.match(text, at)
            if match is not None and not (match.lastgroup == "direction" and right_to_left):
                edits.append(Edit(at, match.group(), "", f"character.{match.lastgroup}"))
            at = at + 1 if match is None else match.end()
    return Outcome(edits, [Finding("flag", "private_use")] if _PRIVATE_USE.search(text) else [])


# ---------------------------------------------------------------------------------------------------- composition
_MARKS = "\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f"
_COMPOSABLE = re.compile(
    f"[^\n{_MARKS}]?[{_MARKS}]+|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]"
    "|[\u0340-\u0344\u0374\u037e\u0387\u1f71-\u1fff\u2000\u2001\u2126\u212a\u212b\u2329\u232a\uf900-\ufaff"
    "\U0002f800-\U0002fa1f]"
)


def compose(view: View) -> Outcome:
    r"""Bring every character into its canonical composed form (NFC).

    >>> from pipeline.text import Text
    >>> Text("zhe\u0300ngwe\u0301n, \u212b").revise(compose).value
    'zhèngwén, Å'

    The compatibility ideographs (U+F900 to U+FAFF, U+2F800 to U+2FA1F) become the unified characters that they are
    duplicates of, as NFC has it: they come from Korean and Big5 code pages and from PDF text layers, look the same, and
    are found by no search. The twelve unified characters among them stay. Never NFKC: full-width letters, ①, ㎡ and ℃
    stay as they are.
    """
    text = view.text
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return NOTHING
    return Outcome(rewriting(text, partial(unicodedata.normalize, "NFC"), "character.nfc", unit=_COMPOSABLE))


# -------------------------------------------------------------------------------------------------------- HTML
_NAMES = (
    "nbsp|ensp|emsp|thinsp|quot|apos|ldquo|rdquo|lsquo|rsquo|laquo|raquo|middot|bull|hellip|mdash|ndash|times|deg"
    "|copy|reg|trade|yen|permil|zwnj|zwj|shy|amp|lt|gt"
)
_ENTITY = f"&(?:(?:amp|#38|#x26);)*(?P<entity>(?:{_NAMES}|#[0-9]{{1,7}}|#x[0-9a-f]{{1,6}});|nbsp(?![A-Za-z0-9;]))"
_QUOTES = frozenset("`'\"“”‘’「」『』")
_NOT_DECODED = frozenset("#;\ufffd")
_DROPPED = frozenset("\u200b\u200c\u200d\u00ad\ufeff")
_TAG_NAME = re.compile("[A-Za-z/!?]")
_TAG_END = re.compile("[A-Za-z\"'/]")
_LINE_FEED = re.compile("\n|&#(?:10|[xX]0?[aA]);")

_LONG_NAMES = (
    "address|big|blockquote|br|button|center|dd|dl|dt|em|font|h[1-6]|hr|img|ins|kbd|li|nobr|o:p|ol|small|span"
    "|st1:[a-z]+|strike|strong|sub|sup|tbody|td|th|tr|ul|wbr"
)
_ATTRIBUTE = "\\s+(?:[A-Za-z][-:\\w]*\\s*=\\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\\s\"'<>]+)|nowrap|noshade)"
# A short name without an attribute, right behind a letter, is a type parameter or a comparison: List<p>, a<b>c.
_ONE_TAG = (
    f"<(?:/(?:{_LONG_NAMES}|[abipu])|(?:{_LONG_NAMES}|[abipu](?=\\s))|(?<![A-Za-z0-9_.]<)[bipu])"
    f"(?:{_ATTRIBUTE}){{0,20}}\\s*/?>"
)
_OPENING = re.compile("[&<]")
_RAISING = re.compile(r"<sup(?:\s[^<>]*)?>\Z", re.IGNORECASE)
_ENTITY_OR_TAGS = re.compile(f"(?P<tags>(?<!<)(?:{_ONE_TAG})+)|{_ENTITY}", re.IGNORECASE)
_BLOCK = re.compile(
    "</?(?:address|blockquote|br|center|d[dlt]|h[1-6r]|li|o:p|[ou]l|p|t(?:body|[dhr]))[\\s/>]", re.IGNORECASE
)
_ABOUT_HTML = re.compile(
    "<(?:!doctype|html|head|body|script|style|meta|link|div|form|input|textarea|svg|template)[\\s>]|<\\?(?:php|xml)"
    "|</div>|(?<![A-Za-z./_-])(?:X?HTML5?|XML|Markdown)(?![A-Za-z])|(?:字符|字元)(?:实体|實體)|(?:转义|轉義|跳脱|跳脫)字",
    re.IGNORECASE,
)
_MARKDOWN_OR_CODE = re.compile(
    "^ {0,3}(?:#{1,6} |```|~~~|\\|.*\\|[ \t]*$)|\\]\\([^)\\s]|^(?: {4}|\t).*[;{}][ \t]*$|`[^`\n]+`", re.MULTILINE
)


def decode_entities(view: View) -> Outcome:
    r"""Decode the HTML entities that were left in the text, and take the tags out.

    >>> from pipeline.text import Text
    >>> Text("&ldquo;十四五&rdquo;规划&#8212;&#8212;<br/>全文</p>").revise(decode_entities).value
    '“十四五”规划——\n全文'

    A tag that begins or ends a block becomes a line feed where none stands beside it; the others leave nothing, and
    raised numbers stay raised. What was encoded twice (``&amp;nbsp;``) is decoded to the end.

    Left alone: what was an HTML page, whose tags are gone and whose entities are decoded; a text that speaks of HTML;
    entities and tags in quotation marks or back-quotes; tags in Markdown and program code; ``&lt;`` and ``&gt;`` that
    would make a tag; entities whose names are not common in prose, and those of ASCII letters and digits and of code
    points that are no character.
    """
    text = view.text
    if ("&" not in text and "<" not in text) or any(view.found(MARKUP)):
        return NOTHING
    edits = _entities_and_tags(text)
    if not edits:
        return NOTHING
    layer = Layer.of(text, edits)
    # Remains that make a new entity or tag were not left behind by a page: hands off.
    return NOTHING if _entities_and_tags(layer.apply(text)) else Outcome(layer)


def _entities_and_tags(text: str) -> list[Edit]:
    found = [match for match in _remains(text) if not _is_quoted(text, match)]
    if not found or _ABOUT_HTML.search(text):
        return []
    tags_are_meant = any(match["tags"] for match in found) and _MARKDOWN_OR_CODE.search(text) is not None
    edits = []
    for match in found:
        if match["tags"] is None:
            after, rule = _decoded(text, match), "html.entity"
        else:
            after, rule = None if tags_are_meant else _break(text, match), "html.tag"
        if after is not None:
            edits.append(Edit(match.start(), match.group(), after, rule))
        if after is not None and match["tags"] and _RAISING.search(match["tags"]):
            edits += filter(None, (raised(text, match.end()),))
    return edits


def _remains(text: str) -> Iterator[re.Match[str]]:
    """What looks like an entity or like tags, from left to right; each begins with one of two characters."""
    last = 0
    for opening in _OPENING.finditer(text):
        match = _ENTITY_OR_TAGS.match(text, opening.start()) if opening.start() >= last else None
        if match is not None:
            last = match.end()
            yield match


def _is_quoted(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    return text[max(0, start - 1) : start] in _QUOTES and text[end : end + 1] in _QUOTES


def _break(text: str, match: re.Match[str]) -> str:
    """A line feed for a tag that begins or ends a block, if none stands beside it."""
    start, end = match.span()
    inner = start and end < len(text) and "\n" not in text[start - 1] + text[end]
    return "\n" if inner and _BLOCK.search(match.group()) else ""


def _decoded(text: str, match: re.Match[str]) -> str | None:
    """What an entity stands for, or nothing where it is to stay."""
    value = html.unescape(f"&{match['entity'].rstrip(';')};")
    if value == "\r":
        return "" if _LINE_FEED.match(text, match.end()) else "\n"
    if value in _DROPPED:
        return ""
    makes_a_tag = (value == "<" and _TAG_NAME.match(text, match.end())) or (
        value == ">" and match.start() and _TAG_END.match(text, match.start() - 1)
    )
    is_meant = len(value) != 1 or value in _NOT_DECODED or (value.isascii() and value.isalnum())
    is_no_character = value not in {"\t", "\n"} and unicodedata.category(value[:1] or "\0").startswith("C")
    return None if makes_a_tag or is_meant or is_no_character else value
