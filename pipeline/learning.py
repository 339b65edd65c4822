"""Learn a furniture lexicon: which lines stand at the ends of so many pages of a site that they are the site's.

Here belongs what is counted, and how often is often enough. Which lines may be furniture at all, and which of them are
cut, is said in :mod:`pipeline.page_ends`. A page is read here on its own and compared with others; when it is cleaned,
it is compared with the lexicon alone, so that no document depends on another.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, get_args

import numpy as np

from pipeline import page_ends, recipe
from pipeline.blocks import HEAD_BLOCKS, TAIL_BLOCKS, Block, blocks
from pipeline.code_points import code_points
from pipeline.furniture import Entry, Lexicon, Zone, content_of
from pipeline.options import PRESET, Choices
from pipeline.script.conversion import simplified
from pipeline.sources.files import BadInput, find_inputs, read_input
from pipeline.sources.members import Unreadable
from pipeline.text import Finding, Text, View, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.document import Document
    from pipeline.sources.remote import RawFolder

FEWEST_DOCUMENTS = 8
"""Of one site, no two of them made of one template. Fewer are a coincidence too easily: a series of notices, the
reports on one event."""

LEAST_SHARE = 0.25
"""Of the documents of one site. A template's furniture is on all of its pages, and a site has three or four templates;
what some of its documents say, such as the formulas of one kind of notice, stays below it."""

GREATEST_SHARE_ELSEWHERE = 0.1
"""Of the documents that hold the line: in the middle, or where another rule reads it as something (a title, a name)."""

SAME_TEMPLATE = 0.3
"""The Jaccard similarity of two documents' prose, in character 5-grams, from which on they count once. Among 58 pages
of gov.cn and of a news site no two different ones had more than 0.11; versions of one document have 0.7 and more, and
a form has less the more of it is filled in."""

_SHINGLE = 5
_SKETCH = 256
_SHORTEST_PROSE = 30
_LONGEST_RUN = 120
"""How many lines from an end are looked at, once those outside of them are known: a menu has a line for each item."""

_DECIDED_BEFORE = tuple(name_of(step) for step in recipe.STAGES[-1].steps).index("cut_boilerplate") + 1
_TIDYING = frozenset({"tidy_spaces", "tidy_lines", "restore_punctuation", "mask_personal_data"})
_SAYS_NOTHING_OF_A_LINE = frozenset({"flag", "punctuation_gate", "script", "script_stretch", "section"})
"""Scripts and gates are the text's; a section is any short line that no prose stands around, as menus have many."""
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,6}(?::\d{1,5})?", re.IGNORECASE)

Sketch: TypeAlias = "NDArray[np.uint64]"


class Learned(NamedTuple):
    """What was learned, and of how many documents and sites; documents that are the same count once."""

    lexicon: Lexicon
    documents: int
    sites: int


class _Line(NamedTuple):
    """A line at an end of a page: as it is compared, with its numbers and without, and whether it may count."""

    plain: str
    numberless: str
    counts: bool


@dataclass(slots=True)
class _Page:
    """What is kept of one document, a few kilobytes; `behind` says how many lines of each end are known by now."""

    key: str
    site: str
    ends: dict[Zone, list[_Line]]
    places: dict[str, list[int]]
    read: set[str]
    lines: int
    prose: Sketch
    behind: dict[Zone, int] = field(default_factory=lambda: {"head": 0, "tail": 0})

    def frontier(self, zone: Zone) -> _Line | None:
        """The line at an end that is not known yet."""
        line, at = self.ends[zone], self.behind[zone]
        return line[at] if at < len(line) and self.behind["head"] + self.behind["tail"] < self.lines else None

    def holds_elsewhere(self, line: str) -> bool:
        """Whether the page holds a line between what is head and tail by now, or reads it as something."""
        first, last = self.behind["head"] + HEAD_BLOCKS, self.lines - self.behind["tail"] - TAIL_BLOCKS
        return line in self.read or any(first <= place < last for place in self.places.get(line, ()))


