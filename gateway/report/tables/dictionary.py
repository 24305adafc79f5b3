"""What each column means: for machines as a Frictionless data package, for people as a text.

Knows: the tables, the words of their columns. May not know: any row.
"""

from __future__ import annotations

import json
from typing import Any

from gateway.adherence.history import History
from gateway.adherence.metrics_words import period_words
from gateway.report.page.words import say
from gateway.report.tables.cells import ENCODING, Column, Table
from gateway.report.tables.doses import DOSES
from gateway.report.tables.openings import OPENINGS

TABLES = (DOSES, OPENINGS)
# What Table Schema calls a date-time has to end with Z; ours tell their offset.
FORMATS = {"datetime": "%Y-%m-%dT%H:%M:%S%z"}


def data_package(history: History, language: str) -> bytes:
    """datapackage.json: every table with its Table Schema."""
    package = {
        "profile": "tabular-data-package",
        "name": f"anbu-{history.from_day}-{history.to_day}",
        "title": say(language, "dictionary.title"),
        "description": say(language, "dictionary.intro"),
        "resources": [_resource(table, language) for table in TABLES],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(table: Table, language: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": ENCODING,
        "description": say(language, table.name),
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [_field(column, language) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
        },
    }


def _field(column: Column, language: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": say(language, f"column.{column.name}"),
    }
    if column.type in FORMATS:
        field["format"] = FORMATS[column.type]
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.values:
        limits["enum"] = list(column.values)
    return {**field, "constraints": limits} if limits else field


def readable(history: History, language: str) -> bytes:
    """The same for people, as a text."""
    lines = [
        say(language, "dictionary.title"),
        period_words(language, history.from_day, history.to_day),
        "",
        say(language, "not_an_ingestion"),
        say(language, "dictionary.intro"),
    ]
    for table in TABLES:
        lines += ["", f"{table.name}.csv — {say(language, table.name)}"]
        lines += [_line(column, language) for column in table.columns]
    return ("\r\n".join(lines) + "\r\n").encode(ENCODING)


def _line(column: Column, language: str) -> str:
    told = [say(language, "type", type=column.type)]
    if column.required:
        told.append(say(language, "required"))
    if column.values:
        told.append(say(language, "one_of", values=", ".join(column.values)))
    return f"  {column.name}: {say(language, f'column.{column.name}')} ({'; '.join(told)})"
