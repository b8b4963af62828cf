"""An OpenAPI description -> the reference of the HTTP API as plain tables and lines to try."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fedsearch.api.pages.words import Words

Payload = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
_DEEPEST = 6
_ANY: Mapping[str, Any] = {"integer": 1, "number": 1, "boolean": True, "array": [], "string": "asthma"}


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, or a member of a JSON object."""

    name: str
    where: str
    type: str
    required: bool
    notes: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Answer:
    code: str
    kinds: str
    schema: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: tuple[str, ...]
    parameters: tuple[Member, ...]
    body: tuple[Member, ...]
    body_schema: str
    answers: tuple[Answer, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Schema:
    id: str
    name: str
    description: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    title: str
    version: str
    description: tuple[str, ...]
    server: str
    operations: tuple[Operation, ...]
    schemas: tuple[Schema, ...]


def reference(openapi: Payload, words: Words) -> Reference:
    info = openapi.get("info") or {}
    servers = openapi.get("servers") or ()
    schemas = (openapi.get("components") or {}).get("schemas") or {}
    return Reference(
        title=str(info.get("title") or ""),
        version=str(info.get("version") or ""),
        description=_paragraphs(info.get("description")),
        server=str(servers[0].get("url") or "") if servers else "",
        operations=tuple(
            _operation(path, method, item, openapi, words)
            for path, item in (openapi.get("paths") or {}).items()
            for method in METHODS
            if method in item
        ),
        schemas=tuple(
            Schema(_anchor("schema", name), name, _paragraphs(schema.get("description")), _members(schema, openapi, words))
            for name, schema in sorted(schemas.items())
        ),
    )


def _operation(path: str, method: str, item: Payload, openapi: Payload, words: Words) -> Operation:
    operation = item[method]
    body = _resolved(operation.get("requestBody") or {}, openapi)
    body_schema = ((body.get("content") or {}).get("application/json") or {}).get("schema") or {}
    parameters = [_resolved(parameter, openapi) for parameter in (*item.get("parameters", ()), *operation.get("parameters", ()))]
    return Operation(
        id=_anchor(method, path),
        method=method.upper(),
        path=path,
        summary=str(operation.get("summary") or ""),
        description=_paragraphs(operation.get("description")),
        parameters=tuple(_parameter(parameter, openapi, words) for parameter in parameters),
        body=_members(_resolved(body_schema, openapi), openapi, words),
        body_schema=type_name(body_schema) if body_schema else "",
        answers=tuple(_answer(str(code), _resolved(answer, openapi)) for code, answer in (operation.get("responses") or {}).items()),
        example=curl(path, method, parameters, _example(body_schema, openapi) if body_schema else None, openapi),
    )


def _anchor(*parts: str) -> str:
    return "-".join(filter(None, re.split(r"[^A-Za-z0-9]+", " ".join(parts))))


def _paragraphs(text: str | None) -> tuple[str, ...]:
    """Markdown's paragraphs as plain text; lines inside a paragraph are joined."""
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text or "") if part.strip())


def _resolved(node: Payload, openapi: Payload) -> Payload:
    """What a local $ref stands for; anything else as it is."""
    seen = 0
    while "$ref" in node and seen < _DEEPEST:
        target: Any = openapi
        for part in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(target, Mapping) else {}
        node, seen = target, seen + 1
    return node


def _parameter(parameter: Payload, openapi: Payload, words: Words) -> Member:
    schema = parameter.get("schema") or {}
    where = str(parameter.get("in") or "query")
    return Member(
        name=str(parameter["name"]),
        where=words.named("reference.in", where),
        type=type_name(schema),
        required=bool(parameter.get("required")),
        notes=_notes(schema, openapi, words),
        meaning=" ".join(str(parameter.get("description") or schema.get("description") or "").split()),
    )


def _members(schema: Payload, openapi: Payload, words: Words) -> tuple[Member, ...]:
    required = schema.get("required") or ()
    return tuple(
        Member(
            name, "", type_name(member), name in required, _notes(member, openapi, words), " ".join(member.get("description", "").split())
        )
        for name, member in (schema.get("properties") or {}).items()
    )


