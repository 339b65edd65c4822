"""What a person may set before a run: the one definition for the UI, the command line and the environment.

Here belongs an option's name, its default, what it may be and its sentence. What it does belongs where it is used.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeAlias, TypeVar, get_args

from pipeline.furniture import BadLexicon, Lexicon, read_lexicon
from pipeline.visible import UNFIT

Value = TypeVar("Value", bound=str | int | float)

Script: TypeAlias = Literal["hans", "hant", "keep"]
Corrections: TypeAlias = Literal["apply", "leave"]
Punctuation: TypeAlias = Literal["restore", "keep"]
EngineName: TypeAlias = Literal["local", "ray"]
Policy: TypeAlias = Literal["smart", "ours", "theirs", "both"]
YesOrNo: TypeAlias = Literal["no", "yes"]


class BadOption(ValueError):
    """An option was given a value that it cannot have; the message is one line: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Option(Generic[Value]):
    """One option: what it is called, what it is where nobody sets it, what it may be, and its sentence.

    >>> Option("minimum_han", 8, "So many Han.").flag, Option("minimum_han", 8, "So many Han.").variable
    ('--minimum-han', 'ZHENGWEN_MINIMUM_HAN')

    `preset` says of what type it is. A number lies between `lowest` and `highest`; a text is one of `choices`, or the
    name of a `kind` of thing, which may be left empty where it is `optional`.
    """

    name: str
    preset: Value
    sentence: str
    choices: tuple[str, ...] = ()
    kind: str = "number"
    optional: bool = False
    lowest: float = 0
    highest: float = math.inf

    @property
    def flag(self) -> str:
        """What it is called on the command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """What it is called in the environment."""
        return f"ZHENGWEN_{self.name.upper()}"

    @property
    def default(self) -> Value:
        """The value that holds where nobody gives another: the environment's, else the preset."""
        given = os.environ.get(self.variable)
        return self.read(given, called=self.variable) if given else self.preset

    def read(self, given: str, *, called: str = "") -> Value:
        """The value that a text stands for; `called` is what the option is called where it was given.

        >>> MINIMUM_HAN.read("12"), SCRIPT.read("keep")
        (12, 'keep')
        >>> SCRIPT.read("pinyin")
        Traceback (most recent call last):
        ...
        pipeline.options.BadOption: --script is 'pinyin': give hans, hant or keep

        Raises :class:`BadOption` where it stands for none.
        """
        kind: Any = type(self.preset)
        try:
            value: Value = kind(given)
        except ValueError:
            raise self._refused(given, called) from None
        return self.checked(value, called=called)

    def checked(self, value: Value, *, called: str = "") -> Value:
        """The value itself, where the option may have it.

        Raises :class:`BadOption` where it may not.
        """
        if isinstance(value, str):
            is_named = bool(value.strip()) or self.optional
            is_good = value in self.choices if self.choices else is_named and "\0" not in value
            if self.kind == "collection":  # it is published in every row
                is_good = is_named and UNFIT.search(value) is None
            if self.kind == "address" and value:
                is_good = value.startswith(("http://", "https://"))
        else:
            is_good = self.lowest <= value <= self.highest
        if not is_good:
            raise self._refused(value, called)
        return value

    @property
    def what_it_may_be(self) -> str:
        """The values that it may have, in words."""
        if self.choices:
            return f"{', '.join(self.choices[:-1])} or {self.choices[-1]}"
        if isinstance(self.preset, str):
            what = "an address that begins with http" if self.kind == "address" else f"the name of a {self.kind}"
            return f"{what}, or nothing" if self.optional else what
        kind = "a whole number" if isinstance(self.preset, int) else "a number"
        limits = f"{self.lowest:g} to {self.highest:g}" if self.highest < math.inf else f"{self.lowest:g} or more"
        return f"{kind}, {limits}"

    def _refused(self, given: object, called: str) -> BadOption:
        shown = repr(given) if str(given).strip() else "empty"
        return BadOption(f"{called or self.flag} is {shown}: give {self.what_it_may_be}")


RAW = Option(
    "raw",
    "raw",
    "The folder that holds the crawled documents, or its address (s3://…); it is never written to.",
    kind="folder",
)
OUTPUT = Option("output", "output", "The folder for the dataset and for the tables of each stage.", kind="folder")
COLLECTION = Option(
    "collection", "zh-ai-policy-crawl", "What the column `source` calls these documents.", kind="collection"
)
ABOUT = Option(
    "about",
    "",
    "A YAML file in which you say who made the dataset, under which licence, when: its card and metadata repeat it.",
    kind="file",
    optional=True,
)
PAGES_URL = Option(
    "pages_url",
    "",
    "The address under which somebody serves the report and the Data Docs (python -m pipeline serve OUTPUT): assets "
    "and checks link to them. Without one they name files.",
    kind="address",
    optional=True,
)