class _Known:
    """The lines that are known so far."""

    def __init__(self) -> None:
        self.documents: dict[tuple[Zone, str], int] = {}

    def has(self, zone: Zone, line: str) -> bool:
        """Whether a line, as it is compared, is furniture at this end of a page."""
        return (zone, line) in self.documents


def learn(raw: RawFolder, *, choices: Choices = PRESET, progress: Callable[[int, int], None] | None = None) -> Learned:
    r"""Learn the furniture of the documents below a folder.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for number in range(9):
    ...         words = "".join(chr(0x4E00 + 997 * number + 7 * n) for n in range(60))
    ...         _ = Path(folder, f"{number}.txt").write_text(f"甲市之窗\n{words[:9]}\n{words}。\n", "utf-8")
    ...     [entry.line for entry in learn(Path(folder)).lexicon.entries]
    ['甲市之窗']

    A line is learned where it stands at the very end of a page, or where only known lines stand between; in a quarter
    of the documents of one site, eight at least that are not made of one template; and in hardly any document
    elsewhere. The site is that of the folder that is named like a host, or the document's own; documents that tell none
    are taken for one site. With the line, those behind it are looked at, until nothing more is learned. Documents that
    are set aside, and those without prose, are left out. The result does not depend on the order of files.

    `choices` are those of the runs that the lexicon is for; a lexicon among them is not used. Raises
    :class:`pipeline.sources.files.BadInput` where the folder holds no document.
    """
    choices = replace(choices, furniture="")
    inputs = find_inputs(raw, maximum_bytes=choices.maximum_bytes)
    pages: dict[str, _Page] = {}
    for number, found in enumerate(inputs, start=1):
        with contextlib.suppress(Unreadable):
            document = recipe.clean(
                read_input(found),
                source=found.raw_path,
                choices=choices,
                header=found.header,
                encoding=found.encoding,
            )
            if document.verdict.accepted and (page := _page(document, choices)) is not None:
                pages.setdefault(page.key, page)
        if progress is not None:
            progress(number, len(inputs))
    ordered = [pages[key] for key in sorted(pages)]
    known = _learned(ordered)
    entries = [Entry(zone, line, documents) for (zone, line), documents in known.documents.items()]
    return Learned(Lexicon.of(entries), len(ordered), len({page.site for page in ordered}))


def write_lexicon(
    raw: RawFolder, path: Path, *, choices: Choices = PRESET, progress: Callable[[int, int], None] | None = None
) -> Learned:
    """Learn the furniture of a folder and write the lexicon, in the place of an earlier one.

    The file says how it was learned, and holds no time and no name of a folder: the same documents give the same bytes.
    Raises :class:`pipeline.sources.files.BadInput` where the file cannot be written, before anything is read.
    """
    name = repr(os.fsencode(path).decode("utf-8", "replace"))
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else "lies in a folder that does not exist"
        message = f"{name} {what}: name a file for the lexicon, such as furniture.json"
        raise BadInput(message)
    if isinstance(raw, Path) and path.resolve().is_relative_to(raw.resolve()):
        message = f"{name} lies in the folder of the documents, which is never written to: name another place"
        raise BadInput(message)
    fresh = path.with_name(f".{path.name}.fresh")
    try:
        file = fresh.open("wb")
    except OSError as error:
        message = f"{name} cannot be written ({error.strerror}): name a file that you may write"
        raise BadInput(message) from error
    try:
        with file:
            learned = learn(raw, choices=choices, progress=progress)
            file.write(content_of(learned.lexicon, learned=_said(learned, choices)))
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return learned


def _said(learned: Learned, choices: Choices) -> dict[str, Any]:
    """How a lexicon was learned, for people."""
    return {
        "documents": learned.documents,
        "fewest_documents": FEWEST_DOCUMENTS,
        "greatest_share_elsewhere": GREATEST_SHARE_ELSEWHERE,
        "least_share_of_a_site": round(LEAST_SHARE, 4),
        "options": {name: value for name, value in choices.changed.items() if name != "furniture"},
        "same_template_from_similarity": SAME_TEMPLATE,
        "sites": learned.sites,
    }


