"""Requests about protected ranges and developer metadata."""

from copy import deepcopy

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.masks import merged, write_mask
from bot.sandbox.google.ranges import GridRange
from bot.sandbox.google.requests.context import Batch, Handler
from bot.sandbox.google.sheet import Sheet
from bot.sandbox.google.wire import Json


def add_protection(batch: Batch, body: Json) -> Json:
    """Apply `addProtectedRange`; without `warningOnly` only the asker may edit at first."""
    wanted = deepcopy(body.get("protectedRange", {}))
    number = wanted.setdefault("protectedRangeId", batch.book.free_id())
    _check(wanted)
    grid = GridRange.from_wire(wanted.get("range", {}))
    sheet = batch.sheet(grid.sheet_id)
    if any(number in each.protections for each in batch.book.sheets):
        raise invalid(f"Protected range with id {number} already exists.")
    whole = ["startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"]
    if not any(edge in wanted["range"] for edge in whole) and _has_whole(sheet):
        raise invalid("The sheet already has sheet protection.")
    if not wanted.get("warningOnly"):
        wanted.setdefault("editors", {"users": [batch.editor.email]})
    sheet.protections[number] = wanted
    return {"addProtectedRange": {"protectedRange": wanted}}


def update_protection(batch: Batch, body: Json) -> None:
    """Apply `updateProtectedRange`; only who may edit the range may loosen it."""
    wanted = body.get("protectedRange", {})
    number = int(wanted.get("protectedRangeId", 0))
    sheet = _holder(batch, number)
    _check_may_change(batch, sheet, number)
    fresh = merged(sheet.protections[number], wanted, write_mask(body))
    _check(fresh)
    if not fresh.get("warningOnly"):
        fresh.setdefault("editors", {"users": [batch.editor.email]})
    sheet.protections[number] = fresh | {"protectedRangeId": number}


def delete_protection(batch: Batch, body: Json) -> None:
    """Apply `deleteProtectedRange`."""
    number = int(body.get("protectedRangeId", 0))
    sheet = _holder(batch, number)
    _check_may_change(batch, sheet, number)
    del sheet.protections[number]


def create_metadata(batch: Batch, body: Json) -> Json:
    """Apply `createDeveloperMetadata`; the number may be the caller's own."""
    wanted = deepcopy(body.get("developerMetadata", {}))
    number = wanted.setdefault("metadataId", batch.book.free_id())
    if number in batch.book.metadata:
        raise invalid(f"Developer metadata with id {number} already exists.")
    if not wanted.get("metadataKey") or "visibility" not in wanted:
        raise invalid("Developer metadata needs a metadataKey and a visibility.")
    location = wanted.get("location", {})
    if len(location) != 1:
        raise invalid("Developer metadata needs exactly one location.")
    if "sheetId" in location:
        batch.sheet(int(location["sheetId"]))
    kind = {"spreadsheet": "SPREADSHEET", "sheetId": "SHEET"}
    placed = kind.get(next(iter(location)), "ROW")
    wanted["location"] = location | {"locationType": placed}
    batch.book.metadata[number] = wanted
    return {"createDeveloperMetadata": {"developerMetadata": wanted}}


def update_metadata(batch: Batch, body: Json) -> Json:
    """Apply `updateDeveloperMetadata` to everything that its data filters find."""
    mask = write_mask(body)
    found = find_metadata(batch.book.metadata, body.get("dataFilters", []))
    for entry in found:
        batch.book.metadata[entry["metadataId"]] = merged(
            entry, body.get("developerMetadata", {}), mask
        )
    fresh = [batch.book.metadata[entry["metadataId"]] for entry in found]
    return {"updateDeveloperMetadata": {"developerMetadata": fresh}}


def delete_metadata(batch: Batch, body: Json) -> Json:
    """Apply `deleteDeveloperMetadata`."""
    found = find_metadata(batch.book.metadata, [body.get("dataFilter", {})])
    for entry in found:
        del batch.book.metadata[entry["metadataId"]]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": found}}


def find_metadata(metadata: dict[int, Json], filters: list[Json]) -> list[Json]:
    """Return the entries that any of the `developerMetadataLookup` filters matches."""
    lookups = [each.get("developerMetadataLookup", {}) for each in filters]
    return [entry for entry in metadata.values() if any(_matches(entry, up) for up in lookups)]


def _matches(entry: Json, lookup: Json) -> bool:
    names = ("metadataId", "metadataKey", "metadataValue", "visibility")
    wanted = [name for name in names if name in lookup]
    location = lookup.get("metadataLocation")
    if location is not None:
        pairs = location.items() <= entry["location"].items()
        return pairs and all(entry.get(name) == lookup[name] for name in wanted)
    return bool(wanted) and all(entry.get(name) == lookup[name] for name in wanted)


def _check(protection: Json) -> None:
    if protection.get("warningOnly") and protection.get("editors"):
        raise invalid("This protection is warning only. Editors cannot be set on it.")
    if "range" not in protection:
        raise invalid("A protected range needs a range.")


def _has_whole(sheet: Sheet) -> bool:
    return any(set(each["range"]) <= {"sheetId"} for each in sheet.protections.values())


def _holder(batch: Batch, number: int) -> Sheet:
    for sheet in batch.book.sheets:
        if number in sheet.protections:
            return sheet
    raise invalid(f"No protected range with id: {number}")


def _check_may_change(batch: Batch, sheet: Sheet, number: int) -> None:
    protected = sheet.clipped(GridRange.from_wire(sheet.protections[number]["range"]))
    if protected is not None:
        sheet.guard(protected, batch.editor)


HANDLERS: dict[str, Handler] = {
    "addProtectedRange": add_protection,
    "updateProtectedRange": update_protection,
    "deleteProtectedRange": delete_protection,
    "createDeveloperMetadata": create_metadata,
    "updateDeveloperMetadata": update_metadata,
    "deleteDeveloperMetadata": delete_metadata,
}
