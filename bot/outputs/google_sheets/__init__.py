"""The table as a Google Sheet: one read and one write per refresh, nothing of the seller's lost.

Vendor facts: Sheets v4 and Drive v3 documentation and discovery documents (read 2026-11-20).
"""

from bot.outputs.google_sheets.accounts import GoogleSetupError
from bot.outputs.google_sheets.config import GoogleConfig
from bot.outputs.google_sheets.publisher import GoogleSheets, open_google_sheets

__all__ = ["GoogleConfig", "GoogleSetupError", "GoogleSheets", "open_google_sheets"]
