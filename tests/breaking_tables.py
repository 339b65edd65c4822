"""Ways to damage the rows of ``sound_dataset.py``.

Here belongs how rows are damaged. Which damage is to be seen by which expectation stands in ``broken_tables.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sound_dataset import ENGLISH, Rows, document, stretch

if TYPE_CHECKING:
    from collections.abc import Callable

    Damage: TypeAlias = Callable[[Rows], None]

PLAN, LESSON, NEWS = 0, 1, 2
PINYIN, CONVERTED, TITLE, PHONE, COMMA, LAST_COMMA, INSERTED, CONTROL = 0, 2, 3, 4, 5, 6, 7, 8
OUTER, INNER, LONE = 0, 1, 2
SIMPLIFIED, TRADITIONAL, OF_LESSON, OF_NEWS = 0, 1, 2, 3
NUMBERED, PLAIN = 0, 1
RANGE, WORDS = 0, 1
UNKNOWN, KNOWN = 0, 1
"""The rows of the documents, edits, conflicts, stretches, references, targets and issuers, by what they are."""


def change(table: str, row: int, **fields: Any) -> Damage:  # noqa: ANN401  any column's value
    """Other values in a row."""

    def damage(rows: Rows) -> None:
        rows[table][row].update(fields)

    return damage


def shift(table: str, row: int, **numbers: int) -> Damage:
    """Numbers of a row with something added to them."""

    def damage(rows: Rows) -> None:
        rows[table][row].update({name: rows[table][row][name] + number for name, number in numbers.items()})

    return damage


def drop(table: str, row: int) -> Damage:
    """A row that is gone."""

    def damage(rows: Rows) -> None:
        del rows[table][row]

    return damage


def twice(table: str, row: int) -> Damage:
    """A row that is there twice."""

    def damage(rows: Rows) -> None:
        rows[table].append(dict(rows[table][row]))

    return damage


def with_text(text: str, row: int = NEWS) -> Damage:
    """Another text in one script, counted and hashed anew, without edits: only what is said of texts can fire."""

    def damage(rows: Rows) -> None:
        was = rows["documents"][row]
        rows["documents"][row] = document(text, was["raw_path"])
        for table in ("edits", "conflicts", "scripts", "references", "targets", "issuers"):
            rows[table] = [one for one in rows[table] if one["doc_id"] != was["id"]]
        rows["scripts"].append(stretch(rows["documents"][row]))

    return damage


def with_section(number: int = 1, **fields: Any) -> Damage:  # noqa: ANN401  any column's value
    """The same damage to a section in its document and in its table."""

    def damage(rows: Rows) -> None:
        rows["documents"][PLAN]["sections"][number].update(fields)
        rows["sections"][number].update(fields)

    return damage


def with_section_from(number: int, characters: int) -> Damage:
    """A section that starts so many characters later, in its document and in its table."""

    def damage(rows: Rows) -> None:
        with_section(number, char_start=rows["sections"][number]["char_start"] + characters)(rows)

    return damage


def with_empty_section(rows: Rows) -> None:
    """A section that ends where it starts."""
    with_section(1, char_end=rows["sections"][1]["char_start"])(rows)


def orphaned(table: str, row: int) -> Damage:
    """A row of a document that is not there; of another one in each dataset, so that rows can be told apart."""

    def damage(rows: Rows) -> None:
        rows[table][row]["doc_id"] = rows["documents"][NEWS]["id"][::-1]

    return damage


def renamed(new: Callable[[str], str]) -> Damage:
    """Another id for a document that has no edits, no sections and no duplicates."""

    def damage(rows: Rows) -> None:
        was = rows["documents"][LESSON]
        was.update(id=new(was["id"]), cluster_id=new(was["id"]))
        rows["scripts"][OF_LESSON].update(doc_id=was["id"])

    return damage


def deleted_mostly(rows: Rows) -> None:
    """A deletion of twice as much as is left."""
    edit = rows["edits"][CONTROL]
    edit["before"] = ENGLISH * 2
    edit["end"] = edit["start"] + len(edit["before"])


def without_conflicts(rows: Rows) -> None:
    """Neither the table nor a flag tells of the conflicts that edits have taken away."""
    rows["conflicts"] = []
    rows["documents"][NEWS]["quality_flags"] = []


def last_named(table: str, path: Callable[[Rows], str]) -> Damage:
    """Another path for the last row, which is the file that was set aside."""

    def damage(rows: Rows) -> None:
        rows[table][-1]["raw_path"] = path(rows)

    return damage


def elsewhere(rows: Rows) -> str:
    """A path that no file has."""
    return f"other/{rows['quarantine'][0]['raw_path']}"


def outside(rows: Rows) -> str:
    """A path that leads out of the raw folder."""
    return f"../{rows['quarantine'][0]['raw_path']}"


def called(name: str) -> Callable[[Rows], str]:
    """The path that is given, whatever there is."""
    return lambda _: name


def several(*damages: Damage) -> Damage:
    """One damage after the other."""

    def damage(rows: Rows) -> None:
        for one in damages:
            one(rows)

    return damage
