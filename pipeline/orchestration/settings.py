"""What a run reads, writes and was set to, as the launchpad lets a person set it.

Here belongs how the options become configuration. What they are called, may be and mean is said in
:mod:`pipeline.options`.
"""

# Pydantic reads the annotations themselves: their evaluation is not postponed here.

from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from pipeline import options
from pipeline.admissions import NOBODY, Admissions, read_admissions
from pipeline.describing.about import About, about_named
from pipeline.engines.choosing import Engine
from pipeline.options import Choices, Corrections, EngineName, Option, Policy, Punctuation, Script, Thresholds, YesOrNo
from pipeline.sources.remote import RawFolder, folder_named


def _field(option: Option[Any]) -> Any:  # noqa: ANN401  what a field is, pydantic knows alone
    said = f"{option.sentence} May be {option.what_it_may_be}. Or set {option.variable} in the environment."
    return Field(default=option.default, description=said)


class Settings(dg.ConfigurableResource):  # type: ignore[type-arg]  # it makes nothing: the resource is the object itself
    """One value for every option; folders are relative to where the run was started.

    >>> Settings(output="somewhere", script="keep").staging.as_posix()
    'somewhere/.staging'
    """

    raw: str = _field(options.RAW)
    output: str = _field(options.OUTPUT)
    collection: str = _field(options.COLLECTION)
    about: str = _field(options.ABOUT)
    pages_url: str = _field(options.PAGES_URL)
    engine: EngineName = _field(options.ENGINE)
    ray_address: str = _field(options.RAY_ADDRESS)
    workers: int = _field(options.WORKERS)
    fresh: YesOrNo = _field(options.FRESH)
    script: Script = _field(options.SCRIPT)
    script_corrections: Corrections = _field(options.SCRIPT_CORRECTIONS)
    punctuation: Punctuation = _field(options.PUNCTUATION)
    conflicts: Policy = _field(options.CONFLICTS)
    maximum_bytes: int = _field(options.MAXIMUM_BYTES)
    furniture: str = _field(options.FURNITURE)
    minimum_han: int = _field(options.MINIMUM_HAN)
    maximum_characters: int = _field(options.MAXIMUM_CHARACTERS)
    maximum_lossy_share: float = _field(options.MAXIMUM_LOSSY_SHARE)
    maximum_foreign_share: float = _field(options.MAXIMUM_FOREIGN_SHARE)
    maximum_repeated_share: float = _field(options.MAXIMUM_REPEATED_SHARE)
    minimum_punctuation_share: float = _field(options.MINIMUM_PUNCTUATION_SHARE)
    minimum_spam_phrases: int = _field(options.MINIMUM_SPAM_PHRASES)
    minimum_spam_share: float = _field(options.MINIMUM_SPAM_SHARE)
    admit: str = _field(options.ADMIT)

    @property
    def raw_folder(self) -> RawFolder:
        """The folder that holds the crawled documents, by its path or its address."""
        return folder_named(self.raw)

    @property
    def with_engine(self) -> Engine:
        """What the documents are cleaned with; raises :class:`pipeline.options.BadOption` where it cannot be had."""
        return Engine(self.engine, self.ray_address, self.workers).checked()

    @property
    def is_fresh(self) -> bool:
        """Whether nothing of a former build is used again."""
        return self.fresh == "yes"

    @property
    def output_folder(self) -> Path:
        """The folder for what is made of them."""
        return Path(self.output)

    @property
    def staging(self) -> Path:
        """Where a dataset waits for its checks."""
        return self.output_folder / ".staging"

    @property
    def choices(self) -> Choices:
        """What was chosen about cleaning.

        A lexicon of furniture is read here. Raises :class:`pipeline.options.BadOption` for a value that an option
        cannot have, and for a lexicon that cannot be used.
        """
        self._check_places()
        return Choices(**{option.name: getattr(self, option.name) for option in options.CLEANING})

    @property
    def thresholds(self) -> Thresholds:
        """The limits of the verdict; raises as :attr:`choices` does."""
        self._check_places()
        return Thresholds(**{option.name: getattr(self, option.name) for option in options.THRESHOLDS})

    @property
    def admissions(self) -> Admissions:
        """The documents to publish nevertheless, read here; raises as :attr:`choices` does."""
        return read_admissions(Path(self.admit)) if self.admit else NOBODY

    @property
    def stated(self) -> About:
        """What is stated about the dataset, read here; raises :class:`pipeline.sources.files.BadInput`."""
        return about_named(self.about)

    def check(self) -> None:
        """Read all that is set and named, so that what cannot be used is said before a document is cleaned.

        Raises as what is read does.
        """
        _ = self.choices, self.thresholds, self.admissions, self.stated

    def _check_places(self) -> None:
        for option in (*options.PLACES, *options.PAGES, *options.RUNNING):
            option.checked(getattr(self, option.name), called=option.name)
