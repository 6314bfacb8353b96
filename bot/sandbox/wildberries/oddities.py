"""What real answers do against their documentation."""

from typing import Any

from bot.sandbox.wildberries.world import Oddities

# fields that have been seen empty where a value was promised
_SOMETIMES_NULL = frozenset(
    {
        "brandName",
        "brand",
        "subjectName",
        "subject",
        "vendorCode",
        "supplierArticle",
        "conversions",
        "stocks",
        "buyoutPercent",
        "oblastOkrugName",
        "volume",
    }
)
# numbers that name something are never sent as floats
_NAMES = frozenset({"nmId", "chrtId", "warehouseId", "subjectId", "id", "incomeID"})


def odd_row(row: dict[str, Any], oddities: Oddities, salt: int) -> dict[str, Any]:
    """Return the row as a careless vendor would send it; the same salt does the same."""
    return {name: _odd_value(name, value, oddities, salt) for name, value in row.items()} | (
        {"newField": {"of": "2027"}} if oddities.unknown_fields else {}
    )


def _odd_value(name: str, value: Any, oddities: Oddities, salt: int) -> Any:
    if oddities.nulls and name in _SOMETIMES_NULL and (salt + len(name)) % 5 == 0:
        return None
    if isinstance(value, dict):
        return odd_row(value, oddities, salt)
    if isinstance(value, list):
        return [_odd_value("", item, oddities, salt) for item in value]
    if oddities.floats and type(value) is int and name not in _NAMES:
        return float(value)
    return value