# ------------------------------------------------------------------------------------------------ one page
def _page(document: Document, choices: Choices) -> _Page | None:
    """What is kept of a document: its text as it was when the patterns had cut what they know, as steps see it."""
    depth = _depth(document)
    history = document.history
    for reader in recipe.STAGES[-1].readers:
        history = history.revise(reader)
    text, titles = history.at(depth), _titles(history)
    if choices.script != "hans":
        text, titles = simplified(text), {simplified(title) for title in titles}
    every = blocks(text)
    prose = "\n".join(block.text for block in every if len(block.text) >= _SHORTEST_PROSE)
    if not prose:
        return None
    is_read = _is_read(every, history, depth)
    places: dict[str, list[int]] = defaultdict(list)
    read: set[str] = set()
    for number, block in enumerate(every):
        if page_ends.may_be_furniture(block.text):
            line = page_ends.numberless(block.text)
            places[line].append(number)
            if number in is_read or block.text in titles:
                read.add(line)
    head = [
        _line(block, protected=block.text in titles or page_ends.may_be_title(block.text, below, titles=titles))
        for number, block in enumerate(every[:_LONGEST_RUN])
        for below in [every[number + 1 : number + 1 + HEAD_BLOCKS]]
    ]
    tail = [_line(block, protected=block.text in titles) for block in page_ends.upwards(every[-_LONGEST_RUN:])]
    key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    ends: dict[Zone, list[_Line]] = {"head": head, "tail": tail}
    return _Page(key, _site(document), ends, dict(places), read, len(every), _sketch(prose))


def _depth(document: Document) -> int:
    """How many revisions the document had behind the step that cuts furniture, whether that made one or not."""
    before = {name_of(step) for step in recipe.STAGES[-1].steps[:_DECIDED_BEFORE]}
    depth = document.depths[recipe.STAGES[-2].name]
    for revision in document.history.revisions[depth:]:
        if revision.step not in before:
            break
        depth += 1
    return depth


def _line(block: Block, *, protected: bool) -> _Line:
    counts = not protected and page_ends.may_be_furniture(block.text)
    return _Line(page_ends.plain(block.text), page_ends.numberless(block.text), counts)


def _is_read(every: Sequence[Block], history: Text, depth: int) -> set[int]:
    """Which lines a rule reads as something: a step behind cuts in them, or says of them what they are."""
    spans = []
    for number, revision in enumerate(history.revisions[depth:], start=depth):
        if revision.step not in _TIDYING:
            spans += [
                history.origin((edit.start, edit.start + len(edit.before)), depth=number, to=depth)
                for edit in revision.layer
            ]
    for finding in history.findings:
        if finding.depth >= depth and finding.kind not in _SAYS_NOTHING_OF_A_LINE and finding.span[0] < finding.span[1]:
            spans.append(history.origin(finding.span, depth=finding.depth, to=depth))
    starts = np.array([block.start for block in every])
    ends = np.array([block.end for block in every])
    read: set[int] = set()
    for start, end in spans:
        read.update(np.flatnonzero((starts < end) & (ends > start)).tolist())
    return read


def _titles(history: Text) -> set[str]:
    """The titles that were found, as they stood."""
    view = View(history.value, history.findings, history.revisions)
    return {view.text_of(finding).strip() for finding in history.findings if _names_title(finding)} - {""}


def _names_title(finding: Finding) -> bool:
    return finding.kind == "title" or (finding.kind == "label_value" and finding.value == "title")


def _site(document: Document) -> str:
    """The host: that of a folder of the crawl which is named like one, else the document's own, else none."""
    folders = PurePosixPath(document.source).parts[:-1]
    host = next((part for part in folders if _HOST.fullmatch(part)), None) or document.fields.get("source_site") or ""
    return str(host).lower().removeprefix("www.")