def _answer(code: str, answer: Payload) -> Answer:
    content = answer.get("content") or {}
    schemas = dict.fromkeys(type_name(media["schema"]) for media in content.values() if media.get("schema"))
    return Answer(code, ", ".join(content), ", ".join(schemas), str(answer.get("description") or ""))


def type_name(schema: Payload) -> str:
    """A schema's type in a few words: "integer", "list of string", "Work or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " or ".join(dict.fromkeys(filter(None, (type_name(choice) for choice in choices))))
    kind = schema.get("type")
    if kind == "array":
        return "list of " + (type_name(schema.get("items") or {}) or "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    return str(kind or ("text" if schema.get("enum") or "const" in schema else ""))


def _notes(schema: Payload, openapi: Payload, words: Words) -> tuple[str, ...]:
    """The limits of a value and what it is when it is not given."""
    flat = dict(_flattened(schema, openapi))
    notes = []
    if values := flat.get("enum"):
        notes.append(words("reference.one_of", values=", ".join(str(value) for value in values)))
    least, most = flat.get("minimum"), flat.get("maximum")
    if least is not None and most is not None:
        notes.append(words("reference.range", least=str(least), most=str(most)))
    elif least is not None:
        notes.append(words("reference.at_least", least=str(least)))
    elif most is not None:
        notes.append(words("reference.at_most", most=str(most)))
    if flat.get("maxLength") is not None:
        notes.append(words("reference.length", least=str(flat.get("minLength", 0)), most=str(flat["maxLength"])))
    if flat.get("default") not in (None, [], ""):
        notes.append(words("reference.default", value=_plain(flat["default"])))
    return tuple(notes)


def _flattened(schema: Payload, openapi: Payload, depth: int = 0) -> Mapping[str, Any]:
    """A schema's constraints with those of its alternatives and of its list's members, its own last."""
    found: dict[str, Any] = {}
    if depth < _DEEPEST:
        resolved = _resolved(schema, openapi)
        for part in (*resolved.get("anyOf", ()), *resolved.get("allOf", ()), *([resolved["items"]] if "items" in resolved else ())):
            found |= {name: value for name, value in _flattened(part, openapi, depth + 1).items() if name != "default"}
        found |= resolved
        if "const" in found:
            found["enum"] = [found["const"]]
    return found


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _example(schema: Payload, openapi: Payload, depth: int = 0) -> Any:
    """An example value: the one that is given, else one made of the members that are required."""
    schema = _resolved(schema, openapi)
    given = schema.get("example", (schema.get("examples") or [None])[0])
    if given is not None:
        return given
    if "properties" in schema and depth < _DEEPEST:
        required = schema.get("required") or ()
        return {name: _example(member, openapi, depth + 1) for name, member in schema["properties"].items() if name in required}
    if choices := schema.get("anyOf") or schema.get("allOf"):
        return _example(choices[0], openapi, depth + 1)
    if schema.get("enum"):
        return schema["enum"][0]
    return schema.get("default", _ANY.get(str(schema.get("type"))))


def _parameter_example(parameter: Payload, openapi: Payload) -> str:
    given = parameter.get("example")
    if given is None and (examples := parameter.get("examples")):
        first: Payload = next(iter(examples.values()), {})
        given = first.get("value")
    if given is None:
        given = _example(parameter.get("schema") or {}, openapi)
    return _plain(given)


def curl(path: str, method: str, parameters: list[Payload], body: Any, openapi: Payload) -> str:
    """A line to paste into a shell that has BASE set."""
    query = []
    for parameter in parameters:
        if parameter.get("in") == "path":
            path = path.replace("{" + parameter["name"] + "}", quote(_parameter_example(parameter, openapi), safe=""))
        elif parameter.get("in") == "query" and (parameter.get("required") or "example" in parameter):
            query.append((parameter["name"], _parameter_example(parameter, openapi)))
    address = path + (f"?{urlencode(query)}" if query else "")
    line = ["curl", *(["-X", method.upper()] if method not in ("get", "post") else []), f'"$BASE{address}"']
    if body is not None:
        line += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(json.dumps(body, ensure_ascii=False))]
    return " ".join(line)
