"""The reference of the HTTP API says what the OpenAPI description says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fedsearch.api.pages.reference import reference, type_name
from fedsearch.api.pages.words import load

OPENAPI: dict[str, Any] = json.loads((Path(__file__).parents[2] / "payloads" / "page" / "openapi.json").read_text(encoding="utf-8"))
REFERENCE = reference(OPENAPI, load("en"))


def test_every_operation_stands_with_its_method_and_path() -> None:
    assert [(o.method, o.path) for o in REFERENCE.operations] == [
        ("GET", "/api/v1/search"),
        ("POST", "/api/v1/search"),
        ("GET", "/api/v1/works/{work_id}"),
    ]


def test_a_parameter_comes_with_its_limits_and_default() -> None:
    q, per_page, sort = REFERENCE.operations[0].parameters
    assert (q.name, q.type, q.required, q.notes) == ("q", "string", True, ("1 to 2000 characters",))
    assert per_page.notes == ("1 to 100", "default 20")
    assert sort.notes == ("one of relevance, newest", "default relevance")


def test_a_body_lists_its_members() -> None:
    body = REFERENCE.operations[1].body
    assert [(m.name, m.type, m.required) for m in body] == [("q", "string", True), ("sources", "list of string", False)]
    assert body[1].notes == ("one of pubmed, crossref",)


def test_examples_are_lines_for_a_shell() -> None:
    get, post, work = (operation.example for operation in REFERENCE.operations)
    assert get == 'curl "$BASE/api/v1/search?q=asthma+AND+statins%5Btiab%5D"'
    assert post == """curl "$BASE/api/v1/search" -H 'Content-Type: application/json' -d '{"q": "it'"'"'s asthma"}'"""
    assert work == 'curl "$BASE/api/v1/works/pubmed%3A25176015"'


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ({"$ref": "#/components/schemas/Answer"}, "Answer"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"type": "array", "items": {"$ref": "#/x/Work"}}, "list of Work"),
        ({"type": ["string", "null"]}, "string or null"),
        ({}, ""),
    ],
)
def test_a_type_is_said_in_a_few_words(schema: dict[str, Any], name: str) -> None:
    assert type_name(schema) == name


def test_a_description_without_anything_in_it_makes_an_empty_reference() -> None:
    assert reference({}, load("fa")).operations == ()


def test_a_reference_that_leads_nowhere_or_round_in_a_circle_does_no_harm() -> None:
    loop = {"components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}}
    post = {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}
    lost = {"parameters": [{"name": "x", "in": "query", "schema": {"$ref": "#/nowhere/B"}}]}
    operations = reference(loop | {"paths": {"/a": {"post": post, "get": lost}}}, load("en")).operations
    assert [operation.method for operation in operations] == ["GET", "POST"]