def _sketch(prose: str) -> Sketch:
    """The smallest of the hashes of every five characters in a row: two of these tell how much two texts share."""
    points = code_points("".join(prose.split())).astype(np.uint64)
    if len(points) < _SHINGLE:
        return np.zeros(0, np.uint64)
    hashes = np.zeros(len(points) - _SHINGLE + 1, np.uint64)
    for place in range(_SHINGLE):
        hashes = hashes * np.uint64(0x100000001B3) + points[place : len(hashes) + place]
    # The finaliser of MurmurHash3: near texts must not have near hashes.
    for multiplier in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(multiplier)
    return np.unique(hashes ^ (hashes >> np.uint64(33)))[:_SKETCH]


def _alike(one: Sketch, other: Sketch) -> bool:
    """True where two texts share so much that they are made of one template."""
    joined = np.union1d(one, other)[:_SKETCH]
    if not len(joined):
        return True
    shared = np.intersect1d(one, other, assume_unique=True)
    return bool(np.isin(joined, shared, assume_unique=True).mean() >= SAME_TEMPLATE)


# ------------------------------------------------------------------------------------------------ all pages
def _learned(pages: Sequence[_Page]) -> _Known:
    """What is known when a round over all pages finds nothing more."""
    known = _Known()
    sizes = Counter(page.site for page in pages)
    holders: dict[str, list[_Page]] = defaultdict(list)
    for page in pages:
        for line in page.places:
            holders[line].append(page)
    fresh: dict[tuple[Zone, str], int] | None = None
    while fresh is None or fresh:
        fresh = {}
        for (zone, line), voters in _voters(pages).items():
            if _is_furniture(line, [page for page, _ in voters], sizes, holders[line]):
                forms = {form for _, form in voters}
                fresh[zone, forms.pop() if len(forms) == 1 else line] = len(voters)
        known.documents.update(fresh)
        for page in pages:
            _move_on(page, known)
    return known


def _voters(pages: Iterable[_Page]) -> Mapping[tuple[Zone, str], list[tuple[_Page, str]]]:
    """For each line that stands at an end of a page, but for its numbers: the pages, and the line as each has it."""
    voters: dict[tuple[Zone, str], list[tuple[_Page, str]]] = defaultdict(list)
    for page in pages:
        for zone in get_args(Zone):
            if (line := page.frontier(zone)) is not None and line.counts:
                voters[zone, line.numberless].append((page, line.plain))
    return voters


def _is_furniture(line: str, voters: Sequence[_Page], sizes: Mapping[str, int], holders: Iterable[_Page]) -> bool:
    """True where often enough is reached: documents, their share of one site, and hardly any elsewhere."""
    if len(voters) < FEWEST_DOCUMENTS:
        return False
    of_site = defaultdict(list)
    for page in voters:
        of_site[page.site].append(page)
    if not any(
        len(found) >= max(FEWEST_DOCUMENTS, LEAST_SHARE * sizes[site]) and _are_distinct(found)
        for site, found in of_site.items()
    ):
        return False
    elsewhere = sum(page.holds_elsewhere(line) for page in holders)
    return elsewhere <= GREATEST_SHARE_ELSEWHERE * (len(voters) + elsewhere)


def _are_distinct(pages: Collection[_Page]) -> bool:
    """True where so many of the documents as are asked for are not made of one template."""
    distinct: list[_Page] = []
    for page in pages:
        if not any(_alike(page.prose, other.prose) for other in distinct):
            distinct.append(page)
            if len(distinct) == FEWEST_DOCUMENTS:
                return True
    return False


def _move_on(page: _Page, known: _Known) -> None:
    """Go past what is known at both ends of a page."""
    for zone in get_args(Zone):
        while (line := page.frontier(zone)) is not None and line.counts:
            if not (known.has(zone, line.plain) or known.has(zone, line.numberless)):
                break
            page.behind[zone] += 1
