"""Croissant metadata of a dataset: what programs need to load it, in JSON-LD.

Croissant 1.1 (MLCommons) describes files and the records in them; its extension for responsible AI says how they came
about, PROV-O what they were made from. The tables come from the data dictionary, the figures from the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline import columns, recipe
from pipeline.describing.statements import statements

if TYPE_CHECKING:
    from pipeline.column import Column
    from pipeline.describing.about import About
    from pipeline.describing.account import Account

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
PARQUET = "application/x-parquet"

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that mlcroissant 1.1.1 writes; that of the specification's appendix has a vocabulary it refuses."""


def croissant(account: Account, about: About) -> dict[str, Any]:
    """Croissant metadata of a dataset with these figures.

    >>> from pipeline.describing.about import About
    >>> from pipeline.describing.account import Account
    >>> described = croissant(Account(source="甲市"), About())
    >>> described["name"], described["recordSet"]
    ('甲市', [])

    A table without rows is left out: its files hold nothing that could be loaded. What nobody has stated about the
    dataset (a licence, a date of publication) is left out too, and no value is made up for it.
    """
    said = statements("en")
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": about.name or account.source or "zhengwen",
        "description": about.description or said["description"],
        "inLanguage": sorted(account.languages),
        "keywords": ["Chinese", "corpus", "policy", "news", "text cleaning", "provenance"],
        "isLiveDataset": False,
        **_stated(about),
        "citeAs": about.citation or _citation(account, about),
        "prov:wasDerivedFrom": {
            "@type": "prov:Entity",
            "prov:label": f"{account.source}: {account.inputs} files, {account.raw_bytes} bytes",
        },
        "prov:wasGeneratedBy": [
            {"@type": "prov:Activity", "prov:label": f"{stage.name}: {stage.sentence}", "prov:wasAssociatedWith": agent}
            for agent in [_agent(account)]
            for stage in recipe.STAGES
        ],
        "rai:dataCollection": said["collection"],
        "rai:dataPreprocessingProtocol": [f"{stage.name}: {stage.sentence}" for stage in recipe.STAGES],
        "rai:dataLimitations": said["caveats"],
        "rai:dataBiases": said["biases"],
        "rai:personalSensitiveInformation": said["personal_data"],
        "rai:dataUseCases": said["uses"],
        "rai:dataReleaseMaintenancePlan": said["maintenance"],
    }
    tables = {name: layout for name, layout in columns.TABLES.items() if account.rows[name]}
    described["distribution"] = [_file_set(name) for name in tables]
    described["recordSet"] = [_record_set(name, layout, tables) for name, layout in tables.items()]
    return described


def _stated(about: About) -> dict[str, Any]:
    """What somebody has stated about the dataset, under the names of schema.org."""
    values = {
        "url": about.homepage,
        "license": about.license,
        "version": about.version,
        "datePublished": about.date_published and about.date_published.isoformat(),
        "creator": about.creator and {"@type": "sc:Organization", "name": about.creator},
    }
    return {name: value for name, value in values.items() if value}


def _citation(account: Account, about: About) -> str:
    fingerprint = account.metadata.get("recipe_fingerprint", "")[:12]
    parts = (about.creator, about.name or account.source, f"cleaned with zhengwen, recipe {fingerprint}")
    return ". ".join(part for part in parts if part) + "."


def _agent(account: Account) -> dict[str, str]:
    fingerprint = account.metadata.get("recipe_fingerprint", "")
    return {"@type": "prov:SoftwareAgent", "prov:label": f"zhengwen, recipe {fingerprint}"}


def _file_set(table: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{table}-files",
        "name": f"{table}-files",
        "description": columns.TABLE_SENTENCES[table],
        "encodingFormat": PARQUET,
        "includes": f"data/{table}-*.parquet",
    }


def _record_set(table: str, layout: tuple[Column, ...], tables: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": columns.TABLE_SENTENCES[table],
        "key": [{"@id": f"{table}/{name}"} for name in columns.PRIMARY_KEYS[table]],
        "field": [_field(table, column, tables) for column in layout],
    }


def _field(table: str, column: Column, tables: dict[str, Any]) -> dict[str, Any]:
    source = {"fileSet": {"@id": f"{table}-files"}, "extract": {"column": column.name}}
    field = {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": column.sentence,
        **_kind(f"{table}/{column.name}", column.type, source),
        "source": source,
    }
    if column.name == "doc_id" and table != "documents" and "documents" in tables:
        field["references"] = {"field": {"@id": "documents/id"}}
    return field


def _kind(path: str, kind: pa.DataType, source: dict[str, Any]) -> dict[str, Any]:
    """The type of a field: a list is an array, a struct has sub-fields."""
    if pa.types.is_list(kind):
        return {"isArray": True, "arrayShape": "-1", **_kind(path, kind.value_type, source)}
    if pa.types.is_struct(kind):
        return {
            "subField": [
                {
                    "@type": "cr:Field",
                    "@id": f"{path}/{one.name}",
                    "name": one.name,
                    **_kind(f"{path}/{one.name}", one.type, source),
                    "source": {**source, "transform": {"jsonPath": f"$[*].{one.name}"}},
                }
                for one in kind.fields
            ]
        }
    return {"dataType": _data_type(kind)}


def _data_type(kind: pa.DataType) -> str:
    for is_kind, name in (
        (pa.types.is_boolean, "sc:Boolean"),
        (pa.types.is_integer, "sc:Integer"),
        (pa.types.is_floating, "sc:Float"),
        (pa.types.is_date, "sc:Date"),
        (pa.types.is_timestamp, "sc:DateTime"),
    ):
        if is_kind(kind):
            return name
    return "sc:Text"
