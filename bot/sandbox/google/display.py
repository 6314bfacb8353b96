"""How a cell reads: number formats and the locale's separators, as far as our tables need."""

from typing import Any

from bot.sandbox.google.sheet import Formula
from bot.sandbox.google.wire import Json


def shown(value: Any, cell_format: Json | None, locale: str) -> str:
    """Return the text that a seller sees in the cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, str):
        return value
    pattern = ((cell_format or {}).get("numberFormat") or {}).get("pattern", "")
    return formatted_number(value, str(pattern), locale)


def formatted_number(value: float, pattern: str, locale: str) -> str:
    """Return a number in a pattern such as `#,##0` or `0.0`; without one, as short as it goes."""
    point, group = (",", "\N{NO-BREAK SPACE}") if locale.startswith("ru") else (".", ",")
    main = pattern.partition(";")[0]
    if not set(main) & set("0#"):
        return f"{value:.15g}".replace(".", point)
    percent = "%" in main
    places = sum(sign in "0#" for sign in main.partition(".")[2])
    text = f"{value * 100 if percent else value:,.{places}f}"
    whole, _, rest = text.partition(".")
    whole = whole.replace(",", group if "," in main else "")
    return whole + (point + rest if rest else "") + ("%" if percent else "")
