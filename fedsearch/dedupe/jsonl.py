"""JSON lines -> drafts of records: our own exports, labelled sets, and what other programs write with names like theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fedsearch.dedupe.columns import member_of
from fedsearch.dedupe.entries import Draft


def read_jsonl(lines: Iterable[str]) -> Iterator[Draft]:
    """One draft for each line that is not empty."""
    return map(_draft, written_lines(lines))


def written_lines(lines: Iterable[str]) -> Iterator[str]:
    """The lines in which something stands, without what ends them."""
    return (bare for line in lines if (bare := line.strip("\ufeff\r\n \t")))


def _draft(line: str) -> Draft:
    try:
        found = json.loads(line)
    except ValueError as exc:
        return Draft(line, fault=f"not JSON ({exc})")
    except RecursionError:
        return Draft(line, fault="JSON nested too deep")
    if not isinstance(found, dict):
        return Draft(line, fault="JSON, but not an object")
    return Draft(line, members_of(found))


def members_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """Members under our names; a name that is ours outweighs one that only means the same."""
    members: dict[str, Any] = {}
    for name, value in found.items():
        if value is None or value == "" or value == []:
            continue
        member = member_of(name)
        if member and (name == member or member not in members):
            members[member] = value
    if isinstance(ids := members.pop("ids", None), Mapping):
        members = {name: value for name, value in ids.items() if value} | members
    if "source" not in members and isinstance(records := found.get("records"), list) and records and isinstance(records[0], Mapping):
        members["source"] = records[0].get("source")
    return members