ENGINE = Option(
    "engine",
    "local",
    "What the documents are cleaned with: local is this machine, ray a cluster of machines (see docs/cluster.md).",
    get_args(EngineName),
)
RAY_ADDRESS = Option(
    "ray_address",
    "",
    "The Ray cluster that the engine ray works with: auto for the one that this machine belongs to, or host:port. "
    "Without one, a Ray of its own is started on this machine.",
    kind="cluster",
    optional=True,
)
WORKERS = Option(
    "workers",
    0,
    "How many processes work at once; 0 is one for each core that this one may use.",
)
FRESH = Option(
    "fresh",
    "no",
    "Whether everything is made anew: no uses again what a former build has made of the same documents in the same "
    "way, yes does not.",
    get_args(YesOrNo),
)

SCRIPT = Option(
    "script",
    "hans",
    "The script of the published text: hans converts Traditional text to Simplified, hant Simplified to Traditional, "
    "keep leaves each as it is.",
    get_args(Script),
)
SCRIPT_CORRECTIONS = Option(
    "script_corrections",
    "apply",
    "Lists of words that OpenCC's dictionaries lack or have wrong, and of terms and names that keep a character: apply "
    "follows them where text becomes Simplified, leave converts with the dictionaries alone.",
    get_args(Corrections),
)
PUNCTUATION = Option(
    "punctuation",
    "restore",
    "Half-width marks in a document whose marks were folded: restore makes them full-width again, keep leaves them.",
    get_args(Punctuation),
)
CONFLICTS = Option(
    "conflicts",
    "smart",
    "Which side of a merge conflict stays where no rule decides between two filled ones; smart guesses, and flags it.",
    get_args(Policy),
)
MAXIMUM_BYTES = Option(
    "maximum_bytes",
    64 * 1024 * 1024,
    "A larger file, or document in one, is set aside as too_large, without being read.",
    lowest=1,
)
FURNITURE = Option(
    "furniture",
    "",
    "A furniture lexicon, which the command learn has written: its lines are cut at the head and the tail of a page.",
    kind="file",
    optional=True,
)

MINIMUM_HAN = Option(
    "minimum_han", 8, "A document with fewer Han than this, or letters than twice this, is set aside as too_short."
)
MAXIMUM_CHARACTERS = Option(
    "maximum_characters",
    2_000_000,
    "A longer text is set aside as too_large: it is a dump of many documents.",
    lowest=1,
)
MAXIMUM_LOSSY_SHARE = Option(
    "maximum_lossy_share",
    0.3,
    "Where a larger share of the characters than this is lost, the document is set aside as lossy_mojibake.",
    highest=1,
)
MAXIMUM_FOREIGN_SHARE = Option(
    "maximum_foreign_share",
    0.5,
    "Where a larger share of the writing than this is in one other language than Chinese and English, the document is "
    "set aside as not_zh_or_en.",
    highest=1,
)
MAXIMUM_REPEATED_SHARE = Option(
    "maximum_repeated_share",
    0.99,
    "Where a larger share of the characters than this is in lines that stand further up already, the document is set "
    "aside as not_prose.",
    highest=1,
)
MINIMUM_PUNCTUATION_SHARE = Option(
    "minimum_punctuation_share",
    0.0,
    "Where a smaller share of the characters than this is punctuation, the document is set aside as not_prose; lists "
    "of names and tables have none.",
    highest=1,
)
MINIMUM_SPAM_PHRASES = Option(
    "minimum_spam_phrases",
    3,
    "So many different phrases of gambling or pornography, and minimum_spam_share of the text, set a document aside as "
    "spam_injected.",
    lowest=1,
)
MINIMUM_SPAM_SHARE = Option(
    "minimum_spam_share",
    0.05,
    "This share of the characters in such phrases, and minimum_spam_phrases of them, set a document aside as "
    "spam_injected.",
    highest=1,
)
ADMIT = Option(
    "admit",
    "",
    "A file of documents that are published whatever the verdict on their quality: a line for each, its id or its raw "
    "path, a tab, and a note why.",
    kind="file",
    optional=True,
)

LOG = Option(
    "log",
    "",
    "A file to which each step adds a line of JSON: counts and seconds, and nothing of any document.",
    kind="file",
    optional=True,
)
MAXIMUM_SECONDS = Option(
    "maximum_seconds",
    120,
    "A document that takes more seconds of processor time than this, and as many again for each 4 MB of it, is set "
    "aside as step_failed.",
    lowest=1,
)
"""It is set in the environment alone, and read where the work is done: nobody should have to."""

PLACES = (RAW, OUTPUT, COLLECTION, ABOUT)
"""Where a run reads and writes, and what the result is called: these do not change what becomes of a document."""

PAGES = (PAGES_URL,)
"""What only Dagster's pages need; the command line does without."""

