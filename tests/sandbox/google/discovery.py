"""A referee that we did not write: Google's own discovery documents.

`check_request` and `check_answer` take a method's id, like
`sheets.spreadsheets.values.batchUpdateByDataFilter` or `drive.files.create`, and return what is
wrong, in Google's words as far as they are known; an empty list means nothing is. `check_request`
fits the twin's `validate`. It knows names, types, enums and field masks; not value limits,
required fields, nor that a Request is one kind only.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from bot.sandbox.google.errors import ApiError
from bot.sandbox.google.masks import Mask, parse_mask

_DOCUMENTS = {"sheets": "sheets.v4.json", "drive": "drive.v3.json"}
_MASKED = {
    "UpdateCellsRequest": "CellData",
    "RepeatCellRequest": "CellData",
    "UpdateSheetPropertiesRequest": "SheetProperties",
    "UpdateSpreadsheetPropertiesRequest": "SpreadsheetProperties",
    "UpdateDimensionPropertiesRequest": "DimensionProperties",
    "UpdateProtectedRangeRequest": "ProtectedRange",
    "UpdateFilterViewRequest": "FilterView",
    "UpdateDeveloperMetadataRequest": "DeveloperMetadata",
    "UpdateNamedRangeRequest": "NamedRange",
}
_PLAIN = {"string": str, "boolean": bool, "object": dict, "array": list}


def check_request(
    method_id: str, body: Any, params: Mapping[str, str | Sequence[str]]
) -> list[str]:
    """Return what is wrong with a request; `params` are path and query parameters together."""
    api, method = _method(method_id)
    problems = list(_check_params(api, method, params))
    schema = method.get("request")
    if schema is None:
        return problems + (["Unexpected body."] if body else [])
    return problems + list(_check(api, schema, {} if body is None else body, ""))


def check_answer(method_id: str, answer: Any) -> list[str]:
    """Return what is wrong with an answer, which a `fields` mask may have thinned out."""
    api, method = _method(method_id)
    schema = method.get("response")
    if schema is None:
        return [] if answer is None else ["Unexpected body."]
    return list(_check(api, schema, answer, ""))


def check_fields(method_id: str, fields: str) -> list[str]:
    """Return what is wrong with a `fields` parameter for this method's answer."""
    api, method = _method(method_id)
    return list(_check_mask(api, method.get("response", {}), fields, "Invalid field selection"))


@cache
def _document(api: str) -> dict[str, Any]:
    folder = files("googleapiclient.discovery_cache") / "documents"
    return json.loads((folder / _DOCUMENTS[api]).read_text(encoding="utf-8"))


@cache
def _methods(api: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def walk(resource: dict[str, Any]) -> None:
        found.update({method["id"]: method for method in resource.get("methods", {}).values()})
        for inner in resource.get("resources", {}).values():
            walk(inner)

    walk(_document(api))
    return found


def _method(method_id: str) -> tuple[str, dict[str, Any]]:
    api = method_id.partition(".")[0]
    return api, _methods(api)[method_id]


def _check_params(
    api: str, method: dict[str, Any], params: Mapping[str, str | Sequence[str]]
) -> Iterator[str]:
    known = _document(api)["parameters"] | method.get("parameters", {})
    for name, given in params.items():
        values = [given] if isinstance(given, str) else list(given)
        if name not in known:
            yield f'Unknown name "{name}": Cannot bind query parameter.'
            continue
        for value in values:
            yield from _check_param(name, known[name], value)
    for name, spec in method.get("parameters", {}).items():
        if spec.get("required") and name not in params:
            yield f"Missing required parameter: {name}"
    if "fields" in params:
        fields = params["fields"]
        yield from check_fields(method["id"], fields if isinstance(fields, str) else fields[-1])


def _check_param(name: str, spec: dict[str, Any], value: str) -> Iterator[str]:
    kind = spec.get("type")
    if "enum" in spec and value not in spec["enum"]:
        yield f"Invalid value at '{name}': \"{value}\""
    if kind == "boolean" and value.lower() not in {"true", "false"}:
        yield f"Invalid value at '{name}' (TYPE_BOOL), \"{value}\""
    if kind == "integer" and not value.lstrip("-").isdigit():
        yield f"Invalid value at '{name}' (TYPE_INT32), \"{value}\""


def _resolved(api: str, schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = _document(api)["schemas"][schema["$ref"]]
    return schema


def _check(api: str, schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    schema = _resolved(api, schema)
    kind = schema.get("type", "any")
    if kind == "any" or value is None:
        return
    if not _fits(kind, value):
        yield f"Invalid value at '{place}' ({kind}), {str(value)[:80]!r}"
    elif kind == "object":
        yield from _check_object(api, schema, value, place)
    elif kind == "array":
        yield from _check_array(api, schema["items"], value, place)
    elif "enum" in schema and value not in schema["enum"]:
        yield f"Invalid value at '{place}' (enum), \"{value}\""
    elif schema.get("format") in {"int64", "uint64"} and not value.lstrip("-").isdigit():
        yield f"Invalid value at '{place}' ({schema['format']}), \"{value}\""


def _fits(kind: str, value: Any) -> bool:
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, _PLAIN[kind])


def _check_object(
    api: str, schema: dict[str, Any], value: dict[str, Any], place: str
) -> Iterator[str]:
    properties = schema.get("properties", {})
    extra = schema.get("additionalProperties")
    for name, item in value.items():
        path = f"{place}.{name}" if place else name
        inner = properties.get(name, extra)
        if inner is None:
            yield (
                f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}': "
                "Cannot find field."
            )
            continue
        yield from _check(api, inner, item, path)
        if inner.get("format") == "google-fieldmask" and isinstance(item, str):
            root = {"$ref": _MASKED[schema["id"]]}
            yield from _check_mask(api, root, item, f"Invalid {path}: Invalid field")


def _check_array(api: str, items: dict[str, Any], values: list[Any], place: str) -> Iterator[str]:
    resolved = _resolved(api, items)
    if resolved.get("type") == "any":
        return
    for index, item in enumerate(values):
        yield from _check(api, items, item, f"{place}[{index}]")


def _check_mask(api: str, schema: dict[str, Any], text: str, words: str) -> Iterator[str]:
    if text == "*":
        return
    try:
        tree = parse_mask(text)
    except ApiError as error:
        yield error.message
        return
    yield from _check_tree(api, schema, tree, words)


def _check_tree(api: str, schema: dict[str, Any], tree: Mask, words: str) -> Iterator[str]:
    schema = _resolved(api, schema)
    while schema.get("type") == "array":
        schema = _resolved(api, schema["items"])
    properties, extra = schema.get("properties", {}), schema.get("additionalProperties")
    for name, branch in tree.items():
        inner = properties.get(name, extra)
        if inner is None:
            yield f"{words}: {name}"
        elif branch:
            yield from _check_tree(api, inner, branch, words)
