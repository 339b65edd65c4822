"""Every expectation is seen to fail: one that was never seen to may be one that cannot.

What is expected by the data dictionary is damaged by it as well; the damages for what is written by hand stand in
``broken_tables.py``. Many are looked at in one run of Great Expectations, each in rows of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from broken_tables import DAMAGES, DAMAGES_OF_A_TABLE
from sound_dataset import AT_ONCE, BESIDE, IN_PARTS, How, Results, Row, Rows, failed, good, run, run_on, write

from pipeline.columns import TABLES, schema
from pipeline.validate import load_suites

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPECTATIONS = {f"{suite.table}.{each.name}": each for suite in load_suites() for each in suite.expectations}
RATIOS = {name for name, each in EXPECTATIONS.items() if "mostly" in each.kwargs}
"""What is met where most rows meet it."""

OF_ALL_FILES = "files.most_files_used"
"""A row fails it in the sound dataset as well; it is said of all of them together."""

OTHER_TYPES: dict[pa.DataType, pa.DataType] = {
    pa.string(): pa.binary(),
    pa.bool_(): pa.int8(),
    pa.int8(): pa.int16(),
    pa.int32(): pa.int64(),
    pa.int64(): pa.int32(),
    pa.float32(): pa.float64(),
    pa.float64(): pa.float32(),
    pa.date32(): pa.string(),
    pa.timestamp("us", "UTC"): pa.timestamp("us"),
}
"""For each type, one that is mistaken for it most easily."""


@pytest.fixture(scope="module", params=[AT_ONCE, IN_PARTS], ids=["at once", "in parts"])
def how(request: pytest.FixtureRequest) -> How:
    """The whole dataset at once, and then in several buckets of which several are gathered."""
    found: How = request.param
    return found


# ------------------------------------------------------------------------------------------------ written by hand
@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory, how: How) -> tuple[Mapping[str, set[str]], set[str]]:
    """What fails in the rows of each damage, and what fails of all of them together."""
    whole: Rows = {name: [] for name in (*TABLES, *BESIDE)}
    damage_of: dict[str, str] = {}
    for number, (what, (damage, _)) in enumerate(DAMAGES.items()):
        rows = good(f"{number:03}/")
        damage_of |= _names(rows, what)
        damage(rows)
        damage_of |= _names(rows, what)
        for name, some in rows.items():
            whole[name] += some
    results = run(whole, tmp_path_factory.mktemp("together"), inputs=None, how=how)
    fails: dict[str, set[str]] = {what: set() for what in DAMAGES}
    for name, result in results.items():
        if name != OF_ALL_FILES:
            for row in result.failing:
                # A path, or a document's id, which may have a number behind it.
                document = row.partition("/")[0]
                fails[damage_of[document if document in damage_of else row]].add(name)
    return fails, _fired(results)


def _fired(results: Results) -> set[str]:
    """The expectations that were not met; those that could not be looked at are not among them."""
    return {name for name in failed(results) if not results[name].message.startswith("could not be looked at")}


def _names(rows: Rows, what: str) -> dict[str, str]:
    return {row[key]: what for table, key in _KEYS for row in rows[table]}


_KEYS = (
    ("documents", "id"),
    ("files", "raw_path"),
    ("quarantine", "raw_path"),
    ("sections", "doc_id"),
    ("edits", "doc_id"),
    ("conflicts", "doc_id"),
    ("scripts", "doc_id"),
    ("references", "doc_id"),
    ("targets", "doc_id"),
    ("issuers", "doc_id"),
)


@pytest.mark.parametrize("what", DAMAGES)
def test_damage_is_seen_where_it_is_and_nowhere_else(
    what: str, together: tuple[Mapping[str, set[str]], set[str]]
) -> None:
    """Each damage makes the expectations fail that are about it, and no other."""
    assert DAMAGES[what][1] == together[0][what]


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory, how: How) -> set[str]:
    """What is met by most rows is met no more where a third of them is damaged."""
    seen: set[str] = set()
    for damage, expected in DAMAGES.values():
        if about := expected & RATIOS - seen:
            rows, more = good(), good("more/")  # a single file proves nothing where a step has stopped
            for each in (rows, more):
                damage(each)
            rows = {name: [*some, *more[name]] for name, some in rows.items()}
            seen |= _fired(run(rows, tmp_path_factory.mktemp("share"), only=about.__contains__, how=how))
    return seen


@pytest.fixture(scope="module")
def whole_tables(tmp_path_factory: pytest.TempPathFactory, how: How) -> Mapping[str, set[str]]:
    """What fails for each damage to a table as a whole, among the expectations about that table."""
    fails = {}
    for what, (damage, expected) in DAMAGES_OF_A_TABLE.items():
        rows = good()
        damage(rows)
        tables = {name.partition(".")[0] for name in expected}
        about = {name for name in EXPECTATIONS if name.partition(".")[0] in tables}
        fails[what] = _fired(run(rows, tmp_path_factory.mktemp("table"), only=about.__contains__, how=how))
    return fails


@pytest.mark.parametrize("what", DAMAGES_OF_A_TABLE)
def test_damage_to_a_table_is_seen(what: str, whole_tables: Mapping[str, set[str]]) -> None:
    """What is said of a whole table fails with it, and nothing else about that table does."""
    assert DAMAGES_OF_A_TABLE[what][1] == whole_tables[what]


# ------------------------------------------------------------------------------------------------ generated
@pytest.fixture(scope="module")
def misfits(tmp_path_factory: pytest.TempPathFactory, how: How) -> tuple[Mapping[str, int], Results]:
    """A row for each null where there must be none, and for each word outside its vocabulary; how many there are."""
    rows: Rows = {name: [] for name in TABLES}
    expected: dict[str, int] = {}
    for table, columns in TABLES.items():
        for number, column in enumerate(columns):
            sound: Row = good(f"{number:03}/")[table][0]
            rows[table].append(sound)
            if not column.nullable:
                rows[table].append(sound | {column.name: None})
                expected[f"{table}.{column.name}_not_null"] = 1
            if column.vocabulary and not pa.types.is_nested(column.type):
                rows[table].append(sound | {column.name: "odd"})
                expected[f"{table}.{column.name}_known"] = 1
            if not pa.types.is_nested(column.type):
                expected[f"{table}.{column.name}_type"] = 0
    return expected, run(rows, tmp_path_factory.mktemp("misfits"), only=expected.__contains__, how=how)


def test_every_null_and_every_word_outside_its_vocabulary_fails(
    misfits: tuple[Mapping[str, int], Results],
) -> None:
    """Each is found, and found once; a column with nulls in it is still of its type."""
    expected, results = misfits
    assert expected == {name: result.unexpected for name, result in results.items()}
    assert {name for name, count in expected.items() if count} == {
        name for name, result in results.items() if result.blocks
    }


@pytest.fixture(scope="module")
def disordered(tmp_path_factory: pytest.TempPathFactory, how: How) -> Results:
    """Every column in another place, and each that has one value a row of another type."""
    folder = write(good(), tmp_path_factory.mktemp("disordered"), buckets=how.buckets)
    for name in TABLES:
        fields = [
            field.with_type(OTHER_TYPES.get(field.type, field.type)) for field in list(schema(TABLES[name]))[::-1]
        ]
        for file in (folder / "data").glob(f"{name}-*.parquet"):
            table = pq.read_table(file)
            pq.write_table(table.select([field.name for field in fields]).cast(pa.schema(fields)), file)
    return run_on(folder, only=lambda name: name.endswith(("_type", "columns_in_order", "as_declared")), how=how)


def test_every_column_of_another_type_fails(disordered: Results) -> None:
    """What was found is said, which shows that it was looked at; so it is where every value is null."""
    types = {name: result for name, result in disordered.items() if name.endswith("_type")}
    declared = {
        f"{table}.{column.name}_type"
        for table, columns in TABLES.items()
        for column in columns
        if not pa.types.is_nested(column.type)
    }
    assert declared == set(types)
    assert declared == failed(types)
    assert all(result.message.startswith("found ") for result in types.values())


def test_columns_in_another_order_fail(disordered: Results) -> None:
    """In every table; and each column that is not what it was, or where it was, counts."""
    orders = {name: result for name, result in disordered.items() if name.endswith("columns_in_order")}
    assert {f"{table}.columns_in_order" for table in TABLES} == failed(orders)
    same = [
        column.name
        for columns in TABLES.values()
        for place, column in enumerate(columns)
        if place == len(columns) - 1 - place and column.type not in OTHER_TYPES
    ]
    assert sum(map(len, TABLES.values())) - len(same) == disordered["columns.as_declared"].unexpected


# ------------------------------------------------------------------------------------------------ all of them
def test_every_expectation_is_seen_to_fail(
    together: tuple[Mapping[str, set[str]], set[str]],
    shares: set[str],
    whole_tables: Mapping[str, set[str]],
    misfits: tuple[Mapping[str, int], Results],
    disordered: Results,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A new one needs a damage: without it, it is named here."""
    seen = together[1] | shares | _fired(misfits[1]) | _fired(disordered)
    seen = seen.union(*whole_tables.values())
    with capsys.disabled():
        print(  # noqa: T201  said in every run, also where nothing fails
            f"\n{len(seen)} of {len(EXPECTATIONS)} expectations were seen to fail"
        )
    assert set(EXPECTATIONS) == seen