RUNNING: tuple[Option[Any], ...] = (ENGINE, RAY_ADDRESS, WORKERS, FRESH)
"""What does the work, and how: not a byte of the result depends on it."""

CLEANING: tuple[Option[Any], ...] = (
    SCRIPT,
    SCRIPT_CORRECTIONS,
    PUNCTUATION,
    CONFLICTS,
    MAXIMUM_BYTES,
    FURNITURE,
)
"""What changes the text of a document and what is read in it; these stand in the metadata of every table."""

THRESHOLDS: tuple[Option[Any], ...] = (
    MINIMUM_HAN,
    MAXIMUM_CHARACTERS,
    MAXIMUM_LOSSY_SHARE,
    MAXIMUM_FOREIGN_SHARE,
    MAXIMUM_REPEATED_SHARE,
    MINIMUM_PUNCTUATION_SHARE,
    MINIMUM_SPAM_PHRASES,
    MINIMUM_SPAM_SHARE,
)
"""What changes the verdict on a text that is clean; the stages do without, the metadata of the dataset has them."""

JUDGING: tuple[Option[Any], ...] = (*THRESHOLDS, ADMIT)
"""What changes which documents are published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One value for each option of :data:`CLEANING`; without arguments, the presets.

    >>> Choices(script="keep").changed
    {'script': 'keep'}
    >>> Choices(maximum_bytes=0)
    Traceback (most recent call last):
    ...
    pipeline.options.BadOption: maximum_bytes is 0: give a whole number, 1 or more

    The environment is not asked: what a library call does follows from its arguments alone. A lexicon of furniture may
    be given by the name of its file, which is read here, once; two names of the same lexicon are the same choice.

    Raises :class:`BadOption` for a value that an option cannot have, and for a lexicon that cannot be used.
    """

    script: Script = "hans"
    script_corrections: Corrections = "apply"
    punctuation: Punctuation = "restore"
    conflicts: Policy = "smart"
    maximum_bytes: int = MAXIMUM_BYTES.preset
    furniture: str | Lexicon = FURNITURE.preset

    def __post_init__(self) -> None:
        for option in CLEANING:
            if not isinstance(value := getattr(self, option.name), Lexicon):
                option.checked(value, called=option.name)
        if self.furniture and not isinstance(self.furniture, Lexicon):
            try:
                object.__setattr__(self, "furniture", read_lexicon(Path(self.furniture)))
            except BadLexicon as error:
                raise BadOption(str(error)) from None

    @property
    def values(self) -> dict[str, str | int | float]:
        """The value of each option, by name; of a lexicon its fingerprint, wherever it lies."""
        values = {option.name: getattr(self, option.name) for option in CLEANING}
        return {name: value.fingerprint if isinstance(value, Lexicon) else value for name, value in values.items()}

    @property
    def changed(self) -> dict[str, str | int | float]:
        """The options that are not as they are preset, with their values."""
        return _changed(self.values, CLEANING)


PRESET = Choices()
"""What holds where nobody chooses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """One value for each option of :data:`THRESHOLDS`; without arguments, the presets.

    >>> Thresholds(minimum_han=20).changed
    {'minimum_han': 20}
    >>> Thresholds(minimum_han=-1)
    Traceback (most recent call last):
    ...
    pipeline.options.BadOption: minimum_han is -1: give a whole number, 0 or more

    Raises :class:`BadOption` for a value that an option cannot have.
    """

    minimum_han: int = MINIMUM_HAN.preset
    maximum_characters: int = MAXIMUM_CHARACTERS.preset
    maximum_lossy_share: float = MAXIMUM_LOSSY_SHARE.preset
    maximum_foreign_share: float = MAXIMUM_FOREIGN_SHARE.preset
    maximum_repeated_share: float = MAXIMUM_REPEATED_SHARE.preset
    minimum_punctuation_share: float = MINIMUM_PUNCTUATION_SHARE.preset
    minimum_spam_phrases: int = MINIMUM_SPAM_PHRASES.preset
    minimum_spam_share: float = MINIMUM_SPAM_SHARE.preset

    def __post_init__(self) -> None:
        for option in THRESHOLDS:
            option.checked(getattr(self, option.name), called=option.name)

    @property
    def values(self) -> dict[str, str | int | float]:
        """The value of each option, by name."""
        return {option.name: getattr(self, option.name) for option in THRESHOLDS}

    @property
    def changed(self) -> dict[str, str | int | float]:
        """The options that are not as they are preset, with their values."""
        return _changed(self.values, THRESHOLDS)


PRESET_THRESHOLDS = Thresholds()
"""What holds where nobody sets any."""


def _changed(values: dict[str, str | int | float], options: tuple[Option[Any], ...]) -> dict[str, str | int | float]:
    return {option.name: values[option.name] for option in options if values[option.name] != option.preset}
