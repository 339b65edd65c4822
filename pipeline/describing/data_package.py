"""The dataset as a Frictionless data package: datapackage.json.

Data Package v2 (datapackage.org) describes files and the schema of their tables. Everything comes from the data
dictionary and from the files that were written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline import columns
from pipeline.describing.statements import statements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.column import Column
    from pipeline.describing.about import About
    from pipeline.describing.account import Account

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TABLE_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


def data_package(account: Account, about: About, files: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The descriptor of a dataset with these figures; `files` are the paths of each table.

    >>> from pipeline.describing.about import About
    >>> from pipeline.describing.account import Account
    >>> described = data_package(Account(source="甲市 2024"), About(), {"documents": ["data/documents-00000.parquet"]})
    >>> described["name"], [resource["name"] for resource in described["resources"]]
    ('2024', ['documents'])

    A name may hold small Latin letters, digits and `._-` alone; the title says the rest. Left out is what nobody has
    stated (a licence, contributors).
    """
    said = statements("en")
    title = about.name or account.source or "zhengwen"
    described: dict[str, Any] = {
        "$schema": PACKAGE_PROFILE,
        "name": _name(title),
        "title": title,
        "description": about.description or said["description"],
        "keywords": ["chinese", "corpus", "policy", "news"],
    }
    if about.homepage:
        described["homepage"] = about.homepage
    if about.version:
        described["version"] = about.version
    if about.date_published:
        described["created"] = f"{about.date_published.isoformat()}T00:00:00Z"
    if about.license:
        described["licenses"] = [{"name": about.license}]
    if about.creator:
        described["contributors"] = [{"title": about.creator, "roles": ["creator"]}]
    described["resources"] = [_resource(name, paths, account) for name, paths in files.items()]
    return described


def _name(title: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", title.lower()).strip("-._") or "zhengwen"


def _resource(table: str, paths: Sequence[str], account: Account) -> dict[str, Any]:
    layout = columns.TABLES[table]
    schema: dict[str, Any] = {"$schema": TABLE_PROFILE, "fields": [_field(column) for column in layout]}
    schema["missingValues"] = []  # an empty string is a value: `after` of a deletion
    schema["primaryKey"] = list(columns.PRIMARY_KEYS[table])
    if table != "documents" and any(column.name == "doc_id" for column in layout):
        schema["foreignKeys"] = [{"fields": ["doc_id"], "reference": {"resource": "documents", "fields": ["id"]}}]
    return {
        "name": table,
        "type": "table",
        "title": table,
        "description": f"{columns.TABLE_SENTENCES[table]} {account.rows[table]} rows.",
        "path": paths[0] if len(paths) == 1 else list(paths),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.vocabulary and column.type == pa.string():
        constraints["enum"] = list(column.vocabulary)
    field = {"name": column.name, "type": _type(column.type), "description": column.sentence}
    return {**field, "constraints": constraints} if constraints else field


def _type(kind: pa.DataType) -> str:
    for is_kind, name in (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_floating, "number"),
        (pa.types.is_date, "date"),
        (pa.types.is_timestamp, "datetime"),
        (pa.types.is_list, "array"),
        (pa.types.is_struct, "object"),
    ):
        if is_kind(kind):
            return name
    return "string"
