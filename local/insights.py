"""The part of Logs Insights' language that the saved queries use, judged on lines of a log.

The embedded AWS runs no query on the fields of JSON lines; this does, so that each saved query is
proven on what the system really logs.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from local.errors import LocalError

Row = dict[str, Any]
TERM = re.compile(
    r"""ispresent\((?P<present>[\w@]+)\)
    |(?P<list>[\w@]+)\s+in\s+(?P<values>\[.*?\])
    |(?P<field>[\w@]+)\s*=\s*(?P<value>"(?:[^"\\]|\\.)*")""",
    re.VERBOSE,
)


class NoQueryError(LocalError):
    """A query beyond what is understood here."""


def answer(query: str, lines: Iterable[tuple[int, str]]) -> list[Row]:
    """The rows that a query gives on lines, each with its time in milliseconds.

    Raises:
        NoQueryError: It uses something that is not understood here.
    """
    rows = [row for at, line in lines if (row := _fields(at, line)) is not None]
    wanted: list[str] = []
    for stage in (part.strip() for part in query.split("\n|")):
        verb, _, rest = stage.partition(" ")
        match verb:
            case "fields":
                wanted = [name.strip() for name in rest.split(",")]
            case "filter":
                rows = [row for row in rows if _meets(rest, row)]
            case "sort":
                name, _, order = rest.partition(" ")
                rows.sort(key=lambda row: row.get(name, ""), reverse=order == "desc")
            case "limit":
                rows = rows[: int(rest)]
            case _:
                raise NoQueryError(f"no stage of a query here: {stage}")
    return [{name: row[name] for name in wanted if row.get(name) is not None} for row in rows]


def _fields(at: int, line: str) -> Row | None:
    """The fields that Insights finds in a line of JSON; None for any other line."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return {**found, "@timestamp": at, "@message": line} if isinstance(found, dict) else None


def _meets(condition: str, row: Mapping[str, Any]) -> bool:
    terms = re.split(r"\s+and\s+", condition)
    return all(_holds(term.strip(), row) for term in terms)


def _holds(term: str, row: Mapping[str, Any]) -> bool:
    found = TERM.fullmatch(term)
    if found is None:
        raise NoQueryError(f"no condition of a query here: {term}")
    if found["present"]:
        return row.get(found["present"]) is not None
    if found["list"]:
        return row.get(found["list"]) in json.loads(found["values"])
    return row.get(found["field"]) == json.loads(found["value"])
